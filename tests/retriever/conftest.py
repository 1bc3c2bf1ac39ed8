import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ingest.settings import IngestSettings
from ingest.types import Document
from retriever.embed_hash import HashEmbedder
from retriever.embedder import Progress, Vectors
from retriever.indexer import IndexUpdate, update_index


@pytest.fixture
def document() -> Callable[..., Document]:
    def make(source: str, text: str, title: str = "") -> Document:
        identity = hashlib.sha256(f"{source}\0{text}".encode()).hexdigest()[:16]
        return Document(identity, source, title, text, hashlib.sha256(text.encode()).hexdigest())

    return make


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


class CountingEmbedder(HashEmbedder):
    """Remembers which texts it embedded."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.texts += texts
        return super().embed_passages(texts, progress)


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def update(index: Path, embedder: CountingEmbedder) -> Callable[..., IndexUpdate]:
    """Bring ``index`` up to date with the given documents."""

    def run(*documents: Document, ingest: IngestSettings | None = None, **options: object) -> IndexUpdate:
        return update_index(index, documents, embedder, ingest or IngestSettings(), **options)

    return run
