from collections.abc import Callable

import pytest

from ingest.errors import SourceError
from ingest.formats import Format, decode, detect_format


@pytest.mark.parametrize(
    ("data", "named", "found"),
    [
        (b"%PDF-1.4 ...", "plain", "pdf"),
        (b"\n\n%PDF-1.4 ...", "html", "pdf"),
        (b"<!DOCTYPE html><p>x", "plain", "html"),
        (b"<!DOCTYPE html><p>x", "markdown", "html"),
        (b"# Title", "markdown", "markdown"),
        (b"plain words", "plain", "plain"),
    ],
)
def test_content_decides_before_the_name(data: bytes, named: Format, found: Format) -> None:
    assert detect_format(data, "file", named) == found


def test_a_word_file_is_known_by_its_parts(zip_of: Callable[[dict[str, bytes]], bytes]) -> None:
    assert detect_format(zip_of({"word/document.xml": b"x"}), "file", "plain") == "docx"


@pytest.mark.parametrize(
    ("data", "named", "reason"),
    [
        (b"just words", "pdf", "is not a PDF file"),
        (b"<html>", "docx", "is not a DOCX file"),
        (b"\xd0\xcf\x11\xe0rest", "docx", "old or encrypted Office file"),
        (b"PK\x03\x04 cut off", "docx", "damaged zip"),
        (b"{\\rtf1 x}", "plain", "an RTF file"),
        (b"\x89PNG\r\n", "plain", "an image"),
    ],
)
def test_what_is_refused(data: bytes, named: Format, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        detect_format(data, "file", named)


def test_another_zip_is_no_word_file(zip_of: Callable[[dict[str, bytes]], bytes]) -> None:
    with pytest.raises(SourceError, match="a zip archive but not a Word document"):
        detect_format(zip_of({"xl/workbook.xml": b"x"}), "file", "docx")


GERMAN = "Müller aß in Köln, sagte er. “So” – d’accord."
POLISH = "Zażółć gęślą jaźń, powiedział Łukasz w Łodzi i poszedł dalej przez most."
RUSSIAN = "Москва является столицей России. Население города растёт каждый год."
JAPANESE = "これは日本語の文章です。東京は日本の首都です。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-32"),
        (GERMAN, "cp1252"),
        ("China’s AI sector is making strides. " * 9, "cp1252"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (JAPANESE, "shift_jis"),
    ],
)
def test_encodings(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "file") == text


def test_a_few_broken_bytes_do_not_garble_the_rest() -> None:
    assert decode((GERMAN * 9).encode() + b"\xff", "file") == GERMAN * 9 + "\ufffd"


def test_the_stated_charset_counts_when_it_is_not_utf8() -> None:
    assert decode(RUSSIAN.encode("koi8-r"), "file", "koi8-r") == RUSSIAN


def test_a_page_states_its_own_charset() -> None:
    page = f'<html><head><meta charset="iso-8859-2"></head><body>{POLISH}</body></html>'
    assert decode(page.encode("iso-8859-2"), "file") == page


@pytest.mark.parametrize("data", [b"words\0words", bytes(range(1, 32)) * 20])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="is a binary file"):
        decode(data, "file")
