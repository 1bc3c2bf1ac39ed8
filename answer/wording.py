"""From a chosen sentence to a proven statement: draft, prove, else quote."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from answer.backends.base import Generator
from answer.evidence import Candidate
from answer.prompt import tidy_draft, wording_prompt
from answer.types import Evidence, Support
from answer.verdict import verdict
from answer.verify import objections


@dataclass(frozen=True, slots=True)
class Wording:
    """A statement's text, how it came about, and the evidence it cites."""

    text: str
    support: Support
    evidence: tuple[Evidence, ...]


def word_evidence(candidate: Candidate, generator: Generator | None, max_tokens: int) -> Wording:
    """The statement for one piece of evidence.

    A yes/no question is quoted behind its verdict. Otherwise the generator drafts; a draft that fails its proof,
    or no generator, gives the sentence itself.
    """
    quote = " ".join(candidate.text.split())
    if candidate.question.kind == "yes_no":
        settled = verdict(candidate)
        return Wording(f"{settled.capitalize()}: {quote}" if settled else quote, "quoted", candidate.support)
    if generator is not None:
        draft = _draft(candidate, generator, max_tokens)
        if not proof(draft, candidate):
            return Wording(draft, "reworded", candidate.support)
    return Wording(quote, "quoted", candidate.support)


def _draft(candidate: Candidate, generator: Generator, max_tokens: int) -> str:
    sentence = " ".join(e.quote for e in reversed(candidate.support))
    messages = wording_prompt(candidate.question.text, sentence, candidate.answer)
    pieces: list[str] = []
    with closing(generator.stream(messages, max_tokens)) as stream:  # type: ignore[type-var]
        for piece in stream:
            pieces.append(piece)
            if "\n" in piece.strip(" "):
                break
    return tidy_draft("".join(pieces).strip().split("\n")[0])


def proof(draft: str, candidate: Candidate) -> Sequence[str]:
    """Objections to ``draft`` as a wording of ``candidate``; empty when proven."""
    quotes = [e.quote for e in candidate.support]
    header = "\n".join((candidate.hit.document.title, *candidate.hit.passage.headings))
    return objections(draft, quotes, header, candidate.answer)
