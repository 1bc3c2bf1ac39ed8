"""Text -> vector. One protocol, three backends: onnx (default), sentence-transformers (reference), hash (tests)."""

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retriever.settings import RetrieverSettings

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]


class Embedder(Protocol):
    """Turns texts into unit vectors. Constructing one is cheap; ``load`` does the work."""

    @property
    def name(self) -> str:
        """Model name for manifests and receipts: ``name@first 12 hex of its weights' SHA-256``."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector. Valid after ``load``."""
        ...

    @property
    def vocabulary(self) -> Collection[str]:
        """Whole lower-case words the model knows, its idea of English; none where it has no such list."""
        ...

    def load(self) -> None:
        """Load the model; a second call does nothing.

        Raises:
            ModelError: the model is missing, damaged or of a kind we refuse.
        """
        ...

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Embed texts that will be searched.

        Args:
            texts: any length, empty ones included; what exceeds the model's window is cut off.
            progress: called with the number of texts done so far.

        Returns:
            float32 [len(texts), dimension], every row of length 1.
        """
        ...

    def embed_query(self, text: str) -> Vectors:
        """Embed one question: float32 [dimension], of length 1."""
        ...


def normalised(vectors: Vectors) -> Vectors:
    """Scale rows [..., d] to length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Vectors = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return unit


def open_embedder(settings: RetrieverSettings) -> Embedder:
    """The embedder the settings name, not yet loaded."""
    if settings.embedder_backend == "onnx":
        from retriever.embed_onnx import OnnxEmbedder

        return OnnxEmbedder(settings.embedder, settings.threads)
    if settings.embedder_backend == "sentence-transformers":
        from retriever.embed_reference import ReferenceEmbedder

        return ReferenceEmbedder(settings.embedder)
    from retriever.embed_hash import HashEmbedder

    return HashEmbedder()
