import zlib
from collections.abc import Callable

import pytest

from ingest.draft import to_document
from ingest.errors import SourceError
from ingest.readers import pdf as pdf_reader
from ingest.readers.pdf import read_pdf
from ingest.types import Document

MakePdf = Callable[..., bytes]

WRAPPED = [
    (50, 700, 10, "The development of large language models in China has been progress-"),
    (50, 688, 10, "ing rapidly, and the gap to the United States is six to nine"),
    (50, 676, 10, "months."),
]


def read(data: bytes) -> Document:
    return to_document("file.pdf", read_pdf(data, "file.pdf"))


def test_lines_and_hyphens_are_joined(make_pdf: MakePdf) -> None:
    assert read(make_pdf([WRAPPED])).text == (
        "The development of large language models in China has been progressing rapidly, "
        "and the gap to the United States is six to nine months."
    )


def test_larger_and_bold_lines_are_headings(make_pdf: MakePdf) -> None:
    rows = [(50, 760, 20, "The Title"), (50, 725, 10, "**A Section"), *WRAPPED]
    document = read(make_pdf([rows]))
    found = [(h.level, document.text[h.start : h.end]) for h in document.headings]
    assert found == [(1, "The Title"), (2, "A Section")]
    assert document.title == "The Title"


def test_an_exploding_file_is_refused_before_it_is_opened() -> None:
    packed = zlib.compress(bytes(33 * 2**20))
    with pytest.raises(SourceError, match="unpacks to more than 32 MiB"):
        read(b"%PDF-1.4\n1 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + packed)


def test_a_gap_or_an_indent_opens_a_paragraph(make_pdf: MakePdf) -> None:
    second = "Second one, indented and long enough to fill its line, well,"
    rows = [*WRAPPED, (65, 664, 10, second), (50, 652, 10, "nearly."), (50, 630, 10, "Third one after a gap.")]
    assert read(make_pdf([rows])).text.split("\n\n")[1:] == [
        "Second one, indented and long enough to fill its line, well, nearly.",
        "Third one after a gap.",
    ]


def test_bullets_are_lines(make_pdf: MakePdf) -> None:
    rows = [
        *WRAPPED,
        (50, 650, 10, "\u2022 first"),
        (50, 638, 10, "\u2022 second"),
        (50, 626, 10, "\u2022"),
        (62, 626, 10, "third"),
    ]
    assert read(make_pdf([rows])).text.endswith("\n\n• first\n• second\n• third")


def test_columns_are_read_one_after_the_other(make_pdf: MakePdf) -> None:
    left = [(50, 700 - 12 * n, 10, f"left column line {n} of the page") for n in range(6)]
    right = [(320, 700 - 12 * n, 10, f"right column line {n} of the page") for n in range(6)]
    text = read(make_pdf([left + right])).text
    assert text.index("left column line 5") < text.index("right column line 0")


def test_a_sentence_runs_on_over_a_page_break(make_pdf: MakePdf) -> None:
    pages = [
        [(50, 100, 10, "A sentence that starts on the first page and goes")],
        [(50, 700, 10, "on over the second.")],
    ]
    assert read(make_pdf(pages)).text == "A sentence that starts on the first page and goes on over the second."


def test_running_heads_and_page_numbers_go(make_pdf: MakePdf) -> None:
    pages = [
        [(50, 780, 8, f"Example Journal {n}"), (50, 700, 10, f"Body number {n} ends."), (290, 20, 8, str(n))]
        for n in range(1, 5)
    ]
    assert read(make_pdf(pages)).text.replace("\n\n", " ") == " ".join(f"Body number {n} ends." for n in range(1, 5))


def test_stated_title_wins(make_pdf: MakePdf) -> None:
    assert read(make_pdf([WRAPPED], "Stated Title")).title == "Stated Title"


def test_a_scan_is_named_as_such(make_pdf: MakePdf) -> None:
    with pytest.raises(SourceError, match=r"file\.pdf has 2 pages but no text: it is probably a scan \(run OCR"):
        read(make_pdf([[], []]))


@pytest.mark.parametrize("data", [b"%PDF-1.4\n%%EOF", b"%PDF-1.7 and then nonsense"])
def test_a_damaged_file_is_one_line(data: bytes) -> None:
    with pytest.raises(SourceError, match="damaged or cut off"):
        read(data)


def test_a_password_is_named_as_the_reason() -> None:
    assert "encrypted" in str(
        pdf_reader._refusal("file.pdf", "Failed to load document (PDFium: Incorrect password error).")
    )


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [("MAX_PAGES", 1, "2 pages"), ("MAX_CHARS", 50, "characters"), ("MAX_SECONDS", -1.0, "to read")],
)
def test_limits(make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch, limit: str, value: float, message: str) -> None:
    monkeypatch.setattr(pdf_reader, limit, value)
    with pytest.raises(SourceError, match=message):
        read(make_pdf([WRAPPED, WRAPPED]))
