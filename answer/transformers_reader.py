"""Any extractive question-answering model by transformers: the slow, general reader."""

from collections.abc import Sequence
from typing import Any

from answer.reader import MAX_TOKENS, Reading, Text, sentence_readings
from ingest.errors import ModelError


class TransformersReader:
    """Reads with ``AutoModelForQuestionAnswering``, safetensors only, no remote code, fp32 on the CPU.

    Args:
        model: a transformers id (from the local hub cache unless the hub is allowed) or a folder.
        threads: CPU threads, 0 for torch's default.
    """

    def __init__(self, model: str, threads: int) -> None:
        self._id, self._threads = model, threads
        self._model: Any = None
        self._tokenizer: Any = None

    @property
    def name(self) -> str:
        """The id or folder as configured."""
        return self._id

    def load(self) -> None:
        """Import torch and load the model: seconds. Raises ModelError."""
        if self._model is not None:
            return
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        if self._threads:
            torch.set_num_threads(self._threads)
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(self._id, use_fast=True)
            model = AutoModelForQuestionAnswering.from_pretrained(self._id, use_safetensors=True, dtype=torch.float32)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"reader {self._id!r} cannot be loaded", "name a folder or a model in the local hub cache"
            ) from error
        self._model = model.eval()

    def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """Read all texts in one batch."""
        if not texts:
            return []
        self.load()
        import torch

        batch = self._tokenizer(
            [question] * len(texts),
            [text.context for text in texts],
            truncation="only_second",
            max_length=MAX_TOKENS,
            padding=True,
            return_tensors="pt",
        )
        with torch.inference_mode():
            output = self._model(**batch)
        starts, ends = output.start_logits.numpy(), output.end_logits.numpy()
        encodings = batch.encodings
        return [
            sentence_readings(text, e.offsets, _sequence(e.sequence_ids), e.special_tokens_mask, start, end)
            for text, e, start, end in zip(texts, encodings, starts, ends, strict=True)
        ]


def _sequence(ids: Sequence[int | None]) -> list[int]:
    """1 for tokens of the text, 0 for the rest, whatever the model's own type ids are."""
    return [1 if i == 1 else 0 for i in ids]
