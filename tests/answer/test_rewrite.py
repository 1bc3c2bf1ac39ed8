from answer.rewrite import needs_history, standalone
from answer.types import Turn

HISTORY = [
    Turn("user", "What is the name of the new ferry?"),
    Turn("assistant", "The new ferry is called Aurora. [1]"),
]


def by_words(*wanted: str) -> "object":
    return lambda text: sum(word in text for word in wanted) - 0.01 * len(text)


def test_a_pronoun_becomes_the_name_the_articles_answer_best() -> None:
    assert standalone("When was it launched?", HISTORY, by_words("Aurora", "launched")) == "When was Aurora launched?"  # type: ignore[arg-type]


def test_a_whole_question_stays_as_it_is() -> None:
    question = "When was the old bridge closed?"
    assert standalone(question, HISTORY, by_words("Aurora")) == question  # type: ignore[arg-type]


def test_without_history_nothing_changes() -> None:
    assert standalone("When was it launched?", [], by_words("it")) == "When was it launched?"  # type: ignore[arg-type]


def test_an_elliptical_question_takes_the_last_one_along() -> None:
    history = [Turn("user", "How old is Oslo?"), Turn("assistant", "It is old. [1]")]
    assert standalone("And Bergen?", history, by_words("How old is Bergen")) == "How old is Bergen?"  # type: ignore[arg-type]


def test_bare_question_words_need_history() -> None:
    assert needs_history("Why?")
    assert needs_history("By when?")
    assert not needs_history("Why did the bridge close?")


def test_a_pronoun_may_stand_for_a_thing_without_a_name() -> None:
    history = [Turn("user", "Is the ferry enough for Oslo?"), Turn("assistant", "It may need longer quays. [1]")]
    found = standalone("What will they cost?", history, by_words("need longer quays"))  # type: ignore[arg-type]
    assert found == "What will need longer quays cost?"
