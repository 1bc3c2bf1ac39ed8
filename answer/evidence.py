"""From readings to evidence: which sentences answer, how sure we are, and why.

A sentence's rank is a weighted sum of what the reader makes of it (evidence and margin), the share of the question's
words it covers, its cosine with the question and the fused search score of its passage. What a sentence
alone leaves unsaid ("This model ...") is taken from the sentence before it, which then is evidence too.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from answer.countries import with_one_form
from answer.question import Question
from answer.reader import Reading, SentenceReading
from answer.types import Evidence
from answer.words import Word, content_keys, name_words, words
from ingest.types import Span
from retriever.types import Retrieved

# Logistic regression on labelled sentences of held-out articles, see docs/experiments.md, "Answering".
EVIDENCE_WEIGHT = 0.24
MARGIN_WEIGHT = 0.20
COVERAGE_WEIGHT = 0.6
COSINE_WEIGHT = 3.1
SEARCH_WEIGHT = 1.4
DEFINES_WEIGHT = 2.0
LOGIT_LIMIT = 12.0  # beyond it the reader is sure, and more is no better
# Of sentences that nearly tie both are given, see docs/experiments.md, "Two sentences".
LIST_GAP = 2.0
FACT_GAP = 1.5
MAX_PARTS = 3
FACT_PARTS = 2

_ANAPHORA = re.compile(
    r"""^["“'‘]?(?:
    (?:this|these|those|such|that|the\ (?:model|company|firm|tool|product|system|latter|former|feature|new))\b
       (?!\ (?:year|month|week|day)s?\b)
    |(?:it|its|they|their|he|his|she|her|both|another|however|despite\ (?:this|that)|for\ (?:instance|example))\b)""",
    re.IGNORECASE | re.VERBOSE,
)

# A sentence that only says that there are such things, or ends where they begin; those after it name them.
_LEADS_IN = re.compile(r"\bthere\s+(?:still\s+)?(?:are|were|remain|remained)\b[^,;:–—]{0,60}$|:\s*$", re.IGNORECASE)

# What stands behind a term that is being explained: an apposition, or "is".
_EXPLAINED = r"""["'”’]*\s*(?:[,(–—:]|-\s|\s(?:is|are|was|were|means?|refers?|stands?)\b)"""


@dataclass(frozen=True)
class Candidate:
    """One sentence of a retrieved passage with everything known about it."""

    question: Question
    hit: Retrieved
    reading: SentenceReading
    antecedent: Span | None
    cosine: float

    @cached_property
    def text(self) -> str:
        """The sentence's characters."""
        return self.hit.document.text[self.reading.sentence.start : self.reading.sentence.end]

    @cached_property
    def context(self) -> str:
        """What a reader of the article knows at this sentence: title, headings, antecedent and itself."""
        before = ""
        if self.antecedent is not None:
            before = self.hit.document.text[self.antecedent.start : self.antecedent.end]
        return "\n".join((self.hit.document.title, *self.hit.passage.headings, before, self.text))

    @cached_property
    def coverage(self) -> float:
        """Share of the question's content words found in the sentence (whole) or its context (half)."""
        asked = content_keys(self.question.text)
        if not asked:
            return 0.0
        here, around = content_keys(self.text), content_keys(self.context)
        return sum(1.0 if key in here else 0.5 if key in around else 0.0 for key in asked) / len(asked)

    @cached_property
    def score(self) -> float:
        """What candidates are ranked by: log-odds, but for a constant, that this sentence settles the question."""
        read = EVIDENCE_WEIGHT * limited(self.reading.evidence) + MARGIN_WEIGHT * limited(self.reading.margin)
        searched = SEARCH_WEIGHT * self.hit.score + COSINE_WEIGHT * self.cosine
        return read + searched + COVERAGE_WEIGHT * self.coverage + (DEFINES_WEIGHT if self.defines else 0.0)

    @cached_property
    def defines(self) -> bool:
        """The sentence explains what the question asks the meaning of: "a super app, which", "HVLT (a charity"."""
        term = r"\W+".join(re.escape(word.text) for word in words(self.question.subject))
        return bool(term and re.search(rf"\b{term}s?{_EXPLAINED}", self.text, re.IGNORECASE))

    @property
    def evidence(self) -> Evidence:
        """The sentence as evidence."""
        span = self.reading.sentence
        return Evidence(self.hit.passage, self.hit.document, span.start, span.end, self.reading.margin)

    @property
    def support(self) -> tuple[Evidence, ...]:
        """The sentence, and the one it refers back to."""
        if self.antecedent is None:
            return (self.evidence,)
        before = Evidence(
            self.hit.passage, self.hit.document, self.antecedent.start, self.antecedent.end, self.reading.margin
        )
        return (self.evidence, before)

    @property
    def answer(self) -> str:
        """The short answer's characters."""
        return self.hit.document.text[self.reading.answer.start : self.reading.answer.end]


def limited(logit: float) -> float:
    """A reader's logit within plus or minus LOGIT_LIMIT."""
    return max(-LOGIT_LIMIT, min(LOGIT_LIMIT, logit))


def candidates(question: Question, hits: Sequence[Retrieved], readings: Sequence[Reading]) -> list[Candidate]:
    """Every sentence read, best first; a sentence that two overlapping passages share appears once."""
    best: dict[tuple[str, int], Candidate] = {}
    for hit, reading in zip(hits, readings, strict=True):
        for sentence in reading.sentences:
            span = sentence.sentence
            found = Candidate(question, hit, sentence, antecedent(hit, span), _cosine(hit, span))
            place = (hit.document.id, span.start)
            if place not in best or found.score > best[place].score:
                best[place] = found
    return sorted(best.values(), key=lambda c: (-c.score, c.hit.rank, c.reading.sentence.start))


def _cosine(hit: Retrieved, sentence: Span) -> float:
    """The sentence's cosine with the question; 0 when the hit carries none."""
    return dict(zip(hit.passage.sentences, hit.sentence_cosines, strict=False)).get(sentence, 0.0)


def points_back(text: str) -> bool:
    """Whether a sentence opens with what only the one before explains ("It", "This model", "However")."""
    return _ANAPHORA.match(text) is not None


def antecedent(hit: Retrieved, sentence: Span) -> Span | None:
    """The sentence before, when this one opens by pointing back ("It", "This model"); else None."""
    text = hit.document.text[sentence.start : sentence.end]
    if not points_back(text):
        return None
    earlier = [s for s in hit.passage.sentences if s.end <= sentence.start]
    return earlier[-1] if earlier else None


def choose(question: Question, ranked: Sequence[Candidate]) -> list[Candidate]:
    """The sentences the answer is made of, most important first; empty when there is nothing."""
    if not ranked:
        return []
    if question.kind == "comparison":
        return _cover(question, ranked)
    if question.kind == "list":
        return _led_in(ranked) or _best_and_near(ranked, LIST_GAP, MAX_PARTS)
    if question.kind in ("fact", "definition"):
        return _led_in(ranked) or _best_and_near(ranked, FACT_GAP, FACT_PARTS)
    return [ranked[0]]


def _led_in(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The best sentence and those after it in its passage, when it is a mere lead-in; else nothing."""
    first = ranked[0]
    if not _LEADS_IN.search(first.text):
        return []
    at, passage = first.reading.sentence.start, first.hit.passage.id
    after = (c for c in ranked if c.hit.passage.id == passage and c.reading.sentence.start > at)
    named = sorted(after, key=lambda c: c.reading.sentence.start)[: MAX_PARTS - 1]
    return [first, *named] if named else []


def _cover(question: Question, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Greedy: after the best sentence, those that speak of words of the question nobody spoke of yet."""
    asked = content_keys(question.text)
    chosen = [ranked[0]]
    missing = asked - content_keys(ranked[0].text)
    for _ in range(MAX_PARTS - 1):
        gains = [(len(missing & content_keys(c.text)), c.score, c) for c in ranked if c not in chosen]
        gain, _, best = max(gains, key=lambda entry: entry[:2], default=(0, 0.0, ranked[0]))
        if gain == 0:
            break
        chosen.append(best)
        missing -= content_keys(best.text)
    return chosen


def _best_and_near(ranked: Sequence[Candidate], gap: float, parts: int) -> list[Candidate]:
    """The best sentence and those nearly as good that give something else: two answers are better than a guess."""
    chosen = [ranked[0]]
    for candidate in ranked[1:]:
        near = candidate.score >= ranked[0].score - gap
        fresh = all(not content_keys(c.answer) <= content_keys(candidate.text) for c in chosen)
        if near and fresh and len(chosen) < parts:
            chosen.append(candidate)
    return chosen


def unknown_names(question: Question, found: Iterable[Candidate]) -> list[Word]:
    """Names and figures of the question that the passages of the evidence (or their titles) never mention.

    Number words do not count: "which two firms" says how many are asked for, "the one that" how many are meant.
    """
    known: set[str] = set()
    for candidate in found:
        known |= {w.key for w in words(with_one_form(f"{candidate.context}\n{candidate.hit.passage.text}"))}
    asked = with_one_form(question.text)
    named = [*name_words(asked), *(w for w in words(asked) if w.text[:1].isdigit())]
    return [word for word in named if word.key not in known]
