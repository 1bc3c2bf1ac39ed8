"""From features of the evidence to a probability that the articles answer: logistic regression (Platt 1999).

The shipped weights are fitted by ``python -m eval.calibrate`` on labelled public questions; an index may
carry its own in its manifest.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from answer.comparison import unowned
from answer.evidence import LOGIT_LIMIT, Candidate, limited, unknown_names
from answer.expected import lacks_expected
from answer.question import Question
from answer.verdict import presumes_otherwise, verdict_by_words
from answer.words import content_keys, name_words, words
from ingest.errors import IndexStateError

# What a verdict, and a sentence that names what is to be explained, count as at least: every word of the question is
# accounted for, whatever the reader makes of it.
SETTLED = 4.0
# What a question that takes the contrary for granted counts as at most. Of our own questions that do, put to the
# sentence they are about, 14 of 20 have no answer (docs/experiments.md, "Presumptions").
CONTRARY = -8.0
LEAD_LIMIT = 4.0


@dataclass(frozen=True, slots=True)
class Features:
    """What the decision to answer rests on.

    ``lead`` is by how much the best sentence outscores the best one that says something else; all others describe the
    chosen evidence.
    """

    margin: float
    evidence: float
    cosine: float
    unknown_names: float
    lead: float

    def vector(self) -> tuple[float, ...]:
        """The features in the order of ``Calibration.weights``."""
        return (self.margin, self.evidence, self.cosine, self.unknown_names, self.lead)


class Calibration(BaseModel):
    """Weights for ``Features.vector()``, an intercept, and the threshold from which the answer is given.

    ``knots`` bend the logistic probability: (before, after) pairs in rising order, interpolated (isotonic regression).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: tuple[float, ...] = Field(min_length=5, max_length=5)
    intercept: float
    knots: tuple[tuple[float, float], ...] = ()
    threshold: float = Field(ge=0, le=1)
    fitted_on: str

    def confidence(self, features: Features) -> float:
        """Probability in [0, 1] that the evidence answers the question."""
        z = self.intercept + sum(w * x for w, x in zip(self.weights, features.vector(), strict=True))
        probability = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))
        if not self.knots:
            return probability
        before, after = zip(*self.knots, strict=True)
        return float(np.interp(probability, before, after))


def stored_calibration(content: Mapping[str, Any] | None) -> Calibration | None:
    """The calibration an index carries, if any. Raises IndexStateError for one that another version fitted."""
    try:
        return Calibration.model_validate(content) if content else None
    except ValidationError as error:
        raise IndexStateError(
            f"the index carries a calibration this version cannot use ({error.error_count()} faults in it)",
            "make a new index, then fit again: footnote ingest PATH --index NEW; footnote eval calibrate QUESTIONS",
        ) from None


@cache
def shipped_calibration() -> Calibration:
    """The calibration in the package (``answer/calibration.json``), read once."""
    text = resources.files("answer").joinpath("calibration.json").read_text(encoding="utf-8")
    return Calibration.model_validate(json.loads(text))


def features_of(question: Question, chosen: Sequence[Candidate], ranked: Sequence[Candidate]) -> Features:
    """Features of the chosen evidence.

    Args:
        question: the standalone question.
        chosen: at least one candidate; the first is the most important.
        ranked: all candidates, best first.
    """
    first = chosen[0]
    settled = (question.kind == "yes_no" and verdict_by_words(first) is not None) or _names_it(question, first)
    least = SETTLED if settled else -LOGIT_LIMIT
    most = CONTRARY if _contrary(question, first, ranked) else LOGIT_LIMIT
    if lacks_expected(question.text, " ".join(c.text for c in chosen)):
        most = -LOGIT_LIMIT
    return Features(
        margin=min(most, max(least, limited(first.reading.margin))),
        evidence=min(most, max(least, limited(first.reading.evidence))),
        cosine=next((s.score for s in first.hit.via if s.name == "dense"), 0.0),
        unknown_names=0.0 if settled else float(min(2, len(unknown_names(question, chosen)))),
        lead=_lead(first, ranked),
    )


def _lead(best: Candidate, ranked: Sequence[Candidate]) -> float:
    """Within 0 and LEAD_LIMIT; articles say important things twice, which takes nothing from the lead."""
    said = content_keys(best.answer)
    others = (c.score for c in ranked if c is not best and not (said and said <= content_keys(c.text)))
    return max(0.0, min(LEAD_LIMIT, best.score - max(others, default=best.score - LEAD_LIMIT)))


def _names_it(question: Question, candidate: Candidate) -> bool:
    """The sentence has the very name or term that "What is ...?" asks about, so it says something of it.

    One common word is no term: a sentence about everyday life does not say what life is.
    """
    subject = [word.key for word in words(question.subject)]
    names = {word.start for word in name_words(candidate.text)}
    here = words(candidate.text)
    for i in range(len(here) - len(subject) + 1):
        part = here[i : i + len(subject)]
        if subject and [word.key for word in part] == subject:
            return len(part) > 1 or part[0].start in names or part[0].is_number
    return False


def _contrary(question: Question, candidate: Candidate, ranked: Sequence[Candidate]) -> bool:
    """The question takes something for granted that the sentence, or all that was read, speaks against."""
    if question.kind == "fact" and presumes_otherwise(question.text, candidate.text):
        return True
    return unowned(question.text, [c.context for c in ranked])
