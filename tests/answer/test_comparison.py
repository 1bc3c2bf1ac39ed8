"""Who is compared with whom, and who does what to whom."""

import pytest

from answer.comparison import in_order, sides, turned_round, unowned

FASTER = "By next year, apps are expected to spread faster in China than in the US."
BEHIND = "Chinese models are 6 to 9 months behind those of the US."
BACKED = "An example is ShengShu Technology, which is backed by Ant Group, an affiliate of Alibaba."


@pytest.mark.parametrize(
    ("asked", "sentence", "turned"),
    [
        ("Will apps spread faster in the US than in China?", FASTER, True),
        ("Will apps spread faster in China than in America?", FASTER, False),
        ("Will apps spread faster in China?", FASTER, None),
        ("By how many months do American models lag behind Chinese ones?", BEHIND, True),
        ("How far behind the United States is China?", BEHIND, None),  # the names stand on one side
        ("Is Borealis larger than Aurora?", BEHIND, None),
        ("Is Borealis larger than Aurora?", "The Aurora is larger than the Borealis, and faster.", True),
        ("Are Danish ferries faster than British ones?", "In Britain ferries are faster than those of Denmark.", True),
    ],
)
def test_the_sides_of_a_comparison(asked: str, sentence: str, turned: bool | None) -> None:
    assert turned_round(asked, sentence) is turned


def test_a_comparison_has_a_name_on_either_side() -> None:
    (found,) = sides("Prices rose faster in Oslo than in Lund.")
    assert (found.left, found.right) == ({"price", "oslo"}, {"lund"})
    assert sides("Oslo fell behind, and wages rose faster than prices.") == ()


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ("Is ShengShu backed by Ant Group?", True),
        ("Does Ant Group back ShengShu?", True),
        ("Is Ant Group backed by ShengShu?", False),
        ("Is Alibaba an affiliate of Ant Group?", False),
        ("Is it an example?", True),
    ],
)
def test_names_in_another_order_tell_another_story(asked: str, same: bool) -> None:
    assert in_order(asked, BACKED) == same


def test_an_affiliate_of_somebody_is_not_its_owner() -> None:
    sentence = "Alibaba affiliate Ant Group put money into ShengShu."
    assert in_order("Is Ant Group an affiliate of Alibaba?", sentence)
    assert not in_order("Is Alibaba an affiliate of Ant Group?", sentence)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ("When was Oslo's Aurora launched?", True),
        ("When was Lund's Aurora launched?", False),
        ("When was Atlantis's Aurora launched?", False),  # nobody mentions the owner: told as an unknown name
        ("When was the Aurora launched in Oslo?", False),
    ],
)
def test_a_name_that_owns_another_is_mentioned_with_it(asked: str, wrong: bool) -> None:
    sentences = ("Lund launched the ferry Aurora in 1998.", "Oslo has a ferry too.")
    assert unowned(asked, sentences) == wrong
