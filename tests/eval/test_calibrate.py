from collections.abc import Callable
from random import Random

import numpy as np
import pytest

from answer.calibration import Calibration, shipped_calibration
from answer.reader import OverlapReader
from answer.settings import AnswerSettings
from eval.calibrate import FEWEST, Fitted, Sample, best_threshold, fit, label, risk_interval, with_max_risk
from eval.corpus import MemoryIndex
from eval.known_facts import Question
from eval.observe import ObservedService
from ingest.errors import UsageError

WIDTH = len(shipped_calibration().weights)


def sample(margin: float, *, right: bool) -> Sample:
    return Sample((margin, *(0.5,) * (WIDTH - 1)), right, 0.5)


def noisy(count: int, seed: int = 0) -> list[Sample]:
    """Labels that follow the margin's logistic."""
    rng = Random(seed)  # noqa: S311 - repeatable
    margins = [rng.uniform(-4, 4) for _ in range(count)]
    return [sample(margin, right=rng.random() < 1 / (1 + np.exp(-margin))) for margin in margins]


def fitted(probabilities: list[float], right: list[bool]) -> Fitted:
    return Fitted(
        shipped_calibration(), "platt", {"platt": 0.0, "isotonic": 0.0}, 0.0, tuple(probabilities), tuple(right)
    )


def confidence(calibration: Calibration, margin: float) -> float:
    class Vector:
        @staticmethod
        def vector() -> tuple[float, ...]:
            return (margin, *(0.5,) * (WIDTH - 1))

    return calibration.confidence(Vector())  # type: ignore[arg-type]


def test_the_threshold_parts_what_can_be_parted() -> None:
    probability, right = np.array([0.1, 0.2, 0.7, 0.9]), np.array([False, False, True, True])
    assert best_threshold(probability, right) == 0.7


def test_the_fit_finds_the_probabilities_that_made_the_labels() -> None:
    found = fit(noisy(600), "made up")
    for margin in (-2.0, 0.0, 2.0):
        assert confidence(found.calibration, margin) == pytest.approx(1 / (1 + np.exp(-margin)), abs=0.12)


def test_a_fit_is_repeatable() -> None:
    assert fit(noisy(100), "x") == fit(noisy(100), "x")


def test_isotonic_is_chosen_where_the_logistic_does_not_fit() -> None:
    rng = Random(0)  # noqa: S311 - repeatable
    # Right at the middle of the scale and above it with the same chance, below never: no logistic has that shape.
    rows = [(rng.uniform(-6, 6)) for _ in range(600)]
    samples = [
        sample(margin, right=rng.random() < (0.0 if margin < -5 else 0.6 if margin < 5.5 else 1.0)) for margin in rows
    ]
    found = fit(samples, "made up")
    assert found.method == "isotonic"
    assert found.errors["isotonic"] < found.errors["platt"]
    before, after = zip(*found.calibration.knots, strict=True)
    assert list(before) == sorted(before)
    assert list(after) == sorted(after)


def test_knots_bend_the_probability() -> None:
    plain = Calibration(weights=(1.0, *(0.0,) * (WIDTH - 1)), intercept=0.0, threshold=0.5, fitted_on="x")
    bent = plain.model_copy(update={"knots": ((0.0, 0.0), (0.5, 0.2), (1.0, 0.9))})
    assert (confidence(plain, 0.0), confidence(bent, 0.0)) == (0.5, pytest.approx(0.2))
    assert confidence(bent, 50.0) == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (FEWEST - 1, 40, f"{FEWEST - 1} of {FEWEST + 39} questions find right evidence, at least {FEWEST}"),
        (40, FEWEST - 1, f"{FEWEST - 1} of {FEWEST + 39} questions find wrong evidence, at least {FEWEST}"),
        (0, 0, "0 of 0 questions find right evidence"),
    ],
)
def test_too_few_or_one_sided_labels_are_refused(right: int, wrong: int, message: str) -> None:
    samples = [sample(1.0, right=True)] * right + [sample(-1.0, right=False)] * wrong
    with pytest.raises(UsageError, match=message):
        fit(samples, "x")


def test_the_threshold_answers_most_within_the_risk() -> None:
    # Risks from the surest on: 0, 0, 1/3, 1/4, 2/5.
    some = fitted([0.9, 0.8, 0.7, 0.6, 0.5], [True, True, False, True, False])
    calibration, point = with_max_risk(some, 0.25)
    assert (calibration.threshold, point.coverage, point.risk) == (0.6, 0.8, 0.25)
    calibration, point = with_max_risk(some, 0.1)
    assert (calibration.threshold, point.coverage, point.risk) == (0.8, 0.4, 0.0)


def test_a_risk_that_no_threshold_keeps_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no threshold keeps the risk at 0\.1; the least is 0\.500 .*--max-risk 0\.5"):
        with_max_risk(fitted([0.9, 0.8], [False, True]), 0.1)


def test_the_risk_has_an_interval_over_what_is_answered() -> None:
    some = fitted([0.9] * 50 + [0.8] * 50 + [0.1] * 50, [True] * 50 + [False] * 50 + [False] * 50)
    interval = risk_interval(some, 0.5)
    assert interval is not None
    assert interval.low < 0.5 < interval.high < 0.7
    assert risk_interval(some, 0.95) is None


def test_labels_come_from_the_evidence_and_not_from_the_answer(
    index: MemoryIndex, question: Callable[..., Question]
) -> None:
    # Nothing is answered at this threshold, yet evidence is found and labelled.
    silent = ObservedService(AnswerSettings(threshold=1.0), OverlapReader(), None)
    asked = [
        question("launch", "When was the ferry Aurora launched?", ["1998"]),
        question("wrong", "When was the ferry Aurora launched?", ["1999"]),
        question("refuse", "Which captain was the ferry launched by?", kind="unanswerable"),
        question("hello", "Hello", kind="small_talk", status="small_talk"),
    ]
    samples = label(silent, asked, index.source(), lambda done, total: None)
    assert [item.right for item in samples] == [True, False, False]


def test_questions_with_passages_say_nothing_about_an_index(
    service: ObservedService, index: MemoryIndex, question: Callable[..., Question]
) -> None:
    asked = [question("own", "When?", ["1998"], passages=("It was 1998.",))]
    with pytest.raises(UsageError, match="'own' brings its own passages"):
        label(service, asked, index.source(), lambda done, total: None)
