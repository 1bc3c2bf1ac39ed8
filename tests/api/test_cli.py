"""The command line in its own process, with the backends that need no model."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = "The harbour\n\nThe ferry Aurora was launched in 1998 by the mayor of Lund. It carries 420 passengers.\n"
NO_MODELS = {
    "FOOTNOTE_RETRIEVER__EMBEDDER_BACKEND": "hash",
    "FOOTNOTE_ANSWER__READER__MODEL": "overlap",
    "FOOTNOTE_ANSWER__GENERATOR__BACKEND": "echo",
    "FOOTNOTE_ANSWER__THRESHOLD": "0.5",
}


class Footnote:
    """Runs ``footnote`` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")},
            **NO_MODELS,
            "FOOTNOTE_INDEX": str(folder / "index"),
            "FOOTNOTE_SESSIONS": str(folder / "sessions.sqlite3"),
            "PYTHONPATH": str(ROOT),
        }

    def __call__(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "api.cli", *arguments]
        return subprocess.run(
            command, input=stdin, capture_output=True, text=True, cwd=self.folder, env=self.environment, timeout=60
        )


@pytest.fixture
def footnote(tmp_path: Path) -> Footnote:
    (tmp_path / "harbour.txt").write_text(TEXT, encoding="utf-8")
    run = Footnote(tmp_path)
    assert run("ingest", "harbour.txt").returncode == 0
    return run


def test_an_answer_is_json_whose_quotes_are_what_show_prints(footnote: Footnote) -> None:
    answer = json.loads(footnote("ask", "--json", "When was the ferry Aurora launched?").stdout)
    (citation,) = answer["citations"]
    text = footnote("show", citation["document"]["id"]).stdout
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "1998" in answer["text"]


def test_a_question_may_come_on_stdin(footnote: Footnote) -> None:
    assert "1998" in footnote("ask", stdin="When was the ferry Aurora launched?\n").stdout


def test_a_part_that_the_articles_leave_open_is_named(footnote: Footnote) -> None:
    run = footnote("ask", "When was the ferry Aurora launched, and who composed the symphony of thunder?")
    assert run.returncode == 0
    assert "The articles do not say: who composed the symphony of thunder?" in run.stdout


def test_exit_code_3_says_that_the_articles_do_not(footnote: Footnote) -> None:
    run = footnote("ask", "Who composed the symphony of thunder?")
    assert (run.returncode, run.stdout.splitlines()[0]) == (3, "The articles do not say.")


def test_ingesting_again_changes_nothing_and_says_so(footnote: Footnote) -> None:
    assert "0 added, 0 updated, 1 unchanged, 0 removed" in footnote("ingest", "harbour.txt").stdout


def test_one_bad_source_is_named_and_the_others_are_ingested(footnote: Footnote) -> None:
    (footnote.folder / "second.txt").write_text("A second text about bridges in Oslo.", encoding="utf-8")
    run = footnote("ingest", "second.txt", "absent.txt")
    assert run.returncode == 1
    assert "absent.txt does not exist" in run.stderr
    assert "1 added" in run.stdout


def test_a_batch_answers_every_line_in_its_place(footnote: Footnote) -> None:
    lines = [
        '{"id": "a", "question": "When was the ferry Aurora launched?"}',
        "not json",
        '{"id": "b", "question": "When was Acme founded?", "passages": ["Acme was founded in 1990."]}',
    ]
    run = footnote("ask", "--batch", "-", stdin="\n".join(lines))
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert [(answer["id"], answer["status"]) for answer in answers] == [
        ("a", "answered"),
        ("line-2", "failed"),
        ("b", "answered"),
    ]
    assert run.returncode == 1


def test_a_search_batch_keeps_ids_and_gives_offsets(footnote: Footnote) -> None:
    run = footnote("search", "--batch", "-", "-k", "1", stdin='{"id": "q", "question": "ferry"}')
    found = json.loads(run.stdout)
    (passage,) = found["passages"]
    assert found["id"] == "q"
    assert TEXT[passage["start"] : passage["end"]].strip() == passage["text"].strip()


def test_a_session_is_remembered(footnote: Footnote) -> None:
    footnote("ask", "--session", "s", "Which ferry was launched in 1998?")
    answer = json.loads(footnote("ask", "--session", "s", "--json", "How many passengers does it carry?").stdout)
    assert answer["standalone_question"] != answer["question"]
    assert "420" in answer["text"]


def test_a_receipt_verifies_until_the_source_changes(footnote: Footnote) -> None:
    receipt = footnote.folder / "receipt.json"
    receipt.write_text(footnote("ask", "--json", "When was the ferry Aurora launched?").stdout, encoding="utf-8")
    assert footnote("verify", "receipt.json").returncode == 0
    (footnote.folder / "harbour.txt").write_text(TEXT.replace("1998", "1999"), encoding="utf-8")
    footnote("ingest", "harbour.txt")
    run = footnote("verify", "receipt.json")
    assert run.returncode == 4
    assert "has changed" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("ask", "x", "--index", "absent"), 1, "there is no index at absent"),
        (("ask", "  "), 2, "the question is empty"),
        (("show", "nothing"), 2, "no document 'nothing'"),
        (("verify", "harbour.txt"), 2, "is not a receipt"),
        (("frobnicate",), 2, "No such command"),
        (("ingest", "absent.txt"), 1, "none of the sources could be read"),
    ],
)
def test_mistakes_get_one_clear_message(
    footnote: Footnote, arguments: tuple[str, ...], code: int, message: str
) -> None:
    run = footnote(*arguments)
    assert run.returncode == code
    assert message in run.stderr
    assert "Traceback" not in run.stderr


def test_an_unknown_setting_is_refused(footnote: Footnote) -> None:
    footnote.environment["FOOTNOTE_ANSWR__THRESHOLD"] = "0.1"
    run = footnote("settings")
    assert run.returncode == 2
    assert "FOOTNOTE_ANSWR__THRESHOLD" in run.stderr


def test_settings_hide_secrets(footnote: Footnote) -> None:
    footnote.environment["FOOTNOTE_ANSWER__GENERATOR__API_KEY"] = "hunter2"
    run = footnote("settings")
    assert run.returncode == 0
    assert "hunter2" not in run.stdout


def test_a_chat_answers_and_quits(footnote: Footnote) -> None:
    run = footnote("chat", stdin="When was the ferry Aurora launched?\n/sources\n/quit\n")
    assert run.returncode == 0
    assert "1998" in run.stdout
