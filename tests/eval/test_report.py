"""The report in its three forms, made from hostile questions, answers and documents."""

import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from answer.backends.echo import EchoGenerator
from answer.reader import OverlapReader
from answer.settings import AnswerSettings, ReaderSettings
from eval.baselines import contenders
from eval.corpus import Corpus, MemoryIndex
from eval.gates import compare
from eval.html import page, pieces
from eval.junit import write_junit
from eval.known_facts import Question
from eval.observe import ObservedService
from eval.report import Report, commit, provenance
from eval.run import run_all
from eval.summary import summary
from eval.text import printable
from ingest.load import document_from_text
from ingest.settings import IngestSettings
from retriever.settings import RetrieverSettings

EVIL = '<script>alert("x")</script><img src=http://evil.example/x onerror=alert(1)>'
SETTINGS = AnswerSettings(reader=ReaderSettings(model="overlap"), threshold=0.5, reword_from=0)


class Page(HTMLParser):
    """Tags, attributes that could load or run something, and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.active: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        loading = ("src", "href", "srcset", "action", "data", "style", "xlink:href")
        self.active += [(tag, name) for name, _ in attrs if name.startswith("on") or name in loading]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Report]:
    """A report over one hostile document; the questions are given."""
    file = tmp_path / "set.jsonl"
    file.write_text("questions")
    text = f"The ferry Aurora {EVIL} was launched in 1998.\n\nA second paragraph about the bridge of Lund."
    index = MemoryIndex(
        [document_from_text(f"{EVIL}.txt", text)], RetrieverSettings(embedder_backend="hash"), IngestSettings()
    )
    corpus = Corpus(index.source, RetrieverSettings(embedder_backend="hash"), IngestSettings())
    service = ObservedService(SETTINGS, OverlapReader(), EchoGenerator())

    def run(asked: list[Question], *, baselines: bool = False) -> Report:
        others = contenders(service, SETTINGS, None) if baselines else []
        systems = run_all(service, others, asked, corpus, lambda done, total: None)
        return Report(provenance=provenance(systems[0].rows, file, "all", {"api_key": "**********"}), systems=systems)

    return run


@pytest.fixture
def report(make: Callable[..., Report], question: Callable[..., Question]) -> Report:
    return make(
        [
            question("launch", "When was the ferry Aurora launched?", ["1998"]),
            question("evil", f"{EVIL} \x1b[2J \u202e ferry Aurora", [EVIL], kind="hostile"),
            question("refuse", "Who composed the symphony of thunder?", kind="unanswerable"),
        ],
        baselines=True,
    )


def test_the_page_is_one_file_without_scripts_or_links(report: Report) -> None:
    found = Page(page(report))
    assert found.active == []
    assert set(found.tags) & {"script", "img", "link", "iframe", "object", "embed", "form", "base"} == set()
    assert found.tags.count("svg") > 2


def test_the_page_forbids_itself_to_load_anything(report: Report) -> None:
    assert "default-src 'none'; style-src 'unsafe-inline'" in page(report)


def test_hostile_text_is_shown_as_text(report: Report) -> None:
    text = page(report)
    assert EVIL in Page(text).text
    assert "<img src=http" not in text


def test_control_and_direction_characters_are_made_visible(report: Report) -> None:
    text = page(report)
    assert re.search(r"[\x00-\x08\x0b-\x1f\u202e]", text) is None
    assert "\ufffd" in text


def test_every_question_is_there_with_what_led_to_its_answer(report: Report) -> None:
    text = Page(page(report)).text
    for row in report.main.rows:
        assert row.question.id in text
        assert all(span.short_answer in text for span in row.spans)
    for word in ("Passages read", "Sentences considered", "Drafts", "thrown out"):
        assert word in text


def test_systems_that_could_not_run_are_named(report: Report) -> None:
    text = Page(page(report)).text
    assert "Free generation by the same model: not measured, there is no generator." in " ".join(text.split())


def test_failed_gates_and_the_comparison_are_on_the_page(report: Report) -> None:
    text = Page(page(report, compare(report, report), ["right is 0.1, below the bar of 0.9"], gates=2)).text
    assert "1 of 2 gates not passed" in text
    assert "right is 0.1, below the bar of 0.9" in text
    assert "Compared with the baseline report" in text


def test_one_question_that_is_refused_makes_a_page_too(
    make: Callable[..., Report], question: Callable[..., Question]
) -> None:
    assert "1 of 1 questions" in page(make([question("refuse", "Hello", kind="small_talk", status="small_talk")]))


def test_a_passage_is_cut_at_its_quotes_and_nothing_is_lost(report: Report) -> None:
    row = report.main.rows[0]
    for passage in row.passages:
        assert "".join(piece.text for piece in pieces(passage, row)) == passage.text
    quoted = [piece.text for passage in row.passages for piece in pieces(passage, row) if piece.quoted]
    assert "".join(quoted) == row.answer.citations[0].quote


def test_junit_counts_and_names_what_failed(report: Report, tmp_path: Path) -> None:
    write_junit(report, tmp_path / "junit.xml")
    root = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 - our own file
    wrong = [row.question.id for row in report.main.rows if not row.verdict.right]
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", str(len(wrong)), "0")
    failed = [case.get("name", "") for case in root.iter("testcase") if case.find("failure") is not None]
    assert [name.split(":")[0] for name in failed] == wrong
    assert EVIL in next(case.get("name", "") for case in root.iter("testcase") if case.get("classname") == "hostile")


def test_the_terminal_shows_kinds_figures_and_systems(report: Report) -> None:
    lines = list(summary(report, compare(report, report)))
    assert lines[0].split()[:2] == ["kind", "right"]
    assert next(line for line in lines if line.startswith("fact")).split()[1] == "1/1"
    assert any(line.startswith("Always refuse") for line in lines)
    assert any(line.startswith("Without the proof (there is no generator)") for line in lines)
    assert any("against the baseline" in line for line in lines)


def test_provenance_says_what_was_measured(report: Report) -> None:
    known = report.provenance
    assert known.questions_sha256 == sha256(b"questions").hexdigest()
    assert known.models.reader == "overlap"
    assert known.corpus_sha256 == report.main.rows[0].answer.index.corpus_sha256
    assert known.versions["numpy"]


def test_outside_a_checkout_there_is_no_commit(tmp_path: Path) -> None:
    assert commit(tmp_path) == ""


def test_a_changed_file_marks_the_commit(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True)

    (tmp_path / "report.py").write_text("one")
    git("init")
    git("add", ".")
    git("commit", "-m", "x")
    clean = commit(tmp_path)
    (tmp_path / "report.py").write_text("two")
    assert re.fullmatch(r"[0-9a-f]{40}", clean)
    assert commit(tmp_path) == f"{clean}+"


def test_line_breaks_stay_and_lone_surrogates_go() -> None:
    assert printable("a\nb\tc \ud800 \x00") == "a\nb\tc \ufffd \ufffd"
