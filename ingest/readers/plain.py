"""Plain text -> Draft: paragraphs, list items and headings told apart by their form alone.

It does not know e-mail headers or tables drawn with characters; their lines stay lines.
"""

import re

from ingest.clean import clean_text, is_list_item, is_wrapped, join_lines, vocabulary
from ingest.draft import Block, Draft

_LONG_LINE = 120
_MAX_LABELS = 10
_HEADING_CHARS = 120
_HEADING_WORDS = 16
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_NOT_A_HEADING_END = re.compile(r"[.,;!…。！，；][\"'”’»)\]]*$")
# "Invoice: 4711", "From: a@b.c", "Paid: $45" state facts; as headings they could not be quoted.
_AMOUNT = re.compile(r"[$€£¥]\s?\d|\d\s?[$€£¥]")
_FIELD = re.compile(r"^[\w.]+(?: [\w.]+){0,2}: ?\S*[\d@$€£/]")
_LETTER = re.compile(r"[^\W\d_]")
_MINOR_WORDS = frozenset("a an and as at but by for from in of on or the to vs with".split())
# What buttons and links around a copied article say. Only whole lines at the very edges are compared.
_LABELS = frozenset(
    """accept|accept all|advertisement|back|back to top|bookmark|cancel|close|comment|comments|continue reading|
    copy link|dismiss|email|facebook|follow|follow us|hide|home|like|listen|load more|log in|login|menu|more|next|
    open menu|ok|previous|print|read later|read more|register|reply|save|search|see more|share|share this|show less|
    show more|sign in|sign up|skip|skip to content|skip to main content|sponsored|submit|subscribe|toggle menu|
    tweet|x""".replace("\n    ", "").split("|")
)


def read_plain(text: str) -> Draft:
    """Understand decoded text of any origin. Linear in its length."""
    blocks = _blocks(clean_text(text))
    blocks = _trim_labels(blocks)
    return Draft(blocks=tuple(_mark_headings(blocks)))


def _blocks(text: str) -> list[Block]:
    known = vocabulary(text) if re.search(r"\w-\n", text) else frozenset()
    return [
        block
        for paragraph in text.split("\n\n")
        for segment in _segments(paragraph.split("\n"))
        for block in _segment_blocks(segment, known)
    ]


def _segments(lines: list[str]) -> list[list[str]]:
    """Cut a paragraph before each list marker, so that an item owns its continuation lines."""
    segments: list[list[str]] = []
    for line in lines:
        if not segments or is_list_item(line):
            segments.append([line])
        else:
            segments[-1].append(line)
    return [segment for segment in segments if segment != [""]]


def _segment_blocks(lines: list[str], known: frozenset[str]) -> list[Block]:
    wrapped = is_wrapped(lines)
    if is_list_item(lines[0]):
        first = join_lines(lines, known) if wrapped else lines[0]
        rest = [] if wrapped else lines[1:]
        return [Block(first, "line"), *(Block(line, "line") for line in rest)]
    if wrapped:
        return [Block(join_lines(lines, known))]
    if max(map(len, lines)) > _LONG_LINE:  # a paragraph on each line
        return [Block(line) for line in lines]
    return [Block("\n".join(lines))]


def _trim_labels(blocks: list[Block]) -> list[Block]:
    """Drop button labels before the first real block and after the last one.

    A capitalised label directly before running text stays: it may be the title ("Menu", "Search").
    Should nothing but labels remain, the text is kept as it is.
    """
    first, last = 0, len(blocks)
    while first < last and _is_label(blocks, first):
        first += 1
    while last > first and _is_label(blocks, last - 1):
        last -= 1
    if first == last:
        return blocks
    if first and blocks[first - 1].text[:1].isupper() and not _has_heading_form(blocks[first].text):
        first -= 1
    return blocks[first:last]


def _is_label(blocks: list[Block], at: int) -> bool:
    lines = blocks[at].text.split("\n", _MAX_LABELS)
    return len(lines) <= _MAX_LABELS and all(_label_line(line, blocks, at) for line in lines)


def _label_line(line: str, blocks: list[Block], at: int) -> bool:
    """A known label, or one to three lower-case words that stand there twice."""
    if line.casefold() in _LABELS:
        return True
    if not re.fullmatch(r"[a-z]+(?: [a-z]+){0,2}", line):
        return False
    near = [other for block in blocks[max(at - 1, 0) : at + 2] for other in block.text.split("\n", _MAX_LABELS)]
    return near.count(line) > 1


def _mark_headings(blocks: list[Block]) -> list[Block]:
    """Turn short title-like blocks followed by text into headings, working back from the end.

    The first block of the document is its title, level 1; all others are level 2, because a plain
    text shows no deeper structure. Of a row of short lines only the last one heads the text below.
    """
    marked = list(blocks)
    for at in range(len(blocks) - 2, -1, -1):
        below = marked[at + 1]
        heads_text = below.kind == "line" or (below.kind == "paragraph" and _is_running_text(below.text))
        is_title = at == 0 and below.kind == "heading"
        has_form = _has_heading_form(blocks[at].text) and (at == 0 or not _states_something(blocks[at].text))
        if blocks[at].kind == "paragraph" and (heads_text or is_title) and has_form:
            marked[at] = Block(blocks[at].text, "heading", 1 if at == 0 else 2)
    return marked


def _is_running_text(text: str) -> bool:
    return bool(_SENTENCE_END.search(text)) or len(text.split()) >= 8


def _has_heading_form(text: str) -> bool:
    words = text.split()
    if "\n" in text or len(text) > _HEADING_CHARS or len(words) > _HEADING_WORDS:
        return False
    if not _LETTER.search(text) or _NOT_A_HEADING_END.search(text) or _FIELD.match(text):
        return False
    start = text.lstrip("\"'“‘«(¿")[:1]
    if not (start.isupper() or start.isdigit() or _is_caseless(start)):
        return False
    return not text.endswith(":") or len(words) <= 3 or _is_title_case(words)


def _states_something(text: str) -> bool:
    """Whether a line below the title is a sentence that merely lacks its full stop: a heading is never quoted."""
    words = text.split()
    return bool(_AMOUNT.search(text)) or (len(words) > 8 and not _is_title_case(words))


def _is_caseless(letter: str) -> bool:
    return letter.isalpha() and letter.lower() == letter.upper()


def _is_title_case(words: list[str]) -> bool:
    return all(not word[:1].islower() or word.strip(":").lower() in _MINOR_WORDS for word in words)
