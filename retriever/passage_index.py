"""Everything a search reads, in memory: built from documents, written to a folder, read back from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ingest.errors import IndexStateError
from ingest.settings import IngestSettings
from ingest.split import split_document
from ingest.types import Document, Passage
from retriever.embedder import Embedder, Vectors
from retriever.lexical import LexicalIndex
from retriever.passage_text import embedded_texts, indexed_text
from retriever.records import read_documents, read_passages, write_records
from retriever.store import FaissStore, Rows, VectorStore

IndexProgress = Callable[[int, int], None]

_DOCUMENTS = "documents.jsonl"
_PASSAGES = "passages.jsonl"
_ROWS = "rows.npy"


@dataclass(frozen=True)
class PassageIndex:
    """Passages and what finds them. Position ``i`` is the same passage everywhere.

    Attributes:
        documents: by id, in order of their source.
        passages: in the order of the documents and, within one, of the text.
        first_rows: int64 [passages + 1]; passage ``i`` owns rows ``first_rows[i]:first_rows[i + 1]`` of the store.
        store: one or more vectors for each passage (see ``passage_text.embedded_texts``).
        lexical: BM25 over the same passages.
    """

    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    first_rows: Rows
    store: VectorStore
    lexical: LexicalIndex


def build_passage_index(
    documents: Sequence[Document],
    embedder: Embedder,
    settings: IngestSettings,
    reuse: PassageIndex | None = None,
    progress: IndexProgress | None = None,
) -> PassageIndex:
    """Split, embed and index documents.

    Args:
        documents: any order; the index has them in order of their source.
        embedder: makes the vectors.
        settings: how documents are split.
        reuse: an index made with the same embedder; a text it has a vector for is not embedded again.
        progress: called with (texts embedded, texts to embed).

    Returns:
        The same index for the same documents, with ``reuse`` or without.
    """
    ordered = {document.id: document for document in sorted(documents, key=lambda document: document.source)}
    passages = tuple(passage for document in ordered.values() for passage in split_document(document, settings))
    texts = [embedded_texts(ordered[passage.document_id], passage) for passage in passages]
    vectors = _vectors([text for group in texts for text in group], embedder, reuse, progress)
    store = FaissStore(embedder.dimension)
    store.add(vectors)
    return PassageIndex(
        documents=ordered,
        passages=passages,
        first_rows=np.cumsum([0, *(len(group) for group in texts)], dtype=np.int64),
        store=store,
        lexical=LexicalIndex.build([indexed_text(ordered[passage.document_id], passage) for passage in passages]),
    )


def _vectors(
    texts: Sequence[str], embedder: Embedder, reuse: PassageIndex | None, progress: IndexProgress | None
) -> Vectors:
    """A vector for each text, float32 [len(texts), dimension]; each different text is embedded once at most."""
    known = _known_rows(reuse) if reuse else {}
    wanted = list(dict.fromkeys(text for text in texts if text not in known))
    report = partial(_report, progress, len(wanted)) if progress else None
    fresh = embedder.embed_passages(wanted, report)
    place = {text: row for row, text in enumerate(wanted)}
    vectors = np.zeros((len(texts), embedder.dimension), dtype=np.float32)
    old = [at for at, text in enumerate(texts) if text in known]
    new = [at for at, text in enumerate(texts) if text not in known]
    if reuse and old:
        vectors[old] = reuse.store.reconstruct(np.asarray([known[texts[at]] for at in old], dtype=np.int64))
    if new:
        vectors[new] = fresh[[place[texts[at]] for at in new]]
    return vectors


def _report(progress: IndexProgress, total: int, done: int) -> None:
    progress(done, total)


def _known_rows(index: PassageIndex) -> dict[str, int]:
    """The row of each text an index has a vector for."""
    texts = (
        text for passage in index.passages for text in embedded_texts(index.documents[passage.document_id], passage)
    )
    return {text: row for row, text in enumerate(texts)}


def save_passage_index(index: PassageIndex, folder: Path) -> tuple[str, ...]:
    """Write an index into a folder; returns the names of its files."""
    write_records(folder / _DOCUMENTS, Document, index.documents.values())
    write_records(folder / _PASSAGES, Passage, index.passages)
    np.save(folder / _ROWS, index.first_rows, allow_pickle=False)
    return (_DOCUMENTS, _PASSAGES, _ROWS, *index.store.save(folder), *index.lexical.save(folder))


def load_documents(folder: Path) -> dict[str, Document]:
    """The documents of a saved index alone, by id: no passages, no vectors."""
    return {document.id: document for document in read_documents(folder / _DOCUMENTS)}


def load_passage_index(folder: Path) -> PassageIndex:
    """Read what ``save_passage_index`` wrote. The caller has checked the files' hashes.

    Raises:
        IndexStateError: the parts do not belong together.
    """
    documents = load_documents(folder)
    passages = read_passages(folder / _PASSAGES, documents)
    first_rows = np.load(folder / _ROWS, allow_pickle=False)
    store = FaissStore.load(folder)
    if len(first_rows) != len(passages) + 1 or first_rows[-1] != store.size:
        raise IndexStateError(
            f"{folder} has {len(passages)} passages, {len(first_rows) - 1} row entries and {store.size} vectors"
        )
    return PassageIndex(documents, passages, first_rows, store, LexicalIndex.load(folder))
