"""Rules about single words: negation, sureness, number, tense, speaker, preposition."""

from collections.abc import Iterator, Sequence

from answer.proof.attribution import UNNAMED
from answer.proof.marks import Mark
from answer.proof.match import MOVABLE, Match


def word_marks(match: Match) -> Iterator[str]:
    """Negation, sureness, quantity and tense of each word are those of the evidence."""
    for d, e in match.pairs:
        one, other = match.draft[d], match.evidence[e]
        if other.label == "own":
            continue
        if one.negated != other.negated:
            yield f"negation of {one.text!r} differs"
        if _modal(one) != _modal(other):
            yield f"sureness of {one.text!r} differs: {sorted(other.modal)} became {sorted(one.modal)}"
        if one.quant != other.quant and not (
            not other.verbal and other.quant <= {"many", "several", "all", "both"} and not one.quant and not other.about
        ):
            yield f"quantifier of {one.text!r} differs: {sorted(other.quant)} became {sorted(one.quant)}"
        if one.about != other.about:
            yield f"{one.text!r} is {sorted(other.about)} in the evidence, not {sorted(one.about)}"
        if one.former != other.former:
            yield f"{one.text!r} is now and former mixed up"
        if _tense_differs(one, other):
            yield f"tense of {one.text!r} differs: {other.tense} became {one.tense}"


def _modal(mark: Mark) -> frozenset[str]:
    return frozenset("poss" if m == "allow" else m for m in mark.modal)


def _tense_differs(one: Mark, other: Mark) -> bool:
    if one.tense and other.tense:
        return one.tense != other.tense and one.text.lower() != other.text.lower() + "ing"
    if one.modal or other.modal or one.label == "say":
        return one.tense == "perf" and one.modal == other.modal
    if one.verbal and other.label == "word" and one.tense == "past":
        return not other.verbal
    return other.tense == "past" and not one.tense and not one.verbal and other.verbal and not other.passive


def sources(match: Match) -> Iterator[str]:
    """What somebody says stays in that mouth, what nobody said is put into none."""
    for d, e in match.own:
        one, other = match.draft[d], match.evidence[e]
        if one.key in match.speakers or one.label == "say" or other.label == "say" or _fronted(match.draft, d):
            continue
        if bool(one.source) != bool(other.source):
            yield f"who says {one.text!r} is {'left out' if other.source else 'made up'}"
        elif UNNAMED not in (one.source, other.source) and not _same_speaker(match, one.source, other.source):
            yield f"{one.text!r} is said by {sorted(other.source)}, not {sorted(one.source)}"


def _fronted(marks: Sequence[Mark], d: int) -> bool:
    """In a phrase of time or place that opens the sentence, before a comma."""
    opening = [m for m in marks if m.segment == marks[0].segment and m.content]
    return marks[d].segment == marks[0].segment and all(m.prep in MOVABLE for m in opening)


def _same_speaker(match: Match, said_by: frozenset[str], other: frozenset[str]) -> bool:
    """The draft may leave part of the speaker's name out, or add what the evidence calls him elsewhere."""
    if said_by <= other:
        return True
    rest = frozenset().union(*(m.source for m in match.evidence if m.source != other))
    return other <= said_by and not (said_by & rest)


def prepositions(match: Match) -> Iterator[str]:
    """A phrase hangs on the same preposition: from A to B is not from B to A."""
    for d, e in match.own:
        one, other = match.draft[d], match.evidence[e]
        if one.prep == other.prep or one.label == "say" or one.adverb or one.key in match.speakers:
            continue
        if not _exchangeable(match, one, other) and not apposed(match, d, e):
            yield f"{one.text!r} stands after {one.prep!r}, in the evidence after {other.prep!r}"


def apposed(match: Match, d: int, e: int) -> bool:
    """As in "sold to Ben Adler, a lawyer": Ben Adler is a lawyer."""
    after = next((m for m in match.draft[d + 1 :] if m.run != match.draft[d].run or not m.content), None)
    then = next((m for m in match.evidence[e + 1 :] if m.run != match.evidence[e].run or not m.content), None)
    return after is not None and after.label == "be" and then is not None and then.text == ","


def _exchangeable(match: Match, one: Mark, other: Mark) -> bool:
    both = {one.prep, other.prep}
    if both == {"by", ""}:
        return bool(match.flipped)
    if both == {"to", ""}:
        return one.label == "word" and not one.name
    if both == {"with", ""}:
        return any(m.label == "have" for m in match.draft)
    if other.prep == "of" and not one.prep:
        return one.label == "number"
    if both == {"in", ""}:
        return one.label == "number" and "about" in one.about
    return both <= {"of", "in"} and one.label == "number"


def names(match: Match) -> Iterator[str]:
    """Words of one name stand together in the evidence too."""
    for (a, at_a), (b, at_b) in zip(match.own, match.own[1:], strict=False):
        together = b == a + 1 and match.draft[a].name and match.draft[b].name and not match.draft[a].owner
        if together and match.evidence[at_a].run != match.evidence[at_b].run:
            yield f"{match.draft[a].text} {match.draft[b].text} is no name of the evidence"


def connectives(match: Match) -> Iterator[str]:
    """No reason is made up."""
    known = {m.label for m in match.evidence}
    if any(m.label == "cause" for m in match.draft) and "cause" not in known:
        yield "gives a reason the evidence does not give"
