import pytest

from retriever.spelling import Speller, whole_words

ENGLISH = frozenset({"when", "was", "paris", "approximately", "model", "castles"})
SPELLER = Speller(articles={"Hunyuan", "unveiled", "Oslo", "castle"}, english=ENGLISH)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("when was hunyaun unvieled", "when was Hunyuan unveiled"),
        ("aproximately", "approximately"),
        ("models", "models"),
        ("Paris", "Paris"),
        ("Hunyuan's", "Hunyuan's"),
        ("xyzzyq 123 Olso", "xyzzyq 123 Oslo"),
        ("c4stle cstl", "c4stle cstl"),
        ("", ""),
    ],
)
def test_unknown_words_become_the_nearest_known_one(typed: str, meant: str) -> None:
    assert SPELLER.correct(typed) == meant


def test_two_slips_are_too_many_in_a_short_word() -> None:
    assert SPELLER.correct("Oxlx cxstlx") == "Oxlx castle"


def test_a_capital_keeps_a_word_from_becoming_general_english() -> None:
    assert SPELLER.correct("Modle modle") == "Modle model"


def test_a_short_word_is_not_turned_into_general_english() -> None:
    assert Speller(articles=(), english={"gift", "models"}).correct("gist modles") == "gist models"


def test_a_stop_word_stays() -> None:
    assert Speller(articles={"whore"}, english=()).correct("where") == "where"


def test_pieces_of_words_are_no_words() -> None:
    assert whole_words(["model", "##ling", "[CLS]", "1998"]) == {"model"}
