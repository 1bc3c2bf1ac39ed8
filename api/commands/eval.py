"""``footnote eval``: how good the answers are, measured."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from click.core import ParameterSource

from api.commands.eval_calibrate import calibrate
from api.commands.eval_feedback import feedback
from api.commands.eval_sets import FILE, FOLDER, fail_under_option, injection, nq, scifact, squad
from api.commands.options import json_option
from api.terminal import progress, say, warn

if TYPE_CHECKING:
    from api.settings import Settings
    from eval.corpus import Corpus
    from eval.gates import Change, Gate
    from eval.known_facts import Question
    from eval.report import Report

Split = Literal["dev", "test", "all"]

ARTICLES = "articles"


@click.group(name="eval", invoke_without_command=True, subcommand_metavar="[COMMAND [ARGS]...]")
@click.option("--questions", type=FILE, help="A set of your own, JSONL.  [default: the shipped known facts]")
@click.option(
    "--split", type=click.Choice(["dev", "test", "all"]), default="all", show_default=True, help="Half of the set."
)
@click.option("--article", "articles", multiple=True, metavar="PATH|URL", help="What they are about; repeatable.")
@click.option("--index", type=FOLDER, help="Answer from this index instead.")
@click.option(
    "--baselines", is_flag=True, help="Put the questions to simpler systems too; takes several times as long."
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write report.json, .html, junit.xml.")
@fail_under_option
@click.option("--baseline", type=FILE, help="An older report.json; exit 1 when significantly worse.")
@json_option
@click.pass_context
def evaluate(
    context: click.Context,
    questions: Path | None,
    split: Split,
    articles: tuple[str, ...],
    index: Path | None,
    baselines: bool,
    out: Path | None,
    fail_under: tuple[str, ...],
    baseline: Path | None,
    as_json: bool,
) -> int:
    """Ask questions whose right answers are known and say how good the answers are.

    Without a COMMAND: the known facts about the folder "articles", or a set of your own (see docs/eval.md).
    Exits 1 when a gate is not passed.
    """
    if context.invoked_subcommand is not None:
        _refuse_options_before_command(context)
        return 0
    from api.settings import load_settings
    from eval.gates import parse_gates
    from eval.known_facts import KNOWN_FACTS
    from eval.measures import MEASURES
    from eval.report import read_report

    gates = parse_gates(fail_under, [measure.name for measure in MEASURES])
    old = read_report(baseline) if baseline else None
    settings = load_settings(index=index)
    file = questions or KNOWN_FACTS
    asked = _questions(file, split)
    report = _run(asked, file, split, _corpus(articles, index, settings), settings, baselines)
    return _finish(report, old, gates, out, as_json)


for command in (squad, nq, scifact, injection, calibrate, feedback):
    evaluate.add_command(command)


def _refuse_options_before_command(context: click.Context) -> None:
    """The options of this group belong to the known facts; before another command they would be lost in silence."""
    for parameter in context.command.params:
        if context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE:
            command = context.invoked_subcommand
            raise click.UsageError(f"{parameter.opts[-1]} stands before {command!r}; put it behind, if it has it")


def _questions(file: Path, split: Split) -> "tuple[Question, ...]":
    from eval.known_facts import in_split, load_questions
    from ingest.errors import UsageError

    questions = load_questions(file)
    chosen = questions if split == "all" else in_split(questions, split)
    if not chosen:
        raise UsageError(f"none of the {len(questions)} questions in {file} is in split {split!r}", "--split all")
    return chosen


def _corpus(articles: tuple[str, ...], index: Path | None, settings: "Settings") -> "Corpus":
    from answer.service import Source
    from eval.corpus import Corpus, MemoryIndex, index_opener, load_articles
    from ingest.errors import UsageError
    from retriever.settings import RetrieverSettings

    if articles and index:
        raise click.UsageError("give --article or --index, not both")
    if index:
        return Corpus(index_opener(index, settings.ingest), settings.retriever, settings.ingest)
    named = articles or ((ARTICLES,) if Path(ARTICLES).is_dir() else ())
    memory: list[MemoryIndex] = []

    def shared(wanted: RetrieverSettings) -> Source:
        if not named:
            raise UsageError(f"there is no folder {ARTICLES!r} here", "name --article PATH or --index DIR")
        if not memory:
            with progress("Indexing") as advance:
                documents = load_articles(named, settings.ingest)
                memory.append(MemoryIndex(documents, settings.retriever, settings.ingest, progress=advance))
        return memory[0].source(wanted)

    return Corpus(shared, settings.retriever, settings.ingest)


def _run(
    asked: "tuple[Question, ...]", file: Path, split: Split, corpus: "Corpus", settings: "Settings", baselines: bool
) -> "Report":
    from answer.reader import open_reader
    from api.wiring import usable_generator
    from eval.baselines import contenders, shared_generator
    from eval.observe import ObservedService
    from eval.report import Report, provenance
    from eval.run import run_all

    generator = usable_generator(settings.answer)
    if baselines:
        generator = shared_generator(generator)
    service = ObservedService(settings.answer, open_reader(settings.answer.reader), generator)
    service.load()
    corpus.source(asked[0])
    others = contenders(service, settings.answer, generator) if baselines else []
    with progress("Asking") as advance:
        systems = run_all(service, others, asked, corpus, advance)
    return Report(
        provenance=provenance(systems[0].rows, file, split, settings.model_dump(mode="json")), systems=systems
    )


def _finish(report: "Report", old: "Report | None", gates: "Sequence[Gate]", out: Path | None, as_json: bool) -> int:
    from eval.gates import broken, compare
    from eval.summary import summary

    changes = compare(report, old) if old else ()
    failures = broken(gates, report.main.all.figures)
    failures += tuple(f"{c.name} is significantly worse than in the baseline" for c in changes if c.verdict == "worse")
    if out:
        _write(report, changes, failures, len(gates), out)
    if as_json:
        click.echo(_json(report, changes, failures))
    else:
        for line in summary(report, changes):
            say(line)
    for line in failures:
        warn(line)
    return 1 if failures else 0


def _write(report: "Report", changes: "Sequence[Change]", failures: Sequence[str], gates: int, out: Path) -> None:
    from eval.html import write_html
    from eval.junit import write_junit
    from ingest.errors import UsageError

    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.json").write_text(report.model_dump_json(indent=1), encoding="utf-8")
        write_junit(report, out / "junit.xml")
        write_html(report, out / "report.html", changes, failures, gates)
    except OSError as error:
        raise UsageError(f"cannot write to {out}: {error.strerror}", "name another folder with --out") from error
    warn(f"wrote {out / 'report.html'}, report.json and junit.xml")


def _json(report: "Report", changes: "Sequence[Change]", failures: Sequence[str]) -> str:
    """Everything but the rows, which are in report.json."""
    from eval.gates import Summary

    systems = tuple(system.model_copy(update={"rows": ()}) for system in report.systems)
    return Summary(
        report=report.model_copy(update={"systems": systems}), changes=tuple(changes), failures=tuple(failures)
    ).model_dump_json()
