import numpy as np

from answer.calibration import Features
from eval.calibrate import Sample, best_threshold, fit


def sample(margin: float, *, right: bool) -> Sample:
    return Sample(Features(margin, 0.5, 0.5, 0.0, 0.0), right, hidden=False)


def test_the_threshold_parts_what_can_be_parted() -> None:
    probability, right = np.array([0.1, 0.2, 0.7, 0.9]), np.array([False, False, True, True])
    assert best_threshold(probability, right) == 0.7


def test_a_higher_margin_gives_more_confidence() -> None:
    samples = [sample(float(m), right=m > 0) for m in range(-5, 6)]
    fitted = fit(samples, "made up")
    low, high = (fitted.confidence(sample(m, right=True).features) for m in (-4.0, 4.0))
    assert low < fitted.threshold <= high
