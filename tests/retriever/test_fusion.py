import numpy as np
import pytest

from retriever.fusion import fuse, order_best_first, ranks, z_scores


def test_z_scores_by_hand() -> None:
    # mean 2, standard deviation sqrt(2/3)
    assert z_scores(np.array([1.0, 2.0, 3.0])) == pytest.approx([-(1.5**0.5), 0.0, 1.5**0.5])


@pytest.mark.parametrize("scores", [[], [0.7], [0.3, 0.3]])
def test_scores_that_do_not_differ_become_zeros(scores: list[float]) -> None:
    assert z_scores(np.array(scores)).tolist() == [0.0] * len(scores)


def test_fusion_is_the_weighted_sum_of_z_scores() -> None:
    fused = fuse(np.array([0.0, 1.0]), np.array([10.0, 0.0]), 0.75)
    assert fused == pytest.approx([0.75 * -1 + 0.25 * 1, 0.75 * 1 + 0.25 * -1])


@pytest.mark.parametrize(("weight", "best"), [(0.0, 0), (1.0, 1)])
def test_the_weight_decides_between_the_searches(weight: float, best: int) -> None:
    assert fuse(np.array([0.1, 0.9]), np.array([5.0, 1.0]), weight).argmax() == best


def test_equal_scores_keep_their_order() -> None:
    assert order_best_first(np.array([1.0, 3.0, 1.0, 3.0])).tolist() == [1, 3, 0, 2]


def test_ranks_start_at_one() -> None:
    assert ranks(np.array([0.2, 0.9, 0.5])).tolist() == [3, 1, 2]
