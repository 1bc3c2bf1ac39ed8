"""Two searches, one ranking: the weighted sum of z-scores."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def z_scores(scores: Floats) -> NDArray[np.float64]:
    """Distance from the mean in standard deviations, [n]; all zeros when the scores do not differ."""
    values = np.asarray(scores, dtype=np.float64)
    if values.size == 0 or np.ptp(values) < 1e-9:
        return np.zeros(values.shape)
    standard: NDArray[np.float64] = (values - values.mean()) / values.std()
    return standard


def fuse(dense: Floats, lexical: Floats, dense_weight: float) -> NDArray[np.float64]:
    """Fused score of each candidate: ``w * z(dense) + (1 - w) * z(lexical)``.

    Args:
        dense: cosine of each candidate, [n].
        lexical: BM25 score of each candidate, [n]; same order.
        dense_weight: 0 ranks by BM25 alone, 1 by the embeddings alone.
    """
    return dense_weight * z_scores(dense) + (1 - dense_weight) * z_scores(lexical)


def order_best_first(scores: Floats) -> NDArray[np.intp]:
    """Positions by falling score; equal scores keep their order, so ties always break the same way."""
    return np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")


def ranks(scores: Floats) -> NDArray[np.intp]:
    """Rank of each score, 1 for the best, [n]."""
    places = np.empty(len(scores), dtype=np.intp)
    places[order_best_first(scores)] = np.arange(1, len(scores) + 1)
    return places
