"""Exact match, F1 and containment of short answers, as SQuAD counts them."""

import pytest

from answer.training.metrics import contains, exact, f1, normalise


def test_the_normal_form_keeps_number_words_and_drops_articles_and_punctuation() -> None:
    assert normalise(" The six-month,  an apple ") == "sixmonth apple"


@pytest.mark.parametrize(
    ("said", "answers", "expected"),
    [
        ("The Ant Group", ["Ant Group", "Alibaba"], 1.0),
        ("Ant", ["Ant Group"], 0.0),
        ("", [""], 1.0),
    ],
)
def test_exact_match(said: str, answers: list[str], expected: float) -> None:
    assert exact(said, answers) == expected


@pytest.mark.parametrize(
    ("said", "answers", "expected"),
    [
        ("6 to 9 months", ["6 to 9 months"], 1.0),
        ("6 to 9 months", ["9 months"], 2 * 2 / (4 + 2)),
        ("about 9 months", ["5 years", "9 months"], 2 * 2 / (3 + 2)),
        ("gaming gaming", ["gaming"], 2 * 1 / (2 + 1)),
        ("gaming", ["sales"], 0.0),
        ("", ["sales"], 0.0),
        ("", [""], 1.0),
    ],
)
def test_f1(said: str, answers: list[str], expected: float) -> None:
    assert f1(said, answers) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("said", "answers", "expected"),
    [("It was 1851.", ["1851"], 1.0), ("It was 18511.", ["1851"], 0.0), ("in the old mill", ["x", "old mill"], 1.0)],
)
def test_contains_whole_words(said: str, answers: list[str], expected: float) -> None:
    assert contains(said, answers) == expected
