"""A generator without a model, for tests: it repeats the evidence it was given."""

from collections.abc import Iterator

from answer.backends.base import Message

_LABEL = "Sentence:"


class EchoGenerator:
    """Answers with the text behind the last line that starts with "Sentence:" in the last message.

    Without such a line it answers with the last message's last line. The text comes in one piece per
    word, each word with the space after it; after ``max_tokens`` words it stops.
    """

    name = "echo"

    def load(self) -> None:
        """Nothing to load."""

    def stream(self, messages: list[Message], max_tokens: int) -> Iterator[str]:
        """Yield the evidence word by word."""
        words = _echo(messages[-1].content if messages else "").split()[:max_tokens]
        for number, word in enumerate(words, start=1):
            yield word if number == len(words) else f"{word} "


def _echo(text: str) -> str:
    lines = text.strip().splitlines() or [""]
    marked = [line.removeprefix(_LABEL) for line in lines if line.startswith(_LABEL)]
    return (marked or lines)[-1].strip()
