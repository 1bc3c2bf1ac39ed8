"""The hybrid search over one opened index."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ingest.settings import IngestSettings
from ingest.types import Document
from retriever.embedder import Embedder, Vectors
from retriever.fusion import fuse, order_best_first, ranks
from retriever.manifest import corpus_hash
from retriever.passage_index import PassageIndex, build_passage_index
from retriever.settings import RetrieverSettings
from retriever.spelling import Speller
from retriever.types import Retrieved, Signal


class Retriever:
    """Finds passages. Nothing in it changes once it is made, so threads may share it."""

    def __init__(self, index: PassageIndex, embedder: Embedder, settings: RetrieverSettings) -> None:
        self._index = index
        self._embedder = embedder
        self._settings = settings

    @classmethod
    def from_documents(
        cls, documents: Sequence[Document], embedder: Embedder, settings: RetrieverSettings, ingest: IngestSettings
    ) -> "Retriever":
        """Index documents in memory; nothing touches the disk.

        Raises:
            ModelError: the embedder cannot be loaded.
        """
        embedder.load()
        return cls(build_passage_index(documents, embedder, ingest), embedder, settings)

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents by id, in order of their source."""
        return self._index.documents

    @property
    def corpus_sha256(self) -> str:
        """Hash of all documents, see ``manifest.corpus_hash``."""
        return corpus_hash(self._index.documents.values())

    def correct(self, question: str) -> str:
        """The question with misspelt words put right; one that is right already stays as it is."""
        return self._speller.correct(question)

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self._index.lexical.vocabulary, self._embedder.vocabulary)

    @property
    def embedder_name(self) -> str:
        """The model that made the vectors."""
        return self._embedder.name

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of any texts: float32 [len(texts), dimension], each of length 1."""
        return self._embedder.embed_passages(texts)

    def sample(self, k: int) -> list[Retrieved]:
        """``k`` passages spread evenly over the whole index, in its order; all with score 0."""
        total = len(self._index.passages)
        positions = range(total) if k >= total else [at * total // k for at in range(k)]
        return [self._hit(at, 0.0, place, (), ()) for place, at in enumerate(positions, start=1)]

    def search(self, query: str, k: int) -> list[Retrieved]:
        """The ``k`` best passages (fewer when the index is smaller), best first; ties go to the earlier passage.

        Each search proposes its ``settings.candidates`` best (``k`` if that is more); both scores are then
        known exactly for every candidate, whoever proposed it. Cost: one query embedding (some 4 ms) and
        one pass over the vectors (some 10 ms for 60,000).
        """
        if k < 1 or not self._index.passages:
            return []
        wording = self.correct(query)
        vector = self._embedder.embed_query(wording)
        lexical = self._index.lexical.scores(wording)
        depth = max(k, self._settings.candidates)
        candidates = np.union1d(self._nearest(vector, depth), _best_positive(lexical, depth))
        dense = self._cosines(vector, candidates)
        return self._ranked(candidates, dense, lexical[candidates], k, vector)

    def _nearest(self, vector: Vectors, depth: int) -> NDArray[np.int64]:
        """Positions of about ``depth`` passages that own the nearest rows."""
        rows_each = self._index.store.size / len(self._index.passages)
        rows, _ = self._index.store.search(vector, int(np.ceil(depth * rows_each)))
        positions: NDArray[np.int64] = np.searchsorted(self._index.first_rows, rows, side="right") - 1
        return np.unique(positions)

    def _cosines(self, vector: Vectors, positions: NDArray[np.int64]) -> Vectors:
        """Best cosine among the rows of each passage, [len(positions)]."""
        begins, ends = self._index.first_rows[positions], self._index.first_rows[positions + 1]
        rows = np.concatenate([np.arange(begin, end) for begin, end in zip(begins, ends, strict=True)])
        products = self._index.store.reconstruct(rows) @ vector
        offsets = np.cumsum(ends - begins) - (ends - begins)
        best: Vectors = np.maximum.reduceat(products, offsets)
        return best

    def _ranked(
        self, positions: NDArray[np.int64], dense: Vectors, lexical: Vectors, k: int, query: Vectors
    ) -> list[Retrieved]:
        fused = fuse(dense, lexical, self._settings.dense_weight)
        dense_ranks, lexical_ranks = ranks(dense), ranks(lexical)
        found = []
        for place, at in enumerate(order_best_first(fused)[:k], start=1):
            via = [Signal("dense", float(dense[at]), int(dense_ranks[at]))]
            if lexical[at] > 0:
                via.append(Signal("bm25", float(lexical[at]), int(lexical_ranks[at])))
            position = int(positions[at])
            cosines = self._sentence_cosines(position, query)
            found.append(self._hit(position, float(fused[at]), place, tuple(via), cosines))
        return found

    def _sentence_cosines(self, position: int, query: Vectors) -> tuple[float, ...]:
        """Cosine of every sentence of a passage; its first row is the passage as a whole."""
        rows = np.arange(self._index.first_rows[position] + 1, self._index.first_rows[position + 1])
        return tuple(float(cosine) for cosine in self._index.store.reconstruct(rows) @ query) if rows.size else ()

    def _hit(
        self, position: int, score: float, rank: int, via: tuple[Signal, ...], cosines: tuple[float, ...]
    ) -> Retrieved:
        passage = self._index.passages[position]
        return Retrieved(passage, self._index.documents[passage.document_id], score, rank, via, cosines)


def _best_positive(scores: Vectors, depth: int) -> NDArray[np.int64]:
    """Positions of the ``depth`` highest scores above zero."""
    positive = np.flatnonzero(scores > 0)
    chosen: NDArray[np.int64] = positive[order_best_first(scores[positive])[:depth]]
    return chosen
