import pytest

from retriever.spelling import Spelling
from retriever.words import stems

WORDS = {"Hunyuan": 3, "approximately": 2, "castle": 5, "cattle": 1, "running": 1}


@pytest.fixture
def spelling() -> Spelling:
    return Spelling(WORDS, frozenset(stems([word.lower() for word in WORDS])))


@pytest.mark.parametrize(
    ("written", "corrected"),
    [
        ("hunyaun", "hunyuan"),  # swapped
        ("aproximately", "approximately"),  # missing
        ("approxximately", "approximately"),  # added
        ("appraximately", "approximately"),  # replaced
    ],
)
def test_a_word_one_slip_away_is_put_right(spelling: Spelling, written: str, corrected: str) -> None:
    assert spelling.correct(f"Is {written} here?") == f"Is {corrected} here?"


def test_the_more_frequent_of_two_neighbours_wins(spelling: Spelling) -> None:
    assert spelling.correct("catle") == "castle"


@pytest.mark.parametrize("written", ["castles", "ran", "runs", "xyzzyq", "cstl", "cast1e", ""])
def test_known_inflections_short_far_and_numbered_words_stay(spelling: Spelling, written: str) -> None:
    assert spelling.correct(written) == written


def test_a_stop_word_stays() -> None:
    assert Spelling({"whore": 1}, frozenset({"whore"})).correct("where") == "where"
