"""The systems a run compares: Footnote itself, and simpler ones that show what each part of it is worth.

Each answers like any other and is judged like any other; a system differs from Footnote in what its title says.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from answer.backends.base import Generator, Message
from answer.compose import Footnotes, answer_text
from answer.reader import OverlapReader
from answer.service import NOT_IN_ARTICLES, Source
from answer.settings import AnswerSettings
from answer.types import Answer, Evidence, Models, Statement, Status, Timings, Turn
from eval.observe import Observation, ObservedService, Remembering
from retriever.types import Retrieved

FREE_PASSAGES = 2
FREE_TOKENS = 48
FREE_SYSTEM = (
    "Answer the question in one sentence from the given text. "
    f'If the text does not say it, reply exactly: "{NOT_IN_ARTICLES}"'
)


class System(Protocol):
    """Something that answers questions."""

    def observe(self, question: str, source: Source, history: Sequence[Turn] = ()) -> Observation:
        """Answer one question. Raises FootnoteError."""
        ...


@dataclass(frozen=True, slots=True)
class Contender:
    """A system to compare.

    Attributes:
        name: for the report's JSON.
        title: for people.
        system: None when it cannot be run here.
        dense_weight: of the search; None leaves it as the settings say.
        missing: why it cannot be run, "" when it can.
    """

    name: str
    title: str
    system: System | None
    dense_weight: float | None = None
    missing: str = ""


def contenders(service: ObservedService, settings: AnswerSettings, generator: Generator | None) -> list[Contender]:
    """The baselines, to run beside ``service``, which has the same settings and generator."""
    no_reader = ObservedService(settings, OverlapReader(), generator)
    writing = generator if settings.reword else None
    missing = "" if writing else "there is no generator"
    return [
        Contender("bm25_only", "BM25 alone finds the passages", service, 0.0),
        Contender("dense_only", "Embeddings alone find the passages", service, 1.0),
        Contender("top_sentence", "Paste the top sentence", TopSentence()),
        Contender("always_refuse", "Always refuse", AlwaysRefuse()),
        Contender("free_generation", "Free generation by the same model", _free(writing), missing=missing),
        Contender("no_reader", "Without the reader (word overlap)", no_reader),
        Contender("no_proof", "Without the proof", Unproven(service) if writing else None, missing=missing),
    ]


def _free(generator: Generator | None) -> "FreeGeneration | None":
    return FreeGeneration(generator) if generator else None


def shared_generator(generator: Generator | None) -> Generator | None:
    """``generator`` for several systems that are asked the same questions: no draft is written twice."""
    return Remembering(generator) if generator else None


class AlwaysRefuse:
    """Says of everything that the articles do not."""

    def observe(self, question: str, source: Source, history: Sequence[Turn] = ()) -> Observation:
        """Refuse."""
        del history
        begun = time.perf_counter()
        return _seen(_answer(question, source, NOT_IN_ARTICLES, status="not_in_articles"), begun)


class TopSentence:
    """Quotes the sentence nearest to the question in the best passage; its cosine is the confidence."""

    def observe(self, question: str, source: Source, history: Sequence[Turn] = ()) -> Observation:
        """Paste a sentence, or refuse when the search finds nothing."""
        begun = time.perf_counter()
        hits = source.retriever.search(question, 1)
        if not hits or not hits[0].passage.sentences:
            return AlwaysRefuse().observe(question, source, history)
        evidence = _nearest(hits[0])
        notes = Footnotes()
        statement = notes.statement(" ".join(evidence.quote.split()), "quoted", [evidence])
        answer = _answer(
            question, source, answer_text([statement]), statements=(statement,), confidence=evidence.score
        ).model_copy(update={"citations": tuple(notes.citations)})
        return _seen(answer, begun)


class FreeGeneration:
    """The generator answers from the best passages with nobody checking: no reader, no proof, no footnotes.

    Args:
        generator: the one Footnote words its answers with.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    def observe(self, question: str, source: Source, history: Sequence[Turn] = ()) -> Observation:
        """Generate. Raises ModelError."""
        begun = time.perf_counter()
        hits = source.retriever.search(question, FREE_PASSAGES)
        text = "".join(self._generator.stream(free_prompt(question, hits, history), FREE_TOKENS)).strip()
        if not text or NOT_IN_ARTICLES.rstrip(".").lower() in text.lower():
            return AlwaysRefuse().observe(question, source, history)
        statement = Statement(text=text, citations=(), support="reworded")
        answer = _answer(question, source, text, statements=(statement,), confidence=1.0)
        return _seen(answer, begun)


def free_prompt(question: str, hits: Sequence[Retrieved], history: Sequence[Turn]) -> list[Message]:
    """The passages, the conversation and the question, as one would prompt a chat model."""
    passages = "\n\n".join(hit.passage.text for hit in hits)
    turns = [Message(role=turn.role, content=turn.text) for turn in history]
    asked = Message(role="user", content=f"Text:\n{passages}\n\nQuestion: {question}")
    return [Message(role="system", content=FREE_SYSTEM), *turns, asked]


class Unproven:
    """Footnote without the proof: the generator's first draft of a statement stands, whatever it says.

    Args:
        service: Footnote.
    """

    def __init__(self, service: ObservedService) -> None:
        self._service = service

    def observe(self, question: str, source: Source, history: Sequence[Turn] = ()) -> Observation:
        """Answer as Footnote, then undo what the proof did. Raises what ``ChatService.ask`` raises."""
        seen = self._service.observe(question, source, history)
        if not any(seen.drafts):
            return seen
        statements = tuple(
            statement.model_copy(update={"text": drafts[0].strip(), "support": "reworded"}) if drafts else statement
            for statement, drafts in zip(seen.answer.statements, seen.drafts, strict=True)
        )
        answer = seen.answer.model_copy(update={"statements": statements, "text": answer_text(statements)})
        return Observation(answer, seen.found, seen.drafts, seen.seconds)


def _nearest(hit: Retrieved) -> Evidence:
    cosines = hit.sentence_cosines or (0.0,) * len(hit.passage.sentences)
    cosine, span = max(zip(cosines, hit.passage.sentences, strict=True), key=lambda pair: pair[0])
    return Evidence(hit.passage, hit.document, span.start, span.end, min(1.0, max(0.0, cosine)))


def _answer(
    question: str,
    source: Source,
    text: str,
    *,
    status: Status = "answered",
    statements: tuple[Statement, ...] = (),
    confidence: float = 0.0,
) -> Answer:
    return Answer(
        id="",
        question=question,
        standalone_question=question,
        status=status,
        text=text,
        short_answer=None,
        confidence=confidence,
        statements=statements,
        citations=(),
        nearest=(),
        models=Models(embedder=source.retriever.embedder_name, reader="none", generator="none"),
        index=source.index,
        timings_ms=Timings(),
    )


def _seen(answer: Answer, begun: float) -> Observation:
    return Observation(answer, None, (), time.perf_counter() - begun)
