import math

import numpy as np
import pytest

from eval.metrics import (
    Bin,
    RiskPoint,
    aurc,
    auroc,
    bootstrap,
    citation_precision,
    citation_recall,
    column_mean,
    crag_point,
    ece,
    mean,
    ndcg_at,
    paired_bootstrap,
    percentile,
    recall_at,
    reciprocal_rank,
    reliability,
    risk_coverage,
)


def first_mean(table: np.ndarray) -> float | None:
    """As ``column_mean``, drawn one by one."""
    return float(table[:, 0].mean())


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


def test_mean_leaves_out_what_was_not_measured() -> None:
    assert mean([1.0, None, 0.0]) == 0.5


@pytest.mark.parametrize(
    "value",
    [
        recall_at(["a"], set(), 1),
        reciprocal_rank(["a"], set()),
        ndcg_at(["a"], {}, 1),
        mean([]),
        mean([None]),
        percentile([], 50),
        citation_precision([]),
        citation_recall([], 0),
        auroc([], []),
        auroc([0.3, 0.4], [True, True]),
        ece([], []),
        aurc([], []),
        bootstrap(np.zeros((0, 1)), first_mean),
        bootstrap(np.zeros((3, 1)), lambda _: None),
        paired_bootstrap(np.zeros((0, 1)), np.zeros((0, 1)), first_mean),
    ],
)
def test_nothing_is_not_measured(value: object) -> None:
    assert value is None


def test_percentiles_lie_between_neighbours() -> None:
    assert percentile([10.0, 20.0, 30.0, 40.0], 50) == 25.0
    assert percentile([10.0, 20.0, 30.0, 40.0], 95) == pytest.approx(38.5)  # 0.95 * 3 = 2.85 steps from 10


@pytest.mark.parametrize(
    ("right", "refused", "point"), [(True, False, 1), (True, True, 1), (False, True, 0), (False, False, -1)]
)
def test_the_crag_point(right: bool, refused: bool, point: int) -> None:
    assert crag_point(right=right, refused=refused) == point


def test_citation_precision_counts_citations_and_recall_counts_facts() -> None:
    supports = [[True, False, False], [False, False, False], [True, True, False]]
    assert citation_precision(supports) == pytest.approx(2 / 3)
    assert citation_recall(supports, 3) == pytest.approx(2 / 3)


def test_citation_recall_without_citations_is_zero() -> None:
    assert citation_recall([], 2) == 0.0


def test_auroc_counts_pairs_in_order_and_ties_half() -> None:
    # Pairs of true 0.9, 0.5 against false 0.5, 0.1: three in order, one tie.
    assert auroc([0.9, 0.5, 0.5, 0.1], [True, True, False, False]) == pytest.approx(3.5 / 4)


def test_reliability_groups_by_tenths_and_keeps_one_in_the_last() -> None:
    assert reliability([0.12, 0.18, 1.0], [True, False, True]) == (
        Bin(low=0.1, high=0.2, count=2, confidence=pytest.approx(0.15), right=0.5),
        Bin(low=0.9, high=1.0, count=1, confidence=1.0, right=1.0),
    )


def test_ece_weighs_bins_by_their_count() -> None:
    # (2 * |0.15 - 0.5| + 1 * |1 - 0|) / 3
    assert ece([0.12, 0.18, 1.0], [True, False, False]) == pytest.approx(1.7 / 3)


def test_the_risk_coverage_curve_has_a_point_a_threshold() -> None:
    assert risk_coverage([0.9, 0.6, 0.6, 0.2], [True, False, True, False]) == (
        RiskPoint(0.9, 0.25, 0.0),
        RiskPoint(0.6, 0.75, pytest.approx(1 / 3)),
        RiskPoint(0.2, 1.0, 0.5),
    )


def test_aurc_is_the_mean_risk() -> None:
    # Risks of answering the surest 1, 2, 3: 0, 1/2, 1/3.
    assert aurc([0.9, 0.8, 0.7], [True, False, True]) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)


def test_aurc_averages_ties_whatever_their_order() -> None:
    # Half a wrong answer at each of the two tied places: 1/2, 1/2.
    assert aurc([0.5, 0.5], [True, False]) == aurc([0.5, 0.5], [False, True]) == pytest.approx(0.5)


def test_a_bootstrap_interval_holds_the_mean_and_narrows_with_more_rows() -> None:
    few, many = np.array([[0.0], [1.0]] * 10), np.array([[0.0], [1.0]] * 1000)
    wide, narrow = bootstrap(few, first_mean), bootstrap(many, first_mean)
    assert wide is not None
    assert narrow is not None
    assert wide.low < narrow.low < 0.5 < narrow.high < wide.high
    # A mean of 2000 coins has a standard error of 0.0112; the interval is about 1.96 of them to each side.
    assert narrow.high - narrow.low == pytest.approx(2 * 1.96 * 0.0112, rel=0.1)


def test_a_bootstrap_is_repeatable_and_its_seed_matters() -> None:
    rows = np.arange(20.0)[:, None]
    assert bootstrap(rows, first_mean, seed=1) == bootstrap(rows, first_mean, seed=1)
    assert bootstrap(rows, first_mean, seed=1) != bootstrap(rows, first_mean, seed=2)


def test_all_draws_at_once_give_what_one_by_one_gives() -> None:
    rows = np.arange(20.0)[:, None]
    one_by_one, at_once = bootstrap(rows, first_mean), bootstrap(rows, column_mean)
    assert one_by_one is not None
    assert at_once is not None
    assert (at_once.low, at_once.high) == pytest.approx((one_by_one.low, one_by_one.high))


def test_resamples_that_cannot_be_measured_are_left_out() -> None:
    def shaky(table: np.ndarray) -> float | None:
        return None if table[0, 0] > 0 else 5.0

    interval = bootstrap(np.array([[0.0], [1.0]]), shaky)
    assert interval is not None
    assert (interval.low, interval.high) == (5.0, 5.0)


def test_a_constant_gain_has_a_paired_interval_of_no_width() -> None:
    old = np.arange(20.0)[:, None]
    interval = paired_bootstrap(old + 1, old, first_mean)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((1.0, 1.0))
