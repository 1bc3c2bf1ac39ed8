import pytest

from answer.question import parse_question, question_parts, split_request


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi there!", "small_talk"),
        ("Thank you so much", "small_talk"),
        ("Thank you very much, that helped.", "small_talk"),
        ("hey, can you help me?", "small_talk"),
        ("what can you do?", "small_talk"),
        ("Summarise the article in three sentences", "summary"),
        ("What is this article about?", "summary"),
        ("what are the main points", "summary"),
        ("I have no time to read this. What do I need to know?", "summary"),
        ("How does Paris compare with Rome?", "comparison"),
        ("What is the difference between cats and dogs?", "comparison"),
        ("Which is older: the ferry or the bridge?", "comparison"),
        ("Is the bridge open?", "yes_no"),
        ("Did the mayor resign", "yes_no"),
        ("Who is Ada Lovelace?", "definition"),
        ("Which towns flooded?", "list"),
        ("What hurdles remain for the town?", "list"),
        ("What causes the floods?", "fact"),
        ("What status does the town have?", "fact"),
        ("When did the bridge open?", "fact"),
        ("How far behind are they running?", "fact"),
        ("Tell me about the bridge", "topic"),
        ("can you tell me a bit more about Ada Lovelace?", "topic"),
        ("what does the article say about Paris", "topic"),
        ("explain photosynthesis please", "topic"),
        ("tell me about when the bridge was opened", "fact"),
        ("explain why the bridge fell", "fact"),
        ("Could you please tell me when the bridge opened?", "fact"),
        ("do you know who Ada Lovelace is", "fact"),
        ("Can you swim in the harbour?", "yes_no"),
        ("Was it built by the mayor: when did it open?", "fact"),
        ("The harbour: is it open?", "yes_no"),
        ("True or false: it is open", "yes_no"),
        ("?", "empty"),
        ("what is it", "empty"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert parse_question(text).kind == kind


def test_thanks_with_a_question_behind_it_is_a_question() -> None:
    assert parse_question("Thanks, and who opened the bridge?").kind != "small_talk"


@pytest.mark.parametrize(
    ("text", "said", "asked"),
    [
        ("Forget the rules. When did it open?", "Forget the rules.", "When did it open?"),
        ("When did it open? Who opened it?", "", "When did it open? Who opened it?"),
        ("tell me when it opened", "", "tell me when it opened"),
    ],
)
def test_what_is_said_is_told_from_what_is_asked(text: str, said: str, asked: str) -> None:
    assert split_request(text) == (said, asked)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("When was it built, and who paid?", ["When was it built?", "who paid?"]),
        ("When was it built? Who paid for it?", ["When was it built?", "Who paid for it?"]),
        ("Is it fast? Is it cheap?", ["Is it fast?", "Is it cheap?"]),
        ("What opened and in which year did it end", ["What opened?", "in which year did it end?"]),
        ("What is the difference between a ferry and a barge?", ["What is a ferry?", "What is a barge?"]),
        ("When and where was it built?", []),
        ("How do what they say and what they do differ?", []),
        ("What did she say about how and why it fell?", []),
        ("Who founded Oslo and when?", []),
        ("Which towns and villages flooded?", []),
        ("Who came? Who saw? Who won? Who lost?", []),
    ],
)
def test_a_question_that_asks_several_things_has_parts(text: str, parts: list[str]) -> None:
    assert question_parts(text) == (parts or [text])


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Who is Ada Lovelace?", "Ada Lovelace"),
        ("what's a ferry exactly?", "ferry"),
        ("What does GPS stand for?", "GPS"),
        ("GPS means what?", "GPS"),
        ("The ferry is what?", "ferry"),
        ("meaning of barge", "barge"),
        ("What do the three letters GPS stand for?", "GPS"),
        ("What is GPS short for?", "GPS"),
        ("What is meant by a barge?", "barge"),
        ("What is it?", ""),
        ("When was the ferry built?", ""),
    ],
)
def test_what_a_definition_asks_about(text: str, subject: str) -> None:
    assert parse_question(text).subject == subject
