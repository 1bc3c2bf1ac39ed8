"""The reference embedder: sentence-transformers on torch. Exact and slow to import (some 6 s)."""

import io
import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ingest.errors import ModelError
from retriever.embedder import Progress, Vectors, normalised
from retriever.model_folder import ModelFolder, find_model
from retriever.spelling import whole_words

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 16


@contextmanager
def quiet() -> Iterator[None]:
    """Keep torch's and transformers' own bars, notes and warnings off the terminal."""
    with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def load_reference(folder: ModelFolder, attention: str = "sdpa") -> "SentenceTransformer":
    """Load a model on the CPU from its folder: safetensors only, none of its own code, no network.

    Raises:
        ModelError: its weights are not the pinned ones, or the library refuses the folder.
    """
    folder.check()
    with quiet():
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(
                str(folder.path),
                device="cpu",
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True, "attn_implementation": attention},
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{folder.path} is not a sentence-transformers model: {error}") from error
    return model.eval()


class ReferenceEmbedder:
    """sentence-transformers as it comes, with the model's own prompts.

    Args:
        model: as ``find_model`` takes it.
    """

    def __init__(self, model: str) -> None:
        self._id = model
        self._folder: ModelFolder | None = None
        self._model: SentenceTransformer | None = None

    @property
    def name(self) -> str:
        """``model@first 12 hex of its weights' SHA-256``."""
        if self._folder is None:
            self._folder = find_model(self._id)
        return self._folder.label

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._loaded().get_embedding_dimension() or 0)

    @cached_property
    def vocabulary(self) -> Collection[str]:
        """Whole words of the tokenizer's vocabulary."""
        return whole_words(list(self._loaded().tokenizer.get_vocab()))

    def load(self) -> None:
        """Load torch and the model, some 7 s.

        Raises:
            ModelError: the model is missing, damaged or not a sentence-transformers folder.
        """
        if self._model is None:
            self._folder = find_model(self._id)
            self._model = load_reference(self._folder)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Embed texts: float32 [len(texts), dimension]; batches of like length, so that little is padding."""
        model = self._loaded()
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for begin in range(0, len(order), _BATCH):
            batch = order[begin : begin + _BATCH]
            vectors[batch] = model.encode_document([texts[at] for at in batch], show_progress_bar=False)
            if progress:
                progress(begin + len(batch))
        return normalised(vectors)

    def embed_query(self, text: str) -> Vectors:
        """Embed one question: float32 [dimension]."""
        return normalised(np.asarray(self._loaded().encode_query(text, show_progress_bar=False), dtype=np.float32))

    def _loaded(self) -> "SentenceTransformer":
        self.load()
        assert self._model is not None  # noqa: S101 - load sets it or raises
        return self._model
