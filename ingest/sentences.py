"""Text -> sentences with exact offsets: syntok, and repairs for what it gets wrong in English prose."""

import re
from collections.abc import Iterator
from itertools import pairwise

from ingest.clean import LIST_MARKER
from ingest.types import Span

# A line without one of these before its last character is a single sentence; most list items are.
_MAY_END = re.compile(r"[.!?…。！？]")
# Never the end of a sentence; and the end of one unless a digit or a small letter follows.
_BEFORE_NAME = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|St|Gen|Sen|Rep|Gov|Lt|Col|Maj|Capt|Sgt|Rev|Hon)\.$")
_BEFORE_MORE = re.compile(r"\b(?:pp?|al|approx|nos?|vol|figs?|ch|sec|eq|vs|ca|cf|eds?|est|min|max)\.$", re.IGNORECASE)
# Sentence ends syntok leaves inside a sentence; each pattern's end is where the next sentence starts.
_MISSED = (
    re.compile(r"[.!?][\"”’)]*(?:\[\w{1,4}\])+ +(?=[\"“‘(]?[A-Z0-9])"),  # "grew.[5] Nobody": footnote marks
    re.compile(r"(?<=[a-z]{2})[.!?][\"”’)]* +(?=[a-z][A-Z][a-z])"),  # "rose. iPad"
    re.compile(r"(?<=\w)\)[.!?] +(?=[\"“‘]?[A-Z])"),  # "(see p. 5). Third"
    re.compile(r"(?<=\w)…[\"”’)]* +(?=[\"“‘]?[A-Z])"),
    re.compile(r"[。！？]+[”’」』）]*(?=\w)"),
    re.compile(  # "in the U.S. He was": an abbreviation ends the sentence when such a word opens the next
        r"(?<=[A-Za-z]\.[A-Za-z])\. +"
        r"(?=(?:He|She|It|They|We|The|This|These|That|Those|In|But|However|His|Her|Its|Their)\b)"
    ),
)


def sentence_spans(text: str) -> list[Span]:
    """Sentences of a cleaned text, in order, as offsets into it.

    A line break always ends a sentence; the mark of a list item belongs to none. What holds no letter or
    digit (a row of asterisks) is no sentence. About 1 MB a second, linear.
    """
    spans: list[Span] = []
    start = 0
    for line in text.split("\n"):
        spans += line_sentences(text, start, start + len(line))
        start += len(line) + 1
    return spans


def line_sentences(text: str, start: int, end: int) -> list[Span]:
    """Sentences of one line, ``text[start:end]``."""
    marker = LIST_MARKER.match(text, start, end)
    start = marker.end() if marker else start
    line = text[start:end]
    bounds = [*_starts(line), len(line)]
    trimmed = (_trimmed(line, low, high) for low, high in pairwise(bounds))
    return [Span(start + span.start, start + span.end) for span in _with_words(line, trimmed)]


def _trimmed(line: str, low: int, high: int) -> Span:
    piece = line[low:high]
    return Span(low + len(piece) - len(piece.lstrip()), low + len(piece.rstrip()))


def _with_words(line: str, spans: Iterator[Span]) -> list[Span]:
    """Give a piece without letter or digit (a stray quote or bracket) to the sentence before it."""
    kept: list[Span] = []
    for span in spans:
        if any(map(str.isalnum, line[span.start : span.end])):
            kept.append(span)
        elif kept and span.start < span.end:
            kept[-1] = Span(kept[-1].start, span.end)
    return kept


def _starts(line: str) -> list[int]:
    """Where sentences start in a line; the first is 0."""
    if not _MAY_END.search(line, 0, max(len(line) - 1, 0)):
        return [0]
    from syntok.segmenter import analyze

    found = {sentence[0].offset for paragraph in analyze(line) for sentence in paragraph if sentence}
    kept = {offset for offset in found if offset and not _is_abbreviation(line, offset)}
    missed = {match.end() for pattern in _MISSED for match in pattern.finditer(line)}
    return _spaced(line, sorted({0} | kept | missed))


def _is_abbreviation(line: str, offset: int) -> bool:
    """Whether the full stop before ``offset`` belongs to an abbreviation."""
    before = line[max(offset - 12, 0) : offset].rstrip()
    if _BEFORE_NAME.search(before):
        return True
    return bool(_BEFORE_MORE.search(before)) and (line[offset].isdigit() or line[offset].islower())


def _spaced(line: str, starts: list[int]) -> list[int]:
    """Drop starts inside a word or address: where words are spaced, a sentence begins after a space."""
    return [start for start in starts if not start or line[start - 1] == " " or not line[start - 1].isascii()]
