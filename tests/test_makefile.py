"""``make ask`` with a stand-in for the installed command: what a newcomer types and sees."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Prints its last argument between brackets; "no" is an honest no, "bad" a failure.
FOOTNOTE = """#!/bin/sh
for last in "$@"; do :; done
printf '[%s]\\n' "$last"
case "$last" in no) exit 3;; bad) exit 1;; esac
"""


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", *arguments]
    return subprocess.run(
        command, cwd=folder, env=inherited | environment, check=False, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A fresh clone, as far as make can tell."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "install.sh", tmp_path / "scripts")
    (tmp_path / "articles").mkdir()
    return tmp_path


@pytest.fixture
def installed(clone: Path) -> Path:
    """A clone that has its environment, models and index."""
    program = clone / ".venv" / "bin" / "footnote"
    program.parent.mkdir(parents=True)
    program.write_text(FOOTNOTE, encoding="utf-8")
    program.chmod(0o755)
    (clone / "var").mkdir()
    for stamp in (".venv/.installed", ".venv/.models", "var/.ingested"):
        (clone / stamp).touch()
    return clone


@pytest.mark.parametrize(
    "question",
    [
        "plain",
        'it\'s "quoted"',
        "costs $5 or $(touch x) or `touch x`",
        "$(shell touch x)",
        "ü – 中国",
        "--help",
        "a # b \\",
    ],
)
def test_a_question_arrives_as_it_was_typed(installed: Path, question: str) -> None:
    done = make(installed, "ask", f"Q={question}")
    assert done.stdout == f"[{question}]\n"
    assert not (installed / "x").exists()


def test_a_question_may_come_from_the_environment(installed: Path) -> None:
    assert make(installed, "ask", Q="costs $5").stdout == "[costs $5]\n"


def test_an_honest_no_is_not_a_failure_of_make(installed: Path) -> None:
    done = make(installed, "ask", "Q=no")
    assert (done.returncode, done.stdout) == (0, "[no]\n")
    assert "exit code 3" in done.stderr
    assert "Error" not in done.stderr


def test_a_failure_stays_one(installed: Path) -> None:
    assert make(installed, "ask", "Q=bad").returncode != 0


def test_evaluating_takes_more_options(installed: Path) -> None:
    assert make(installed, "eval", "EVAL=--split dev").stdout == "[dev]\n"


def test_a_gate_that_is_not_passed_fails_make(installed: Path) -> None:
    assert make(installed, "eval", "EVAL=bad").returncode != 0


def test_a_changed_article_is_read_again(installed: Path) -> None:
    later = (installed / "var" / ".ingested").stat().st_mtime + 10
    article = installed / "articles" / "with a space.md"
    article.touch()
    os.utime(article, (later, later))
    assert "[4/4]" in make(installed, "ask").stderr


def test_nothing_is_done_twice(installed: Path) -> None:
    assert make(installed, "ask", "Q=plain").stderr == "Question: plain\n"


def test_make_alone_prints_help(clone: Path) -> None:
    assert "make ask" in make(clone).stdout


def test_a_missing_python_is_explained(clone: Path) -> None:
    done = make(clone, "ask", PYTHON="absent python")
    assert "Python 3.11 or newer is needed; found no absent python." in done.stderr


def test_an_old_python_is_explained(clone: Path) -> None:
    old = clone / "python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 || exit 1\n', encoding="utf-8")
    old.chmod(0o755)
    assert "Python 3.11 or newer is needed; found Python 3.9.2." in make(clone, "ask", PYTHON=str(old)).stderr


def test_a_python_without_venv_is_explained(clone: Path) -> None:
    bare = clone / "python"
    bare.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n', encoding="utf-8")
    bare.chmod(0o755)
    assert "apt install python3-venv" in make(clone, "ask", PYTHON=str(bare)).stderr
