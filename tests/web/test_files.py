"""House rules of the page's files; these need no browser."""

import re
from pathlib import Path

import pytest

from api.http.static import static_folder

LONGEST_FILE = 400
FILES = sorted(path for path in static_folder().rglob("*") if path.is_file())
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
AS_CODE = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTML|parseFromString|createContextualFragment"
    r"|\beval\(|new Function|set(?:Timeout|Interval)\(\s*[\"'`]|javascript:"
)
ADDRESS = re.compile(r"(?:https?:)?//[\w.-]+\.\w+")
NAMESPACE = "//www.w3.org"


def name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_are_short(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_FILE


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_text_never_becomes_html_or_code(path: Path) -> None:
    assert AS_CODE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    found = ADDRESS.findall(path.read_text(encoding="utf-8"))
    assert [address for address in found if NAMESPACE not in address] == []


def test_the_html_asks_for_every_module_at_once() -> None:
    html = (static_folder() / "index.html").read_text(encoding="utf-8")
    imported = {
        found
        for path in SCRIPTS
        for found in re.findall(r'^import .*"\./([\w-]+\.js)";$', path.read_text(), re.MULTILINE)
    }
    assert set(re.findall(r'rel="modulepreload" href="/static/js/([\w-]+\.js)"', html)) == imported


def test_the_html_holds_no_script_and_no_style_of_its_own() -> None:
    html = (static_folder() / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", html) == []
