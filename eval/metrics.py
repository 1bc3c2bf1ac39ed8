"""Ranking metrics: pure functions over ranked ids. A mean over nothing is None, "not measured", never 0."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence


def recall_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """Share of the relevant ids among the first ``k``; None when nothing is relevant."""
    if not relevant:
        return None
    return len(set(ranked[:k]) & set(relevant)) / len(set(relevant))


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float | None:
    """1 / rank of the first relevant id, 0 when none is ranked; None when nothing is relevant."""
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
