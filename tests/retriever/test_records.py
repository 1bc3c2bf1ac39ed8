import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import IndexStateError
from ingest.types import Document, Heading, Passage, Span
from retriever.records import read_documents, read_passages, write_records

TEXT = 'Titel\n\nÄrger mit \u2028 Zeilen. "Zitat" und 漢字 \U0001f600.'
DOCUMENT = Document(
    id="d1",
    source="a b.txt",
    title="Titel",
    text=TEXT,
    sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
    metadata=(("author", "Ä"),),
    headings=(Heading(0, 5, 1),),
)
PASSAGE = Passage("d1:7-26", "d1", TEXT[7:26], 7, 26, ("Titel",), (Span(7, 26),))


def test_documents_and_passages_come_back_equal(tmp_path: Path) -> None:
    write_records(tmp_path / "d", Document, [DOCUMENT])
    write_records(tmp_path / "p", Passage, [PASSAGE])
    assert read_documents(tmp_path / "d") == (DOCUMENT,)
    assert read_passages(tmp_path / "p", {"d1": DOCUMENT}) == (PASSAGE,)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (replace(DOCUMENT, text=TEXT + "!"), "has another text"),
        (replace(DOCUMENT, headings=(Heading(0, 999, 1),)), "heading outside"),
    ],
)
def test_a_document_that_contradicts_itself_is_refused(tmp_path: Path, changed: Document, problem: str) -> None:
    write_records(tmp_path / "d", Document, [changed])
    with pytest.raises(IndexStateError, match=problem):
        read_documents(tmp_path / "d")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (replace(PASSAGE, document_id="d2"), "outside the documents"),
        (replace(PASSAGE, start=-1), "outside the documents"),
        (replace(PASSAGE, end=999), "outside the documents"),
        (replace(PASSAGE, start=8), "differs from its document"),
        (replace(PASSAGE, text="Another."), "differs from its document"),
        (replace(PASSAGE, sentences=(Span(0, 9),)), "sentence outside"),
    ],
)
def test_a_passage_that_contradicts_its_document_is_refused(tmp_path: Path, changed: Passage, problem: str) -> None:
    write_records(tmp_path / "p", Passage, [changed])
    with pytest.raises(IndexStateError, match=problem):
        read_passages(tmp_path / "p", {"d1": DOCUMENT})


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "x"}', "\\"])
def test_a_line_that_is_no_record_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "d").write_text(line)
    with pytest.raises(IndexStateError, match="no Document"):
        read_documents(tmp_path / "d")
