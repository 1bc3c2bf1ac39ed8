import pytest

from answer.phrasing import abbreviations, core_question, spelled_otherwise


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Work on large language models (LLMs) goes on.", [("LLM", "large language model")]),
        ("The artificial intelligence (AI) sector", [("AI", "artificial intelligence")]),
        ("She heads the European Central Bank (ECB).", [("ECB", "European Central Bank")]),
        ("GDP (gross domestic product) fell.", [("GDP", "gross domestic product")]),
        ("The bank (founded in 1990) and the ship (see NASA) are old.", []),
        ("A colour (RGB) is mixed.", []),
        ("", []),
    ],
)
def test_abbreviations_are_read_from_the_text(text: str, pairs: list[tuple[str, str]]) -> None:
    assert list(abbreviations(text)) == pairs


def test_an_abbreviation_is_spelled_out_and_the_long_form_shortened() -> None:
    texts = ["Work on large language models (LLMs) goes on."]
    assert list(spelled_otherwise("Who has a llm?", texts)) == ["Who has a large language model?"]
    assert list(spelled_otherwise("Who has large language models?", texts)) == ["Who has LLMs?"]
    assert not list(spelled_otherwise("Who has a ship?", texts))


def test_a_word_that_looks_like_an_abbreviation_is_not_one() -> None:
    texts = ["The World Health Organization (WHO) met."]
    assert not list(spelled_otherwise("who met?", texts))
    assert list(spelled_otherwise("When did the WHO meet?", texts)) == ["When did the World Health Organization meet?"]


@pytest.mark.parametrize(
    ("message", "core"),
    [
        ("are you dumb or what, i asked who runs the ferry", "who runs the ferry?"),
        ("This is rubbish, just tell me how far behind the yard is!!!", "how far behind the yard is?"),
        ("explain to me like i am ten what a dry dock is please", "what a dry dock is?"),
        ("hello bot. quick one: when was the ferry launched", "when was the ferry launched?"),
        ("Who runs the ferry?", ""),  # nothing around it
        ("In Oslo: who runs the ferry?", ""),  # Oslo belongs to the question
        ("The ferry: when was it launched?", ""),  # and so does what "it" stands for
        ("tell me why", ""),
    ],
)
def test_the_question_inside_a_message_is_found(message: str, core: str) -> None:
    assert core_question(message) == core
