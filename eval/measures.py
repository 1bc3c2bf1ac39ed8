"""What is measured over the rows of a run, and over any other list of cases: names, directions and intervals.

A measure picks a few numbers out of each row it applies to and has a statistic over those: so one piece of code
makes the figure, its bootstrap interval and the paired difference to an older run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict

from eval import metrics
from eval.metrics import Statistic, Table
from eval.rows import Row
from eval.score import strip_markers

R = TypeVar("R")

Better = Literal["higher", "lower"]
Unit = Literal["share", "score", "ms", "words"]
Numbers = tuple[float, ...]


@dataclass(frozen=True)
class Measure(Generic[R]):
    """One figure.

    Attributes:
        name: for gates and JSON.
        label: for people.
        better: which direction is good.
        unit: how it is written.
        pick: the numbers of a row the statistic needs; None when the measure does not apply to it.
        statistic: over the picked rows, float64 [rows, numbers]; by default the mean of the first number.
        portable: False when it depends on the machine, so that runs on two machines do not compare.
    """

    name: str
    label: str
    better: Better
    unit: Unit
    pick: Callable[[R], Numbers | None]
    statistic: Statistic = metrics.column_mean
    portable: bool = True


class Estimate(BaseModel):
    """A measured figure with its 95 % bootstrap interval; ``rows`` is what it was measured on."""

    model_config = ConfigDict(frozen=True)

    name: str
    label: str
    better: Better
    unit: Unit
    value: float | None
    low: float | None
    high: float | None
    rows: int


def estimate(measure: Measure[R], rows: Sequence[R]) -> Estimate:
    """The figure over ``rows`` and how sure it is; None everywhere when it applies to none of them."""
    table = picked(measure, rows)
    interval = metrics.bootstrap(table, measure.statistic)
    return Estimate(
        name=measure.name,
        label=measure.label,
        better=measure.better,
        unit=measure.unit,
        value=measure.statistic(table) if len(table) else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        rows=len(table),
    )


def picked(measure: Measure[R], rows: Sequence[R]) -> Table:
    """What the measure picks out of the rows it applies to: float64 [rows, numbers], [0, 0] for none."""
    numbers = [found for row in rows if (found := measure.pick(row)) is not None]
    return np.asarray(numbers, dtype=float) if numbers else np.zeros((0, 0))


def shown(value: float | None, unit: Unit) -> str:
    """A figure for people: "93.8 %", "0.871", "412 ms", "18"; "not measured" for None."""
    if value is None:
        return "not measured"
    return {"share": f"{100 * value:.1f} %", "score": f"{value:.3f}", "ms": f"{value:.0f} ms", "words": f"{value:g}"}[
        unit
    ]


def auroc_of(table: Table) -> float | None:
    """AUROC of rows (score, label)."""
    return metrics.auroc(table[:, 0].tolist(), (table[:, 1] > 0).tolist())


def _ece(table: Table) -> float | None:
    return metrics.ece(table[:, 0].tolist(), (table[:, 1] > 0).tolist())


def _aurc(table: Table) -> float | None:
    return metrics.aurc(table[:, 0].tolist(), (table[:, 1] > 0).tolist())


def median_of(table: Table) -> float | None:
    """Median of the first number; None for no rows."""
    return float(np.median(table[:, 0])) if len(table) else None


def _p95(table: Table) -> float | None:
    return metrics.percentile(table[:, 0].tolist(), 95)


def yes(flag: bool, *, when: bool = True) -> Numbers | None:
    """1 or 0 for a flag; None when it does not apply."""
    return (float(flag),) if when else None


def _known(value: float | None) -> Numbers | None:
    return None if value is None else (value,)


def _precision(row: Row) -> Numbers | None:
    return _known(metrics.citation_precision(row.citation_support)) if row.answered and row.question.accept else None


def _recall(row: Row) -> Numbers | None:
    facts = len(row.question.accept)
    return _known(metrics.citation_recall(row.citation_support, facts)) if row.answered else None


def _answerable(row: Row) -> Numbers | None:
    """Confidence and whether to answer; small talk has no confidence, and either reaction may be right."""
    applies = row.question.to_answer or row.question.to_refuse
    return (row.answer.confidence, float(row.question.to_answer)) if applies and _has_confidence(row) else None


def sureness(row: Row) -> Numbers | None:
    """Confidence and whether the evidence states the facts."""
    if row.supported is None or not _has_confidence(row):
        return None
    return (row.answer.confidence, float(row.supported))


def _has_confidence(row: Row) -> bool:
    return row.answer.status in ("answered", "not_in_articles")


def _reworded(row: Row) -> Numbers | None:
    """Share of the statements the generator drafted for that stand as it worded them."""
    drafted = {draft.statement for draft in row.drafts}
    return (len({draft.statement for draft in row.drafts if draft.kept}) / len(drafted),) if drafted else None


def _crag(row: Row) -> Numbers:
    return (float(metrics.crag_point(right=row.verdict.right, refused=not row.answered)),)


def _time(row: Row) -> Numbers:
    return (1000 * row.seconds,)


MEASURES: tuple[Measure[Row], ...] = (
    Measure("right", "right", "higher", "share", lambda row: yes(row.verdict.right)),
    Measure("crag", "CRAG score", "higher", "score", _crag),
    Measure("refused", "to refuse, refused", "higher", "share", lambda r: yes(r.refused, when=r.question.to_refuse)),
    Measure("false_answers", "false answers", "lower", "share", lambda r: yes(r.answered, when=r.question.to_refuse)),
    Measure("false_refusals", "false refusals", "lower", "share", lambda r: yes(r.refused, when=r.question.to_answer)),
    Measure(
        "wrong_answers",
        "wrong answers",
        "lower",
        "share",
        lambda row: yes(row.answered and not row.verdict.right, when=row.question.to_answer),
    ),
    Measure(
        "citations_exact", "footnotes exact", "higher", "share", lambda r: yes(not r.citation_faults, when=r.answered)
    ),
    Measure("citation_precision", "citation precision", "higher", "share", _precision),
    Measure("citation_recall", "citation recall", "higher", "share", _recall),
    Measure("auroc", "AUROC of confidence", "higher", "score", _answerable, auroc_of),
    Measure("ece", "calibration error (ECE)", "lower", "score", sureness, _ece),
    Measure("aurc", "area under risk-coverage", "lower", "score", sureness, _aurc),
    Measure("reworded", "drafts that stand", "higher", "share", _reworded),
    Measure(
        "words",
        "words of an answer, median",
        "lower",
        "words",
        lambda row: (float(len(strip_markers(row.answer.text).split())),) if row.answered else None,
        median_of,
    ),
    Measure("failed", "failures", "lower", "share", lambda row: yes(row.answer.status == "failed")),
    Measure("latency_p50_ms", "time, median", "lower", "ms", _time, median_of, portable=False),
    Measure("latency_p95_ms", "time, 95 % within", "lower", "ms", _time, _p95, portable=False),
)


def measured(name: str) -> Measure[Row]:
    """The measure of this name. Raises KeyError."""
    return next(measure for measure in MEASURES if measure.name == name)
