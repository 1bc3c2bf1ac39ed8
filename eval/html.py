"""A run as one HTML file that works offline: no script, nothing loaded, everything from outside escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.figures import interval_track, reliability_plot, risk_coverage_plot
from eval.gates import Change
from eval.measures import Estimate, picked, shown, sureness
from eval.measures import measured as measure_named
from eval.metrics import reliability, risk_coverage
from eval.report import KindFigures, Report, SystemResult
from eval.rows import ReadPassage, Row
from eval.text import printable

HEADLINES = ("right", "refused", "citations_exact", "crag", "auroc", "ece", "reworded", "latency_p50_ms")
KIND_COLUMNS = ("right", "refused", "false_answers", "false_refusals", "citations_exact", "crag", "latency_p50_ms")
COMPARED = ("right", "crag", "false_answers", "false_refusals", "citations_exact", "auroc")
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a passage; ``quoted`` when the answer cites them."""

    text: str
    quoted: bool


def write_html(
    report: Report, path: Path, changes: Sequence[Change] = (), failures: Sequence[str] = (), gates: int = 0
) -> None:
    """Write the report.

    Args:
        report: of a run with at least one question.
        path: of the file.
        changes: the comparison with an older run, if there was one.
        failures: lines about gates that were not passed.
        gates: how many gates there were.
    """
    path.write_text(page(report, changes, failures, gates), encoding="utf-8")


def page(report: Report, changes: Sequence[Change] = (), failures: Sequence[str] = (), gates: int = 0) -> str:
    """The report as HTML text."""
    main = report.main
    table = picked(measure_named("ece"), main.rows)
    confidences, right = table[:, 0].tolist() if len(table) else [], (table[:, 1] > 0).tolist() if len(table) else []
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            main=main,
            rows=sorted(main.rows, key=lambda row: (row.verdict.right, not row.citation_faults)),
            headlines=[main.all.get(name) for name in HEADLINES],
            kind_columns=[main.all.get(name) for name in KIND_COLUMNS],
            compared=[main.all.get(name) for name in COMPARED],
            risk_plot=risk_coverage_plot(risk_coverage(confidences, right), _lowest_answered(main.rows)),
            reliability_plot=reliability_plot(reliability(confidences, right)),
            changes=changes,
            failures=failures,
            gates=gates,
        )
    )


def pieces(passage: ReadPassage, row: Row) -> list[Piece]:
    """A passage cut where quotes of the answer begin and end; joined they are its text."""
    ranges = [
        (max(citation.start, passage.start) - passage.start, min(citation.end, passage.end) - passage.start)
        for citation in row.answer.citations
        if citation.document.id == passage.document
    ]
    ranges = [(start, end) for start, end in ranges if start < end]
    cuts = sorted({0, len(passage.text), *(edge for pair in ranges for edge in pair)})
    return [
        Piece(passage.text[start:end], any(low <= start < high for low, high in ranges))
        for start, end in pairwise(cuts)
    ]


def _lowest_answered(rows: Sequence[Row]) -> float | None:
    """The lowest confidence that was answered from, which shows where the threshold stands; None without answers."""
    answered = [numbers[0] for row in rows if row.answered and (numbers := sureness(row)) is not None]
    return min(answered, default=None)


def _track(figure: Estimate) -> Markup:
    least = -1.0 if figure.name == "crag" else 0.0
    return interval_track(figure.low, figure.value, figure.high, least, 1.0)


def _figure(system: SystemResult | KindFigures, name: str) -> Estimate:
    return system.all.get(name) if isinstance(system, SystemResult) else system.get(name)


def _range(figure: Estimate | Change) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{shown(figure.low, figure.unit)} to {shown(figure.high, figure.unit)}"


def _finalize(value: Any) -> Any:
    """Every string that is printed goes through here, before it is escaped."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": shown, "range": _range, "track": _track}
    environment.globals |= {"figure": _figure, "pieces": pieces}
    return environment
