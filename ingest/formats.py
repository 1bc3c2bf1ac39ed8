"""Which format a file has, decided by its content, and how bytes become characters.

The name decides only where content cannot: Markdown and plain text look alike.
"""

import codecs
import io
import re
import zipfile
from dataclasses import dataclass
from typing import Literal

from ingest.errors import SourceError
from ingest.readers.web import declared_charset, looks_like_html

Format = Literal["plain", "markdown", "html", "pdf", "docx"]

EXTENSIONS: dict[str, Format] = {
    ".txt": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}
SUPPORTED = ", ".join(EXTENSIONS)
MIB = 2**20

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: the shorter mark is its prefix
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FORMATS = (
    (b"\xd0\xcf\x11\xe0", "an old or encrypted Office file", "save it as .docx without a password"),
    (b"{\\rtf", "an RTF file", "save it as .docx or .txt"),
    (b"%!PS", "a PostScript file", "convert it to PDF"),
    (b"\x89PNG", "an image", "run OCR on it first"),
    (b"\xff\xd8\xff", "an image", "run OCR on it first"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
)
_SAMPLE = 200_000
_MAX_UNDECODABLE = 0.02
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
# In Western text, cp1252's symbols do not stand inside words; where they do, the encoding is another one.
_SYMBOL_IN_WORD = re.compile(r"[A-Za-zÀ-ÿ][¡-¿ƒˆ‰ŠŒŽ˜™šœžŸ‡†][a-zß-ÿ]")


@dataclass(frozen=True, slots=True)
class Content:
    """What was read or fetched: the bytes, the format its name or server states, and the stated charset."""

    data: bytes
    named: Format
    charset: str = ""


def detect_format(data: bytes, source: str, named: Format) -> Format:
    """Format of a file's content.

    Args:
        data: the whole file.
        source: its name, for messages.
        named: what its extension or content type says.

    Raises:
        SourceError: a known format we do not read, or a .pdf or .docx that is none.
    """
    for magic, what, hint in _OTHER_FORMATS:
        if data.startswith(magic):
            raise SourceError(f"{source} is {what}, which is not read", hint)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zip_format(data, source)
    if named in ("pdf", "docx"):
        raise SourceError(
            f"{source} is not a {named.upper()} file: its content is something else", "check where it came from"
        )
    return "html" if looks_like_html(data) else named


def _zip_format(data: bytes, source: str) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceError(f"{source} is a damaged zip or Word file", "download or save it again") from error
    if "word/document.xml" in names:
        return "docx"
    raise SourceError(f"{source} is a zip archive but not a Word document", "unpack it, or save it as .docx")


def decode(data: bytes, source: str, charset: str = "") -> str:
    """Characters of a text file.

    A byte order mark decides; then UTF-8, if all or nearly all of it decodes; then the charset stated by
    the page or its server; then cp1252 where it gives plausible Western text; then detection.

    Raises:
        SourceError: binary, or in no encoding we can tell.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, "replace"), source)
    if b"\0" in data:
        raise SourceError(f"{source} is a binary file, not text", f"supported formats: {SUPPORTED}")
    for attempt in (_as_utf8(data), _as_stated(data, charset or declared_charset(data)), _as_western(data)):
        if attempt is not None:
            return _checked(attempt, source)
    return _checked(_detected(data, source), source)


def _checked(text: str, source: str) -> str:
    sample = text[:_SAMPLE]
    if len(_CONTROLS.findall(sample)) > _MAX_UNDECODABLE * len(sample):
        raise SourceError(f"{source} is a binary file, not text", f"supported formats: {SUPPORTED}")
    return text


def _as_utf8(data: bytes) -> str | None:
    """UTF-8, forgiving a few broken bytes among many good ones rather than garbling all of them."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken == 0:
        return text
    good = sum(not chunk.isascii() for chunk in text.replace("\ufffd", "")[:_SAMPLE])
    return text if broken <= 0.05 * good else None


def _as_stated(data: bytes, charset: str) -> str | None:
    """The stated charset, where it fits; Python calls Latin-1 what the web means as cp1252."""
    try:
        name = codecs.lookup(charset).name if charset else ""
        return data.decode("cp1252" if name in ("iso8859-1", "ascii") else name) if name else None
    except (LookupError, UnicodeDecodeError):
        return None


def _as_western(data: bytes) -> str | None:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    sample = text[:_SAMPLE]
    letters = [letter for letter in sample if letter.isalpha()]
    foreign = sum(not letter.isascii() for letter in letters)
    return text if foreign <= 0.15 * len(letters) and not _SYMBOL_IN_WORD.search(sample) else None


def _detected(data: bytes, source: str) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    if best is None:
        raise SourceError(f"{source} is in no known text encoding", "save it as UTF-8")
    return data.decode(best.encoding, "replace")
