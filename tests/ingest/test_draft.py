import hashlib

import pytest

from ingest.draft import Block, Draft, to_document

HEADED = Draft(
    (Block("Rivers", "heading", 1), Block("The Rhine is long."), Block("- one", "line"), Block("- two", "line"))
)


def test_layout_and_heading_offsets() -> None:
    document = to_document("a.md", HEADED)
    assert document.text == "Rivers\n\nThe Rhine is long.\n\n- one\n- two"
    assert [document.text[h.start : h.end] for h in document.headings] == ["Rivers"]


def test_hash_and_id_come_from_text_and_source() -> None:
    document = to_document("a.md", HEADED)
    assert document.sha256 == hashlib.sha256(document.text.encode()).hexdigest()
    assert document.id == hashlib.sha256(f"a.md\0{document.text}".encode()).hexdigest()[:16]
    assert to_document("b.md", HEADED).id != document.id


@pytest.mark.parametrize(
    ("source", "draft", "title"),
    [
        ("x.pdf", Draft((Block("Head", "heading", 1), Block("Text.")), title="Stated"), "Stated"),
        ("x.pdf", Draft((Block("Head", "heading", 1), Block("Text.")), title="Microsoft Word - x.doc"), "Head"),
        ("x.txt", Draft((Block("Text."), Block("Late", "heading", 2), Block("Text."))), "x"),
        ("notes/rhine_river.txt", Draft((Block("Text."),)), "rhine river"),
        ("notes/rhine-river.txt", Draft((Block("Text."),)), "rhine river"),
        ("https://example.org/on/the%20rhine.html?x=1", Draft((Block("Text."),)), "the rhine"),
        ("https://example.org/", Draft((Block("Text."),)), "example.org"),
    ],
)
def test_where_the_title_comes_from(source: str, draft: Draft, title: str) -> None:
    assert to_document(source, draft).title == title


def test_metadata_is_cleaned_and_sorted() -> None:
    document = to_document(
        "a", Draft((Block("T"),), metadata=(("subject", " x\ny "), ("author", "Li"), ("empty", " ")))
    )
    assert document.metadata == (("author", "Li"), ("subject", "x y"))
