"""A run for the terminal: tables of plain text."""

from collections.abc import Iterator, Sequence

from eval.gates import Change
from eval.measures import Estimate, shown
from eval.report import KindFigures, Report
from eval.text import aligned

NOT_MEASURED = "-"
OVERALL = (
    "right",
    "crag",
    "citations_exact",
    "citation_precision",
    "citation_recall",
    "auroc",
    "ece",
    "aurc",
    "reworded",
    "words",
    "latency_p50_ms",
    "latency_p95_ms",
)
COMPARED = ("right", "crag", "false_answers", "false_refusals", "citations_exact", "auroc", "ece")


def summary(report: Report, changes: Sequence[Change] = ()) -> Iterator[str]:
    """The lines of the whole summary."""
    yield from aligned(list(_kind_rows(report)))
    yield ""
    yield from figure_lines([report.main.all.get(name) for name in OVERALL])
    if len(report.systems) > 1:
        yield ""
        yield from aligned(list(_system_rows(report)))
    if changes:
        yield ""
        yield from aligned(list(_change_rows(changes)))


def figure_lines(figures: Sequence[Estimate]) -> list[str]:
    """One line a figure: label, value, interval, on how much it was measured."""
    return aligned([(f.label, shown(f.value, f.unit), interval(f), f"n = {f.rows}" if f.rows else "") for f in figures])


def interval(figure: Estimate | Change) -> str:
    """For example "[0.61, 0.74]" in the figure's unit; "" when there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"[{_short(figure.low, figure)}, {_short(figure.high, figure)}]"


def _short(value: float, figure: Estimate | Change) -> str:
    return shown(value, figure.unit).removesuffix(" %").removesuffix(" ms")


def _kind_rows(report: Report) -> Iterator[tuple[str, ...]]:
    yield (
        "kind",
        "right",
        "refused",
        "false answers",
        "false refusals",
        "footnotes wrong",
        "CRAG",
        "95 %",
        "p50 ms",
        "p95 ms",
    )
    for kind in report.main.kinds:
        crag = kind.get("crag")
        yield (
            kind.kind,
            *(_count(kind, name) for name in ("right", "refused", "false_answers", "false_refusals")),
            _count(kind, "citations_exact", inverted=True),
            shown(crag.value, crag.unit),
            interval(crag),
            *(_short(kind.get(name).value or 0.0, kind.get(name)) for name in ("latency_p50_ms", "latency_p95_ms")),
        )


def _count(kind: KindFigures, name: str, *, inverted: bool = False) -> str:
    """For example "17/20": how many of those the measure applies to."""
    figure = kind.get(name)
    if figure.value is None:
        return NOT_MEASURED
    share = 1 - figure.value if inverted else figure.value
    return f"{round(share * figure.rows)}/{figure.rows}"


def _system_rows(report: Report) -> Iterator[tuple[str, ...]]:
    yield ("system", *(report.main.all.get(name).label for name in COMPARED), "CRAG, 95 %")
    for system in report.systems:
        if system.missing:
            yield (f"{system.title} ({system.missing})", *["not measured"] * len(COMPARED), "")
            continue
        figures = [system.all.get(name) for name in COMPARED]
        cells = [NOT_MEASURED if f.value is None else shown(f.value, f.unit) for f in figures]
        yield (system.title, *cells, interval(system.all.get("crag")))


def _change_rows(changes: Sequence[Change]) -> Iterator[tuple[str, ...]]:
    yield ("against the baseline", "before", "now", "difference, 95 %", "verdict")
    for change in changes:
        before, now = shown(change.old, change.unit), shown(change.new, change.unit)
        yield (change.label, before, now, interval(change), change.verdict)
