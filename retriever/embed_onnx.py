"""The default embedder: the model's ONNX export on onnxruntime and tokenizers, without torch."""

import os
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from retriever.embedder import Progress, Vectors, normalised
from retriever.model_folder import ModelFolder, find_model
from retriever.spelling import whole_words

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    from retriever.onnx_export import Export

_PORTION = 64


@dataclass(frozen=True)
class _Loaded:
    session: "InferenceSession"
    tokenizer: "Tokenizer"
    export: "Export"


class OnnxEmbedder:
    """Embeds one text a call, several calls at once.

    int8 activations are scaled over a whole batch, so a text's vector would depend on its neighbours;
    alone it does not. It is also faster: no padding, and two threads with a text each embedded 2.5
    times as many texts as one call spread over two threads.

    Args:
        model: as ``find_model`` takes it.
        threads: texts embedded at the same time; 0 takes all cores.
    """

    def __init__(self, model: str, threads: int = 0) -> None:
        self._id = model
        self._threads = threads or os.cpu_count() or 1
        self._folder: ModelFolder | None = None
        self._parts: _Loaded | None = None

    @property
    def name(self) -> str:
        """``model@first 12 hex of its weights' SHA-256``."""
        if self._folder is None:
            self._folder = find_model(self._id)
        return self._folder.label

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._loaded().export.dimension

    @cached_property
    def vocabulary(self) -> Collection[str]:
        """About 22,000 words of the uncased BERT vocabulary, for the default model."""
        return whole_words(list(self._loaded().tokenizer.get_vocab()))

    def load(self) -> None:
        """Open the export (0.3 s), converting the model first if that was never done (some 25 s, once).

        Raises:
            ModelError: the model is missing, damaged or cannot be converted.
        """
        if self._parts is not None:
            return
        import onnxruntime
        from tokenizers import Tokenizer

        from retriever.onnx_export import exported

        self._folder = find_model(self._id)
        path, export = exported(self._folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(str(path / "model.onnx"), options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(export.max_tokens)
        self._parts = _Loaded(session, tokenizer, export)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Embed texts: float32 [len(texts), dimension]. Some 60 passages or 250 sentences a second on two cores."""
        parts = self._loaded()
        vectors = np.zeros((len(texts), parts.export.dimension), dtype=np.float32)
        with ThreadPoolExecutor(self._threads) as pool:
            # In portions, because an interrupt waits for everything the pool was given.
            for begin in range(0, len(texts), _PORTION):
                portion = [parts.export.passage_prompt + text for text in texts[begin : begin + _PORTION]]
                vectors[begin : begin + len(portion)] = list(pool.map(self._embed, portion))
                if progress:
                    progress(begin + len(portion))
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Embed one question: float32 [dimension]. Some 4 ms."""
        return self._embed(self._loaded().export.query_prompt + text)

    def _embed(self, text: str) -> Vectors:
        parts = self._loaded()
        ids = np.asarray([parts.tokenizer.encode(text).ids], dtype=np.int64)
        vectors = parts.session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0]
        return normalised(vectors[0])

    def _loaded(self) -> _Loaded:
        self.load()
        assert self._parts is not None  # noqa: S101 - load sets it or raises
        return self._parts
