"""Puts a misspelt word of a question right, from the words the articles use themselves.

Only a word the articles do not have, in no inflection, is touched, and only towards a word one slip away:
a letter missing, added, replaced, or two neighbours swapped. Measured in docs/experiments.md, "Retrieval".
"""

from collections import Counter
from collections.abc import Container, Mapping
from functools import cached_property
from string import ascii_lowercase

from retriever.words import STOP_WORDS, WORD, fold, stems

SHORTEST = 5  # a shorter word has too many neighbours for the slip to be told from the intention


def one_slip(word: str) -> set[str]:
    """Every string one slip away from ``word``: about 54 of them a letter."""
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    missing = {head + tail[1:] for head, tail in splits if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1}
    replaced = {head + letter + tail[1:] for head, tail in splits if tail for letter in ascii_lowercase}
    added = {head + letter + tail for head, tail in splits for letter in ascii_lowercase}
    return missing | swapped | replaced | added


class Spelling:
    """Corrects questions against a word list.

    Args:
        written: words as the articles write them, and in how many passages each stands.
        known_stems: stems of all of them but the stop words.
    """

    def __init__(self, written: Mapping[str, int], known_stems: Container[str]) -> None:
        self._written = written
        self._known_stems = known_stems

    @cached_property
    def _frequencies(self) -> Counter[str]:
        """Folded words; counted when the first unknown word turns up."""
        counts: Counter[str] = Counter()
        for word, count in self._written.items():
            counts[fold(word)] += count
        return counts

    def correct(self, query: str) -> str:
        """The query with its misspelt words replaced; everything else stays as it was written."""
        return WORD.sub(lambda match: self._correct_word(match.group()), query)

    def _correct_word(self, written: str) -> str:
        word = fold(written)
        if len(word) < SHORTEST or not word.isalpha() or word in STOP_WORDS or stems([word])[0] in self._known_stems:
            return written
        known = [slip for slip in one_slip(word) if slip in self._frequencies]
        return max(known, key=lambda slip: (self._frequencies[slip], slip)) if known else written
