"""Characters and whitespace: what every format's text goes through before its offsets are fixed.

All functions are pure and linear in the length of the text. Character classes are spelled out rather
than asked of ``unicodedata``, so that the same bytes give the same text under every Python.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

# Marks that open a list item at the start of a line. Ordered lists: up to three digits.
LIST_MARKER = re.compile(r"(?:[•‣◦▪●○■□∙·*+–—-]|\d{1,3}[.)]|\(\d{1,3}\))[ ]+(?=\S)")

_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Controls, soft hyphen, zero-width and bidi characters, fillers, variation selectors, tags, non-characters.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_SYMBOL_FONT_BULLETS = re.compile(r"[\uf0b7\uf0a7\uf0d8\uf076\uf02d]")
_MANY_SPACES = re.compile(r" {2,}")
_LINE_EDGES = re.compile(r"^ +| +$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")
_MAX_MARKS = 30
_WRAP_WIDTHS = range(40, 121)


def clean_text(text: str) -> str:
    """Normalise any text; running it again changes nothing.

    NFC; invisible and control characters out; every kind of space and line end made plain; runs of
    spaces and of blank lines cut to one; spaces at line edges removed. Quotes, dashes and bullets stay.
    """
    text = _NEWLINES.sub("\n", text)
    text = _INVISIBLE.sub("", _SPACES.sub(" ", text))
    text = _SYMBOL_FONT_BULLETS.sub("•", _SURROGATES.sub("\ufffd", text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", _too_many_marks().sub(r"\1", text))
    text = _LINE_EDGES.sub("", _MANY_SPACES.sub(" ", text))
    return _BLANK_LINES.sub("\n\n", text).strip()


@lru_cache(maxsize=1)
def _too_many_marks() -> re.Pattern[str]:
    # Normalising takes quadratic time in a run of combining marks (5 s for 80,000 of them), so the run is
    # bounded first; 30 is the limit of Unicode's stream-safe text format.
    marks = "".join(chr(code) for code in range(0x300, 0x1E950) if unicodedata.combining(chr(code)))
    return re.compile(f"([{marks}]{{{_MAX_MARKS}}})[{marks}]+")


def one_line(text: str) -> str:
    """Cleaned text on a single line."""
    return clean_text(text).replace("\n\n", " ").replace("\n", " ")


def is_list_item(line: str) -> bool:
    """Whether a cleaned line opens with a bullet or a number."""
    return LIST_MARKER.match(line) is not None


def vocabulary(text: str) -> frozenset[str]:
    """The lower-case words of a text, hyphenated ones whole: what ``join_lines`` decides hyphens with."""
    return frozenset(re.findall(r"\w+(?:-\w+)*", text.lower()))


def is_wrapped(lines: list[str]) -> bool:
    """Whether line breaks come from a fixed width: each was made because the next word did not fit.

    Addresses, verse and signatures break earlier than that and are left as they are.
    """
    width = max(len(line) for line in lines)
    if len(lines) < 2 or width not in _WRAP_WIDTHS:
        return False
    pairs = list(pairwise(lines))
    if len(pairs) == 1 and not pairs[0][1][0].islower():
        return False  # two lines prove little
    return all(len(line) + 1 + len(after.split(" ", 1)[0]) > width for line, after in pairs)


def join_lines(lines: list[str], known: frozenset[str]) -> str:
    """Join wrapped lines into one; a word hyphenated at a line end is put together again."""
    joined = lines[0]
    for line in lines[1:]:
        joined = _join(joined, line, known)
    return joined


def _join(left: str, right: str, known: frozenset[str]) -> str:
    if not re.search(r"\w-$", left):
        return f"{left} {right}"
    head, tail = re.search(r"[\w-]*$", left), re.match(r"\w*(?:-\w+)*", right)
    first, second = head.group() if head else "", tail.group() if tail else ""
    return left + right if _keeps_hyphen(first, second, known) else left[:-1] + right


def _keeps_hyphen(first: str, second: str, known: frozenset[str]) -> bool:
    """Whether "well-" + "known" was written with a hyphen; the document's own words decide first."""
    whole = (first + second).lower()
    if whole in known:
        return True
    if whole.replace("-", "") in known:
        return False
    odd = "-" in first[:-1] or "-" in second or not second[:1].islower() or not first[:-1].isalpha()
    return odd or first[:-1].isupper()
