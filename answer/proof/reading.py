"""A sentence read as tokens with the marks the proof compares: what each word is said to be, by whom, how surely.

No parser and no model: closed word lists (answer.proof.lexicon) and the order of English. A reading may be wrong;
the same rules read the draft and its evidence, so that most misreadings cancel out.
"""

from collections.abc import Sequence
from functools import lru_cache

from answer.proof.attribution import attribute
from answer.proof.marks import Mark, mark_number_modifiers, tokens
from answer.proof.phrases import mark_phrases
from answer.proof.scopes import hand_on_scopes
from answer.proof.verbs import mark_clause_openers, mark_saying, mark_verbs, number_segments


def read(sentences: Sequence[str], verbs: frozenset[str] = frozenset()) -> tuple[Mark, ...]:
    """All marks of ``sentences`` in order, read one sentence at a time; ``verbs`` are keys known to be of verbs."""
    return _read(tuple(sentences), verbs)


@lru_cache(maxsize=64)
def _read(sentences: tuple[str, ...], verbs: frozenset[str]) -> tuple[Mark, ...]:
    found: list[Mark] = []
    for number, sentence in enumerate(sentences):
        marks = tokens(sentence, number)
        for step in (mark_number_modifiers, mark_saying, number_segments):
            step(marks)
        mark_verbs(marks, verbs)
        for step in (mark_clause_openers, mark_phrases, hand_on_scopes, attribute):
            step(marks)
        _renumber(marks, found)
        found += marks
    return tuple(found)


def _renumber(marks: list[Mark], before: list[Mark]) -> None:
    """Count on from the sentence before; a semicolon ends a sentence here."""
    segment = max((m.segment for m in before), default=-1) + 1
    run = max((m.run for m in before), default=-1) + 1
    sentence = max((m.sentence for m in before), default=-1) + 1
    for mark in marks:
        mark.segment, mark.run, mark.sentence = mark.segment + segment, mark.run + run, sentence
        sentence += mark.text == ";"
