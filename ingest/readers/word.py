"""DOCX -> Draft: headings, paragraphs, list items and tables in the order of the document.

Headers, footers, footnotes, comments and text boxes are not read.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.draft import Block, Draft
from ingest.errors import SourceError

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

_MAX_PARTS = 10_000
_MAX_DEPTH = 5
_HEADING = re.compile(r"^heading (\d)$", re.IGNORECASE)
_DAMAGED = "open and save it again in a word processor, or download it again"


def read_docx(data: bytes, source: str, max_bytes: int) -> Draft:
    """Read a Word document.

    Args:
        data: the file.
        source: its name, for messages.
        max_bytes: limit for each XML part once unpacked; the whole archive may unpack to four times that.

    Raises:
        SourceError: damaged, or unpacking to more than the limits.
    """
    import docx

    try:
        _check_archive(data, source, max_bytes)
        document = docx.Document(io.BytesIO(data))
        blocks = tuple(_blocks(document, 0))
        facts = document.core_properties
        metadata = (("author", facts.author or ""), ("subject", facts.subject or ""))
        return Draft(blocks=blocks, title=facts.title or "", metadata=metadata)
    except SourceError:
        raise
    except Exception as error:  # python-docx lets KeyError, ValueError, lxml's and zipfile's errors through
        raise SourceError(f"{source} is not a readable Word document: it is damaged", _DAMAGED) from error


def _check_archive(data: bytes, source: str, max_bytes: int) -> None:
    # The sizes are those the archive declares; zipfile never unpacks a part beyond its declared size.
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    largest = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    if total > 4 * max_bytes or largest > max_bytes or len(parts) > _MAX_PARTS:
        raise SourceError(
            f"{source} unpacks to {total / 2**20:.0f} MiB in {len(parts)} parts, more than a document should",
            "remove its pictures or split it; max_file_mb raises the limit",
        )


def _blocks(container: "WordDocument | _Cell", depth: int) -> Iterator[Block]:
    from docx.table import Table

    for item in container.iter_inner_content():
        if isinstance(item, Table):
            yield from (Block(row, "line") for row in _rows(item, depth))
        else:
            yield _paragraph(item)


def _paragraph(paragraph: "Paragraph") -> Block:
    text = paragraph.text
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    heading = _HEADING.match(style)
    if style.lower() == "title":
        return Block(text, "heading", 1)
    if heading:
        return Block(text, "heading", max(int(heading.group(1)), 1))
    properties = paragraph._p.pPr
    listed = style.lower().startswith("list ") or (properties is not None and properties.numPr is not None)
    if listed and text.strip():
        return Block(f"- {text}", "line")
    return Block(text)


def _rows(table: "Table", depth: int) -> Iterator[str]:
    """One line a row. Cells are taken from the XML, where a merged cell stands once."""
    from docx.table import _Cell

    for row in table._tbl.tr_lst:
        cells = (_cell_text(_Cell(cell, table), depth) for cell in row.tc_lst)
        yield " | ".join(cells)


def _cell_text(cell: "_Cell", depth: int) -> str:
    if depth >= _MAX_DEPTH:
        return ""
    return " ".join(block.text for block in _blocks(cell, depth + 1) if block.text.strip())
