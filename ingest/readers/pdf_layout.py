"""Lines with geometry -> paragraphs, headings and list items. Pure Python, no PDF library.

Decided by what a reader of the page sees: size and weight of the type, gaps, indents and short last lines.
Coordinates are PDF points, y upwards.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.clean import is_list_item, join_lines, one_line, vocabulary
from ingest.draft import Block

_TERMINAL = re.compile(r"[.!?:…。！？][\"'”’»)\]]*$")
_PAGE_NUMBER = re.compile(r"^\W*(?:page|p\.)?\s*(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?\W*$", re.IGNORECASE)
_LONE_MARKER = re.compile(r"^(?:[•‣◦▪●○■–—*-]|\d{1,3}[.)])$")
_HEADING_WORDS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line of type: its text, left and right edge, bottom, height of the type and whether it is bold."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class _Look:
    """What is normal in this document: the body's type size and its distance from line to line."""

    size: float
    pitch: float
    bold: bool


def layout_blocks(pages: Sequence[Sequence[Line]]) -> list[Block]:
    """Blocks of a whole document, running headers, footers and page numbers left out."""
    running = _running_keys(pages)
    lines = [line for page in pages for line in _merge_markers(_without_edges(page, running, len(pages)))]
    if not lines:
        return []
    look = _look(lines)
    known = vocabulary("\n".join(line.text for line in lines))
    groups = _groups(lines, look)
    sizes = sorted({group[0].size for group in groups if _is_heading(group, look)}, reverse=True)
    return [_block(group, look, sizes, known) for group in groups]


def _clean(line: Line) -> Line:
    return Line(one_line(line.text), line.left, line.right, line.bottom, line.size, line.bold)


def _edges(page: Sequence[Line]) -> set[int]:
    """Positions of the highest and lowest lines of a page: two each, fewer on a page of few lines."""
    order = sorted(range(len(page)), key=lambda at: page[at].bottom)
    depth = min(2, len(page) // 3)
    return set(order[:depth] + order[len(order) - depth :])


def _key(text: str) -> str:
    return re.sub(r"\d+", "#", text).casefold().strip()


def _running_keys(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Edge lines found on most of at least three pages, whatever their numbers."""
    if len(pages) < 3:
        return frozenset()
    counts = Counter(key for page in pages for key in {_key(page[at].text) for at in _edges(page)})
    return frozenset(key for key, count in counts.items() if count >= max(3, 0.6 * len(pages)))


def _without_edges(page: Sequence[Line], running: frozenset[str], pages: int) -> list[Line]:
    edges = _edges(page)
    kept = []
    for at, line in enumerate(page):
        is_number = pages > 1 and _PAGE_NUMBER.match(line.text)
        cleaned = _clean(line)
        if cleaned.text and not (at in edges and (is_number or _key(line.text) in running)):
            kept.append(cleaned)
    return kept


def _merge_markers(lines: Iterable[Line]) -> list[Line]:
    """Put a bullet that PDFium reads as a line of its own before the text it stands next to."""
    merged: list[Line] = []
    for line in lines:
        before = merged[-1] if merged else None
        if before and _LONE_MARKER.match(before.text) and abs(before.bottom - line.bottom) < line.size:
            text = f"{before.text} {line.text}"
            merged[-1] = Line(text, before.left, line.right, line.bottom, line.size, line.bold)
        else:
            merged.append(line)
    return merged


def _look(lines: Sequence[Line]) -> _Look:
    weights: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        weights[line.size, line.bold] += len(line.text)
    (size, bold), _ = min(weights.items(), key=lambda item: (-item[1], item[0]))
    gaps = [
        a.bottom - b.bottom
        for a, b in pairwise(lines)
        if a.size == b.size == size and 0 < a.bottom - b.bottom < 4 * size
    ]
    return _Look(size, median(gaps) if gaps else 1.2 * size, bold)


def _groups(lines: Sequence[Line], look: _Look) -> list[list[Line]]:
    """Lines that belong together, in order."""
    groups = [[lines[0]]]
    for line in lines[1:]:
        if _starts_group(groups[-1], line, look):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _starts_group(group: Sequence[Line], line: Line, look: _Look) -> bool:
    before = group[-1]
    if is_list_item(line.text) or line.bold != before.bold or abs(line.size - before.size) > 0.1 * look.size:
        return True
    ended = bool(_TERMINAL.search(before.text))
    gap = before.bottom - line.bottom
    if gap <= 0 or gap > 12 * look.size:  # next column or page: the sentence runs on or it does not
        return ended or not line.text[:1].islower()
    if gap > 1.25 * max(look.pitch, 1.2 * line.size if line.size > look.size else look.pitch):
        return True
    if is_list_item(group[0].text) and line.left > group[0].left + 1:
        return False
    indented = before.left + 0.7 * line.size < line.left < before.left + 6 * line.size
    widest = max(member.right for member in group)
    short = before.right < widest - 0.15 * (widest - before.left)
    return ended + indented + short >= 2


def _is_heading(group: Sequence[Line], look: _Look) -> bool:
    text = " ".join(line.text for line in group)
    first = group[0]
    if len(text.split()) > _HEADING_WORDS or is_list_item(text) or not any(map(str.isalpha, text)):
        return False
    larger = first.size > 1.12 * look.size
    bolder = first.bold and not look.bold and first.size > 0.95 * look.size
    return (larger or bolder) and not text.endswith((".", ",", ";"))


def _block(group: Sequence[Line], look: _Look, sizes: Sequence[float], known: frozenset[str]) -> Block:
    text = join_lines([line.text for line in group], known)
    if _is_heading(group, look):
        return Block(text, "heading", min(sizes.index(group[0].size) + 1, 6))
    return Block(text, "line" if is_list_item(text) else "paragraph")
