"""Fit the probability that the articles answer, and the threshold to answer from.

Every labelled question is examined as in production; its label is whether the chosen evidence holds an
accepted answer. Questions are asked a second time with the gold document hidden, which makes them
unanswerable from articles about the same subject: the hard case.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from answer.calibration import Calibration, Features
from answer.question import parse_question
from answer.service import ChatService, Examination, Source
from eval.score import contains
from retriever.types import Retrieved


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with its accepted answers (none: unanswerable) and the source name of its gold document."""

    question: str
    answers: tuple[str, ...]
    gold: str


@dataclass(frozen=True, slots=True)
class Sample:
    """Features of one examined question and whether answering it from that evidence is right."""

    features: Features
    right: bool
    hidden: bool


class _Hidden:
    """A retriever that cannot find one document."""

    def __init__(self, source: Source, gold: str) -> None:
        self._retriever, self._gold = source.retriever, gold

    def search(self, query: str, k: int) -> list[Retrieved]:
        hits = self._retriever.search(query, 4 * k)
        return [hit for hit in hits if hit.document.source != self._gold][:k]


def collect(
    service: ChatService, source: Source, questions: Sequence[Labelled], progress: Callable[[int, int], None]
) -> list[Sample]:
    """Examine every question, and the answerable ones again with their gold document hidden."""
    samples: list[Sample] = []
    for done, labelled in enumerate(questions, start=1):
        question = parse_question(labelled.question)
        samples += _sample(service.examine(question, source), labelled.answers, hidden=False)
        if labelled.answers:
            without = Source(_Hidden(source, labelled.gold), source.index)  # type: ignore[arg-type]
            samples += _sample(service.examine(question, without), (), hidden=True)
        progress(done, len(questions))
    return samples


def _sample(found: Examination, answers: Sequence[str], *, hidden: bool) -> list[Sample]:
    if found.features is None:
        return []
    text = " ".join(candidate.text for candidate in found.chosen)
    return [Sample(found.features, any(contains(text, answer) for answer in answers), hidden)]


def fit(samples: Sequence[Sample], fitted_on: str) -> Calibration:
    """Logistic regression on the features; the threshold maximises right answers given plus wrong ones withheld.

    Args:
        samples: both kinds must be there.
        fitted_on: what the samples are, for the record.
    """
    from sklearn.linear_model import LogisticRegression

    x = np.array([sample.features.vector() for sample in samples])
    y = np.array([sample.right for sample in samples])
    model = LogisticRegression(class_weight="balanced", max_iter=1000).fit(x, y)
    probability = model.predict_proba(x)[:, 1]
    return Calibration(
        weights=tuple(round(float(w), 4) for w in model.coef_[0]),
        intercept=round(float(model.intercept_[0]), 4),
        threshold=round(best_threshold(probability, y), 3),
        fitted_on=fitted_on,
    )


def best_threshold(probability: np.ndarray, right: np.ndarray) -> float:
    """The threshold with the highest balanced accuracy (Youden 1950); shapes [n], [n] bool."""
    levels = np.unique(probability)
    gain = [(probability[right] >= t).mean() - (probability[~right] >= t).mean() for t in levels]
    return float(levels[int(np.argmax(gain))])
