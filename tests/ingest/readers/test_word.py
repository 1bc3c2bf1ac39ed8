import io
from collections.abc import Callable

import docx
import pytest
from docx.document import Document as WordDocument

from ingest.draft import to_document
from ingest.errors import SourceError
from ingest.readers.word import read_docx
from ingest.types import Document

MIB = 2**20


def saved(word: WordDocument) -> bytes:
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def read(data: bytes) -> Document:
    return to_document("file.docx", read_docx(data, "file.docx", 10 * MIB))


def test_everything_in_the_order_of_the_document() -> None:
    word = docx.Document()
    word.core_properties.title = ""
    word.add_heading("The Race", 0)
    word.add_heading("Firms", 1)
    word.add_paragraph("These are they:")
    word.add_paragraph("Tencent", style="List Bullet")
    word.add_paragraph("Alibaba", style="List Number")
    table = word.add_table(rows=2, cols=2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ["Firm", "Model", "Tencent", "Hunyuan"], strict=True
    ):
        cell.text = text
    word.add_paragraph("The end.")
    document = read(saved(word))
    assert document.text == (
        "The Race\n\nFirms\n\nThese are they:\n\n- Tencent\n- Alibaba\nFirm | Model\nTencent | Hunyuan\n\nThe end."
    )
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [(1, "The Race"), (1, "Firms")]
    assert document.title == "The Race"


def test_a_merged_cell_stands_once() -> None:
    word = docx.Document()
    table = word.add_table(rows=1, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(0, 2).text = "narrow"
    assert read(saved(word)).text == "wide | narrow"


def test_a_damaged_file_is_one_line(zip_of: Callable[[dict[str, bytes]], bytes]) -> None:
    with pytest.raises(SourceError, match=r"file\.docx is not a readable Word document"):
        read(zip_of({"word/document.xml": b"<w:document", "[Content_Types].xml": b""}))


def test_a_zip_bomb_is_refused_unopened(zip_of: Callable[[dict[str, bytes]], bytes]) -> None:
    with pytest.raises(SourceError, match="unpacks to 11 MiB"):
        read(zip_of({"word/document.xml": b" " * (11 * MIB)}))
