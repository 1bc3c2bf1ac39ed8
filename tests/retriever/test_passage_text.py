from ingest.types import Document, Passage, Span
from retriever.passage_text import embedded_texts, indexed_text

TEXT = "Alpha is first. Beta is second."
PASSAGE = Passage("d:0-31", "d", TEXT, 0, 31, ("Letters", "Order"), (Span(0, 15), Span(16, 31)))


def test_title_headings_and_text_are_indexed() -> None:
    document = Document("d", "greek.txt", "Greek", TEXT, "")
    assert indexed_text(document, PASSAGE) == f"Greek\nLetters\nOrder\n{TEXT}"


def test_a_document_without_a_title_adds_no_empty_line() -> None:
    assert indexed_text(Document("d", "greek.txt", "", TEXT, ""), PASSAGE) == f"Letters\nOrder\n{TEXT}"


def test_the_whole_and_each_sentence_are_embedded() -> None:
    document = Document("d", "greek.txt", "Greek", TEXT, "")
    assert embedded_texts(document, PASSAGE) == (
        indexed_text(document, PASSAGE),
        "Alpha is first.",
        "Beta is second.",
    )
