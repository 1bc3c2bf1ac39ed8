import pytest

from answer.calibration import shipped_calibration, stored_calibration
from ingest.errors import IndexStateError


def test_an_index_without_a_calibration_has_none() -> None:
    assert stored_calibration(None) is None


def test_a_stored_calibration_is_the_one_that_was_fitted() -> None:
    shipped = shipped_calibration()
    assert stored_calibration(shipped.model_dump()) == shipped


def test_a_calibration_of_another_version_is_refused_with_the_repair() -> None:
    with pytest.raises(IndexStateError, match="footnote eval calibrate"):
        stored_calibration({"weights": [1, 2, 3, 4, 5, 6, 7], "intercept": 0, "threshold": 0.5, "fitted_on": "x"})
