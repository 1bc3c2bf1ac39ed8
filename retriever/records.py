"""Documents and passages as JSON lines, checked when they are read back."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from ingest.errors import IndexStateError
from ingest.types import Document, Passage, Span

Record = TypeVar("Record", Document, Passage)


def write_records(path: Path, kind: type[Record], records: Iterable[Record]) -> None:
    """One JSON object a line, UTF-8."""
    adapter = TypeAdapter(kind)
    with path.open("wb") as file:
        file.writelines(adapter.dump_json(record) + b"\n" for record in records)


def read_documents(path: Path) -> tuple[Document, ...]:
    """Read documents in file order.

    Raises:
        IndexStateError: a line is no document, or its text does not have the hash it states.
    """
    documents = _read(path, Document)
    for document in documents:
        _require(sha256(document.text.encode()).hexdigest() == document.sha256, path, document.id, "has another text")
        bounds = ((heading.start, heading.end) for heading in document.headings)
        _require(_inside(bounds, 0, len(document.text)), path, document.id, "has a heading outside its text")
    return tuple(documents)


def read_passages(path: Path, documents: Mapping[str, Document]) -> tuple[Passage, ...]:
    """Read passages in file order.

    Raises:
        IndexStateError: a line is no passage, or it does not say what its document says there.
    """
    passages = _read(path, Passage)
    for passage in passages:
        document = documents.get(passage.document_id)
        known = document is not None and 0 <= passage.start < passage.end <= len(document.text)
        _require(known, path, passage.id, "points outside the documents")
        same = document is not None and document.text[passage.start : passage.end] == passage.text
        _require(same, path, passage.id, "differs from its document")
        inside = _inside(map(_pair, passage.sentences), passage.start, passage.end)
        _require(inside, path, passage.id, "has a sentence outside its text")
    return tuple(passages)


def _read(path: Path, kind: type[Record]) -> list[Record]:
    adapter = TypeAdapter(kind)
    try:
        return [adapter.validate_json(line) for line in path.read_bytes().split(b"\n") if line]
    except ValidationError as error:
        raise IndexStateError(f"{path} holds a line that is no {kind.__name__}: {error.errors()[0]['msg']}") from error


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _inside(bounds: Iterable[tuple[int, int]], low: int, high: int) -> bool:
    return all(low <= start <= end <= high for start, end in bounds)


def _require(condition: bool, path: Path, name: str, problem: str) -> None:
    if not condition:
        raise IndexStateError(f"{path}: {name} {problem}")
