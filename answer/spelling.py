"""Misspelt questions: a word that neither English nor the articles know becomes the nearest word they do know.

General English is the reader's own vocabulary (whole words of its WordPiece list), so no word list is
shipped. Distance is optimal string alignment (one swap of neighbours counts one), by rapidfuzz.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from answer.words import words

MIN_LENGTH = 4
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

    @cached_property
    def _by_lower(self) -> dict[str, str]:
        table = {word.lower(): word.lower() for word in self.english}
        table.update({word.lower(): word for word in sorted(self.articles, key=str.lower, reverse=True)})
        return table

    def correct(self, question: str) -> str:
        """``question`` with unknown words replaced; unchanged when all are known. About 1 ms an unknown word."""
        pieces, end = [], 0
        for word in words(question):
            pieces += [question[end : word.start], self._nearest(word.text)]
            end = word.end
        return "".join(pieces) + question[end:]

    def _nearest(self, word: str) -> str:
        lowered = word.lower()
        stem = lowered.replace("’", "'").removesuffix("'s")
        if len(stem) < MIN_LENGTH or not stem.isalpha() or self._is_known(stem):
            return word
        in_articles = self._closest(stem, {w.lower() for w in self.articles}, 1 if len(stem) <= 5 else 2)
        # A capital or two slips away from any English word is rather a name nobody here knows.
        return in_articles or (self._closest(stem, self.english, 1) if word == lowered else None) or word

    def _is_known(self, word: str) -> bool:
        """Whether the word, or what it is derived from ("backer", "summarise"), is known."""
        roots = (word.removesuffix(suffix) for suffix in SUFFIXES if word.endswith(suffix))
        return word in self._by_lower or any(root in self._by_lower or f"{root}e" in self._by_lower for root in roots)

    def _closest(self, word: str, choices: Iterable[str], limit: int) -> str | None:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near = [c for c in choices if abs(len(c) - len(word)) <= limit and len(c) >= MIN_LENGTH and c[:1] == word[:1]]
        found = process.extractOne(word, sorted(near), scorer=OSA.distance, score_cutoff=limit)
        return self._by_lower.get(found[0], found[0]) if found else None
