"""``footnote eval calibrate``: fit the confidence on an owner's own questions and store it with the index."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from api.commands.options import index_option
from api.terminal import progress, say, warn

if TYPE_CHECKING:
    from answer.calibration import Calibration
    from api.settings import Settings
    from eval.calibrate import Fitted, Sample
    from eval.known_facts import Question
    from eval.metrics import RiskPoint

STEPS = 10
SPLIT: Final = "dev"


@click.command()
@click.argument("file", metavar="QUESTIONS", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@index_option
@click.option(
    "--max-risk",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.1,
    show_default=True,
    help="Share of the answers that may rest on wrong evidence.",
)
@click.option("--dry-run", is_flag=True, help="Print everything and store nothing.")
def calibrate(file: Path, index: Path | None, max_risk: float, dry_run: bool) -> int:
    """Fit the confidence on the labelled QUESTIONS (JSONL, see docs/eval.md) and store it with the index.

    Only questions of split "dev" are used; one that has no split is one of them.
    """
    from api.settings import load_settings
    from eval.calibrate import fit, with_max_risk
    from eval.known_facts import in_split, load_questions
    from retriever.generations import store_calibration

    settings = load_settings(index=index)
    asked = in_split(load_questions(file), SPLIT)
    samples, name = _samples(asked, settings)
    fitted = fit(samples, f"{len(samples)} questions of {file.name}, reader {name}")
    calibration, chosen = with_max_risk(fitted, max_risk)
    _print(fitted, samples, len(asked), calibration, chosen)
    if settings.answer.threshold is not None:
        warn(f"the setting answer.threshold is {settings.answer.threshold:g} and wins over the one fitted here")
    if dry_run:
        return 0
    generation = store_calibration(settings.index, calibration.model_dump(mode="json"))
    say(f"stored with generation {generation.number} of {settings.index}")
    return 0


def _samples(asked: "Sequence[Question]", settings: "Settings") -> "tuple[list[Sample], str]":
    """The samples and the reader's name; the generator has no part in this."""
    from answer.reader import open_reader
    from api.wiring import open_source
    from eval.calibrate import label
    from eval.observe import ObservedService

    reader = open_reader(settings.answer.reader)
    source = open_source(settings)
    with progress("Asking") as advance:
        return label(ObservedService(settings.answer, reader, None), asked, source, advance), reader.name


def _print(
    fitted: "Fitted", samples: "Sequence[Sample]", asked: int, calibration: "Calibration", chosen: "RiskPoint"
) -> None:
    from eval.calibrate import risk_interval
    from eval.text import aligned

    right = sum(sample.right for sample in samples)
    say(f"{len(samples)} of {asked} questions have a confidence; {right} of those find right evidence")
    methods = [("in force before", fitted.error_in_force), *fitted.errors.items()]
    rows = [(name, f"{error:.3f}", "chosen" if name == fitted.method else "") for name, error in methods]
    for line in aligned([("calibration error (ECE)", "", ""), *rows]):
        say(line)
    say("")
    points = thinned(fitted.curve, chosen)
    table = [(f"{p.threshold:.3f}", f"{p.coverage:.1%}", f"{p.risk:.1%}", "<" if p == chosen else "") for p in points]
    for line in aligned([("threshold", "answered", "wrong among them", ""), *table]):
        say(line)
    interval = risk_interval(fitted, calibration.threshold)
    between = f", 95 % interval {interval.low:.1%} to {interval.high:.1%}" if interval else ""
    say("")
    share = f"answers {chosen.coverage:.1%}, {chosen.risk:.1%} of them wrong{between}"
    say(f"threshold {calibration.threshold:.3f}: {share}")


def thinned(curve: "Sequence[RiskPoint]", chosen: "RiskPoint") -> "list[RiskPoint]":
    """About ten points of a curve, evenly spread over coverage, the chosen one among them."""
    wanted = [(step + 1) / STEPS for step in range(STEPS)]
    nearest = {min(curve, key=lambda point: abs(point.coverage - share)) for share in wanted}
    return sorted({*nearest, chosen}, key=lambda point: point.coverage)
