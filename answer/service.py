"""The one road to an answer: every adapter and the evaluation call ``ChatService.ask``.

    question -> standalone question -> passages -> readings -> evidence -> enough? -> wording -> proof -> Answer

Streaming is the primitive; ``ask`` drains it. The service is synchronous and holds no conversation: the
caller brings the history.
"""

import math
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TypeVar

from answer.backends.base import Generator
from answer.calibration import Calibration, Features, features_of, shipped_calibration
from answer.compose import Footnotes, answer_text
from answer.evidence import Candidate, candidates, choose
from answer.phrasing import core_question, spelled_otherwise
from answer.question import Question, parse_question, question_parts, split_request
from answer.reader import Reader, Text
from answer.rewrite import standalone
from answer.settings import AnswerSettings
from answer.summary import central_sentences, sentences_on, topic_keys
from answer.types import Answer, Citation, Evidence, IndexRef, Models, Nearest, Statement, Status, Timings, Turn
from answer.verdict import verdict
from answer.wording import word_evidence
from answer.words import content_keys
from ingest.errors import UsageError
from retriever.search import Retriever
from retriever.types import Retrieved

NOT_IN_ARTICLES = "The articles do not say."
SMALL_TALK = (
    "Hello. Ask me anything about the indexed articles: I answer from them alone, with a footnote for every sentence."
)
SUMMARY_PASSAGES = 40
REWRITE_PASSAGES = 3
TOPIC_PASSAGES = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer is read from: one opened generation, or an index in memory (generation 0)."""

    retriever: Retriever
    index: IndexRef
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A statement that has been proven, with all citations numbered so far. Streamed before the Answer."""

    statement: Statement
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """What reading found for a standalone question, before anything is decided or worded.

    ``ranked`` holds every sentence read, best first; ``chosen`` those an answer would be made of, and
    ``features`` what the decision to answer rests on (None when nothing was chosen). ``unanswered`` are the parts of a
    question of several that were left out because the articles do not answer them.
    """

    question: Question
    hits: tuple[Retrieved, ...]
    ranked: tuple[Candidate, ...]
    chosen: tuple[Candidate, ...]
    features: Features | None
    search_ms: int
    read_ms: int
    unanswered: tuple[str, ...] = ()


@dataclass
class _Run:
    """What is known about one question while its answer grows."""

    asked: str
    source: Source
    question: Question
    started: float
    hits: Sequence[Retrieved] = ()
    confidence: float = 0.0
    short_answer: str | None = None
    unanswered: tuple[str, ...] = ()
    notes: Footnotes = field(default_factory=Footnotes)
    statements: list[Statement] = field(default_factory=list)
    search_ms: int = 0
    read_ms: int = 0
    write_ms: int = 0

    def add(self, statement: Statement) -> Progress:
        """Record a proven statement and make the event that streams it."""
        self.statements.append(statement)
        return Progress(statement, tuple(self.notes.citations))


class ChatService:
    """Answers questions. Constructing is cheap; models load at ``load`` or on first use.

    Args:
        settings: of the answer stage.
        reader: finds evidence.
        generator: words it; None quotes instead.
    """

    def __init__(self, settings: AnswerSettings, reader: Reader, generator: Generator | None) -> None:
        self._settings, self._reader, self._generator = settings, reader, generator

    def load(self) -> None:
        """Load the models now instead of at the first question. Raises ModelError."""
        self._reader.load()
        if self._generator is not None:
            self._generator.load()

    def ask(self, question: str, source: Source, history: Sequence[Turn] = ()) -> Answer:
        """Answer one question.

        Args:
            question: as typed; at most ``settings.max_question_chars``.
            source: the index to read from.
            history: earlier turns, oldest first.

        Raises:
            UsageError: the question is too long.
            ModelError: a model is missing or failed.
        """
        for event in self.stream(question, source, history):
            if isinstance(event, Answer):
                return event
        raise AssertionError("stream() ends with an Answer")

    def stream(self, question: str, source: Source, history: Sequence[Turn] = ()) -> Iterator[Progress | Answer]:
        """Yield each statement once it is proven, then the whole Answer. Closing it stops the work."""
        started = time.perf_counter()
        if len(question) > self._settings.max_question_chars:
            raise UsageError(
                f"the question has {len(question)} characters, the limit is {self._settings.max_question_chars}",
                "shorten it or raise answer.max_question_chars",
            )
        run = _Run(question, source, self.understand(question, source, history), started)
        if run.question.kind == "small_talk":
            yield self._answer(run, "small_talk")
        elif run.question.kind == "summary":
            yield from self._summary(run)
        elif run.question.kind == "topic":
            yield from self._topic(run)
        else:
            yield from self._from_evidence(run)

    def understand(self, question: str, source: Source, history: Sequence[Turn] = ()) -> Question:
        """The standalone question: spelling put right, references to the conversation filled in."""
        parsed = parse_question(question)
        if parsed.kind == "small_talk":
            return parsed
        said, asked = split_request(source.retriever.correct(" ".join(question.split())))
        turns = [*history, Turn("user", said)] if said else history
        whole = standalone(asked, turns, lambda text: self._support(text, source))
        core = core_question(whole)
        if core:
            whole = max(whole, core, key=lambda text: self._support(text, source))
        return parse_question(whole)

    def examine(self, question: Question, source: Source) -> Examination:
        """Search and read for a standalone question; one that asks several things is answered as far as it can be."""
        parts = question_parts(question.text)
        if len(parts) == 1:
            return self._examine(question, source)
        examined: list[Examination] = []
        for part in parts:
            before = [Turn("user", e.question.text) for e in examined[-1:]]
            asked = parse_question(standalone(part, before, lambda text: self._support(text, source)))
            examined.append(self._examine(asked, source))
        return self._joined(examined, source)

    def _joined(self, examined: Sequence[Examination], source: Source) -> Examination:
        """One of several: what the articles answer of it, as sure as of its least sure part."""
        known = [(self._confidence(e, source), e) for e in examined]
        enough = [entry for entry in known if entry[0] >= self._threshold(source)]
        unanswered = tuple(e.question.text for entry in known if enough and entry not in enough for e in entry[1:])
        enough = enough or [max(known, key=itemgetter(0))]
        parts = [e for _, e in enough]
        return Examination(
            question=replace(parts[0].question, text=" ".join(e.question.text for e in parts)),
            hits=tuple(dict.fromkeys(hit for e in parts for hit in e.hits)),
            ranked=tuple(sorted((c for e in parts for c in e.ranked), key=lambda c: -c.score)),
            chosen=_distinct(c for e in parts for c in e.chosen),
            features=min(enough, key=itemgetter(0))[1].features,
            search_ms=sum(e.search_ms for e in examined),
            read_ms=sum(e.read_ms for e in examined),
            unanswered=unanswered,
        )

    def _examine(self, question: Question, source: Source) -> Examination:
        """The question as it stands, or with an abbreviation as the articles have it, whichever they answer better."""
        found = self._read(question, source)
        others = spelled_otherwise(question.text, (hit.passage.text for hit in found.hits))
        tried = [found, *(self._read(parse_question(text), source) for text in others)]
        best = max(tried, key=lambda e: e.ranked[0].score if e.ranked else -math.inf)
        return replace(best, search_ms=sum(e.search_ms for e in tried), read_ms=sum(e.read_ms for e in tried))

    def _read(self, question: Question, source: Source) -> Examination:
        search_ms, hits = _timed(lambda: source.retriever.search(question.text, self._settings.reader.passages))
        read_ms, ranked = _timed(lambda: self._ranked(question, hits))
        chosen = choose(question, ranked) if question.kind != "empty" else []
        features = features_of(question, chosen, ranked) if chosen else None
        return Examination(question, tuple(hits), tuple(ranked), tuple(chosen), features, search_ms, read_ms)

    def _confidence(self, found: Examination, source: Source) -> float:
        return self._calibration(source).confidence(found.features) if found.features is not None else 0.0

    def _ranked(self, question: Question, hits: Sequence[Retrieved]) -> list[Candidate]:
        readings = self._reader.read(question.text, [Text(hit.document, hit.passage) for hit in hits])
        return candidates(question, hits, readings)

    def _support(self, text: str, source: Source) -> float:
        """How well the articles answer ``text``: the score of its best sentence."""
        ranked = self._ranked(parse_question(text), source.retriever.search(text, REWRITE_PASSAGES))
        return ranked[0].score if ranked else float("-inf")

    def _from_evidence(self, run: _Run) -> Iterator[Progress | Answer]:
        found = self.examine(run.question, run.source)
        run.question, run.hits, run.search_ms, run.read_ms = found.question, found.hits, found.search_ms, found.read_ms
        run.confidence = self._confidence(found, run.source)
        if found.features is None or run.confidence < self._threshold(run.source):
            yield self._answer(run, "not_in_articles")
            return
        run.short_answer = _short_answer(run.question, found.chosen[0])
        run.unanswered = found.unanswered
        yield from self._write(run, found.chosen)

    def _write(self, run: _Run, chosen: Sequence[Candidate]) -> Iterator[Progress | Answer]:
        reword, most = self._settings.reword, self._settings.generator.max_tokens
        for candidate in chosen:
            begun = time.perf_counter()
            long = len(candidate.text.split()) >= self._settings.reword_from
            wording = word_evidence(candidate, self._generator if reword and long else None, self._reader, most, reword)
            run.write_ms += _ms(begun)
            yield run.add(run.notes.statement(wording.text, wording.support, wording.evidence))
        yield self._answer(run, "answered")

    def _summary(self, run: _Run) -> Iterator[Progress | Answer]:
        retriever, topic = run.source.retriever, _without_figures(topic_keys(run.question.text))
        run.search_ms, run.hits = _timed(lambda: _passages_on(retriever, run.question.text if topic else ""))
        known: set[str] = set()
        for hit in run.hits:
            known |= content_keys(hit.passage.text) | content_keys(hit.document.title)
        run.confidence = len(topic & known) / len(topic) if topic else 1.0
        sentences: list[Evidence] = []
        if run.confidence >= self._threshold(run.source):
            run.read_ms, sentences = _timed(lambda: central_sentences(run.hits, retriever.embed))
        yield from self._quoted(run, sentences)

    def _topic(self, run: _Run) -> Iterator[Progress | Answer]:
        """What the articles say of a thing; one they never name is looked for by the reader like any other question."""
        begun = time.perf_counter()
        hits = run.source.retriever.search(run.question.text, self._settings.reader.passages)
        sentences = sentences_on(topic_keys(run.question.text), hits)
        if not sentences:
            yield from self._from_evidence(run)
            return
        run.hits, run.confidence, run.search_ms = hits, 1.0, _ms(begun)
        yield from self._quoted(run, sentences)

    def _quoted(self, run: _Run, sentences: Sequence[Evidence]) -> Iterator[Progress | Answer]:
        for sentence in sentences:
            yield run.add(run.notes.statement(" ".join(sentence.quote.split()), "quoted", [sentence]))
        yield self._answer(run, "answered" if sentences else "not_in_articles")

    def _calibration(self, source: Source) -> Calibration:
        return source.calibration or shipped_calibration()

    def _threshold(self, source: Source) -> float:
        chosen = self._settings.threshold
        return self._calibration(source).threshold if chosen is None else chosen

    def _answer(self, run: _Run, status: Status) -> Answer:
        text = {"answered": answer_text(run.statements), "small_talk": SMALL_TALK}.get(status, NOT_IN_ARTICLES)
        return Answer(
            id=uuid.uuid4().hex,
            question=run.asked,
            standalone_question=run.question.text,
            status=status,
            text=text,
            short_answer=run.short_answer,
            confidence=round(run.confidence, 4),
            statements=tuple(run.statements),
            unanswered=run.unanswered,
            citations=tuple(run.notes.citations),
            nearest=self._nearest(run) if status == "not_in_articles" else (),
            models=self._models(run.source),
            index=run.source.index,
            timings_ms=Timings(search=run.search_ms, read=run.read_ms, write=run.write_ms, total=_ms(run.started)),
        )

    def _nearest(self, run: _Run) -> tuple[Nearest, ...]:
        return tuple(
            Nearest(passage_id=h.passage.id, text=h.passage.text, document=h.document.title, score=round(h.score, 4))
            for h in run.hits[: self._settings.nearest]
        )

    def _models(self, source: Source) -> Models:
        generator = self._generator.name if self._generator is not None else "none"
        return Models(embedder=source.retriever.embedder_name, reader=self._reader.name, generator=generator)


def _without_figures(keys: set[str]) -> set[str]:
    """A number in the request for a summary says how long it should be."""
    return {key for key in keys if not key[:1].isdigit()}


def _distinct(chosen: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Each sentence once, however many parts of a question it answers."""
    found = {(c.hit.document.id, c.reading.sentence.start): c for c in reversed(list(chosen))}
    return tuple(reversed(found.values()))


def _short_answer(question: Question, best: Candidate) -> str | None:
    if question.kind == "yes_no":
        return verdict(best)
    return best.answer if question.kind in ("fact", "list", "definition") else None


def _passages_on(retriever: Retriever, topic: str) -> list[Retrieved]:
    """Passages about ``topic``; for "" passages spread evenly over all documents."""
    return retriever.search(topic, TOPIC_PASSAGES) if topic else retriever.sample(SUMMARY_PASSAGES)


def _ms(begun: float) -> int:
    return round((time.perf_counter() - begun) * 1000)


def _timed(work: Callable[[], T]) -> tuple[int, T]:
    begun = time.perf_counter()
    result = work()
    return _ms(begun), result
