"""Pure measures of reading: exact match, F1, containment, AUROC, quantiles."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """SQuAD's normal form: lower case, no ASCII punctuation, no articles, single spaces."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact(said: str, answers: Sequence[str]) -> float:
    """1 if some answer equals what was said, in normal form."""
    return float(any(normalise(said) == normalise(answer) for answer in answers))


def f1(said: str, answers: Sequence[str]) -> float:
    """Best word overlap F1 with an answer."""
    return max((_f1(normalise(said).split(), normalise(answer).split()) for answer in answers), default=0.0)


def contains(said: str, answers: Sequence[str]) -> float:
    """1 if some answer stands in what was said as whole words, in normal form."""
    padded = f" {normalise(said)} "
    return float(any(f" {normalise(answer)} " in padded for answer in answers))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a random positive scores above a random negative, ties half; NaN if either is empty."""
    if not positive or not negative:
        return float("nan")
    ordered = np.sort(np.asarray(negative))
    below = np.searchsorted(ordered, positive, side="left")
    upto = np.searchsorted(ordered, positive, side="right")
    return float(np.mean((below + upto) / 2) / len(negative))


def _f1(said: Sequence[str], answer: Sequence[str]) -> float:
    common = sum((Counter(said) & Counter(answer)).values())
    if not said or not answer:
        return float(said == answer)
    return 2 * common / (len(said) + len(answer))
