"""Text -> words, stems and character n-grams: what the lexical search counts."""

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import Stemmer

WORD = re.compile(r"[^\W_]+")
GRAM_LENGTH = 4

# Words too common to tell passages apart.
STOP_WORDS = frozenset(
    """a about all also an and any are as at be because been but by can could did do does for from had has have he her
    his how i if in into is it its more most no not of on or other our out she so some such than that the their them
    then there these they this those to was we were what when where which who whom whose why with would you
    your""".split()
)


@cache
def _stemmer() -> "Stemmer.Stemmer":
    import Stemmer

    return Stemmer.Stemmer("english")


def fold(text: str) -> str:
    """Lower case without accents, so that "Café" and "cafe" are one word."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """Folded words of a text, in order."""
    return WORD.findall(fold(text))


def stems(tokens: list[str]) -> list[str]:
    """English stems, one for each word."""
    stemmed: list[str] = _stemmer().stemWords(tokens)
    return stemmed


def content_words(text: str) -> list[str]:
    """Folded words without stop words."""
    return [word for word in words(text) if word not in STOP_WORDS]


def content_stems(text: str) -> list[str]:
    """Stems of the content words, in order, repeats kept."""
    return stems(content_words(text))


def content_terms(text: str) -> list[str]:
    """Stems of the content words and each pair of neighbours: "steam", "engin", "steam engin"."""
    single = content_stems(text)
    return single + [f"{left} {right}" for left, right in pairwise(single)]


def content_grams(text: str) -> list[str]:
    """Runs of four characters inside each content word, its edges marked: "_yua", "yuan", "uan_"."""
    grams: list[str] = []
    for word in content_words(text):
        marked = f"_{word}_"
        grams += [marked[at : at + GRAM_LENGTH] for at in range(max(1, len(marked) - GRAM_LENGTH + 1))]
    return grams
