"""What makes a run fail: figures below a bar, or worse than in an older run by more than chance."""

import math
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from eval import metrics
from eval.measures import MEASURES, Better, Estimate, Measure, Unit, picked, shown
from eval.report import Report
from eval.rows import Row
from ingest.errors import UsageError


class Gate(BaseModel):
    """A bar for one figure: it fails below it or, where lower is better, above it."""

    model_config = ConfigDict(frozen=True)

    name: str
    bar: float


class Change(BaseModel):
    """The paired difference of one figure between two runs, over the questions both have.

    ``verdict`` is "worse" or "better" when the 95 % interval of the difference leaves 0 out, else "same".
    """

    model_config = ConfigDict(frozen=True)

    name: str
    label: str
    better: Better
    unit: Unit
    old: float | None
    new: float | None
    low: float | None
    high: float | None
    rows: int
    verdict: Literal["worse", "same", "better", "not measured"]


def parse_gates(texts: Sequence[str], known: Sequence[str]) -> tuple[Gate, ...]:
    """``metric=value`` texts as gates.

    Raises:
        UsageError: not of that form, an unknown metric (the known ones are named) or no number.
    """
    return tuple(_gate(text, known) for text in texts)


def _gate(text: str, known: Sequence[str]) -> Gate:
    name, equals, bar = (part.strip() for part in text.partition("="))
    if not equals:
        raise UsageError(f"--fail-under {text!r} is not metric=value", "e.g. --fail-under right=0.9")
    if name not in known:
        raise UsageError(f"--fail-under knows no metric {name!r}; it knows {', '.join(known)}")
    try:
        value = float(bar)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"--fail-under {name} needs a number, got {bar!r}", f"e.g. --fail-under {name}=0.9")
    return Gate(name=name, bar=value)


def broken(gates: Sequence[Gate], figures: Sequence[Estimate]) -> tuple[str, ...]:
    """One line for each gate its figure does not pass; a figure that was not measured passes none."""
    by_name = {figure.name: figure for figure in figures}
    return tuple(line for gate in gates if (line := _objection(gate, by_name.get(gate.name))))


def _objection(gate: Gate, figure: Estimate | None) -> str:
    if figure is None or figure.value is None:
        return f"{gate.name} was not measured, the bar is {gate.bar:g}"
    bar = shown(gate.bar, figure.unit)
    if figure.better == "higher" and figure.value < gate.bar:
        return f"{gate.name} is {shown(figure.value, figure.unit)}, below the bar of {bar}"
    if figure.better == "lower" and figure.value > gate.bar:
        return f"{gate.name} is {shown(figure.value, figure.unit)}, above the bar of {bar}"
    return ""


def compare(new: Report, old: Report) -> tuple[Change, ...]:
    """Every portable figure of two runs of Footnote, paired question by question.

    Raises:
        UsageError: the runs have no question in common.
    """
    pairs = _pairs(new.main.rows, old.main.rows)
    if not pairs:
        raise UsageError(
            f"the baseline has none of the {len(new.main.rows)} questions of this run", "name a report of the same set"
        )
    return tuple(_change(measure, pairs) for measure in MEASURES if measure.portable)


def _pairs(new: Sequence[Row], old: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Rows of the same question; a question whose text or right answer was changed since is another one."""
    before = {row.question.id: row for row in old}
    return [(row, before[row.question.id]) for row in new if _same(row, before.get(row.question.id))]


def _same(row: Row, other: Row | None) -> bool:
    return other is not None and row.question == other.question


def _change(measure: Measure[Row], pairs: Sequence[tuple[Row, Row]]) -> Change:
    both = [(new, old) for new, old in pairs if measure.pick(new) is not None and measure.pick(old) is not None]
    new_table, old_table = picked(measure, [new for new, _ in both]), picked(measure, [old for _, old in both])
    interval = metrics.paired_bootstrap(new_table, old_table, measure.statistic) if both else None
    return Change(
        name=measure.name,
        label=measure.label,
        better=measure.better,
        unit=measure.unit,
        old=measure.statistic(old_table) if both else None,
        new=measure.statistic(new_table) if both else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        rows=len(both),
        verdict=_verdict(measure.better, interval),
    )


def _verdict(better: Better, interval: metrics.Interval | None) -> Literal["worse", "same", "better", "not measured"]:
    if interval is None:
        return "not measured"
    if interval.low <= 0 <= interval.high:
        return "same"
    return "better" if (interval.low > 0) == (better == "higher") else "worse"


class Summary(BaseModel):
    """What ``footnote eval --json`` prints: the report without its rows, the comparison, and what failed."""

    model_config = ConfigDict(frozen=True)

    report: Report
    changes: tuple[Change, ...]
    failures: tuple[str, ...]
