import pytest

from ingest.draft import to_document
from ingest.readers.web import declared_charset, looks_like_html, read_html
from ingest.types import Document

PARAGRAPH = "Chinese models are behind American ones by six to nine months, says the founder of a startup in Beijing. "
PAGE = f"""<!doctype html><html><head><title>Race – News</title><meta name="author" content="Jane Roe"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/login">Log in</a></li></ul></nav>
<article><h1>The Race</h1><p>{PARAGRAPH * 3}</p><h2>Points</h2><p>These are they:</p>
<ul><li>First <b>point</b></li><li>Second point<ul><li>Nested</li></ul></li></ul>
<table><tr><th>Firm</th><th>Model</th></tr><tr><td>Tencent</td><td>Hunyuan</td></tr></table></article>
<aside><h3>Related</h3><a href="x">You will not believe this</a></aside>
<footer>© 2024 News. <a href="/p">Privacy policy</a></footer><script>alert("x")</script></body></html>"""


def read(text: str) -> Document:
    return to_document("page.html", read_html(text))


@pytest.mark.parametrize("noise", ["Log in", "Related", "You will not believe", "Privacy", "alert"])
def test_navigation_and_scripts_go(noise: str) -> None:
    assert noise not in read(PAGE).text


def test_headings_lists_and_tables_stay() -> None:
    document = read(PAGE)
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [(1, "The Race"), (2, "Points")]
    lines = ["These are they:", "", "- First point", "- Second point", "- Nested", "Firm | Model", "Tencent | Hunyuan"]
    assert document.text.endswith("\n".join(lines))


def test_title_and_author_come_from_the_page() -> None:
    assert (read(PAGE).title, read(PAGE).metadata[0]) == ("The Race", ("author", "Jane Roe"))


def test_a_page_of_one_sentence_is_read() -> None:
    document = read("<html><head><title>Rhine &amp; Main</title></head><body><p>The Rhine is long.</p></body></html>")
    assert (document.title, document.text) == ("Rhine & Main", "The Rhine is long.")


def test_a_page_without_text_gives_none() -> None:
    assert read("<html><body><script>let x = 1</script></body></html>").text == ""


def test_html_is_known_by_its_start() -> None:
    assert looks_like_html(b"\n<!-- saved --><!DOCTYPE html><p>")
    assert not looks_like_html(b"In HTML, <html> opens a page.")


def test_charset_of_a_page() -> None:
    assert declared_charset(b'<html><head><meta charset="windows-1251">') == "windows-1251"
