"""PDF -> lines with geometry: what PDFium reads on each page. ``pdf_layout`` makes paragraphs of them.

PDFium gives words and columns in reading order and marks the hyphens at line ends. It is not
thread-safe; ``ingest.load`` lets one file in at a time. Scans are not recognised (no OCR).
"""

import ctypes
import re
import time
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.draft import Draft
from ingest.errors import SourceError
from ingest.readers.pdf_layout import Line, layout_blocks

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage  # type: ignore[import-untyped]

MAX_PAGES = 5000
MAX_CHARS = 20_000_000
MAX_SECONDS = 120.0
MAX_STREAM = 32 * 2**20  # bytes of one unpacked page description; PDFium needs 13 times as much for it
_STREAM = re.compile(rb"stream\r?\n")
_HYPHEN_MARKS = "\x02\ufffe"


def read_pdf(data: bytes, source: str) -> Draft:
    """Read a PDF's text layer, about 0.3 MB of text a second.

    Raises:
        SourceError: broken, encrypted, over the limits of this module, or without a text layer.
    """
    from pypdfium2 import PdfDocument, PdfiumError

    _check_streams(data, source)
    try:
        with PdfDocument(data) as pdf:
            pages = _pages(pdf, source)
            facts = pdf.get_metadata_dict(skip_empty=True)
    except PdfiumError as error:
        raise _refusal(source, str(error)) from error
    blocks = layout_blocks(pages)
    if not blocks:
        raise SourceError(
            f"{source} has {len(pages)} pages but no text: it is probably a scan",
            "run OCR on it first, then add it again",
        )
    metadata = (("author", facts.get("Author", "")), ("subject", facts.get("Subject", "")))
    return Draft(blocks=tuple(blocks), title=facts.get("Title", ""), metadata=metadata)


def _check_streams(data: bytes, source: str) -> None:
    """Refuse a file that explodes when unpacked; pictures are left out, they are not unpacked for their text."""
    view = memoryview(data)
    for match in _STREAM.finditer(data):
        described = data[max(match.start() - 400, 0) : match.start()].rsplit(b" obj", 1)[-1]
        if b"/Image" in described or b"/FlateDecode" not in described:
            continue
        try:
            size = len(zlib.decompressobj().decompress(view[match.end() :], MAX_STREAM + 1))
        except zlib.error:
            continue
        if size > MAX_STREAM:
            raise SourceError(
                f"{source} unpacks to more than {MAX_STREAM // 2**20} MiB in one place",
                "print it to a new PDF and add that",
            )


def _refusal(source: str, reason: str) -> SourceError:
    if "password" in reason.lower():
        return SourceError(f"{source} is an encrypted PDF", "save it without a password and add that copy")
    return SourceError(
        f"{source} is not a readable PDF: it is damaged or cut off", "open and save it again, or download it again"
    )


def _pages(pdf: "PdfDocument", source: str) -> list[list[Line]]:
    if len(pdf) > MAX_PAGES:
        raise SourceError(f"{source} has {len(pdf)} pages, more than {MAX_PAGES}", "split it into several files")
    pages: list[list[Line]] = []
    characters, deadline = 0, time.monotonic() + MAX_SECONDS
    for page in pdf:
        text_page = page.get_textpage()
        characters += text_page.count_chars()
        if characters > MAX_CHARS:
            raise SourceError(f"{source} holds more than {MAX_CHARS:,} characters", "split it into several files")
        if time.monotonic() > deadline:
            raise SourceError(f"{source} takes longer than {MAX_SECONDS:.0f} s to read", "split it into several files")
        pages.append(list(_lines(text_page)))
        text_page.close()
        page.close()
    return pages


def _lines(page: "PdfTextPage") -> Iterator[Line]:
    from pypdfium2 import raw

    count = page.count_chars()
    text = "".join(chr(raw.FPDFText_GetUnicode(page, index)) for index in range(count))
    start = 0
    for index, character in enumerate(text + "\n"):
        if character == "\n" or character in _HYPHEN_MARKS:
            line = _line(page, text, start, index, character != "\n")
            if line is not None:
                yield line
            start = index + 1


def _line(page: "PdfTextPage", text: str, start: int, end: int, hyphenated: bool) -> Line | None:
    first, last = start, min(end, len(text)) - 1
    while first <= last and text[first].isspace():
        first += 1
    while last >= first and text[last].isspace():
        last -= 1
    if first > last:
        return None
    middle = (first + last) // 2
    left, bottom, _, top = page.get_charbox(first, loose=True)
    right = page.get_charbox(last, loose=True)[2]
    if not text[middle].isspace():  # a drop cap or a footnote mark must not give the line its size
        _, bottom, _, top = page.get_charbox(middle, loose=True)
    words = text[first : last + 1].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return Line(words + "-" * hyphenated, left, right, bottom, round(top - bottom, 1), _is_bold(page, middle))


def _is_bold(page: "PdfTextPage", index: int) -> bool:
    """By the font's name: the weight PDFium reports is a guess that is off for many fonts."""
    from pypdfium2 import raw

    buffer = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(page, index, buffer, len(buffer), None)
    name = buffer.value.lower()
    return any(weight in name for weight in (b"bold", b"black", b"heavy"))
