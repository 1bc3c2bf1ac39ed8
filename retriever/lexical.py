"""The lexical search: BM25 over stems and pairs of them plus BM25 over character 4-grams.

Stems find the same word in another inflection, pairs a name or a phrase; the 4-grams add related forms
("observe", "observation") and names spelt another way. Measured in docs/experiments.md, "Retrieval".
"""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from retriever.terms import Scores, TermIndex
from retriever.words import WORD, content_grams, content_terms

GRAM_WEIGHT = 0.3
_WORDS_FILE = "bm25.words.json"


class LexicalIndex:
    """BM25 over passages. Immutable; make one with ``build`` or ``load``."""

    def __init__(self, terms: TermIndex, grams: TermIndex, frequencies: dict[str, int]) -> None:
        self._terms = terms
        self._grams = grams
        self._frequencies = frequencies

    @property
    def vocabulary(self) -> Collection[str]:
        """Every word of the passages, titles and headings, as written there."""
        return self._frequencies.keys()

    @classmethod
    def build(cls, texts: Sequence[str]) -> "LexicalIndex":
        """Index one text a passage. Cost: about a millisecond a passage of 120 words."""
        return cls(
            terms=TermIndex.build([content_terms(text) for text in texts]),
            grams=TermIndex.build([content_grams(text) for text in texts]),
            frequencies=dict(sorted(Counter(word for text in texts for word in set(WORD.findall(text))).items())),
        )

    def scores(self, query: str) -> Scores:
        """Score of every passage for a query: float32 [passages]; 0 where no word or part of a word is shared."""
        combined: Scores = self._terms.scores(content_terms(query))
        combined += GRAM_WEIGHT * self._grams.scores(content_grams(query))
        return combined

    def save(self, folder: Path) -> tuple[str, ...]:
        """Write .npy and .json files into ``folder``; returns their names. Nothing is pickled."""
        (folder / _WORDS_FILE).write_text(json.dumps(self._frequencies, ensure_ascii=False), encoding="utf-8")
        return (_WORDS_FILE, *self._terms.save(folder, "bm25.terms"), *self._grams.save(folder, "bm25.grams"))

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Read what ``save`` wrote. The caller has checked the files' hashes."""
        return cls(
            terms=TermIndex.load(folder, "bm25.terms"),
            grams=TermIndex.load(folder, "bm25.grams"),
            frequencies=json.loads((folder / _WORDS_FILE).read_text(encoding="utf-8")),
        )
