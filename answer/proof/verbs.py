"""Pieces of a sentence and its verbs: where clauses begin, which words are verbs, their tense and voice."""

from itertools import pairwise

from answer.proof.lexicon import DOUBTFUL_SAY, PRESENT_VERBS, SAY, UNCHANGING
from answer.proof.marks import AUXILIARIES, CLAUSE_PREPS, MODALS, QUANTS, Mark, is_past

_BREAKS = frozenset({"rel", "that", "contrast", "cond", "when", "cause", "but"})


def number_segments(marks: list[Mark]) -> None:
    """Number the pieces between commas, conjunctions that join clauses and clause openers."""
    segment = 0
    for i, mark in enumerate(marks):
        opens = (
            mark.label in _BREAKS
            or (mark.key in CLAUSE_PREPS and i > 0)
            or (mark.key == "and" and _joins_clauses(marks, i))
        )
        if opens and i and marks[i - 1].segment == segment and marks[i - 1].label != "stop":
            segment += 1
        mark.segment = segment
        if mark.label == "stop" and mark.text in ",;:()—–" and not (mark.text == "–" and _between_numbers(marks, i)):
            segment += 1


def _between_numbers(marks: list[Mark], i: int) -> bool:
    return 0 < i < len(marks) - 1 and marks[i - 1].label == "number" and marks[i + 1].label == "number"


def _joins_clauses(marks: list[Mark], i: int) -> bool:
    """As in "and sold it", "and Berlin 5", "and is": not "cash and shares", "6 and 9"."""
    if not 0 < i < len(marks) - 1:
        return False
    after = next((m for m in marks[i + 1 : i + 3] if not m.adverb), marks[i + 1])
    then = marks[i + 2].label if i + 2 < len(marks) else ""
    if after.label == "word" and not after.name and then in ("det", "own", "pron"):
        return True
    if _gapped(marks, i):
        return True
    if after.text.lower() in PRESENT_VERBS:
        return True
    if after.label in ("be", "have", "do", "pron") or after.label in MODALS:
        return True
    return after.content and (is_past(after) or (after.name and i + 2 < len(marks) and marks[i + 2].label == "number"))


def _gapped(marks: list[Mark], i: int) -> bool:
    """As in "and the state the rest": two phrases side by side, their verb left out."""
    rest = marks[i + 1 : i + 6]
    return any(a.content and not is_past(a) and b.label in ("det", "own") for a, b in pairwise(rest)) and not any(
        m.label in ("be", "have", "do", "prep") for m in rest[:3]
    )


def mark_saying(marks: list[Mark]) -> None:
    """Label the words of saying, unless an article makes them nouns."""
    for i, mark in enumerate(marks):
        noun = mark.text.lower() in DOUBTFUL_SAY and i > 0 and marks[i - 1].label in ("det", "own")
        if mark.label == "word" and mark.text.lower() in SAY and not noun:
            mark.label = "say"


def mark_verbs(marks: list[Mark], known: frozenset[str]) -> None:
    """Mark verbs, their tense and voice."""
    for i, mark in enumerate(marks):
        if mark.label not in ("word", "say") or mark.name:
            continue
        helpers = _helpers(marks, i)
        participle = is_past(mark) or mark.text.lower() in UNCHANGING
        be = any(h.label == "be" for h in helpers)
        by = _by_follows(marks, i)
        mark.passive = participle and (be or by or _reduced(marks, i))
        mark.verbal = participle or mark.label == "say" or bool(helpers) or _after_to(marks, i) or _present(marks, i)
        mark.verbal = (
            mark.verbal
            or _after_relative(marks, i)
            or (mark.key in known and i > 0 and marks[i - 1].label not in ("det", "own", "prep"))
        )
        plain = not participle and mark.label == "word" and not mark.text.lower().endswith("ing")
        if plain and mark.verbal and not helpers and not _after_to(marks, i):
            mark.tense = "pres"
        if (
            is_past(mark)
            and not any(h.label in ("be", "have", "do") for h in helpers)
            and not by
            and not _after_to(marks, i)
        ):
            mark.tense = "past"


def _present(marks: list[Mark], i: int) -> bool:
    """As in "The vaccine prevents severe illness": a singular subject, then a word in -s, then more."""
    low = marks[i].text.lower()
    if low in PRESENT_VERBS and i and marks[i - 1].label not in ("det", "own", "prep"):
        return True
    if not low.endswith("s") or low.endswith("ss") or i < 1 or i + 1 >= len(marks):
        return False
    before, after = marks[i - 1], marks[i + 1]
    singular = before.label == "word" and not before.text.lower().endswith("s") and not before.adverb
    if i == 1:
        return singular and (after.label in ("when", "det", "own") or after.key in ("from", "to"))
    led = marks[i - 2].label in ("det", "own") or before.name
    return (
        singular
        and led
        and not is_past(after)
        and (after.content or after.label in ("det", "own", "all", "some", "pron"))
    )


def _helpers(marks: list[Mark], i: int) -> list[Mark]:
    found: list[Mark] = []
    for mark in reversed(marks[:i]):
        if mark.label in ("be", "have", "do") or mark.label in AUXILIARIES:
            found.append(mark)
        elif not (
            mark.label in ("neg", "light")
            or mark.label in MODALS
            or mark.label in QUANTS
            or mark.adverb
            or mark.key.startswith("#")
        ):
            break
    return found


def _by_follows(marks: list[Mark], i: int) -> bool:
    after = next((m for m in marks[i + 1 : i + 3] if not m.adverb), None)
    return after is not None and after.key == "by" and is_past(marks[i])


def _reduced(marks: list[Mark], i: int) -> bool:
    """As in "The firm, founded in 1899, ...": a participle between commas."""
    closes = any(m.text == "," for m in marks[i:] if m.segment == marks[i].segment)
    return i > 1 and marks[i - 1].text == "," and closes and i + 1 < len(marks) and marks[i + 1].label == "prep"


def _after_relative(marks: list[Mark], i: int) -> bool:
    """As in "who smoke", "which later expired"."""
    before = next((m for m in reversed(marks[:i]) if not m.adverb), None)
    return before is not None and before.label == "rel" and not marks[i].adverb


def _after_to(marks: list[Mark], i: int) -> bool:
    return i > 0 and marks[i - 1].key == "to" and not marks[i].text[:1].isupper() and not marks[i].text.endswith("s")


def mark_clause_openers(marks: list[Mark]) -> None:
    """As in "after the union had threatened": a clause opener rather than a preposition."""
    for i, mark in enumerate(marks):
        if mark.key in CLAUSE_PREPS and mark.label == "prep":
            rest = [m for m in marks[i + 1 :] if m.segment == mark.segment]
            if any((m.verbal and m.label == "word") or m.label in ("be", "have", "pron") for m in rest):
                mark.label = "opener"
