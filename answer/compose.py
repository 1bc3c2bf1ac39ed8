"""Statements and citations from evidence: the last step, pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from answer.types import Answer, Citation, DocumentRef, Evidence, IndexRef, Models, Statement, Support, Timings
from ingest.errors import FootnoteError

PROSE_STATEMENTS = 2


@dataclass
class Footnotes:
    """Numbers citations in the order they are first used; the same characters keep their number."""

    citations: list[Citation] = field(default_factory=list)

    def number(self, evidence: Evidence) -> int:
        """The footnote number of ``evidence``, made when new."""
        for citation in self.citations:
            if (citation.document.id, citation.start, citation.end) == (
                evidence.document.id,
                evidence.start,
                evidence.end,
            ):
                return citation.number
        self.citations.append(_citation(len(self.citations) + 1, evidence))
        return len(self.citations)

    def statement(self, text: str, support: Support, evidence: Sequence[Evidence]) -> Statement:
        """A statement that cites all of ``evidence``."""
        return Statement(text=text, citations=tuple(self.number(e) for e in evidence), support=support)


def _citation(number: int, evidence: Evidence) -> Citation:
    document = evidence.document
    return Citation(
        number=number,
        quote=evidence.quote,
        start=evidence.start,
        end=evidence.end,
        passage_id=evidence.passage.id,
        document=DocumentRef(id=document.id, title=document.title, source=document.source, sha256=document.sha256),
    )


def answer_text(statements: Sequence[Statement]) -> str:
    """The answer as text, each statement followed by its footnote marks; many statements stand a line each."""
    lines = [f"{s.text} {''.join(f'[{n}]' for n in s.citations)}" for s in statements]
    return (" " if len(lines) <= PROSE_STATEMENTS else "\n").join(lines)


def failed_answer(question: str, error: FootnoteError, identity: str = "") -> Answer:
    """What takes the place of an answer that an error prevented."""
    return Answer(
        id=identity,
        question=question,
        standalone_question=question,
        status="failed",
        text=str(error),
        short_answer=None,
        confidence=0.0,
        statements=(),
        citations=(),
        nearest=(),
        models=Models(embedder="", reader="", generator=""),
        index=IndexRef(generation=0, corpus_sha256=""),
        timings_ms=Timings(),
    )
