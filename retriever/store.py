"""Where vectors are kept and searched. FAISS on disk is the store we have; another one implements the same protocol.

A store keeps rows in the order they were added and knows nothing of passages: the index maps rows to them.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.errors import IndexStateError
from retriever.embedder import Vectors

if TYPE_CHECKING:
    import faiss

Rows = NDArray[np.int64]
_FILE = "vectors.faiss"


class VectorStore(Protocol):
    """Rows of unit vectors, searched by inner product."""

    @property
    def size(self) -> int:
        """Number of rows."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a row."""
        ...

    def add(self, vectors: Vectors) -> None:
        """Append rows: float32 [n, dimension]."""
        ...

    def search(self, query: Vectors, count: int) -> tuple[Rows, Vectors]:
        """The ``count`` rows (or all, if fewer) nearest to ``query`` [dimension]: row numbers, scores; best first."""
        ...

    def reconstruct(self, rows: Rows) -> Vectors:
        """The vectors of the given rows: float32 [len(rows), dimension]."""
        ...

    def save(self, folder: Path) -> tuple[str, ...]:
        """Persist the rows; returns the names of the files written into ``folder`` (for the manifest)."""
        ...

    @classmethod
    def load(cls, folder: Path) -> "VectorStore":
        """Open what ``save`` wrote. The caller has checked the files' hashes.

        Raises:
            IndexStateError: the content is not what ``save`` writes.
        """
        ...


class FaissStore:
    """An exact flat FAISS index (inner product) in one file."""

    def __init__(self, dimension: int, index: "faiss.IndexFlatIP | None" = None) -> None:
        import faiss

        self._index = faiss.IndexFlatIP(dimension) if index is None else index

    @property
    def size(self) -> int:
        """Number of rows."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a row."""
        return int(self._index.d)

    def add(self, vectors: Vectors) -> None:
        """Append rows: float32 [n, dimension]."""
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def search(self, query: Vectors, count: int) -> tuple[Rows, Vectors]:
        """The nearest rows and their inner products, best first."""
        found = min(count, self.size)
        if found == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        scores, rows = self._index.search(query.reshape(1, -1), found)
        return rows[0], scores[0]

    def reconstruct(self, rows: Rows) -> Vectors:
        """The vectors of the given rows: float32 [len(rows), dimension]."""
        vectors: Vectors = self._index.reconstruct_batch(rows)
        return vectors

    def save(self, folder: Path) -> tuple[str, ...]:
        """Write ``vectors.faiss``."""
        import faiss

        faiss.write_index(self._index, str(folder / _FILE))
        return (_FILE,)

    @classmethod
    def load(cls, folder: Path) -> "FaissStore":
        """Read ``vectors.faiss``.

        Raises:
            IndexStateError: it holds another kind of FAISS index.
        """
        import faiss

        index = faiss.read_index(str(folder / _FILE))
        if type(index) is not faiss.IndexFlatIP:
            raise IndexStateError(f"{folder / _FILE} holds a {type(index).__name__}, expected an IndexFlatIP")
        return cls(index.d, index)
