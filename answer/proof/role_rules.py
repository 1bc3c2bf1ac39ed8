"""Rules about who does what to whom: order, voice, and what belongs to what."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from answer.proof.alignment import just_before
from answer.proof.lexicon import DAYS, MONTHS
from answer.proof.marks import Mark
from answer.proof.match import CLAUSE_OPENERS, Match, opener_of, run_start, solid
from answer.proof.word_rules import apposed


def order(match: Match) -> Iterator[str]:
    """Who does what to whom: words that hang on no movable phrase keep their order, turned round by the passive."""
    core = [(d, e) for d, e in match.pairs if _core(match, d, e)]
    for k, (a, at_a) in enumerate(core):
        for b, at_b in core[k + 1 :]:
            if at_a == at_b:
                continue
            turned = _turned(match, a, at_a, b, at_b)
            if turned is not None and (at_b < at_a) != turned and not _licensed(match, a, at_a, b, at_b):
                yield f"{match.draft[a].text!r} and {match.draft[b].text!r} changed places"


def _core(match: Match, d: int, e: int) -> bool:
    one, other = match.draft[d], match.evidence[e]
    if one.label == "say" or one.adverb or one.key in match.speakers or other.label == "own":
        return False
    if one.key.startswith("#") and d + 1 < len(match.draft) and match.draft[d + 1].verbal:
        return False
    return not (one.prep and one.prep == other.prep and not one.verbal)


def _turned(match: Match, a: int, at_a: int, b: int, at_b: int) -> bool | None:
    """Must the two words have changed places, because a verb at or between them changed voice? None: either will do."""
    at = dict(match.own)
    verb = next((v for v in sorted(match.flipped) if a <= v <= b), None)
    if verb is None:
        before = [
            v
            for v in match.flipped
            if v < a and match.draft[v].passive and match.draft[v].segment == match.draft[a].segment
        ]
        return None if before and (match.draft[a].prep == "by") != (match.draft[b].prep == "by") else False
    if match.draft[verb].passive:
        roles = [_role(match.draft[i], i, verb) for i in (a, b)]
    else:
        roles = [_role(match.evidence[i], i, at[verb]) for i in (at_a, at_b)]
    if "adjunct" in roles:
        return False if "verb" in roles else None
    return True


def _role(mark: Mark, i: int, verb: int) -> str:
    if i == verb:
        return "verb"
    if mark.prep == "by":
        return "agent"
    return "patient" if i < verb else "adjunct"


def _licensed(match: Match, a: int, at_a: int, b: int, at_b: int) -> bool:
    draft, evidence = match.draft, match.evidence
    if draft[a].run == draft[b].run and evidence[at_a].run == evidence[at_b].run:
        return at_a < at_b
    low, high = min(at_a, at_b), max(at_a, at_b)
    if draft[a].segment != draft[b].segment and evidence[at_a].segment != evidence[at_b].segment:
        for d, e in ((a, at_a), (b, at_b)):
            if opener_of(draft, d) == opener_of(evidence, e) != "":
                return True
        if not any(_relative(draft, i) for i in (a, b)):
            return True
    if at_b < at_a and _copula(draft, a, b) and (_copula(evidence, low, high) or _comma(evidence, low, high)):
        return not any(draft[i].prep in ("than", "as") for i in (a, b))
    if at_b < at_a and "of" in (draft[a].prep, draft[b].prep, evidence[at_a].prep, evidence[at_b].prep):
        return draft[a].prep == evidence[at_a].prep and draft[b].prep == evidence[at_b].prep
    return False


def _relative(marks: Sequence[Mark], i: int) -> bool:
    return next(m for m in marks if m.segment == marks[i].segment).label in ("rel", "that")


def _copula(marks: Sequence[Mark], low: int, high: int) -> bool:
    return any(m.label == "be" for m in marks[low:high]) and not any(m.passive for m in marks[low : high + 1])


def _comma(marks: Sequence[Mark], low: int, high: int) -> bool:
    return any(m.text == "," for m in marks[low:high])


def one_sentence(match: Match) -> Iterator[str]:
    """A clause of the draft is not patched together from several sentences."""
    for segment in {m.segment for m in match.draft}:
        found = {
            match.evidence[e].sentence
            for d, e in match.own
            if match.draft[d].segment == segment and not match.draft[d].adverb
        }
        if len(found) > 1:
            yield "one clause mixes two sentences of the evidence"


def kept_verb(match: Match) -> Iterator[str]:
    """What belongs to a verb is not given to another one."""
    for d, e in match.own:
        verb = _verb_before(match.evidence, e)
        if (
            verb is not None
            and not apposed(match, d, e)
            and verb not in match.used
            and (match.evidence[verb].label != "say" or match.evidence[verb].passive)
        ):
            yield f"{match.draft[d].text!r} belongs to {match.evidence[verb].text!r}, which is left out"


def _verb_before(marks: Sequence[Mark], e: int) -> int | None:
    for j in range(e - 1, -1, -1):
        if marks[j].segment != marks[e].segment:
            return None
        if marks[j].verbal and not marks[j].adverb:
            return j
    return None


def kept_head(match: Match) -> Iterator[str]:
    """As in "Paris has 3 and Berlin 5 parks": 5 may not be said of Paris."""
    for (before, at_before), (d, e) in zip(match.own, match.own[1:], strict=False):
        other = match.evidence[e]
        if match.evidence[at_before].segment >= other.segment or match.draft[before].segment != match.draft[d].segment:
            continue
        heads = [j for j in range(e) if match.evidence[j].segment == other.segment and solid(match.evidence[j])]
        kept = {match.draft[i].key for i in match.places if match.draft[i].segment == match.draft[d].segment}
        first = {match.evidence[j].key for j in heads if match.evidence[j].run == match.evidence[heads[0]].run}
        if heads and not first <= kept and not set(heads) & match.used:
            yield f"{match.draft[d].text!r} belongs to {match.evidence[heads[0]].text!r}, which is left out"


def rivals(match: Match) -> Iterator[str]:
    """Of two like phrases ("in March ... in June") each keeps what it was said of."""
    for d, e in match.own:
        one, other = match.draft[d], match.evidence[e]
        if not one.prep or one.prep != other.prep or run_start(match.evidence, e) != e:
            continue
        others = [j for j in _starts(match.evidence, other) if j != e and j not in match.used]
        if others and _stolen(match, d, e, others):
            yield f"{one.text!r} is said of something else in the evidence"


def _starts(marks: Sequence[Mark], like: Mark) -> list[int]:
    """Where phrases with the same preposition start in the same sentence."""
    alike = [j for j, m in enumerate(marks) if m.content and m.prep == like.prep and m.sentence == like.sentence]
    return [j for j in alike if not marks[j].carried and run_start(marks, j) == j]


def _stolen(match: Match, d: int, e: int, others: list[int]) -> bool:
    begin = max((j for j in others if j < e), default=-1)
    region = [
        j
        for j in range(begin + 1, e)
        if solid(match.evidence[j]) and match.evidence[j].run != match.evidence[begin].run
    ]
    if begin >= 0 and region and not match.used & set(region):
        return True
    left = next((x for y, x in reversed(match.own) if y < d and match.draft[y].segment == match.draft[d].segment), None)
    return left is not None and left > e and any(j > left for j in others) and match.evidence[left].label == "number"


def astray(match: Match) -> Iterator[str]:
    """A phrase is not taken from one clause and hung on a word of a later one."""
    for (a, at_a), (d, e) in zip(match.own, match.own[1:], strict=False):
        one, other, left = match.draft[d], match.evidence[e], match.evidence[at_a]
        if not one.prep or one.segment != match.draft[a].segment or other.segment >= left.segment:
            continue
        if any(solid(m) and not m.prep for m in match.evidence[:e] if m.segment == other.segment):
            yield f"{one.text!r} does not belong to {left.text!r}"


def antecedents(match: Match) -> Iterator[str]:
    """As in "A taught B, who won": who won is B."""
    for (a, at_a), (d, e) in zip(match.pairs, match.pairs[1:], strict=False):
        segment = match.evidence[e].segment
        if _inner(match.evidence, at_a) and not _inner(match.draft, a) and _together(match, a, at_a, d, e):
            yield f"{match.draft[a].text!r} stands in a clause of its own"
        opener = next(j for j, m in enumerate(match.evidence) if m.segment == segment)
        if (
            match.evidence[opener].label != "rel"
            or match.evidence[at_a].segment >= segment
            or match.draft[a].segment != match.draft[d].segment
        ):
            continue
        if at_a not in just_before(opener, match.evidence):
            yield f"{match.draft[d].text!r} is not said of {match.draft[a].text!r}"


def _inner(marks: Sequence[Mark], i: int) -> bool:
    first = next(m for m in marks if m.segment == marks[i].segment)
    return first.label == "rel" or first.key == "whose"


def _together(match: Match, a: int, at_a: int, d: int, e: int) -> bool:
    """One clause in the draft, the second word from a later one in the evidence."""
    same = match.draft[a].segment == match.draft[d].segment
    return same and match.evidence[at_a].segment < match.evidence[e].segment and match.evidence[at_a].content


def swapped(match: Match) -> Iterator[str]:
    """As in "from the fires ... from Canada": like phrases keep their order; and "A's uncle" is not A."""
    starts = [(d, e) for d, e in match.own if match.evidence[e].prep and run_start(match.evidence, e) == e]
    for (a, at_a), (b, at_b) in combinations(starts, 2):
        one, other = match.evidence[at_a], match.evidence[at_b]
        alike = one.prep == other.prep == match.draft[a].prep == match.draft[b].prep and one.sentence == other.sentence
        if alike and at_b < at_a and not (one.carried or other.carried) and not _dated(one) and a > 1:
            yield f"{match.draft[a].text!r} and {match.draft[b].text!r} changed places"
    for d, e in match.own:
        if match.evidence[e].owner and not match.draft[d].owner and match.draft[d].prep != "of":
            yield f"{match.draft[d].text!r} owns something in the evidence"


def _dated(mark: Mark) -> bool:
    return mark.label == "number" or mark.text.lower() in MONTHS | DAYS


def meanings(match: Match) -> Iterator[str]:
    """A phrase that stands for a pronoun is one phrase of the evidence."""
    meant: dict[tuple[int, int | None], set[str]] = {}
    for d, place in match.places.items():
        if place.pronoun:
            meant.setdefault((match.draft[d].run, place.at), set()).add(match.draft[d].key)
    phrases: dict[int, set[str]] = {}
    for mark in match.evidence:
        if mark.content:
            phrases.setdefault(mark.run, set()).add(mark.key)
    known = set().union(*phrases.values()) if phrases else set()
    for keys in meant.values():
        if keys <= known and not any(keys <= phrase for phrase in phrases.values()):
            yield f"{sorted(keys)} are not one phrase of the evidence"


def clauses(match: Match) -> Iterator[str]:
    """A clause inside keeps its verb, and a clause after "that" what it hangs on."""
    for segment in {match.evidence[e].segment for _, e in match.pairs}:
        inside = [j for j, m in enumerate(match.evidence) if m.segment == segment]
        verbs = {j for j in inside if match.evidence[j].verbal}
        label = match.evidence[inside[0]].label
        inner = label in ("rel", "that", "opener", *CLAUSE_OPENERS) or match.evidence[inside[0]].key == "whose"
        if inner and verbs and not verbs & match.used:
            yield f"{match.evidence[inside[0]].text!r} clause without its verb"
        if label == "that" and inside[0] > 0 and not match.evidence[inside[-1]].source:
            head = inside[0] - 1
            if (
                solid(match.evidence[head])
                and head not in match.used
                and not any(m.source for m in (match.evidence[j] for j in inside))
            ):
                yield f"the clause hangs on {match.evidence[head].text!r}, which is left out"
