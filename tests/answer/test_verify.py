import pytest

from answer.verify import objections

EVIDENCE = ["According to Mara Lind, the Oslo team may trail the Bergen team by about 6 to 9 months."]


def objected(draft: str, short_answer: str | None = None) -> bool:
    return bool(objections(draft, EVIDENCE, "The race", short_answer))


@pytest.mark.parametrize(
    "draft",
    [
        "The Oslo team may trail the Bergen team by about 6 to 9 months.",
        "The Oslo team may trail the Bergen team by about six to nine months.",
        "According to Mara Lind, the Oslo team may trail the Bergen team.",
    ],
)
def test_what_the_evidence_says_passes(draft: str) -> None:
    assert objections(draft, EVIDENCE, "The race", None) == []


@pytest.mark.parametrize(
    "draft",
    [
        "The Oslo team may trail the Bergen team by about 6 to 8 months.",
        "The Oslo team may trail the Bergen team by about 6 to 9 years.",
        "The Paris team may trail the Bergen team by about 6 to 9 months.",
        "The Oslo team may not trail the Bergen team by about 6 to 9 months.",
        "The Bergen team may trail the Oslo team by about 6 to 9 months.",
        "The Oslo team may lead the Bergen team by about 6 to 9 months.",
        "The Oslo team trails the Bergen team by 6 to 9 months.",
        "The Oslo team may trail the Bergen team by about 6 to",
        "I think the Oslo team may trail the Bergen team.",
        "And what about the Oslo team?",
        "About 6 to 9 months: the Oslo team may trail the Bergen team.",
        "The Oslo team may trail <b>the Bergen team</b>.",
    ],
)
def test_one_thing_changed_is_objected_to(draft: str) -> None:
    assert objected(draft)


def test_the_short_answer_must_be_in_the_draft() -> None:
    assert objected("The Oslo team may trail the Bergen team.", short_answer="6 to 9 months")
