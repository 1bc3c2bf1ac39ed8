"""Readers: how well each sentence of a passage answers a question, and with which characters.

A reader is an extractive question-answering model with a no-answer score (SQuAD 2.0, Rajpurkar et al.
2018): logits for where an answer starts and ends, and position 0 ([CLS]) for "no answer here". The
*margin* of a span is ``start + end`` logits minus those of "no answer", a log-odds-like number that can
be compared across passages because each passage carries its own no-answer score. Beside it stands the
*evidence* of a sentence: the log-odds that it settles the question, span or not (yes or no, comparisons).
Its *verdict* is the log-odds that it means yes, should the question ask yes or no.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from answer.settings import ReaderSettings
from answer.words import content_keys
from ingest.errors import ModelError
from ingest.types import Document, Passage, Span
from retriever.model_files import require_sha256

MAX_ANSWER_TOKENS = 30
MAX_TOKENS = 320
SHIPPED = "footnote-reader"
SCORES = ("start_logits", "end_logits", "evidence_logits", "verdict_logits")

Logits = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """The best answer span inside one sentence, with the sentence's evidence and verdict; offsets are the document's.

    A model that gives no verdict says 0.
    """

    sentence: Span
    answer: Span
    margin: float
    evidence: float
    verdict: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one passage: one entry a sentence, in order."""

    sentences: tuple[SentenceReading, ...]

    @property
    def margin(self) -> float:
        """The best margin in the passage; -inf when there is nothing to read."""
        return max((s.margin for s in self.sentences), default=float("-inf"))


@dataclass(frozen=True, slots=True)
class Text:
    """A passage with the header (title and headings) that a reader sees before it and never answers from."""

    document: Document
    passage: Passage

    @property
    def header(self) -> str:
        """``title - heading - heading`` and a line break, as in training; empty without any of them."""
        header = " - ".join(part for part in (self.document.title, *self.passage.headings) if part)
        return f"{header}\n" if header else ""

    @property
    def context(self) -> str:
        """What the model sees beside the question."""
        return self.header + self.passage.text


class Reader(Protocol):
    """Reads passages for a question. Constructing one is cheap; ``load`` does the work."""

    @property
    def name(self) -> str:
        """Model name for receipts."""
        ...

    def load(self) -> None:
        """Load the model; a second call does nothing. Raises ModelError when it is missing or damaged."""
        ...

    def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """One Reading per text, in order, from a single batch."""
        ...


def open_reader(settings: ReaderSettings) -> Reader:
    """The reader that ``settings.model`` names, not yet loaded."""
    if settings.model == "overlap":
        return OverlapReader()
    if settings.model == SHIPPED:
        return OnnxReader(Path(str(resources.files("answer"))) / "models" / "reader", settings.threads)
    from answer.transformers_reader import TransformersReader

    return TransformersReader(settings.model, settings.threads)


class OverlapReader:
    """No model: a sentence's margin is the share of the question's content words it has, scaled to [-4, 8]."""

    name = "overlap"

    def load(self) -> None:
        """Nothing to load."""

    def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """Score sentences by word overlap; the answer is the whole sentence."""
        asked = content_keys(question)
        return [Reading(tuple(self._score(asked, text, span) for span in text.passage.sentences)) for text in texts]

    @staticmethod
    def _score(asked: set[str], text: Text, span: Span) -> SentenceReading:
        has = content_keys(text.document.text[span.start : span.end])
        share = len(asked & has) / len(asked) if asked else 0.0
        score = 12.0 * share - 4.0
        return SentenceReading(span, span, score, score)


class OnnxReader:
    """The shipped reader: int8 ONNX on onnxruntime, tokenised by ``tokenizers``; no torch.

    Args:
        folder: holds model.onnx, tokenizer.json and reader.json (their hashes and the token limit).
        threads: CPU threads, 0 for all cores.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        self._folder, self._threads = folder, threads
        self._session: Any = None
        self._tokenizer: Any = None

    @property
    def name(self) -> str:
        """``footnote-reader@<first 12 hex of the weights' SHA-256>``."""
        return f"{SHIPPED}@{_manifest(self._folder)['model.onnx'][:12]}"

    def load(self) -> None:
        """Check hashes, then open the session (about 0.15 s). Raises ModelError."""
        if self._session is not None:
            return
        hashes = _manifest(self._folder)
        for file in ("model.onnx", "tokenizer.json"):
            require_sha256(self._folder / file, hashes[file], "reinstall footnote")
        self._tokenizer = _tokenizer(self._folder / "tokenizer.json")
        self._session = _session(self._folder / "model.onnx", self._threads)

    def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """Read all texts in one batch; about 15 ms a 200-token passage on two cores."""
        if not texts:
            return []
        self.load()
        pairs = [(as_asked(question), text.context) for text in texts]
        encodings = self._tokenizer.encode_batch(pairs)
        feed = {
            "input_ids": np.array([e.ids for e in encodings], dtype=np.int64),
            "attention_mask": np.array([e.attention_mask for e in encodings], dtype=np.int64),
            "token_type_ids": np.array([e.type_ids for e in encodings], dtype=np.int64),
        }
        rows = self._session.run(list(SCORES), feed)
        return [
            sentence_readings(text, e.offsets, e.type_ids, e.special_tokens_mask, *row)
            for text, e, *row in zip(texts, encodings, *rows, strict=True)
        ]


def as_asked(question: str) -> str:
    """The question ending in exactly one "?": how it was typed shall say nothing about the answer."""
    return question.rstrip(" ?.!") + "?"


def sentence_readings(
    text: Text,
    offsets: Sequence[tuple[int, int]],
    type_ids: Sequence[int],
    special: Sequence[int],
    start_logits: Logits,
    end_logits: Logits,
    evidence_logits: Logits | None = None,
    verdict_logits: Logits | None = None,
) -> Reading:
    """Turn one row of logits (each of shape [tokens]) into the best span, evidence and verdict of every sentence.

    A model without evidence logits (None) has its margin stand in for them; one without verdict logits gives none.

    ``offsets`` are the tokens' character ranges in ``Text.context``; tokens of the question,
    of the header and special tokens take no part. A sentence past the token limit gets no entry.
    """
    shift = text.passage.start - len(text.header)
    usable = np.array(
        [
            t == 1 and not s and o[0] + shift >= text.passage.start
            for t, s, o in zip(type_ids, special, offsets, strict=True)
        ]
    )
    begin = np.array([o[0] + shift for o in offsets])
    finish = np.array([o[1] + shift for o in offsets])
    null = float(start_logits[0] + end_logits[0])
    found = []
    for sentence in text.passage.sentences:
        inside = np.flatnonzero(usable & (begin >= sentence.start) & (finish <= sentence.end))
        if inside.size:
            first, last, score = _best_span(start_logits[inside], end_logits[inside])
            answer = Span(int(begin[inside[first]]), int(finish[inside[last]]))
            evidence = score - null if evidence_logits is None else float(evidence_logits[inside].mean())
            verdict = 0.0 if verdict_logits is None else float(verdict_logits[inside].mean())
            found.append(SentenceReading(sentence, answer, score - null, evidence, verdict))
    return Reading(tuple(found))


def _best_span(starts: Logits, ends: Logits) -> tuple[int, int, float]:
    """Indices and score of the best span of at most MAX_ANSWER_TOKENS tokens; shapes [tokens]."""
    n = len(starts)
    scores = starts[:, None] + ends[None, :]
    allowed = np.triu(np.ones((n, n), dtype=bool)) & ~np.triu(np.ones((n, n), dtype=bool), k=MAX_ANSWER_TOKENS)
    scores = np.where(allowed, scores, -np.inf)
    first, last = divmod(int(scores.argmax()), n)
    return first, last, float(scores[first, last])


def _manifest(folder: Path) -> dict[str, str]:
    try:
        content = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        return {file: str(content["sha256"][file]) for file in ("model.onnx", "tokenizer.json")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"the reader's manifest {folder / 'reader.json'} cannot be read", "reinstall footnote"
        ) from error


def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
    tokenizer.enable_padding()
    return tokenizer


def _session(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or (os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
