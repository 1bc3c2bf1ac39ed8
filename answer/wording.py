"""From a chosen sentence to a proven statement: draft, prove, else quote."""

import hashlib
import logging
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from answer.backends.base import Generator
from answer.evidence import Candidate, points_back
from answer.prompt import tidy_draft, wording_prompt
from answer.reader import Reader, Text
from answer.types import Evidence, Support
from answer.verdict import verdict
from answer.verify import objections
from answer.words import content_keys, words
from ingest.errors import ModelError
from ingest.types import Document, Passage, Span

# An opening that ties a sentence to the one before and adds nothing when it stands alone.
_TIE = re.compile(
    r"^(?:however|for (?:instance|example)|in addition|moreover|furthermore|meanwhile|besides|nevertheless|nonetheless"
    r"|despite (?:this|that)(?: \w+)?),\s+(?=\w)",
    re.IGNORECASE,
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wording:
    """A statement's text, how it came about, and the evidence it cites."""

    text: str
    support: Support
    evidence: tuple[Evidence, ...]


def word_evidence(
    candidate: Candidate, generator: Generator | None, reader: Reader, max_tokens: int, reword: bool = True
) -> Wording:
    """The statement for one piece of evidence.

    A yes/no question is quoted behind its verdict. Otherwise the generator drafts; a draft that fails its proof,
    or no generator, or one that does not answer in time, gives the sentence itself, without a "However," in front
    unless ``reword`` is false.
    """
    quote = " ".join(candidate.text.split())
    if candidate.question.kind == "yes_no":
        settled = verdict(candidate)
        return Wording(f"{settled.capitalize()}: {quote}" if settled else quote, "quoted", candidate.support)
    if generator is not None:
        draft = _draft(candidate, generator, max_tokens)
        if (
            _says_other_than(draft, quote)
            and not proof(draft, candidate, candidate.support)
            and _is_confirmed(draft, candidate, reader)
        ):
            return Wording(draft, "reworded", candidate.support)
    untied = _untied(candidate, quote) if reword else None
    return untied or Wording(quote, "quoted", candidate.support)


def _untied(candidate: Candidate, quote: str) -> Wording | None:
    """The sentence without an opening like "However,", if there is one and the rest is proven."""
    rest = _TIE.sub("", quote, count=1)
    text = rest[0].upper() + rest[1:]
    evidence = candidate.support if points_back(rest) else (candidate.evidence,)
    proven = rest != quote and not proof(text, candidate, evidence)
    return Wording(text, "reworded", evidence) if proven else None


def _draft(candidate: Candidate, generator: Generator, max_tokens: int) -> str:
    """The first line the generator writes; "" when it fails, which the log tells: a quotation answers as well."""
    sentence = " ".join(e.quote for e in reversed(candidate.support))
    messages = wording_prompt(candidate.question.text, sentence, candidate.answer)
    pieces: list[str] = []
    try:
        with closing(generator.stream(messages, max_tokens)) as stream:  # type: ignore[type-var]
            for piece in stream:
                pieces.append(piece)
                if "\n" in piece.strip(" "):
                    break
    except ModelError as error:
        _log.warning("the evidence is quoted, not reworded: %s", error)
        return ""
    return tidy_draft("".join(pieces).strip().split("\n")[0])


def _says_other_than(draft: str, quote: str) -> bool:
    """False for no draft, and for a copy of the sentence: that is a quotation and goes by its own characters."""
    return bool(draft) and [w.text.lower() for w in words(draft)] != [w.text.lower() for w in words(quote)]


def proof(draft: str, candidate: Candidate, evidence: Sequence[Evidence]) -> Sequence[str]:
    """Objections to ``draft`` as a wording of ``candidate`` that cites ``evidence``; empty when proven.

    Whatever it rests on is in the receipt too, so that ``footnote verify`` comes to the same result.
    """
    quotes = [e.quote for e in evidence]
    return objections(draft, quotes, candidate.hit.document.title, candidate.answer, candidate.question.text)


def _is_confirmed(draft: str, candidate: Candidate, reader: Reader) -> bool:
    """Whether the reader, given the draft alone, finds the same answer there. One short passage: some 5 ms."""
    digest = hashlib.sha256(draft.encode()).hexdigest()
    span = Span(0, len(draft))
    passage = Passage(f"{digest[:16]}:0-{len(draft)}", digest[:16], draft, 0, len(draft), sentences=(span,))
    text = Text(Document(digest[:16], "draft", candidate.hit.document.title, draft, digest), passage)
    (reading,) = reader.read(candidate.question.text, [text])
    found = [draft[s.answer.start : s.answer.end] for s in reading.sentences if s.margin > 0 or s.evidence > 0]
    return any(content_keys(answer) & content_keys(candidate.answer) for answer in found)
