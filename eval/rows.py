"""One question, the answer a system gave, what is right or wrong with it, and everything that led to it."""

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from answer.evidence import Candidate
from answer.prompt import tidy_draft
from answer.service import Source
from answer.types import Answer
from answer.wording import proof
from eval.known_facts import Question
from eval.observe import Observation
from eval.score import Verdict, citation_faults, citation_support, judge, states_facts
from retriever.types import Retrieved

SPANS_KEPT = 8

Outcome = Literal["right", "false answer", "wrong answer", "false refusal", "wrong reaction", "failed"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReadPassage(_Frozen):
    """A passage that was read, best first; ``score`` is the search's."""

    rank: int
    score: float
    title: str
    text: str
    document: str
    start: int
    end: int


class ReadSpan(_Frozen):
    """A sentence that was considered: its rank score, the reader's margin, the short answer in it, and whether it
    was chosen.
    """

    text: str
    short_answer: str
    score: float
    margin: float
    document: str
    start: int
    end: int
    chosen: bool


class Draft(_Frozen):
    """What the generator wrote for a statement, whether the answer says it, and the proof's objections if not."""

    statement: int
    text: str
    kept: bool
    objections: tuple[str, ...]


class Row(_Frozen):
    """One judged question.

    Attributes:
        question: with what makes an answer right.
        answer: what the system said.
        verdict: whether that is right.
        citation_faults: what is wrong with its footnotes; empty when all are exact.
        citation_support: for each citation, which of the question's facts its quote states.
        supported: whether the evidence the system would answer from states the facts, whether it was given or
            withheld; None where there is nothing to tell it by.
        seconds: from question to answer.
        passages: what was read, best first.
        spans: the best sentences, best first.
        drafts: what the generator wrote.
    """

    question: Question
    answer: Answer
    verdict: Verdict
    citation_faults: tuple[str, ...]
    citation_support: tuple[tuple[bool, ...], ...]
    supported: bool | None
    seconds: float = Field(ge=0)
    passages: tuple[ReadPassage, ...] = ()
    spans: tuple[ReadSpan, ...] = ()
    drafts: tuple[Draft, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether something was claimed."""
        return self.answer.status == "answered"

    @property
    def refused(self) -> bool:
        """Whether nothing was claimed, on purpose."""
        return self.answer.status in ("not_in_articles", "small_talk")

    @property
    def outcome(self) -> Outcome:
        """What became of the question, in two words."""
        if self.verdict.right:
            return "right"
        if self.answer.status == "failed":
            return "failed"
        if self.answered:
            return "false answer" if self.question.to_refuse else "wrong answer"
        return "false refusal" if self.question.to_answer else "wrong reaction"


def row_of(question: Question, seen: Observation, source: Source) -> Row:
    """Judge one observation."""
    texts = {document.id: document.text for document in source.retriever.documents.values()}
    found = seen.found
    verdict = judge(question, seen.answer)
    return Row(
        question=question,
        answer=seen.answer,
        verdict=verdict,
        citation_faults=citation_faults(seen.answer, texts),
        citation_support=citation_support(question, seen.answer),
        supported=_supported(question, seen, verdict),
        seconds=seen.seconds,
        passages=tuple(_passage(hit) for hit in found.hits) if found else (),
        spans=tuple(_span(candidate, found.chosen) for candidate in found.ranked[:SPANS_KEPT]) if found else (),
        drafts=tuple(_drafts(seen)),
    )


def _supported(question: Question, seen: Observation, verdict: Verdict) -> bool | None:
    if seen.found is None:
        return verdict.right if seen.answer.status == "answered" else None
    evidence = " ".join(candidate.text for candidate in seen.found.chosen)
    return not question.to_refuse and states_facts(evidence, question)


def _passage(hit: Retrieved) -> ReadPassage:
    passage = hit.passage
    return ReadPassage(
        rank=hit.rank,
        score=round(hit.score, 4),
        title=" - ".join(part for part in (hit.document.title, *passage.headings) if part),
        text=passage.text,
        document=hit.document.id,
        start=passage.start,
        end=passage.end,
    )


def _span(candidate: Candidate, chosen: Sequence[Candidate]) -> ReadSpan:
    evidence = candidate.evidence
    return ReadSpan(
        text=candidate.text,
        short_answer=candidate.answer,
        score=round(candidate.score, 4),
        margin=round(candidate.reading.margin, 4),
        document=evidence.document.id,
        start=evidence.start,
        end=evidence.end,
        chosen=candidate in chosen,
    )


def _drafts(seen: Observation) -> Iterator[Draft]:
    chosen = seen.found.chosen if seen.found else ()
    for number, (statement, texts) in enumerate(zip(seen.answer.statements, seen.drafts, strict=False), start=1):
        for text in texts:
            draft = tidy_draft(text.strip().split("\n")[0])
            kept = statement.support == "reworded" and draft == statement.text
            why = () if kept or number > len(chosen) else _objections(draft, chosen[number - 1])
            yield Draft(statement=number, text=draft, kept=kept, objections=why)


def _objections(draft: str, candidate: Candidate) -> tuple[str, ...]:
    return tuple(proof(draft, candidate, candidate.support))
