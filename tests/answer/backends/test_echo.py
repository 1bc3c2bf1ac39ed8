from answer.backends.base import Message
from answer.backends.echo import EchoGenerator


def echo(text: str, max_tokens: int = 64) -> str:
    return "".join(EchoGenerator().stream([Message(role="user", content=text)], max_tokens))


def test_repeats_the_text_behind_the_last_sentence_line() -> None:
    assert echo("Sentence: Old.\nQuestion: Why?\nSentence: It rained all day.\nAnswer:") == "It rained all day."


def test_without_a_sentence_line_repeats_the_last_line() -> None:
    assert echo("first line\nlast line\n") == "last line"


def test_reads_the_last_message_alone() -> None:
    messages = [Message(role="user", content="Sentence: Earlier."), Message(role="user", content="Sentence: Later.")]
    assert "".join(EchoGenerator().stream(messages, 64)) == "Later."


def test_stops_after_max_tokens_words() -> None:
    assert echo("Sentence: one two three four", max_tokens=2) == "one two"


def test_an_empty_message_gives_an_empty_draft() -> None:
    assert echo("") == ""
