"""Source -> Document: find the files, read them within limits, understand their format, clean them."""

import logging
import os
import stat
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingest.draft import Draft, to_document
from ingest.errors import SourceError
from ingest.formats import EXTENSIONS, MIB, SUPPORTED, Content, Format, decode, detect_format
from ingest.settings import IngestSettings
from ingest.types import Document

_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "bower_components", "site-packages", "venv", "vendor"})
_NOISY = ("trafilatura", "htmldate", "courlan", "justext", "charset_normalizer", "docx", "pypdfium2", "markdown_it")
# PDFium is not thread-safe, and neither is catching warnings; parsing is short.
_PARSING = threading.Lock()


def is_url(source: str) -> bool:
    """Whether a source is fetched rather than opened."""
    return source.lower().startswith(("http://", "https://"))


def find_sources(paths: Sequence[str]) -> list[str]:
    """Expand folders into their readable files, sorted; URLs and files stay as given, each source once.

    A name that does not exist stays too: ``load_source`` says what is wrong with it.
    """
    return list(dict.fromkeys(source for source, readable in _walk_all(paths) if readable))


def skipped_files(paths: Sequence[str]) -> list[str]:
    """What ``find_sources`` leaves out of the folders: hidden, vendored, looping or in an unknown format."""
    return list(dict.fromkeys(source for source, readable in _walk_all(paths) if not readable))


def load_source(source: str, settings: IngestSettings) -> Document:
    """Read one file or URL.

    Raises:
        SourceError: it cannot be read, is over the limits, in a format we do not know, or holds no text.
    """
    if is_url(source):
        from ingest.fetch import fetch

        return document_from_content(source, fetch(source, settings), settings)
    return document_from_content(source, _read_file(source, settings), settings)


def document_from_content(source: str, content: Content, settings: IngestSettings) -> Document:
    """Understand and clean bytes that came from anywhere; same bytes and settings, same Document.

    Raises:
        SourceError: as ``load_source``.
    """
    with _PARSING, _quiet():
        try:
            draft = _read(source, content, settings)
        except RecursionError as error:
            raise SourceError(f"{source} is nested too deeply to be read", "save it as plain text") from error
    return _not_empty(to_document(source, draft))


def document_from_text(source: str, text: str) -> Document:
    """A Document out of text already in memory, read as plain text; ``source`` is a name for it.

    Raises:
        SourceError: no text is left after cleaning.
    """
    from ingest.readers.plain import read_plain

    return _not_empty(to_document(source, read_plain(text)))


def _not_empty(document: Document) -> Document:
    if not any(map(str.isalnum, document.text)):
        raise SourceError(f"{document.source} holds no text", "check that it is the right file")
    return document


def _read(source: str, content: Content, settings: IngestSettings) -> Draft:
    """One branch a format; each imports its library."""
    data = content.data
    found = detect_format(data, source, content.named)
    if found == "pdf":
        from ingest.readers.pdf import read_pdf

        return read_pdf(data, source)
    if found == "docx":
        from ingest.readers.word import read_docx

        return read_docx(data, source, settings.max_file_mb * MIB)
    text = decode(data, source, content.charset)
    if found == "html":
        from ingest.readers.web import read_html

        return read_html(text)
    if found == "markdown":
        from ingest.readers.markdown import read_markdown

        return read_markdown(text)
    from ingest.readers.plain import read_plain

    return read_plain(text)


def _read_file(source: str, settings: IngestSettings) -> Content:
    path = Path(source)
    try:
        named = _named_format(path, source, settings)
        with path.open("rb") as file:
            data = file.read(settings.max_file_mb * MIB + 1)
    except OSError as error:
        raise _os_refusal(source, error) from error
    except ValueError as error:  # a NUL in the name
        raise SourceError(f"{source!r} is not a file name") from error
    _check_size(source, len(data), settings)
    return Content(data, named)


def _named_format(path: Path, source: str, settings: IngestSettings) -> Format:
    """Checks that need no reading: kind of file, size, extension."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise SourceError(f"{source} is a folder", "name a file, or a folder that can be listed")
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(f"{source} is not a regular file but a pipe or device", "save its content to a file first")
    _check_size(source, status.st_size, settings)
    if status.st_size == 0:
        raise SourceError(f"{source} is empty", "check that it is the right file")
    named = EXTENSIONS.get(path.suffix.lower())
    if named is None:
        raise SourceError(f"{source} has an unsupported extension {path.suffix!r}", f"supported: {SUPPORTED}")
    return named


def _check_size(source: str, size: int, settings: IngestSettings) -> None:
    if size > settings.max_file_mb * MIB:
        raise SourceError(
            f"{source} has {size / MIB:.1f} MiB, more than {settings.max_file_mb}",
            "raise max_file_mb or split the file",
        )


def _os_refusal(source: str, error: OSError) -> SourceError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return SourceError(f"{source} does not exist", "check the path")
    if isinstance(error, PermissionError):
        return SourceError(f"{source} may not be read by this user", "change its permissions")
    return SourceError(f"{source} cannot be read: {error.strerror or type(error).__name__}", "check the path")


def _walk_all(paths: Sequence[str]) -> Iterator[tuple[str, bool]]:
    seen: set[tuple[int, int]] = set()
    for name in paths:
        if not is_url(name) and os.path.isdir(name):  # noqa: PTH112 - Path.is_dir raises on odd names
            yield from _walk(Path(name), seen)
        else:
            yield name, True


def _walk(folder: Path, seen: set[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """Files below a folder as (path, readable); each real folder is entered once, which ends symlink loops."""
    try:
        status = folder.stat()
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        yield folder.as_posix(), False
        return
    if (status.st_dev, status.st_ino) in seen:
        yield folder.as_posix(), False
        return
    seen.add((status.st_dev, status.st_ino))
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _SKIPPED_FOLDERS:
            yield entry.as_posix(), False
        elif entry.is_dir():
            yield from _walk(entry, seen)
        else:
            yield entry.as_posix(), entry.suffix.lower() in EXTENSIONS


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the parsing libraries' warnings and log lines from the user; what matters is raised."""
    loggers = [logging.getLogger(name) for name in _NOISY]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
