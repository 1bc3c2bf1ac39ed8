"""Examples to token arrays, and logits back to spans: the reader's contract in one place.

A pair (question, header + newline + passage) becomes `[CLS] question [SEP] context [SEP]`. Position 0 stands
for "no answer"; answers lie among the passage's own tokens, never in question or header.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from answer.training.data import Example, Span, sentences

MAX_LENGTH = 320
MAX_ANSWER_TOKENS = 30

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Feature:
    """One encoded pair. `first`..`last` (exclusive) are the passage's tokens; `starts`/`ends` the gold ones.

    `offsets` are characters of the passage text, one per token from `first` on. `sentences` are token ranges
    (end exclusive), `gold_sentences` the positions of those that are evidence.
    """

    example: Example
    ids: tuple[int, ...]
    type_ids: tuple[int, ...]
    first: int
    last: int
    offsets: tuple[Span, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[Span, ...]
    gold_sentences: frozenset[int]


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded arrays, all of shape [batch, length]; `allowed` marks the passage's tokens."""

    ids: Ints
    mask: Ints
    type_ids: Ints
    allowed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best span (characters of the passage), by how much it beats "no answer" in summed logits, and the
    evidence and verdict logit of each sentence of the feature.
    """

    span: Span
    margin: float
    evidence: tuple[float, ...]
    verdicts: tuple[float, ...]


def load_tokenizer(path: str, max_length: int = MAX_LENGTH) -> Tokenizer:
    """The tokenizer file with truncation of the context alone and no padding."""
    tokenizer = Tokenizer.from_file(path)
    tokenizer.enable_truncation(max_length, strategy="only_second")
    tokenizer.no_padding()
    return tokenizer


def encode(tokenizer: Tokenizer, examples: Sequence[Example], headers: Sequence[str]) -> list[Feature]:
    """Encode each example under its header ("" for none)."""
    pairs = [
        (e.question, f"{header}\n{e.text}" if header else e.text) for e, header in zip(examples, headers, strict=True)
    ]
    encodings = tokenizer.encode_batch(pairs)
    shifts = [len(header) + 1 if header else 0 for header in headers]
    return [_feature(*row) for row in zip(examples, encodings, shifts, strict=True)]


def collate(features: Sequence[Feature], multiple: int = 1) -> Batch:
    """Pad to the longest feature, rounded up to a multiple (few distinct shapes make training faster)."""
    longest = max(len(feature.ids) for feature in features)
    shape = (len(features), -(-longest // multiple) * multiple)
    ids, mask, type_ids = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    allowed = np.zeros(shape, dtype=np.bool_)
    for row, feature in enumerate(features):
        ids[row, : len(feature.ids)] = feature.ids
        mask[row, : len(feature.ids)] = 1
        type_ids[row, : len(feature.ids)] = feature.type_ids
        allowed[row, feature.first : feature.last] = True
    return Batch(ids, mask, type_ids, allowed)


def decode(feature: Feature, start: Floats, end: Floats, evidence: Floats, verdict: Floats) -> Prediction:
    """The best span of at most MAX_ANSWER_TOKENS tokens; all logits have shape [length]."""
    inside = slice(feature.first, feature.last)
    sums = start[inside][:, None] + end[inside][None, :]
    reach = np.subtract.outer(np.arange(len(sums)), np.arange(len(sums)))
    sums = np.where((reach <= 0) & (reach > -MAX_ANSWER_TOKENS), sums, -np.inf)
    first, last = np.unravel_index(int(np.argmax(sums)), sums.shape)
    span = (feature.offsets[int(first)][0], feature.offsets[int(last)][1])
    means = [tuple(float(of[low:high].mean()) for low, high in feature.sentences) for of in (evidence, verdict)]
    return Prediction(span, float(sums[first, last] - start[0] - end[0]), *means)


def _feature(example: Example, encoding: Encoding, shift: int) -> Feature:
    inside = [
        index
        for index, sequence in enumerate(encoding.sequence_ids)
        if sequence == 1 and encoding.offsets[index][0] >= shift
    ]
    first, last = inside[0], inside[-1] + 1
    offsets = tuple((start - shift, end - shift) for start, end in encoding.offsets[first:last])
    parts = sentences(example.text)
    ranges = [_sentence_tokens(offsets, part) for part in parts]
    rests_on = example.evidence or example.spans
    kept = [(tokens, part) for tokens, part in zip(ranges, parts, strict=True) if tokens[0] < tokens[1]]
    gold = [found for span in example.spans if (found := _token_span(offsets, span)) is not None]
    return Feature(
        example=example,
        ids=tuple(encoding.ids),
        type_ids=tuple(encoding.type_ids),
        first=first,
        last=last,
        offsets=offsets,
        starts=tuple(sorted({first + start for start, _ in gold})),
        ends=tuple(sorted({first + end for _, end in gold})),
        sentences=tuple((first + start, first + end) for (start, end), _ in kept),
        gold_sentences=frozenset(
            at for at, (_, part) in enumerate(kept) if any(part[0] < b and a < part[1] for a, b in rests_on)
        ),
    )


def _sentence_tokens(offsets: Sequence[Span], part: Span) -> Span:
    """Range of the tokens that lie inside the characters; empty where they were cut off."""
    inside = [i for i, (start, end) in enumerate(offsets) if part[0] <= start and end <= part[1]]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _token_span(offsets: Sequence[Span], span: Span) -> Span | None:
    """First and last token (inclusive) touching the characters; None if the end was cut off."""
    touching = [i for i, (start, end) in enumerate(offsets) if start < span[1] and span[0] < end]
    if not touching or offsets[touching[-1]][1] < span[1]:
        return None
    return touching[0], touching[-1]
