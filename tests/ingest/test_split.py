import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.draft import Block, Draft, to_document
from ingest.errors import SourceError
from ingest.load import document_from_text
from ingest.settings import IngestSettings
from ingest.split import split_document
from ingest.types import Document, Passage

SMALL = IngestSettings(passage_words=20, overlap_sentences=1)


def prose(sentences: int) -> str:
    """Sentences of five words each, all different."""
    return " ".join(f"Sentence number {n} stands here." for n in range(sentences))


def words(passages: list[Passage]) -> list[int]:
    return [len(passage.text.split()) for passage in passages]


def test_a_paragraph_of_one_and_a_half_times_the_target_stays_whole() -> None:
    [passage] = split_document(document_from_text("a.txt", prose(6)), SMALL)
    assert passage.text == prose(6)
    assert len(passage.sentences) == 6


def test_a_longer_section_is_cut_evenly_with_overlap() -> None:
    passages = split_document(document_from_text("a.txt", prose(9)), SMALL)
    assert words(passages) == [15, 20, 20]
    assert [p.text.split(".")[0] for p in passages] == [
        "Sentence number 0 stands here",
        "Sentence number 2 stands here",
        "Sentence number 5 stands here",
    ]


def test_without_overlap_every_sentence_stands_once() -> None:
    passages = split_document(
        document_from_text("a.txt", prose(30)), IngestSettings(passage_words=20, overlap_sentences=0)
    )
    assert sum(len(passage.sentences) for passage in passages) == 30
    assert max(words(passages)) <= 20


def test_sections_do_not_share_passages_and_know_their_headings() -> None:
    blocks = (
        Block("The Title", "heading", 1), Block("Intro."), Block("Part", "heading", 2), Block("Chapter", "heading", 3),
        Block("Body."), Block("Next", "heading", 2), Block("End."),
    )  # fmt: skip
    passages = split_document(to_document("a.md", Draft(blocks)), SMALL)
    assert [(p.text, p.headings) for p in passages] == [
        ("Intro.", ()),
        ("Body.", ("Part", "Chapter")),
        ("End.", ("Next",)),
    ]


def test_a_list_keeps_its_marks_in_the_passage_and_not_in_the_sentences() -> None:
    document = document_from_text("a.txt", "• one item\n• two items\n\nThen some text follows.")
    [passage] = split_document(document, SMALL)
    assert passage.text == document.text
    assert document.text[passage.sentences[0].start : passage.sentences[0].end] == "one item"


@pytest.mark.parametrize("text", ["word " * 900, "word, " * 900, "x" * 20_000, "汉" * 900])
def test_an_endless_sentence_is_cut_between_words(text: str) -> None:
    document = document_from_text("a.txt", text)
    passages = split_document(document, IngestSettings(passage_words=400, overlap_sentences=0))
    assert len(passages) >= 3
    assert "".join(p.text for p in passages).replace(" ", "") == document.text.replace(" ", "")
    assert max(words(passages)) <= 400


def test_a_long_sentence_is_cut_after_a_comma_when_one_is_near() -> None:
    text = "alpha beta gamma delta " * 3 + "epsilon zeta, " + "eta theta iota kappa " * 8 + "end."
    passages = split_document(document_from_text("a.txt", text), SMALL)
    assert passages[0].text.endswith("zeta,")


def test_ids_name_document_and_range() -> None:
    document = document_from_text("a.txt", prose(3))
    [passage] = split_document(document, SMALL)
    assert passage.id == f"{document.id}:0-{len(document.text)}"
    assert split_document(document, SMALL) == [passage]


def _document(raw: str) -> Document | None:
    try:
        return document_from_text("a.txt", raw)
    except SourceError:
        return None


@given(
    st.lists(
        st.sampled_from(
            ["Word ", "word. ", "Title Line\n\n", "• item\n", "1. x\n", "\n\n", "a, ", "“Q.” ", "。", "z" * 60]
        )
    )
)
def test_passages_are_exact_slices_that_miss_nothing(pieces: list[str]) -> None:
    document = _document("".join(pieces) * 5)
    if document is None:
        return
    covered = {at for heading in document.headings for at in range(heading.start, heading.end)}
    for passage in split_document(document, SMALL):
        assert passage.text == document.text[passage.start : passage.end]
        assert not covered & {
            heading.start for heading in document.headings if passage.start <= heading.start < passage.end
        }
        assert all(passage.start <= s.start < s.end <= passage.end for s in passage.sentences)
        covered |= {at for s in passage.sentences for at in range(s.start, s.end)}
    assert all(at in covered for at, letter in enumerate(document.text) if letter.isalpha())
