import math

import pytest

from eval.metrics import mean, ndcg_at, recall_at, reciprocal_rank


def test_recall_is_the_share_of_relevant_ids_in_the_first_k() -> None:
    assert recall_at(["a", "x", "b", "y"], {"a", "b", "c"}, 2) == pytest.approx(1 / 3)
    assert recall_at(["a", "x", "b", "y"], {"a", "b", "c"}, 3) == pytest.approx(2 / 3)


def test_reciprocal_rank_counts_the_first_relevant_id() -> None:
    assert reciprocal_rank(["x", "b", "a"], {"a", "b"}) == 0.5


def test_reciprocal_rank_of_a_miss_is_zero() -> None:
    assert reciprocal_rank(["x", "y"], {"a"}) == 0.0


def test_ndcg_of_one_relevant_id_at_rank_three() -> None:
    assert ndcg_at(["x", "y", "a"], {"a": 1}, 10) == pytest.approx(1 / math.log2(4))


def test_ndcg_weighs_gains_and_discounts_ranks() -> None:
    # DCG = 1 + 3 / log2(3); ideal = 3 + 1 / log2(3)
    expected = (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))
    assert ndcg_at(["low", "high"], {"low": 1, "high": 3}, 10) == pytest.approx(expected)


def test_ndcg_ideal_is_cut_at_k() -> None:
    assert ndcg_at(["a"], {"a": 1, "b": 1, "c": 1}, 1) == 1.0


def test_ndcg_ignores_what_comes_after_k() -> None:
    assert ndcg_at(["x", "a"], {"a": 1}, 1) == 0.0


@pytest.mark.parametrize("score", [recall_at(["a"], set(), 1), reciprocal_rank(["a"], set()), ndcg_at(["a"], {}, 1)])
def test_nothing_relevant_is_not_measured(score: float | None) -> None:
    assert score is None


def test_mean_leaves_out_what_was_not_measured() -> None:
    assert mean([1.0, None, 0.0]) == 0.5


@pytest.mark.parametrize("values", [[], [None]])
def test_mean_of_nothing_is_not_measured(values: list[float | None]) -> None:
    assert mean(values) is None
