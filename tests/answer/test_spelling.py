import pytest

from answer.spelling import Speller

SPELLER = Speller(articles={"Hunyuan", "unveiled", "Oslo"}, english={"when", "was", "paris", "approximately", "model"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("when was hunyaun unvieled", "when was Hunyuan unveiled"),
        ("aproximately", "approximately"),
        ("models", "models"),
        ("Paris", "Paris"),
        ("Hunyuan's", "Hunyuan's"),
        ("xyzzyq 123 Olso", "xyzzyq 123 Oslo"),
    ],
)
def test_unknown_words_become_the_nearest_known_one(typed: str, meant: str) -> None:
    assert SPELLER.correct(typed) == meant
