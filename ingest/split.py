"""Document -> passages: whole sentences of one section, evenly packed, every one an exact slice.

Linear in the length of the text; finding the sentences is nearly all of the time.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from ingest.sentences import line_sentences, sentence_spans
from ingest.settings import IngestSettings
from ingest.types import Document, Heading, Passage, Span

__all__ = ["sentence_spans", "split_document"]

# Scripts without spaces count a word a character; an unbroken run counts one per 24 characters.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\s{_UNSPACED}]{{1,24}}")
# A section may exceed the target by this much before it is cut: better one long passage than two halves.
_WHOLE = 1.5
_HARD_LIMIT = 400
_PAUSE = re.compile(r"[;:,—–]$")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a piece of one too long; ``lead`` is where its list mark starts."""

    lead: int
    start: int
    end: int
    words: int


def split_document(document: Document, settings: IngestSettings) -> list[Passage]:
    """Cut a document into passages, in order.

    Every letter and digit outside headings and list marks is in at least one passage. A section of up to
    one and a half times ``passage_words`` stays whole; a longer one is cut into even passages of at most
    ``passage_words`` (a single longer sentence excepted), joined by ``overlap_sentences``.
    """
    return [
        _passage(document, headings, units)
        for headings, section in _sections(document, settings)
        for units in _pack(section, settings)
    ]


def _passage(document: Document, headings: tuple[str, ...], units: Sequence[_Unit]) -> Passage:
    start, end = units[0].lead, units[-1].end
    return Passage(
        id=f"{document.id}:{start}-{end}",
        document_id=document.id,
        text=document.text[start:end],
        start=start,
        end=end,
        headings=headings,
        sentences=tuple(Span(unit.start, unit.end) for unit in units),
    )


def _sections(document: Document, settings: IngestSettings) -> Iterator[tuple[tuple[str, ...], list[_Unit]]]:
    """The text between one heading and the next, with the headings above it, outermost first."""
    above: list[Heading] = []
    start = 0
    for heading in (*document.headings, None):
        units = _units(document.text, start, heading.start if heading else len(document.text), settings)
        if units:
            yield _heading_texts(document, above), units
        if heading:
            above = [*(outer for outer in above if outer.level < heading.level), heading]
            start = heading.end


def _heading_texts(document: Document, above: Sequence[Heading]) -> tuple[str, ...]:
    texts = (document.text[heading.start : heading.end] for heading in above)
    return tuple(text for text in texts if text.casefold() != document.title.casefold())


def _units(text: str, start: int, end: int, settings: IngestSettings) -> list[_Unit]:
    """Sentences of ``text[start:end]``."""
    units: list[_Unit] = []
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        lead = start
        for span in line_sentences(text, start, stop):
            units += _pieces(text, lead, span, settings.passage_words)
            lead = units[-1].end
        start = stop + 1
    return [_Unit(_skip_space(text, unit.lead), unit.start, unit.end, unit.words) for unit in units]


def _skip_space(text: str, at: int) -> int:
    while text[at].isspace():
        at += 1
    return at


def _pieces(text: str, lead: int, span: Span, target: int) -> Iterator[_Unit]:
    """The sentence itself, or, beyond twice the target or 400 words, even pieces of it cut between words."""
    words = [match.start() for match in _WORD.finditer(text, span.start, span.end)]
    if len(words) <= min(2 * target, _HARD_LIMIT):
        yield _Unit(lead, span.start, span.end, len(words))
        return
    cuts = [0, *_cuts(text, words, target), len(words)]
    for low, high in pairwise(cuts):
        start = words[low]
        end = words[high] if high < len(words) else span.end
        end = start + len(text[start:end].rstrip())
        yield _Unit(lead, start, end, high - low)
        lead = end


def _cuts(text: str, words: Sequence[int], target: int) -> Iterator[int]:
    """Word positions to cut at: near even shares, after a comma or dash when one is close before."""
    at, total = 0, len(words)
    while total - at > target:
        share = math.ceil((total - at) / math.ceil((total - at) / target))
        near = range(at + share, at + share - share // 4, -1)
        at = next((cut for cut in near if _PAUSE.search(text[words[cut - 1] : words[cut]].rstrip())), at + share)
        yield at


def _pack(units: Sequence[_Unit], settings: IngestSettings) -> Iterator[Sequence[_Unit]]:
    """Runs of one section's units, with the overlap put before each but the first."""
    target = settings.passage_words
    sums = [0, *accumulate(unit.words for unit in units)]  # sums[i]: words before unit i
    if sums[-1] <= _WHOLE * target:
        yield units
        return
    first = 0
    while first < len(units):
        after = _end_of_run(sums, first, target)
        yield units[_overlapped(sums, first, after, settings) : after]
        first = after


def _end_of_run(sums: Sequence[int], first: int, target: int) -> int:
    """One past the last unit of a passage from ``first``: nearest to an even share, within the target."""
    left = sums[-1] - sums[first]
    share = left / math.ceil(left / target)
    after = bisect_left(sums, sums[first] + share, first + 1, len(sums) - 1)
    over, under = sums[after] - sums[first], sums[after - 1] - sums[first]
    if after - 1 > first and (over > target or over - share > share - under):
        return after - 1
    return after


def _overlapped(sums: Sequence[int], first: int, after: int, settings: IngestSettings) -> int:
    """Where the passage starts with its overlap, as long as it stays within one and a half targets."""
    start = first
    while start > 0 and first - start < settings.overlap_sentences:
        if sums[after] - sums[start - 1] > _WHOLE * settings.passage_words:
            break
        start -= 1
    return start
