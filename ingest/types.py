"""The types ingest owns. All offsets are Python string indices into ``Document.text``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, ``[start, end)``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One source after cleaning.

    Attributes:
        id: 16 hex digits of SHA-256 over the source name and the cleaned text: new text, new id.
        source: the path or URL it came from, as the user gave it.
        title: from the file's metadata, its first heading, or its name.
        text: the cleaned text; citations point into exactly this string.
        sha256: SHA-256 of ``text`` in UTF-8, hex.
        metadata: further facts as (key, value) pairs, e.g. ("author", "..."), sorted by key.
        headings: where each heading stands in ``text``, in order.
    """

    id: str
    source: str
    title: str
    text: str
    sha256: str
    metadata: tuple[tuple[str, str], ...] = ()
    headings: tuple["Heading", ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading line inside a document's text; ``level`` 1 is the outermost."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences under one heading.

    Attributes:
        id: ``<document id>:<start>-<end>``.
        document_id: the ``Document`` it was cut from.
        text: ``document.text[start:end]``, always.
        start: first character in the document.
        end: one past the last character.
        headings: the headings above it, outermost first; searched and read along, never quoted.
        sentences: the sentences inside, as document offsets, in order; list items count as sentences.
    """

    id: str
    document_id: str
    text: str
    start: int
    end: int
    headings: tuple[str, ...] = ()
    sentences: tuple[Span, ...] = ()
