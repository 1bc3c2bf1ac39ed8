"""HTML -> Draft: trafilatura finds the article among navigation and advertisements; we keep its structure."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.draft import Block, Draft

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_SNIFF = re.compile(
    rb"\A(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_INLINE = frozenset({"hi", "ref", "del", "span", "lb", "graphic"})


def looks_like_html(data: bytes) -> bool:
    """Whether the first 4 KB open like a web page."""
    return _SNIFF.match(data[:4096]) is not None


def declared_charset(data: bytes) -> str:
    """The charset a page states about itself in its first 4 KB, or ""."""
    match = _META_CHARSET.search(data[:4096])
    return match.group(1).decode("ascii") if match else ""


def read_html(text: str) -> Draft:
    """Extract title, headings, paragraphs, lists and tables of a page; no blocks when it has no text."""
    import trafilatura
    from trafilatura.settings import Document as Page

    page = trafilatura.bare_extraction(
        text, include_comments=False, include_tables=True, include_formatting=False, with_metadata=True
    )
    if not isinstance(page, Page):  # too short or too odd for its heuristics
        body, _, _ = trafilatura.baseline(text)
        return Draft(blocks=tuple(_blocks(body)), title=_title_tag(text))
    facts = (("author", page.author), ("site", page.sitename), ("language", page.language))
    return Draft(
        blocks=tuple(_blocks(page.body)),
        title=page.title or "",
        metadata=tuple((key, value) for key, value in facts if value),
    )


def _title_tag(text: str) -> str:
    import html

    match = re.search(r"<title[^>]*>([^<]*)</title", text, re.IGNORECASE)
    return html.unescape(match.group(1)) if match else ""


def _blocks(element: "_Element") -> Iterator[Block]:
    """Walk trafilatura's tree: head, p, list/item, table/row/cell, quote, code; depth is bounded by its parser."""
    for child in element:
        match child.tag:
            case "head":
                yield Block(_text(child), "heading", int((child.get("rend") or "h2")[1:] or 2))
            case "list":
                yield from _items(child)
            case "row":
                yield Block(" | ".join(_text(cell) for cell in child), "line")
            case "code":
                yield from (Block(line, "line") for line in "".join(child.itertext()).split("\n"))
            case "p" | "fw":
                yield Block(_text(child))
            case _ if len(child) and not all(inner.tag in _INLINE for inner in child):
                yield Block(child.text or "")
                yield from _blocks(child)
            case _:
                yield Block(_text(child))
        yield Block(child.tail or "")


def _items(element: "_Element") -> Iterator[Block]:
    ordered = element.get("rend") == "ol"
    for number, item in enumerate(element, start=1):
        nested = [child for child in item if child.tag == "list"]
        for child in nested:
            item.remove(child)
        if text := _text(item):
            yield Block(f"{number}. {text}" if ordered else f"- {text}", "line")
        for child in nested:
            yield from _items(child)


def _text(element: "_Element") -> str:
    for line_break in element.iter("lb"):
        line_break.tail = "\n" + (line_break.tail or "")
    return "".join(element.itertext()).strip()
