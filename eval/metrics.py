"""Pure metrics. A number over nothing is None, "not measured", never 0.

What compares the text of a short answer with references (exact match, F1, containment) is in
``answer.training.metrics``, where training uses it too.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answer.training import metrics as reading

Table = NDArray[np.float64]
Statistic = Callable[[Table], float | None]

BINS = 10
RESAMPLES = 1000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose confidence is in one tenth: how sure they were and how often right, both as means."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """What answering at ``threshold`` or above means: the share answered, and the share of those that is wrong."""

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval, both ends included."""

    low: float
    high: float


def recall_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """Share of the relevant ids among the first ``k``; None when nothing is relevant."""
    if not relevant:
        return None
    return len(set(ranked[:k]) & set(relevant)) / len(set(relevant))


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float | None:
    """1 / rank of the first relevant id, 0 when none is ranked; None when nothing is relevant. Its mean is MRR."""
    if not relevant:
        return None
    return next((1 / rank for rank, name in enumerate(ranked, start=1) if name in relevant), 0.0)


def ndcg_at(ranked: Sequence[str], gains: Mapping[str, float], k: int) -> float | None:
    """Normalised discounted cumulative gain of the first ``k`` (linear gains, as BEIR and trec_eval count).

    Args:
        ranked: ids, best first, each once.
        gains: judged gain of each relevant id; others have none.
        k: depth.

    Returns:
        0 to 1; None when no id has a gain.
    """
    ideal = _discounted(sorted(gains.values(), reverse=True)[:k])
    if ideal == 0:
        return None
    return _discounted([gains.get(name, 0.0) for name in ranked[:k]]) / ideal


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def mean(values: Iterable[float | None]) -> float | None:
    """Mean of what was measured; None when nothing was."""
    measured = [value for value in values if value is not None]
    return sum(measured) / len(measured) if measured else None


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The value below which ``percent`` of the values lie, interpolated between neighbours."""
    return float(np.percentile(np.asarray(values), percent)) if len(values) else None


def crag_point(*, right: bool, refused: bool) -> int:
    """The CRAG score of one answer (Yang et al. 2024): 1 right, 0 refused, -1 wrong."""
    return 1 if right else 0 if refused else -1


def citation_precision(supports: Sequence[Sequence[bool]]) -> float | None:
    """Share of the citations that state a fact; ``supports[i][j]``: whether citation i states fact j."""
    return mean([float(any(row)) for row in supports])


def citation_recall(supports: Sequence[Sequence[bool]], facts: int) -> float | None:
    """Share of the ``facts`` that a citation states; 0 without citations, None without facts."""
    return mean([float(any(row[fact] for row in supports)) for fact in range(facts)])


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Chance that a random true one scores above a random false one, ties half; None when one kind is missing."""
    true = [score for score, label in zip(scores, labels, strict=True) if label]
    false = [score for score, label in zip(scores, labels, strict=True) if not label]
    return reading.auroc(true, false) if true and false else None


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> tuple[Bin, ...]:
    """The filled ones of ``bins`` equally wide bins of confidence; 1.0 is in the last."""
    sure, was = np.asarray(confidences, dtype=float), np.asarray(right, dtype=float)
    place = _bin(sure, bins)
    return tuple(
        Bin(
            low=at / bins,
            high=(at + 1) / bins,
            count=int((place == at).sum()),
            confidence=float(sure[place == at].mean()),
            right=float(was[place == at].mean()),
        )
        for at in sorted(set(place.tolist()))
    )


def ece(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float | None:
    """Expected calibration error: mean distance of confidence and share right, bins weighted by their count."""
    if not len(confidences):
        return None
    sure, was = np.asarray(confidences, dtype=float), np.asarray(right, dtype=float)
    # Within a bin the weighted distance is that of the sums: count * |mean - mean| = |sum - sum|.
    sums = np.bincount(_bin(sure, bins), weights=sure - was)
    return float(np.abs(sums).sum() / len(sure))


def _bin(sure: NDArray[np.float64], bins: int) -> NDArray[np.int64]:
    place: NDArray[np.int64] = np.minimum((sure * bins).astype(np.int64), bins - 1)
    return place


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> tuple[RiskPoint, ...]:
    """The risk at every threshold that changes something, highest threshold first."""
    sure, wrong = np.asarray(confidences, dtype=float), ~np.asarray(right, dtype=bool)
    points = []
    for threshold in np.unique(sure)[::-1]:
        answered = sure >= threshold
        points.append(RiskPoint(float(threshold), float(answered.mean()), float(wrong[answered].mean())))
    return tuple(points)


def aurc(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """Area under the risk-coverage curve: the mean risk over answering the surest 1, 2, ... n; ties are averaged."""
    if not len(confidences):
        return None
    sure, wrong = np.asarray(confidences, dtype=float), ~np.asarray(right, dtype=bool)
    levels, place, counts = np.unique(-sure, return_inverse=True, return_counts=True)
    share = np.bincount(place, weights=wrong, minlength=len(levels)) / counts
    expected = np.repeat(share, counts)
    return float(np.mean(np.cumsum(expected) / np.arange(1, len(expected) + 1)))


def column_mean(rows: Table) -> float | None:
    """The mean of the first column: the statistic most figures are. None for no rows."""
    return float(rows[:, 0].mean()) if len(rows) else None


def bootstrap(rows: Table, statistic: Statistic, *, seed: int = 0) -> Interval | None:
    """Percentile interval of ``statistic`` over RESAMPLES draws of the rows with replacement (Efron 1979).

    Args:
        rows: [n, columns], one row a question.
        statistic: from such rows to a number; draws for which it is None are left out.
        seed: same seed, same interval.

    Returns:
        None for no rows, or when no draw could be measured.
    """
    draws = _draws(len(rows), seed)
    if statistic is column_mean and len(rows):  # the same numbers, all draws at once
        return _percentiles(rows[:, 0][draws].mean(axis=1).tolist())
    return _percentiles(statistic(rows[draw]) for draw in draws)


def paired_bootstrap(new: Table, old: Table, statistic: Statistic, *, seed: int = 0) -> Interval | None:
    """As ``bootstrap``, of the difference new - old; row i of both is the same question, drawn together."""
    draws = _draws(len(new), seed)
    return _percentiles(_difference(statistic(new[draw]), statistic(old[draw])) for draw in draws)


def _draws(size: int, seed: int) -> NDArray[np.int64]:
    """Row numbers, [RESAMPLES, size]; no draws from no rows."""
    generator = np.random.default_rng(seed)
    return generator.integers(0, max(size, 1), size=(RESAMPLES if size else 0, size))


def _difference(new: float | None, old: float | None) -> float | None:
    return None if new is None or old is None else new - old


def _percentiles(values: Iterable[float | None]) -> Interval | None:
    measured = [value for value in values if value is not None]
    if not measured:
        return None
    low, high = np.percentile(measured, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return Interval(float(low), float(high))
