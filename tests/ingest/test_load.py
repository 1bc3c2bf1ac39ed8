import contextlib
import logging
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.formats import Content
from ingest.load import document_from_content, document_from_text, find_sources, load_source, skipped_files
from ingest.settings import IngestSettings

SETTINGS = IngestSettings()


def written(path: Path, content: str | bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt", "Plain words.", "Plain words."),
        ("a.md", "Some *words*.", "Some words."),
        ("a.markdown", "Some *words*.", "Some words."),
        ("a.HTM", "<html><body><p>Web words.</p></body></html>", "Web words."),
        ("wrong.txt", "<html><body><p>Web words.</p></body></html>", "Web words."),
    ],
)
def test_a_file_becomes_a_document(tmp_path: Path, name: str, content: str, text: str) -> None:
    assert load_source(written(tmp_path / name, content), SETTINGS).text == text


def test_same_bytes_same_document(tmp_path: Path) -> None:
    source = written(tmp_path / "a.txt", "Title Line\r\n\r\nSome words of text.\r\n")
    assert load_source(source, SETTINGS) == load_source(source, SETTINGS)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", "", "is empty"),
        ("a.txt", " \n\u200b\n *** ", "holds no text"),
        ("a.html", "<html><body></body></html>", "holds no text"),
        ("a.xyz", "words", "unsupported extension '.xyz'"),
        ("a.txt", b"a\0b", "binary"),
        ("a.pdf", "words", "not a PDF"),
        ("a.txt", "x" * (2**20 + 1), "more than 1"),
    ],
)
def test_refusals_are_one_line_that_names_the_file(
    tmp_path: Path, name: str, content: str | bytes, reason: str
) -> None:
    source = written(tmp_path / name, content)
    with pytest.raises(SourceError, match=reason) as caught:
        load_source(source, IngestSettings(max_file_mb=1))
    assert source in caught.value.message
    assert caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("nowhere.txt", "does not exist"),
        (".", "is a folder"),
        ("a\0b.txt", "not a file name"),
        ("x" * 300 + ".txt", "cannot be read"),
    ],
)
def test_names_that_are_no_files(source: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        load_source(source, SETTINGS)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the platform has no named pipes")
def test_a_pipe_is_refused_without_opening_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(SourceError, match="a pipe or device"):
        load_source(str(tmp_path / "a.txt"), SETTINGS)


def test_a_file_one_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path / "a.txt", "words")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match="may not be read by this user"):
        load_source(source, SETTINGS)


def test_too_large_is_known_before_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path / "a.txt", "x" * (2**20 + 1))
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("opened"))
    with pytest.raises(SourceError, match="more than 1"):
        load_source(source, IngestSettings(max_file_mb=1))


@given(st.binary(max_size=400))
def test_any_bytes_give_a_document_or_a_source_error(data: bytes) -> None:
    for named in ("plain", "markdown", "html"):
        try:
            document = document_from_content("file", Content(data, named), SETTINGS)
        except SourceError:
            continue
        assert document.text.strip() == document.text


@given(st.text())
def test_headings_are_lines_of_the_text(text: str) -> None:
    try:
        document = document_from_text("passage", text)
    except SourceError:
        return
    for heading in document.headings:
        assert document.text[heading.start : heading.end] in document.text.split("\n")


def test_deep_nesting_does_not_crash(tmp_path: Path) -> None:
    source = written(tmp_path / "a.html", "<html><body>" + "<div>" * 5000 + "words" + "</div>" * 5000)
    with contextlib.suppress(SourceError):
        assert "words" in load_source(source, SETTINGS).text


def test_parsing_libraries_stay_silent(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = written(tmp_path / "a.html", "<html></html>")
    with pytest.raises(SourceError):
        load_source(source, SETTINGS)
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("trafilatura").level == logging.NOTSET


def test_folders_expand_into_sorted_readable_files(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "sub/c.pdf", "image.png", ".hidden.txt", ".git/d.md", "node_modules/e.md"):
        written(tmp_path / name, "x")
    root = tmp_path.as_posix()
    assert find_sources([str(tmp_path)]) == [f"{root}/a.txt", f"{root}/b.md", f"{root}/sub/c.pdf"]
    assert skipped_files([str(tmp_path)]) == [
        f"{root}/{n}" for n in (".git", ".hidden.txt", "image.png", "node_modules")
    ]


def test_named_files_and_urls_stay_as_given_and_come_once(tmp_path: Path) -> None:
    source = written(tmp_path / "a.txt", "x")
    url = "https://example.org/a"
    assert find_sources([source, url, "missing.txt", "odd.xyz", tmp_path.as_posix()]) == [
        source,
        url,
        "missing.txt",
        "odd.xyz",
    ]


def test_a_symlink_loop_ends(tmp_path: Path) -> None:
    written(tmp_path / "sub/a.txt", "x")
    (tmp_path / "sub/loop").symlink_to(tmp_path, target_is_directory=True)
    assert find_sources([str(tmp_path)]) == [f"{tmp_path.as_posix()}/sub/a.txt"]
    assert skipped_files([str(tmp_path)]) == [f"{tmp_path.as_posix()}/sub/loop"]
