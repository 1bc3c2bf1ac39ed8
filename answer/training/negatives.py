"""Hard negatives: passages that look right for a question and do not hold its answer.

Ranks by the sum of z-scores of BM25 and the base encoder's cosine, which is close to what the product's own
search puts in front of the reader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import bm25s
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import AutoModel

from answer.training.data import Example, find_answers

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage a question can be put to."""

    source: str
    group: str
    title: str
    text: str


def passages_of(examples: Sequence[Example]) -> list[Passage]:
    """The distinct passages of the examples, in order of first appearance."""
    return list(dict.fromkeys(Passage(e.source, e.group, e.title, e.text) for e in examples))


def put_to(example: Example, passage: Passage) -> Example:
    """The example's question over a passage that does not answer it."""
    return replace(example, kind="passage", title=passage.title, text=passage.text, spans=(), evidence=(), verdict=None)


def hard_negatives(examples: Sequence[Example], encoder: Path, count: int) -> dict[str, tuple[Passage, ...]]:
    """Up to `count` wrong passages per answerable example, the most deceptive first.

    A question gets other passages of its own article, an NQ question other NQ passages; one that
    holds an accepted answer is left out. Cost: one encoder pass over every passage and question.
    """
    found: dict[str, tuple[Passage, ...]] = {}
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.group].append(example)
    embed = _Embedder(encoder)
    for group in groups.values():
        passages = passages_of(group)
        asked = [example for example in group if example.answerable]
        if not asked:
            continue
        scores = _standard(_lexical(asked, passages)) + _standard(_dense(asked, passages, embed))
        for example, row in zip(asked, scores, strict=True):
            found[example.id] = _best_wrong(example, passages, row, count)
    return found


def _best_wrong(example: Example, passages: Sequence[Passage], row: Floats, count: int) -> tuple[Passage, ...]:
    wrong: list[Passage] = []
    for index in np.argsort(-row):
        passage = passages[int(index)]
        if passage.text != example.text and not find_answers(passage.text, example.answers):
            wrong.append(passage)
            if len(wrong) == count:
                break
    return tuple(wrong)


def _standard(scores: Floats) -> Floats:
    """Each row to mean 0 and deviation 1."""
    deviation = scores.std(axis=1, keepdims=True) + 1e-6
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / deviation, dtype=np.float32)


def _lexical(asked: Sequence[Example], passages: Sequence[Passage]) -> Floats:
    index = bm25s.BM25()
    index.index(bm25s.tokenize([p.text for p in passages], show_progress=False), show_progress=False)
    words = bm25s.tokenize([e.question for e in asked], return_ids=False, show_progress=False)
    return np.asarray([index.get_scores(row) if row else np.zeros(len(passages)) for row in words], dtype=np.float32)


def _dense(asked: Sequence[Example], passages: Sequence[Passage], embed: _Embedder) -> Floats:
    left = embed([e.question for e in asked])
    right = embed([f"{p.title}\n{p.text}" for p in passages])
    return np.asarray(left @ right.T, dtype=np.float32)


class _Embedder:
    """The base encoder with mean pooling; rows are unit vectors of shape [texts, width]."""

    def __init__(self, folder: Path) -> None:
        self._model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(256)
        self._tokenizer.enable_padding()

    def __call__(self, texts: Sequence[str], batch: int = 32) -> Floats:
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        rows: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(texts)
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            for index, row in zip(chosen, self._encode([texts[i] for i in chosen]), strict=True):
                rows[index] = row
        return np.stack(rows)

    @torch.inference_mode()
    def _encode(self, texts: list[str]) -> Floats:
        encodings = self._tokenizer.encode_batch(texts)
        ids = torch.tensor([e.ids for e in encodings])
        mask = torch.tensor([e.attention_mask for e in encodings])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        pooled = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return np.asarray(torch.nn.functional.normalize(pooled, dim=1).numpy(), dtype=np.float32)
