"""The public question sets of ``footnote eval``: somebody else's files, the same figures as everybody's."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from api.commands.options import json_option
from api.terminal import progress, say, warn

if TYPE_CHECKING:
    from pydantic import BaseModel

    from answer.service import ChatService
    from api.settings import Settings
    from eval.gates import Gate
    from eval.measures import Estimate

F = TypeVar("F", bound=Callable[..., Any])

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


def fail_under_option(command: F) -> F:
    """``--fail-under METRIC=VALUE``."""
    text = "Exit 1 when a figure is worse than this; repeatable."
    return click.option("--fail-under", multiple=True, metavar="METRIC=VALUE", help=text)(command)


def rows_option(command: F) -> F:
    """``--rows FILE``."""
    path = click.Path(path_type=Path, dir_okay=False)
    return click.option("--rows", type=path, help="Write every question and answer here, JSONL.")(command)


def held_out_option(command: F) -> F:
    """``--held-out``."""
    text = "Only articles the shipped reader was not trained on (parts of both sets were)."
    return click.option("--held-out", is_flag=True, help=text)(command)


def count_option(name: str, default: int, text: str) -> Callable[[F], F]:
    """An option that takes a positive number."""
    return click.option(name, type=click.IntRange(min=1), default=default, show_default=True, help=text)


@click.command()
@click.argument("file", type=FILE)
@count_option("--paragraphs", 240, "Paragraphs to index together.")
@count_option("--questions", 300, "Answerable questions to ask.")
@held_out_option
@rows_option
@fail_under_option
@json_option
def squad(
    file: Path,
    paragraphs: int,
    questions: int,
    held_out: bool,
    rows: Path | None,
    fail_under: tuple[str, ...],
    as_json: bool,
) -> int:
    """Ask the questions of a SQuAD 2.0 FILE (.json or .json.gz) over many of its paragraphs at once.

    Each question is asked of all paragraphs, with its own hidden, of its own alone and of another of its article alone;
    impossible questions are asked once.
    """
    from api.settings import load_settings
    from eval.public import MEASURES, figures
    from eval.squad import run_squad

    gates, settings = _gates(fail_under, MEASURES), load_settings()
    with progress("Asking") as advance:
        service = _service(settings)
        cases = run_squad(service, file, paragraphs, questions, held_out, settings.retriever, settings.ingest, advance)
    return _finish(figures(cases), cases, gates, rows, as_json)


@click.command()
@click.argument("file", type=FILE)
@count_option("--questions", 300, "Questions to ask, half of them with a passage that does not answer.")
@held_out_option
@rows_option
@fail_under_option
@json_option
def nq(
    file: Path, questions: int, held_out: bool, rows: Path | None, fail_under: tuple[str, ...], as_json: bool
) -> int:
    """Ask natural search questions of a FILE of JSON lines (.jsonl or .jsonl.gz), each of one passage.

    A line is {"question", "answers", "title", "passage"}.
    """
    from api.settings import load_settings
    from eval.nq import run_nq
    from eval.public import MEASURES, figures

    gates, settings = _gates(fail_under, MEASURES), load_settings()
    with progress("Asking") as advance:
        cases = run_nq(_service(settings), file, questions, held_out, settings.retriever, settings.ingest, advance)
    return _finish(figures(cases), cases, gates, rows, as_json)


@click.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@count_option("--attacks", 150, "Attacked e-mails to ask about, besides every e-mail as it is.")
@rows_option
@fail_under_option
@json_option
def injection(folder: Path, attacks: int, rows: Path | None, fail_under: tuple[str, ...], as_json: bool) -> int:
    """Hide orders in e-mails and see whether answers obey them; DIR is in the format of BIPIA."""
    from api.settings import load_settings
    from eval.injection import MEASURES, figures, run_injection

    gates, settings = _gates(fail_under, MEASURES), load_settings()
    with progress("Asking") as advance:
        cases = run_injection(_service(settings), folder, attacks, settings.retriever, settings.ingest, advance)
    return _finish(figures(cases), cases, gates, rows, as_json)


@click.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@click.option("--index", type=click.Path(path_type=Path, file_okay=False), help="Keep the index here for next time.")
@rows_option
@fail_under_option
@json_option
def scifact(folder: Path, index: Path | None, rows: Path | None, fail_under: tuple[str, ...], as_json: bool) -> int:
    """Rank abstracts for claims, no answers: nDCG@10 on BEIR SciFact, or any DIR in its format."""
    from api.settings import load_settings
    from eval.scifact import MEASURES, figures, run_scifact

    gates, settings = _gates(fail_under, MEASURES), load_settings()
    with tempfile.TemporaryDirectory() as temporary, progress("Indexing") as advance:
        kept = index or Path(temporary) / "index"
        ranked = run_scifact(folder, kept, settings.retriever, settings.ingest, advance)
    return _finish(figures(ranked), ranked, gates, rows, as_json)


def _service(settings: "Settings") -> "ChatService":
    from api.wiring import build_service

    service = build_service(settings.answer)
    service.load()
    return service


def _gates(texts: Sequence[str], measures: Sequence[Any]) -> "tuple[Gate, ...]":
    """Read before the work begins, so that a typing mistake is told at once."""
    from eval.gates import parse_gates

    return parse_gates(texts, [measure.name for measure in measures])


def _finish(
    figures: "Sequence[Estimate]",
    cases: "Sequence[BaseModel]",
    gates: "Sequence[Gate]",
    rows: Path | None,
    as_json: bool,
) -> int:
    """Print the figures, write the rows, and check the gates."""
    from eval.gates import broken
    from eval.summary import figure_lines
    from ingest.errors import UsageError

    if rows:
        try:
            rows.write_text("".join(f"{case.model_dump_json()}\n" for case in cases), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {rows}: {error.strerror}", "name another file with --rows") from error
    if as_json:
        click.echo(f"[{','.join(figure.model_dump_json() for figure in figures)}]")
    else:
        for line in figure_lines(figures):
            say(line)
    failures = broken(gates, figures)
    for line in failures:
        warn(line)
    return 1 if failures else 0
