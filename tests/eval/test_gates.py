from collections.abc import Callable
from pathlib import Path

import pytest

from eval.corpus import Corpus
from eval.gates import broken, compare, parse_gates
from eval.known_facts import Question
from eval.measures import Estimate, shown
from eval.observe import ObservedService
from eval.report import Report, provenance, read_report
from eval.run import run_all
from ingest.errors import UsageError


def figure(name: str, value: float | None, better: str = "higher") -> Estimate:
    return Estimate(name=name, label=name, better=better, unit="score", value=value, low=None, high=None, rows=9)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("right", "'right' is not metric=value"),
        ("rihgt=0.9", "knows no metric 'rihgt'; it knows right, ece"),
        ("right=high", "right needs a number, got 'high'"),
        ("right=nan", "right needs a number, got 'nan'"),
        ("right=", "right needs a number, got ''"),
    ],
)
def test_a_bad_gate_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_gates([text], ["right", "ece"])


@pytest.mark.parametrize(
    ("gate", "line"),
    [
        ("right=0.8", ""),
        ("right=0.81", "right is 0.800, below the bar of 0.810"),
        ("ece=0.1", ""),
        ("ece=0.09", "ece is 0.100, above the bar of 0.090"),
        ("auroc=0.1", "auroc was not measured, the bar is 0.1"),
    ],
)
def test_a_gate_fails_on_the_bad_side_of_its_bar(gate: str, line: str) -> None:
    figures = [figure("right", 0.8), figure("ece", 0.1, "lower"), figure("auroc", None)]
    gates = parse_gates([gate], ["right", "ece", "auroc"])
    assert broken(gates, figures) == ((line,) if line else ())


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0.9375, "share", "93.8 %"), (0.5, "score", "0.500"), (412.4, "ms", "412 ms"), (18.0, "words", "18")],
)
def test_how_a_figure_is_written(value: float, unit: str, text: str) -> None:
    assert shown(value, unit) == text  # type: ignore[arg-type]


def many(question: Callable[..., Question], right: int, wrong: int) -> list[Question]:
    """Questions of which the fakes answer the first rightly and the others wrongly."""
    facts = ["1998"] * right + ["1999"] * wrong
    return [question(f"q{n}", "When was the ferry Aurora launched?", [fact]) for n, fact in enumerate(facts)]


@pytest.fixture
def report(service: ObservedService, corpus: Corpus, tmp_path: Path) -> Callable[[list[Question]], Report]:
    file = tmp_path / "set.jsonl"
    file.write_text("whatever")

    def make(asked: list[Question]) -> Report:
        systems = run_all(service, [], asked, corpus, lambda done, total: None)
        return Report(provenance=provenance(systems[0].rows, file, "all", {}), systems=systems)

    return make


def turned(report: Report, count: int) -> Report:
    """The same report with its first ``count`` right verdicts made wrong."""
    main = report.main
    rows = list(main.rows)
    for at in range(count):
        verdict = rows[at].verdict
        rows[at] = rows[at].model_copy(update={"verdict": type(verdict)(False, "turned")})
    return report.model_copy(update={"systems": (main.model_copy(update={"rows": tuple(rows)}),)})


def test_a_run_is_no_worse_than_itself(report: Callable[..., Report], question: Callable[..., Question]) -> None:
    one = report(many(question, 6, 4))
    verdicts = {change.name: change.verdict for change in compare(one, one)}
    assert verdicts["right"] == verdicts["crag"] == "same"
    assert "worse" not in verdicts.values()


@pytest.mark.parametrize(("lost", "verdict"), [(1, "same"), (8, "worse")])
def test_a_loss_counts_when_it_is_more_than_chance(
    report: Callable[..., Report], question: Callable[..., Question], lost: int, verdict: str
) -> None:
    old = report(many(question, 20, 0))
    changes = {change.name: change for change in compare(turned(old, lost), old)}
    assert changes["right"].verdict == verdict
    assert (changes["right"].old, changes["right"].new) == (1.0, pytest.approx(1 - lost / 20))


def test_a_gain_is_better_not_worse(report: Callable[..., Report], question: Callable[..., Question]) -> None:
    new = report(many(question, 20, 0))
    changes = {change.name: change.verdict for change in compare(new, turned(new, 8))}
    assert changes["right"] == changes["crag"] == "better"


def test_time_is_not_compared(report: Callable[..., Report], question: Callable[..., Question]) -> None:
    one = report(many(question, 2, 0))
    assert not any("latency" in change.name for change in compare(one, one))


def test_only_questions_that_did_not_change_are_paired(
    report: Callable[..., Report], question: Callable[..., Question]
) -> None:
    old, new = report(many(question, 3, 0)), report(many(question, 2, 1))
    assert next(change.rows for change in compare(new, old) if change.name == "right") == 2


def test_reports_of_different_sets_do_not_compare(
    report: Callable[..., Report], question: Callable[..., Question]
) -> None:
    other = report([question("other", "When was the ferry Aurora launched?", ["1998"])])
    with pytest.raises(UsageError, match="has none of the 2 questions"):
        compare(report(many(question, 2, 0)), other)


def test_a_report_is_read_back_as_it_was(
    report: Callable[..., Report], question: Callable[..., Question], tmp_path: Path
) -> None:
    one = report(many(question, 2, 1))
    (tmp_path / "report.json").write_text(one.model_dump_json())
    assert read_report(tmp_path / "report.json") == one


@pytest.mark.parametrize("content", ["", "[]", '{"format": 99}'])
def test_what_is_no_report_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(content)
    with pytest.raises(UsageError, match=r"other\.json is no report of this version"):
        read_report(tmp_path / "other.json")


def test_a_figure_that_is_not_there_at_all_passes_no_gate() -> None:
    assert broken(parse_gates(["words=30"], ["words"]), []) == ("words was not measured, the bar is 30",)
