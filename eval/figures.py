"""The figures of the HTML report as inline SVG. They take their colours from the page's style sheet.

Only numbers of our own go into the markup, never text of a document; labels are constants.
"""

from collections.abc import Sequence

from markupsafe import Markup

from eval.metrics import Bin, RiskPoint

WIDTH, HEIGHT = 420, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 24, 12, 42
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def risk_coverage_plot(points: Sequence[RiskPoint], threshold: float | None) -> Markup:
    """Risk over coverage; a dot where the given threshold stands."""
    top = _round_up(max((point.risk for point in points), default=0.0))
    path = " ".join(f"{_x(point.coverage)},{_y(point.risk / top)}" for point in points)
    first = points[0] if points else None
    area = f"{_x(first.coverage)},{_y(0)} {path} {_x(points[-1].coverage)},{_y(0)}" if first else ""
    curve = f'<polygon class="area" points="{area}"/><polyline class="line" points="{path}"/>'
    body = curve + _mark(points, threshold, top)
    return _plot("Risk-coverage curve", body, "answered (coverage)", "wrong among them (risk)", top)


def reliability_plot(bins: Sequence[Bin]) -> Markup:
    """Share right over confidence, a dot a bin whose area is its count; the diagonal is perfect."""
    most = max((part.count for part in bins), default=1)
    gaps = "".join(
        f'<line class="gap" x1="{_x(part.confidence)}" x2="{_x(part.confidence)}"'
        f' y1="{_y(part.confidence)}" y2="{_y(part.right)}"/>'
        for part in bins
    )
    dots = "".join(
        f'<circle class="dot" cx="{_x(part.confidence)}" cy="{_y(part.right)}"'
        f' r="{3 + 9 * (part.count / most) ** 0.5:.1f}">'
        f"<title>{part.count} questions, confidence {part.confidence:.2f}, right {part.right:.2f}</title></circle>"
        for part in bins
    )
    diagonal = f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    return _plot("Reliability diagram", diagonal + gaps + dots, "confidence", "evidence right", 1.0)


def interval_track(low: float | None, value: float | None, high: float | None, least: float, most: float) -> Markup:
    """A dot with its interval on a track from ``least`` to ``most``; an empty track for what was not measured."""

    def at(number: float) -> str:
        return f"{2 + 96 * (number - least) / (most - least):.2f}%"

    marks = f'<line class="rail" x1="{at(least)}" x2="{at(most)}" y1="50%" y2="50%"/>'
    if least < 0:
        marks += f'<line class="zero" x1="{at(0)}" x2="{at(0)}" y1="15%" y2="85%"/>'
    if value is not None and low is not None and high is not None:
        marks += f'<line class="span" x1="{at(low)}" x2="{at(high)}" y1="50%" y2="50%"/>'
        marks += f'<circle class="dot" cx="{at(value)}" cy="50%" r="4.5"/>'
    return Markup(f'<svg class="track" role="presentation">{marks}</svg>')  # noqa: S704 - numbers only


def _mark(points: Sequence[RiskPoint], threshold: float | None, top: float) -> str:
    """The point that answers most among those at or above the threshold."""
    if threshold is None:
        return ""
    reached = [point for point in points if point.threshold >= threshold]
    if not reached:
        return ""
    at = max(reached, key=lambda point: point.coverage)
    title = f"threshold {threshold:.2f}: answers {at.coverage:.0%}, wrong {at.risk:.1%}"
    return f'<circle class="mark" cx="{_x(at.coverage)}" cy="{_y(at.risk / top)}" r="6"><title>{title}</title></circle>'


def _plot(title: str, body: str, x_label: str, y_label: str, top: float) -> Markup:
    grid = "".join(
        f'<line class="grid" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(tick)}" y2="{_y(tick)}"/>'
        f'<text x="{LEFT - 6}" y="{_y(tick)}" dy="4" text-anchor="end">{_percent(tick * top)}</text>'
        f'<text x="{_x(tick)}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{_percent(tick)}</text>'
        for tick in TICKS
    )
    middle = (TOP + HEIGHT - BOTTOM) / 2
    labels = (
        f'<text class="axis" x="{_x(0.5)}" y="{HEIGHT - 6}" text-anchor="middle">{x_label}</text>'
        f'<text class="axis" transform="translate(11 {middle}) rotate(-90)" text-anchor="middle">{y_label}</text>'
    )
    svg = f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">{grid}{body}{labels}</svg>'
    return Markup(svg)  # noqa: S704 - numbers and constants only


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _round_up(risk: float) -> float:
    """The end of an axis that shows ``risk``: a fifth, two fifths, ... of the whole."""
    return next((level / 5 for level in range(1, 5) if risk <= level / 5), 1.0)


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)
