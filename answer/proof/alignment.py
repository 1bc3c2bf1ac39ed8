"""Which word of the evidence each word of a draft comes from: the cheapest path over all mentions.

A word may also stand where the evidence has a pronoun, if it can be what the pronoun means.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from answer.proof.marks import Mark

_BACK, _SENTENCE, _SEGMENT, _PREP = 1.5, 0.6, 0.15, 0.4
_LONG = 12
_TWO_MEANINGS = 8.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft's word is found: index into the evidence, or None when only the header has it."""

    at: int | None
    pronoun: bool = False
    run: int = 0


def align(draft: Sequence[Mark], evidence: Sequence[Mark], header: frozenset[str], pronoun: float) -> dict[int, Place]:
    """Index of each content word of ``draft`` that is accounted for -> its place.

    ``pronoun`` is what it costs to take a word for the meaning of a pronoun.
    """
    steps = [(i, _places(mark, evidence, header)) for i, mark in enumerate(draft) if mark.content]
    steps = [(i, places) for i, places in steps if places]
    best: list[tuple[float, list[Place]]] = [(0.0, [])]
    for i, places in steps:
        best = [
            min(
                (_step(path, place, draft[i], evidence, cost + pronoun * place.pronoun) for cost, path in best),
                key=lambda b: b[0],
            )
            for place in places
        ]
    path = min(best, key=lambda b: b[0])[1]
    return {i: place for (i, _), place in zip(steps, path, strict=True)}


def _step(
    path: list[Place], place: Place, mark: Mark, evidence: Sequence[Mark], cost: float
) -> tuple[float, list[Place]]:
    before = next((p for p in reversed(path) if p.at is not None), None)
    if place.at is None:
        return cost + 1.0, [*path, place]
    here = evidence[place.at]
    if place.pronoun and any(p.pronoun and p.at == place.at and p.run != place.run for p in path):
        cost += _TWO_MEANINGS
    cost += 0.0 if here.prep == mark.prep or place.pronoun else _PREP
    if before is not None and before.at is not None:
        there = evidence[before.at]
        gap = place.at - before.at
        cost += 0.05 * min(abs(gap), _LONG) + (_BACK if gap <= 0 else 0.0)
        cost += _SEGMENT * min(abs(here.segment - there.segment), 3) + (
            _SENTENCE if here.sentence != there.sentence else 0
        )
    return cost, [*path, place]


def _places(mark: Mark, evidence: Sequence[Mark], header: frozenset[str]) -> list[Place]:
    own = [i for i, other in enumerate(evidence) if other.content and other.key == mark.key]
    found = [Place(i, run=mark.run) for i in own]
    if mark.label == "word" and not (mark.adverb or mark.verbal or any(evidence[i].verbal for i in own)):
        found += [
            Place(p, True, mark.run)
            for p, other in enumerate(evidence)
            if (other.label in ("pron", "rel") or (other.label == "own" and (mark.owner or mark.prep == "of")))
            and _may_mean(p, own, mark.key in header, evidence)
        ]
    if not found and mark.key in header:
        found.append(Place(None))
    return found


def _may_mean(p: int, own: list[int], titled: bool, evidence: Sequence[Mark]) -> bool:
    """May the pronoun at ``p`` mean the words at ``own`` (or those of the title)?"""
    pronoun = evidence[p]
    if pronoun.label == "rel":
        return any(i in own for i in just_before(p, evidence))
    subject = _opens(p, evidence)
    earlier = [i for i in own if i < p]
    if any(_opens_run(i, evidence) or (not subject and not evidence[i].prep) for i in earlier):
        return True
    return (
        titled
        and not earlier
        and not any(evidence[i].name for i in range(p) if evidence[i].sentence == pronoun.sentence)
    )


def just_before(p: int, evidence: Sequence[Mark]) -> list[int]:
    """The phrase right before ``p``, and the one it hangs on."""
    runs = list(dict.fromkeys(m.run for m in reversed(evidence[:p]) if m.content and not m.verbal))[:2]
    if runs and not next(m for m in evidence[:p] if m.content and m.run == runs[0]).prep:
        runs = runs[:1]
    return [i for i in range(p) if evidence[i].content and evidence[i].run in runs]


def _opens(p: int, evidence: Sequence[Mark]) -> bool:
    """Stands before the verb of its piece."""
    return not any(m.content and m.segment == evidence[p].segment and not m.prep for m in evidence[:p])


def _opens_run(i: int, evidence: Sequence[Mark]) -> bool:
    """Belongs to the first phrase of its piece that hangs on no preposition."""
    first = next(
        m
        for m in evidence
        if m.content and m.segment == evidence[i].segment and (not m.prep or m.run == evidence[i].run)
    )
    return first.run == evidence[i].run and (not evidence[i].prep or evidence[i].prep == "of")
