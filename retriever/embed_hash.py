"""A deterministic embedder without a model: word stems hashed into buckets. For tests and dry runs."""

import hashlib
from collections.abc import Collection, Sequence

import numpy as np

from retriever.embedder import Progress, Vectors, normalised
from retriever.words import content_stems

DIMENSION = 256


class HashEmbedder:
    """Counts of word stems, hashed into 256 signed buckets. Texts that share words get a high cosine."""

    name = f"hash-{DIMENSION}"
    dimension = DIMENSION
    vocabulary: Collection[str] = ()

    def load(self) -> None:
        """Nothing to load."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Embed texts: float32 [len(texts), 256]."""
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.embed_query(text)
            if progress:
                progress(row + 1)
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Embed one text: float32 [256]; a text without content words is the zero vector."""
        vector = np.zeros(DIMENSION, dtype=np.float32)
        for stem in content_stems(text):
            digest = hashlib.sha256(stem.encode()).digest()
            vector[digest[0]] += 1.0 if digest[1] & 1 else -1.0
        return normalised(vector)
