"""Misspelt questions: a word that neither English nor the articles know becomes the nearest word they do know.

General English is the embedder's own vocabulary (whole words of its WordPiece list), so no word list is shipped.
Distance is optimal string alignment (one swap of neighbours counts one), by rapidfuzz. Measured in
docs/experiments.md, "Retrieval".
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from retriever.words import STOP_WORDS, WORD

MIN_LENGTH = 4
MIN_ENGLISH = 5  # a shorter word has too many neighbours in general English ("gist", "gift")
LONG = 6  # from here on two slips towards a word of the articles are put right
SUFFIXES = ("s", "er", "ers", "ed", "ing", "ly", "y", "ful", "ness", "able", "ise", "ised", "ising", "isation")


@dataclass(frozen=True)
class Speller:
    """Corrects questions.

    Args:
        articles: words of the indexed texts as written there; preferred.
        english: further words that are right as they are.
    """

    articles: Collection[str]
    english: Collection[str]

    def correct(self, question: str) -> str:
        """``question`` with unknown words replaced, else as it was written. About 1 ms an unknown word."""
        return WORD.sub(lambda match: self._nearest(match.group()), question)

    @cached_property
    def _by_lower(self) -> dict[str, str]:
        table = {word.lower(): word.lower() for word in self.english}
        table.update({word.lower(): word for word in sorted(self.articles, key=str.lower, reverse=True)})
        return table

    @cached_property
    def _article_words(self) -> dict[str, list[str]]:
        return _by_first_letter({word.lower() for word in self.articles})

    @cached_property
    def _english_words(self) -> dict[str, list[str]]:
        return _by_first_letter(set(self.english))

    def _nearest(self, word: str) -> str:
        lowered = word.lower()
        if len(lowered) < MIN_LENGTH or not lowered.isalpha() or lowered in STOP_WORDS or self._is_known(lowered):
            return word
        in_articles = self._closest(lowered, self._article_words, 2 if len(lowered) >= LONG else 1)
        # A capital or two slips away from any English word is rather a name nobody here knows.
        plain = word == lowered and len(word) >= MIN_ENGLISH
        return in_articles or (self._closest(lowered, self._english_words, 1) if plain else None) or word

    def _is_known(self, word: str) -> bool:
        """Whether the word, or what it is derived from ("backer", "summarise"), is known."""
        roots = (word.removesuffix(suffix) for suffix in SUFFIXES if word.endswith(suffix))
        return word in self._by_lower or any(root in self._by_lower or f"{root}e" in self._by_lower for root in roots)

    def _closest(self, word: str, choices: dict[str, list[str]], limit: int) -> str | None:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near = [choice for choice in choices.get(word[0], ()) if abs(len(choice) - len(word)) <= limit]
        found = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=limit)
        return self._by_lower.get(found[0], found[0]) if found else None


def _by_first_letter(words: Collection[str]) -> dict[str, list[str]]:
    """Words that may be meant, sorted: nobody misses the first letter, and a short word has too many neighbours."""
    table: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        if len(word) >= MIN_LENGTH:
            table[word[0]].append(word)
    return table


def whole_words(pieces: Sequence[str]) -> frozenset[str]:
    """The words of a WordPiece or similar vocabulary that stand on their own."""
    return frozenset(piece for piece in pieces if piece.isalpha())
