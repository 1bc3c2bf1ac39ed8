"""Watching the product answer: the same road as every adapter, and a note of what was seen on it.

Nothing here changes an answer. The service's own ``examine`` is noted as it happens, and drafts are copied as the
generator writes them, so watching costs no second search, reading or draft.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice

from answer.backends.base import Generator, Message
from answer.question import Question
from answer.reader import Reader
from answer.service import ChatService, Examination, Source
from answer.settings import AnswerSettings
from answer.types import Answer, Turn


@dataclass(frozen=True, slots=True)
class Observation:
    """An answer and what led to it.

    Attributes:
        answer: as any adapter gets it.
        found: what was read, None where nothing had to be (small talk, a summary).
        drafts: for each statement of the answer what the generator wrote, in order; kept or not.
        seconds: from question to answer.
    """

    answer: Answer
    found: Examination | None
    drafts: tuple[tuple[str, ...], ...]
    seconds: float


class ObservedService(ChatService):
    """A ``ChatService`` whose answers can be watched.

    Args:
        settings: of the answer stage.
        reader: finds evidence.
        generator: words it; None quotes instead.
    """

    def __init__(self, settings: AnswerSettings, reader: Reader, generator: Generator | None) -> None:
        self._recorder = _Recorder(generator) if generator is not None else None
        super().__init__(settings, reader, self._recorder)
        self._found: Examination | None = None

    def examine(self, question: Question, source: Source) -> Examination:
        """As ``ChatService.examine``; the last one is remembered."""
        self._found = super().examine(question, source)
        return self._found

    def observe(self, question: str, source: Source, history: Sequence[Turn] = ()) -> Observation:
        """Answer one question. Raises what ``ChatService.ask`` raises."""
        begun, self._found = time.perf_counter(), None
        self._take()
        drafts: list[tuple[str, ...]] = []
        for event in self.stream(question, source, history):
            if isinstance(event, Answer):
                return Observation(event, self._found, tuple(drafts), time.perf_counter() - begun)
            drafts.append(self._take())
        raise AssertionError("stream() ends with an Answer")

    def _take(self) -> tuple[str, ...]:
        return self._recorder.take() if self._recorder else ()


class _Recorder:
    """A generator that keeps a copy of what it wrote."""

    def __init__(self, generator: Generator) -> None:
        self._generator, self._drafts = generator, list[str]()

    @property
    def name(self) -> str:
        return self._generator.name

    def load(self) -> None:
        self._generator.load()

    def take(self) -> tuple[str, ...]:
        """The drafts since the last call."""
        taken, self._drafts = tuple(self._drafts), []
        return taken

    def stream(self, messages: list[Message], max_tokens: int) -> Iterator[str]:
        at = len(self._drafts)
        self._drafts.append("")
        with closing(self._generator.stream(messages, max_tokens)) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                self._drafts[at] += piece
                yield piece


@dataclass
class _Known:
    """What was taken of a draft so far, and whether that is all of it."""

    pieces: list[str] = field(default_factory=list)
    whole: bool = False


class Remembering:
    """A generator that writes no draft twice, for runs that put the same questions to several systems.

    It may, because drafts are greedy: the same messages give the same draft.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._known: dict[tuple[tuple[Message, ...], int], _Known] = {}

    @property
    def name(self) -> str:
        """That of the generator."""
        return self._generator.name

    def load(self) -> None:
        """As the generator does."""
        self._generator.load()

    def stream(self, messages: list[Message], max_tokens: int) -> Iterator[str]:
        """Yield what is known of the draft; the generator runs only for who wants more than was taken before."""
        known = self._known.setdefault((tuple(messages), max_tokens), _Known())
        yield from tuple(known.pieces)
        if known.whole:
            return
        with closing(self._generator.stream(messages, max_tokens)) as pieces:  # type: ignore[type-var]
            for piece in islice(pieces, len(known.pieces), None):
                known.pieces.append(piece)
                yield piece
        known.whole = True
