"""``footnote eval`` with the backends that need no model."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from answer.types import Answer
from api.commands.ask import ask
from api.commands.eval import evaluate
from api.commands.ingest import ingest
from api.sessions import open_sessions
from api.settings import load_settings
from eval import metrics
from ingest.errors import FootnoteError, UsageError
from retriever.generations import open_index

TEXT = "The harbour\n\nThe ferry Aurora was launched in 1998 by the mayor of Lund. It carries 420 passengers.\n"
QUESTIONS = [
    {
        "id": "launch",
        "kind": "fact",
        "question": "When was the ferry Aurora launched?",
        "status": "answered",
        "accept": [["1998"]],
    },
    {
        "id": "load",
        "kind": "fact",
        "question": "How many passengers does the ferry carry?",
        "status": "answered",
        "accept": [["420"]],
        "split": "test",
    },
    {
        "id": "thunder",
        "kind": "unanswerable",
        "question": "Who composed the symphony of thunder?",
        "status": "not_in_articles",
    },
]

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``footnote eval`` in a folder that has ``articles/`` and ``set.jsonl``."""
    environment = {
        "FOOTNOTE_INDEX": str(tmp_path / "index"),
        "FOOTNOTE_SESSIONS": str(tmp_path / "sessions.sqlite3"),
        "FOOTNOTE_RETRIEVER__EMBEDDER_BACKEND": "hash",
        "FOOTNOTE_ANSWER__READER__MODEL": "overlap",
        "FOOTNOTE_ANSWER__GENERATOR__BACKEND": "echo",
        "FOOTNOTE_ANSWER__THRESHOLD": "0.5",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(metrics, "RESAMPLES", 100)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "harbour.txt").write_text(TEXT, encoding="utf-8")
    write(tmp_path / "set.jsonl", QUESTIONS)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(evaluate, list(arguments), standalone_mode=False)

    return call


def write(path: Path, questions: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(question) + "\n" for question in questions), encoding="utf-8")


def labelled(right: int, wrong: int) -> list[dict[str, object]]:
    known = [
        {**QUESTIONS[0], "id": f"a{n}", "question": f"When was the ferry Aurora launched? {n}"} for n in range(right)
    ]
    other = [
        {**QUESTIONS[2], "id": f"b{n}", "question": f"Who composed the song number {n} of Aurora?"}
        for n in range(wrong)
    ]
    return known + other


def refusal(result: Result) -> str:
    assert isinstance(result.exception, FootnoteError), result.output
    return str(result.exception)


def test_a_set_is_asked_about_the_folder_articles(run: Run) -> None:
    result = run("--questions", "set.jsonl")
    assert result.return_value == 0
    assert [line.split()[1] for line in result.stdout.splitlines() if line.startswith(("fact", "all"))] == [
        "2/2",
        "3/3",
    ]


def test_a_split_is_a_part_of_the_set(run: Run) -> None:
    result = json.loads(run("--questions", "set.jsonl", "--split", "test", "--json").stdout)
    (kind,) = [kind for kind in result["report"]["systems"][0]["kinds"] if kind["kind"] == "all"]
    assert kind["questions"] == 1
    assert result["report"]["provenance"]["split"] == "test"
    assert result["report"]["systems"][0]["rows"] == []


def test_the_three_files_are_written(run: Run, tmp_path: Path) -> None:
    assert run("--questions", "set.jsonl", "--out", "out/deep").return_value == 0
    assert sorted(path.name for path in (tmp_path / "out" / "deep").iterdir()) == [
        "junit.xml",
        "report.html",
        "report.json",
    ]
    assert len(json.loads((tmp_path / "out" / "deep" / "report.json").read_text())["systems"][0]["rows"]) == 3


def test_secrets_are_not_in_the_report(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_ANSWER__GENERATOR__API_KEY", "hunter2")
    run("--questions", "set.jsonl", "--out", "out")
    assert not any("hunter2" in path.read_text() for path in (tmp_path / "out").iterdir())


@pytest.mark.parametrize(("gate", "code"), [("right=1", 0), ("false_answers=0.5", 0), ("latency_p50_ms=0", 1)])
def test_a_gate_decides_the_exit_code(run: Run, gate: str, code: int) -> None:
    result = run("--questions", "set.jsonl", "--fail-under", gate)
    assert result.return_value == code
    assert ("above the bar" in result.stderr) is bool(code)


def test_an_unknown_metric_is_refused_before_the_work_begins(run: Run) -> None:
    message = refusal(run("--questions", "set.jsonl", "--fail-under", "quality=1"))
    assert "knows no metric 'quality'; it knows right, crag, refused" in message


def test_a_run_that_got_worse_fails_and_shows_the_difference(run: Run, tmp_path: Path) -> None:
    many = labelled(20, 0)
    write(tmp_path / "set.jsonl", many)
    assert run("--questions", "set.jsonl", "--out", "old").return_value == 0
    assert run("--questions", "set.jsonl", "--baseline", "old/report.json").return_value == 0
    (tmp_path / "articles" / "harbour.txt").write_text(TEXT.replace("1998", "1997"), encoding="utf-8")
    result = run("--questions", "set.jsonl", "--baseline", "old/report.json")
    assert result.return_value == 1
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("right") and "worse" in line]
    assert "100.0 %" in line
    assert "0.0 %" in line
    assert "right is significantly worse than in the baseline" in result.stderr


def test_baselines_are_asked_the_same(run: Run) -> None:
    result = run("--questions", "set.jsonl", "--baselines")
    assert all(title in result.stdout for title in ("Always refuse", "Without the proof", "BM25 alone"))


def test_an_index_can_be_asked(run: Run, tmp_path: Path) -> None:
    CliRunner().invoke(ingest, ["articles/harbour.txt"], standalone_mode=False)
    (tmp_path / "articles" / "harbour.txt").unlink()
    assert run("--questions", "set.jsonl", "--index", "index", "--fail-under", "right=1").return_value == 0


def test_without_articles_one_is_told_what_to_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "articles").rename(tmp_path / "texts")
    assert "name --article PATH or --index DIR" in refusal(run("--questions", "set.jsonl"))
    assert run("--questions", "set.jsonl", "--article", "texts").return_value == 0


def test_an_option_in_front_of_a_command_is_not_lost_in_silence(run: Run) -> None:
    result = run("--out", "out", "nq", "set.jsonl")
    assert "--out stands before 'nq'" in str(result.exception)


def test_public_sets_print_figures_and_gate(run: Run, tmp_path: Path) -> None:
    passage = "The ferry Aurora was launched in 1998."
    rows = [
        {"question": f"when was the ferry launched {n}", "answers": ["1998"], "title": "", "passage": passage}
        for n in range(2)
    ]
    rows[1] |= {"answers": ["420"], "passage": "It carries 420 passengers."}
    write(tmp_path / "nq.jsonl", rows)
    result = run("nq", "nq.jsonl", "--rows", "rows.jsonl", "--fail-under", "words=1")
    assert result.return_value == 1
    assert "answer's text contains the gold answer" in result.stdout
    assert len((tmp_path / "rows.jsonl").read_text().splitlines()) == 2


def test_a_wrong_file_is_refused_in_one_line(run: Run) -> None:
    assert "set.jsonl is no SQuAD 2.0 file" in refusal(run("squad", "set.jsonl"))


def test_a_calibration_is_stored_with_the_index_and_used(run: Run, tmp_path: Path) -> None:
    CliRunner().invoke(ingest, ["articles/harbour.txt"], standalone_mode=False)
    write(tmp_path / "labels.jsonl", labelled(20, 20))
    result = run("calibrate", "labels.jsonl", "--max-risk", "0.2")
    assert result.return_value == 0, result.output
    assert "threshold" in result.stdout
    assert "stored with generation 1" in result.stdout
    settings = load_settings()
    stored = open_index(settings.index, settings.retriever, settings.ingest).calibration
    assert stored is not None
    assert stored["fitted_on"] == "40 questions of labels.jsonl, reader overlap"
    assert "answer.threshold is 0.5 and wins" in result.stderr


def test_a_dry_run_stores_nothing(run: Run, tmp_path: Path) -> None:
    CliRunner().invoke(ingest, ["articles/harbour.txt"], standalone_mode=False)
    write(tmp_path / "labels.jsonl", labelled(20, 20))
    assert run("calibrate", "labels.jsonl", "--dry-run").return_value == 0
    settings = load_settings()
    assert open_index(settings.index, settings.retriever, settings.ingest).calibration is None


def test_test_questions_are_never_fitted_on(run: Run, tmp_path: Path) -> None:
    CliRunner().invoke(ingest, ["articles/harbour.txt"], standalone_mode=False)
    write(tmp_path / "labels.jsonl", [{**question, "split": "test"} for question in labelled(20, 20)])
    result = run("calibrate", "labels.jsonl")
    assert isinstance(result.exception, UsageError)
    assert "0 of 0 questions find right evidence" in str(result.exception)


def test_liked_answers_become_a_set_that_passes_and_disliked_ones_wait_for_labels(run: Run, tmp_path: Path) -> None:
    settings = load_settings()
    CliRunner().invoke(ingest, ["articles"], standalone_mode=False)
    store = open_sessions(settings.sessions, settings.session_store)
    for question, rating in ((QUESTIONS[0], "up"), (QUESTIONS[2], "up"), (QUESTIONS[1], "down")):
        answer = answer_of(str(question["question"]))
        store.add("somebody", "", answer)
        assert store.rate("somebody", answer.id, rating, "comment")  # type: ignore[arg-type]
    store.close()
    assert run("feedback", "mine.jsonl").return_value == 0
    liked = [json.loads(line) for line in (tmp_path / "mine.jsonl").read_text().splitlines()]
    assert sorted(q["status"][0] for q in liked) == ["answered", "not_in_articles"]
    assert run("--questions", "mine.jsonl", "--index", "index", "--fail-under", "right=1").return_value == 0
    (wrong,) = [json.loads(line) for line in (tmp_path / "mine.jsonl.to-label").read_text().splitlines()]
    assert (wrong["question"], wrong["comment"]) == (QUESTIONS[1]["question"], "comment")
    assert "420" in wrong["given"]


def test_a_set_with_labels_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "mine.jsonl.to-label", QUESTIONS)
    assert isinstance(run("feedback", "mine.jsonl").exception, UsageError)
    assert not (tmp_path / "mine.jsonl").exists()


def answer_of(question: str) -> Answer:
    result = CliRunner().invoke(ask, [question, "--json"], standalone_mode=False)
    return Answer.model_validate_json(result.stdout)
