"""Fit the probability that the evidence answers, and the threshold to answer from.

Every labelled question is put as in production; its label is whether the chosen evidence states the accepted answer.
Two ways are tried: Platt's (1999), a logistic regression on the features of the evidence, and isotonic regression
(Zadrozny and Elkan 2002) on top of it, which can bend but needs more questions. The one with the smaller calibration
error in cross-validation is taken, and every figure is of predictions for questions that were not fitted on.

``python -m eval.calibrate --squad FILE --nq FILE`` fits the calibration the package ships.
"""

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from answer.calibration import Calibration, shipped_calibration
from answer.reader import open_reader
from answer.service import Source
from answer.settings import AnswerSettings, ReaderSettings
from answer.training import metrics as reading
from answer.training.data import WRITTEN, Example, load_nq, load_squad, load_written, split_examples
from answer.types import Turn
from eval import metrics
from eval.corpus import Advance, MemoryIndex
from eval.known_facts import Question
from eval.observe import ObservedService
from eval.score import states_facts
from ingest.errors import UsageError
from ingest.load import document_from_text
from ingest.settings import IngestSettings
from retriever.settings import RetrieverSettings

FEWEST = 15  # of each label; below it a fold has hardly any
FOLDS = 5
GAIN = 0.005  # isotonic must be better by this much, since it has more to fit

Vector = NDArray[np.float64]
Labels = NDArray[np.bool_]
Method = Literal["platt", "isotonic"]


@dataclass(frozen=True, slots=True)
class Sample:
    """Features of one question's evidence, whether it states the accepted answer, and the confidence in force.

    ``weight`` is how much it counts in a fit, relative to the others.
    """

    features: tuple[float, ...]
    right: bool
    confidence: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """A calibration and how good it is.

    Attributes:
        calibration: fitted on all samples, its threshold still that of the package.
        method: the one chosen.
        errors: cross-validated calibration error (ECE) of each method.
        error_in_force: that of the confidence before fitting.
        probabilities: cross-validated, of the chosen method, in the order of the samples.
        right: the labels.
    """

    calibration: Calibration
    method: Method
    errors: dict[Method, float]
    error_in_force: float
    probabilities: tuple[float, ...]
    right: tuple[bool, ...]

    @property
    def curve(self) -> tuple[metrics.RiskPoint, ...]:
        """Risk and coverage of the cross-validated probabilities."""
        return metrics.risk_coverage(self.probabilities, self.right)


def sample(
    service: ObservedService,
    question: str,
    source: Source,
    states: Callable[[str], bool],
    history: Sequence[Turn] = (),
) -> Sample | None:
    """Put one question.

    Args:
        service: without a generator, whose work would not be looked at.
        question: as typed.
        source: what it is answered from.
        states: whether a text states the accepted answer.
        history: earlier turns.

    Returns:
        None when the confidence does not come from evidence: small talk, a summary, nothing found.
    """
    seen = service.observe(question, source, history)
    if seen.found is None or seen.found.features is None:
        return None
    evidence = " ".join(candidate.text for candidate in seen.found.chosen)
    return Sample(seen.found.features.vector(), states(evidence), seen.answer.confidence)


def label(service: ObservedService, questions: Sequence[Question], source: Source, advance: Advance) -> list[Sample]:
    """Put every question of an owner's set; those without a confidence are left out.

    Raises:
        UsageError: a question brings its own passages, so it says nothing about the index.
    """
    samples = []
    for done, question in enumerate(questions, start=1):
        if question.passages:
            raise UsageError(f"question {question.id!r} brings its own passages", "leave them out: the index is asked")
        states = _states(question)
        found = sample(service, question.question, source, states, question.history)
        samples += [found] if found else []
        advance(done, len(questions))
    return samples


def _states(question: Question) -> Callable[[str], bool]:
    return lambda text: bool(question.accept) and states_facts(text, question)


def fit(samples: Sequence[Sample], fitted_on: str) -> Fitted:
    """Try both methods and fit the better one on all samples. Cost: under a second.

    Args:
        samples: at least FEWEST of each label.
        fitted_on: what the samples are, for the record.

    Raises:
        UsageError: too few of one label.
    """
    right = np.array([item.right for item in samples], dtype=bool)
    for count, kind in ((int(right.sum()), "right"), (int((~right).sum()), "wrong")):
        if count < FEWEST:
            raise UsageError(
                f"{count} of {len(samples)} questions find {kind} evidence, at least {FEWEST} are needed",
                "add questions the articles answer" if kind == "right" else "add questions the articles do not answer",
            )
    x = np.array([item.features for item in samples], dtype=float)
    weight = np.array([item.weight for item in samples], dtype=float)
    predicted = _cross_validated(x, right, weight)
    errors = {method: metrics.ece(p.tolist(), right.tolist()) or 0.0 for method, p in predicted.items()}
    method: Method = "isotonic" if errors["isotonic"] < errors["platt"] - GAIN else "platt"
    in_force = metrics.ece([item.confidence for item in samples], right.tolist()) or 0.0
    return Fitted(
        calibration=_calibration(x, right, weight, method, fitted_on),
        method=method,
        errors=errors,
        error_in_force=in_force,
        probabilities=tuple(predicted[method].tolist()),
        right=tuple(right.tolist()),
    )


def with_max_risk(fitted: Fitted, max_risk: float) -> tuple[Calibration, metrics.RiskPoint]:
    """The calibration with the threshold that answers most while at most ``max_risk`` of the answers are wrong.

    Raises:
        UsageError: no threshold does.
    """
    safe = [point for point in fitted.curve if point.risk <= max_risk]
    if not safe:
        least = min(fitted.curve, key=lambda point: point.risk)
        raise UsageError(
            f"no threshold keeps the risk at {max_risk:g}; the least is {least.risk:.3f}",
            f"allow more, e.g. --max-risk {math.ceil(100 * least.risk) / 100}",
        )
    best = max(safe, key=lambda point: point.coverage)
    # Rounded down, so that the question the threshold was set by is still answered.
    threshold = math.floor(1000 * best.threshold) / 1000
    return fitted.calibration.model_copy(update={"threshold": threshold}), best


def risk_interval(fitted: Fitted, threshold: float) -> metrics.Interval | None:
    """95 % bootstrap interval of the risk of answering at ``threshold`` or above; None when nothing is answered."""
    wrong = [[float(not r)] for p, r in zip(fitted.probabilities, fitted.right, strict=True) if p >= threshold]
    table = np.array(wrong) if wrong else np.zeros((0, 1))
    return metrics.bootstrap(table, metrics.column_mean)


def best_threshold(probability: Vector, right: Labels) -> float:
    """The threshold with the highest balanced accuracy (Youden 1950); shapes [n], [n] bool."""
    levels = np.unique(probability)
    gain = [(probability[right] >= t).mean() - (probability[~right] >= t).mean() for t in levels]
    return float(levels[int(np.argmax(gain))])


def _cross_validated(x: Vector, right: Labels, weight: Vector) -> dict[Method, Vector]:
    """Each method's probability for every sample from the samples of the other folds; float64 [n]."""
    platt, isotonic = np.zeros(len(right)), np.zeros(len(right))
    for train, test in _folds(x, right):
        weights, intercept = _logistic(x[train], right[train], weight[train])
        platt[test] = _sigmoid(x[test] @ weights + intercept)
        knots = _knots(x[train], right[train], weight[train])
        isotonic[test] = np.interp(platt[test], knots[:, 0], knots[:, 1])
    return {"platt": platt, "isotonic": isotonic}


def _folds(x: Vector, right: Labels) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    from sklearn.model_selection import StratifiedKFold

    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(x, right))


def _logistic(x: Vector, right: Labels, weight: Vector) -> tuple[Vector, float]:
    """Weights and intercept for features as they are; fitted on standardised ones, so that all are shrunk alike."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    model = LogisticRegression(max_iter=1000).fit((x - mean) / scale, right, sample_weight=weight)
    weights: Vector = model.coef_[0] / scale
    return weights, float(model.intercept_[0] - weights @ mean)


def _knots(x: Vector, right: Labels, weight: Vector) -> Vector:
    """Isotonic regression of the labels on logistic probabilities that were predicted, not fitted; [knots, 2]."""
    from sklearn.isotonic import IsotonicRegression

    raw = np.zeros(len(right))
    for train, test in _folds(x, right):
        weights, intercept = _logistic(x[train], right[train], weight[train])
        raw[test] = _sigmoid(x[test] @ weights + intercept)
    model = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(raw, right, sample_weight=weight)
    return np.column_stack([model.X_thresholds_, model.y_thresholds_])


def _sigmoid(z: Vector) -> Vector:
    out: Vector = 1.0 / (1.0 + np.exp(-np.clip(z, -30, 30)))
    return out


def _calibration(x: Vector, right: Labels, weight: Vector, method: Method, fitted_on: str) -> Calibration:
    weights, intercept = _logistic(x, right, weight)
    knots = _knots(x, right, weight).round(4).tolist() if method == "isotonic" else []
    return Calibration(
        weights=tuple(round(float(weight), 4) for weight in weights),
        intercept=round(intercept, 4),
        knots=tuple((before, after) for before, after in knots),
        threshold=shipped_calibration().threshold,
        fitted_on=fitted_on,
    )


def main() -> None:
    """``python -m eval.calibrate --squad FILE --nq FILE``: print a calibration fitted on the held-out articles.

    The three files weigh the same, however many questions they have.
    The threshold printed is Youden's; the shipped one is lower, for the reason in docs/experiments.md.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--squad", type=Path, required=True)
    parser.add_argument("--nq", type=Path, required=True)
    parser.add_argument("--written", type=Path, default=WRITTEN, help="our own articles, JSON lines")
    parser.add_argument("--questions", type=int, default=300, help="at most so many of each file")
    arguments = parser.parse_args()
    service = ObservedService(AnswerSettings(), open_reader(ReaderSettings()), None)
    samples: list[Sample] = []
    files = (load_squad(arguments.squad), load_nq(arguments.nq), load_written(arguments.written))
    for examples in files:
        held_out = split_examples(examples).held_out
        asked = Random(1).sample(held_out, min(arguments.questions, len(held_out)))  # noqa: S311 - no secret
        together = [held_out] if examples[0].source != "written" else _by_article(held_out)
        found = [
            s for part in together for s in collect(service, [e for e in asked if e in part], part, _print_progress)
        ]
        samples += [replace(item, weight=1 / len(found)) for item in found]
    scale = len(samples) / len(files)  # so that the mean weight is 1
    fitted = fit([replace(item, weight=item.weight * scale) for item in samples], f"{len(samples)} samples")
    threshold = round(best_threshold(np.array(fitted.probabilities), np.array(fitted.right)), 3)
    print(fitted.calibration.model_copy(update={"threshold": threshold}).model_dump_json(indent=2))  # noqa: T201


def _by_article(examples: Sequence[Example]) -> list[list[Example]]:
    """Our own questions are about an article each, and asked of that article, as a reader of it would."""
    groups: dict[str, list[Example]] = {}
    for example in examples:
        groups.setdefault(example.group, []).append(example)
    return list(groups.values())


def collect(
    service: ObservedService, asked: Sequence[Example], everything: Sequence[Example], advance: Advance
) -> list[Sample]:
    """Put questions about the passages of ``everything``, and public answerable ones again with their passage hidden.

    Hidden, they are unanswerable from articles about the same subject. Our own texts bring questions that are harder to
    refuse than those: each without an answer differs from the text in one thing.
    """
    names = {text: f"passage {number}" for number, text in enumerate(dict.fromkeys(e.text for e in everything))}
    titles = {example.text: example.title for example in everything}
    documents = [replace(document_from_text(name, text), title=titles[text]) for text, name in names.items()]
    index = MemoryIndex(documents, RetrieverSettings(), IngestSettings())
    whole, found = index.source(), list[Sample | None]()
    for done, example in enumerate(asked, start=1):
        answers = example.answers if example.answerable else ()
        found.append(sample(service, example.question, whole, lambda text, a=answers: bool(reading.contains(text, a))))  # type: ignore[misc]
        if example.answerable and example.source != "written":
            hidden = index.without((names[example.text],))
            found.append(sample(service, example.question, hidden, lambda _: False))
        advance(done, len(asked))
    return [item for item in found if item]


def _print_progress(done: int, total: int) -> None:
    print(f"\r{done} of {total} questions", end="\n" if done == total else "", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
