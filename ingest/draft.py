"""What a format's reader hands over, and how it becomes a Document with fixed offsets."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal
from urllib.parse import unquote, urlsplit

from ingest.clean import clean_text, one_line
from ingest.types import Document, Heading

_JUNK_TITLE = re.compile(r"(?i)^(untitled.*|microsoft word - .*|document\d*|slide \d+|.*\.(docx?|pdf|tex|indd|html?))$")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document before its offsets are known.

    Attributes:
        text: as the format gives it; a line break inside is a real one, wrapped lines are already joined.
        kind: "line" blocks (list items, table rows, code) stand on neighbouring lines, others apart.
        level: of a heading, 1 is the outermost; 0 otherwise.
    """

    text: str
    kind: Literal["heading", "paragraph", "line"] = "paragraph"
    level: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A source as its reader understood it; ``title`` is "" when the format states none."""

    blocks: tuple[Block, ...]
    title: str = ""
    metadata: tuple[tuple[str, str], ...] = ()


def to_document(source: str, draft: Draft) -> Document:
    """Clean the blocks, lay them out, and fix offsets, title, hash and id.

    The text may come out empty; whether that is an error is the caller's to say.
    """
    parts: list[str] = []
    headings: list[Heading] = []
    length, before = 0, ""
    for block in draft.blocks:
        text = clean_text(block.text) if block.kind == "paragraph" else one_line(block.text)
        if not text:
            continue
        gap = "" if not parts else "\n" if before == block.kind == "line" else "\n\n"
        parts += (gap, text) if gap else (text,)
        length, before = length + len(gap) + len(text), block.kind
        if block.kind == "heading":
            headings.append(Heading(length - len(text), length, block.level))
    return _document(source, draft, "".join(parts), tuple(headings))


def _document(source: str, draft: Draft, text: str, headings: tuple[Heading, ...]) -> Document:
    metadata = tuple(sorted((key, value) for key, raw in draft.metadata if (value := one_line(raw))))
    return Document(
        id=hashlib.sha256(f"{source}\0{text}".encode("utf-8", "replace")).hexdigest()[:16],
        source=source,
        title=_title(source, draft.title, text, headings),
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        metadata=metadata,
        headings=headings,
    )


def _title(source: str, stated: str, text: str, headings: tuple[Heading, ...]) -> str:
    stated = one_line(stated)
    if stated and not _JUNK_TITLE.match(stated):
        return stated
    first = next((heading for heading in headings if heading.level == 1 or heading.start == 0), None)
    return text[first.start : first.end] if first else _name(source)


def _name(source: str) -> str:
    """A readable name out of a path or URL: ``notes/rhine_river.txt`` is "rhine river"."""
    url = urlsplit(source) if source.startswith(("http://", "https://")) else None
    path = PurePath((unquote(url.path) if url else source).replace("\\", "/"))
    name = path.stem.replace("_", " ")
    name = one_line(name if " " in name else name.replace("-", " "))
    return name or (url.netloc if url else source)
