"""Rules about what limits a statement: conditions, restrictions, narrowing words."""

from collections.abc import Iterator, Sequence

from answer.proof.lexicon import DAYS, DENYING, OLD_NEW
from answer.proof.marks import Mark, superlative
from answer.proof.match import Match, opener_of, run_start, solid

_SEASONS = frozenset("winter spring summer autumn night weekend weekends daytime".split())


_EXCEPT = frozenset({"except", "apart_from", "excluding", "other_than"})
_COMPLEMENTS = frozenset({"to", "for", "of", "with", "against"})


def conditions(match: Match) -> Iterator[str]:
    """As in "if", "unless", "except" and "when" clauses stay with what they limit, and none is added."""
    yield from _exceptions(match)
    have = {m.key for m in match.draft if m.label in ("cond", "when")}
    known = {m.key for m in match.evidence if m.label in ("cond", "when")}
    yield from (f"the condition {key!r} is not in the evidence" for key in sorted(have - known))
    for i, mark in enumerate(match.evidence):
        if mark.label not in ("cond", "when") or not _limits(match, i) or not _host_used(match, i):
            continue
        inside = {j for j, m in enumerate(match.evidence) if m.segment == mark.segment and m.content}
        same = [m.quant for m in match.draft if m.key == mark.key]
        if mark.quant not in same or not {j for j in inside if not match.evidence[j].adverb} <= match.used:
            yield f"the condition {mark.key!r} is left out"


def _exceptions(match: Match) -> Iterator[str]:
    """What is excepted is not said to be included."""
    have = {m.key for m in match.draft}
    for mark in match.evidence:
        if mark.key not in _EXCEPT or mark.key in have:
            continue
        if any(match.evidence[e].segment == mark.segment for _, e in match.own):
            yield f"what stands after {mark.key!r} is included"


def _limits(match: Match, i: int) -> bool:
    """As in "when" limits what holds in general; of what happened once it only tells the time."""
    if match.evidence[i].label == "cond":
        return True
    host = [
        m for m in match.evidence if m.sentence == match.evidence[i].sentence and m.segment != match.evidence[i].segment
    ]
    after = match.evidence[i + 1] if i + 1 < len(match.evidence) else match.evidence[i]
    if i > 1 and match.evidence[i - 1].text == "," and match.evidence[i - 2].prep == "in":
        return False
    return after.label == "pron" or not any(m.tense == "past" for m in host)


def _host_used(match: Match, i: int) -> bool:
    mark = match.evidence[i]
    first = min(m.segment for m in match.evidence if m.sentence == mark.sentence)
    stop = max(
        (m.segment for m in match.evidence[:i] if m.label in ("but", "contrast") and m.sentence == mark.sentence),
        default=first,
    )
    inner = {
        m.segment
        for i, m in enumerate(match.evidence)
        if m.label == "rel" and (i == 0 or match.evidence[i - 1].segment != m.segment)
    }
    used = {match.evidence[e].segment for _, e in match.own if match.evidence[e].sentence == mark.sentence} - inner
    return bool(
        {s for s in used if s > mark.segment}
        if mark.segment == first
        else {s for s in used if stop <= s < mark.segment}
    )


def kept_modifiers(match: Match) -> Iterator[str]:
    """As in "Less advanced models" are not "models", the second largest is not the largest."""
    for _, e in match.own:
        kept = match.evidence[e]
        if e + 1 < len(match.evidence) and match.evidence[e + 1].key == "enough" and e + 1 not in match.used:
            yield f"'enough' after {kept.text!r} is left out"
        if kept.adverb:
            continue
        m = e - 1
        while m >= 0 and match.evidence[m].text in "-\"'":
            m -= 1
        if m < 0 or m in match.used or not solid(match.evidence[m]) or match.evidence[m].segment != kept.segment:
            continue
        left = match.evidence[m]
        siblings = {j - 1 for j, m in enumerate(match.evidence) if j and m.key == kept.key and j != e}
        twin = any(solid(match.evidence[j]) and match.evidence[j].run == match.evidence[j + 1].run for j in siblings)
        contrasted = twin or (left.key in OLD_NEW and {m.key for m in match.evidence} >= OLD_NEW)
        if (
            superlative(left)
            or contrasted
            or (left.bare and left.run == kept.run and not left.verbal and not kept.verbal and not kept.name)
        ):
            yield f"{left.text!r} before {kept.text!r} is left out"


def kept_limits(match: Match) -> Iterator[str]:
    """Phrases that limit what is said stay: for whom, in which season, in what a negated sentence denies."""
    for e in sorted({run_start(match.evidence, j) for j, m in enumerate(match.evidence) if m.content}):
        mark = match.evidence[e]
        run = {j for j, m in enumerate(match.evidence) if m.content and m.run == mark.run}
        before = next((j for j in range(e - 1, -1, -1) if solid(match.evidence[j])), None)
        if run & match.used or not _limiting(match, e, before):
            continue
        host = before if before is not None and match.evidence[before].segment == mark.segment else None
        if (host is not None and host in match.used) or (host is None and _neighbour_used(match, e)):
            yield f"the limit {mark.prep} {mark.text!r} is left out"


def _limiting(match: Match, e: int, before: int | None) -> bool:
    """Does the phrase that starts at ``e`` narrow what its sentence says? ``before`` is the last word before it."""
    marks, mark = match.evidence, match.evidence[e]
    beside = before is not None and marks[before].segment == mark.segment
    if any(m.text.lower() in DENYING for m in marks[:e] if m.segment == mark.segment):
        return bool(mark.prep)
    if any(m.key == "without" for m in marks[max(0, e - 2) : e]):
        return not beside
    if before is not None and beside and _completes(marks, e, before):
        return True
    return _bounded(match, e) or _narrow_circumstance(marks, e) or _for_some(marks, mark)


def _completes(marks: Sequence[Mark], e: int, before: int) -> bool:
    """As in "closed to cars", "free with an adult": the word before is not said without it."""
    mark, host = marks[e], marks[before]
    if mark.prep in _COMPLEMENTS and before == e - 2 and host.verbal and host.label == "word":
        return True
    if mark.prep == "with" and not any(m.tense == "past" for m in marks if m.sentence == mark.sentence):
        return True
    return bool(mark.prep and host.negated) and not any(m.label == "and" for m in marks[e - 2 : e])


def _bounded(match: Match, e: int) -> bool:
    """As in "only with a guide", "up to 14 days ahead": a bound of which nothing is kept."""
    mark = match.evidence[e]
    bound = "only" in mark.quant or (mark.label == "number" and bool(mark.about & {"more", "less", "most", "least"}))
    return bound and not any(m.run == mark.run for m in (match.evidence[j] for j in match.used if j >= e))


def _narrow_circumstance(marks: Sequence[Mark], e: int) -> bool:
    """As in "in winter", "on Sundays", "in most people", "under the new rules"."""
    mark = marks[e]
    low = mark.text.lower()
    state = any(m.label == "be" for m in marks[max(0, e - 2) : e])
    weekly = low.endswith("s") and low[:-1] in DAYS
    return (
        low in _SEASONS
        or weekly
        or "most" in mark.quant
        or (mark.prep == "under" and mark.label == "word" and not state)
    )


def _for_some(marks: Sequence[Mark], mark: Mark) -> bool:
    """As in "for warehouse workers"."""
    if mark.prep != "for" or mark.label != "word" or not mark.bare:
        return False
    last = [m for m in marks if m.run == mark.run and m.content][-1]
    return last.text.endswith("s") or last.text == "children"


def _neighbour_used(match: Match, e: int) -> bool:
    """A phrase between commas limits what follows when it opens a sentence or comes after "and", else both sides."""
    mark = match.evidence[e]
    inside = [j for j, m in enumerate(match.evidence) if m.segment == mark.segment]
    if not all((m.prep or m.negated) and not m.verbal for m in (match.evidence[j] for j in inside) if m.content):
        return False
    lead = match.evidence[max(0, inside[0] - 2) : inside[0] + 1]
    opens = inside[0] == 0 or lead[-2].sentence != mark.sentence or any(m.label == "and" for m in lead)
    near = {mark.segment + 1} if opens else {mark.segment - 1, mark.segment + 1}
    return any(match.evidence[j].segment in near and match.evidence[j].sentence == mark.sentence for _, j in match.own)


def restrictive(match: Match) -> Iterator[str]:
    """As in "Patients who smoke", "students at the institute": a bare noun keeps what narrows it."""
    for d, e in match.own:
        after = match.evidence[e + 1] if e + 1 < len(match.evidence) else None
        noun = match.evidence[e]
        if after is None or after.segment < noun.segment or noun.verbal or noun.label != "word" or noun.adverb:
            continue
        bare = match.draft[d].bare or after.label in ("rel", "that")
        if bare and _narrows(match, after, e) and not _any_used(match, e + 1) and _later_used(match, e + 1):
            yield f"what narrows {noun.text!r} is left out"


def _narrows(match: Match, after: Mark, e: int) -> bool:
    noun = match.evidence[e]
    if after.label == "rel" or after.label == "that":
        return True
    first = not any(m.content and m.segment == noun.segment and m.run < noun.run for m in match.evidence[:e])
    opens = e == 0 or match.evidence[e - 1].sentence != noun.sentence
    plural = noun.bare and (opens or not noun.name) and noun.text.endswith("s") and first
    return plural and (after.label == "prep" or (after.label == "word" and after.text.endswith(("ing", "ed"))))


def _any_used(match: Match, start: int) -> bool:
    """Is any word kept of the clause or phrase that starts at ``start``?"""
    first = match.evidence[start]
    if first.content:
        return start in match.used
    whole = first.label in ("rel", "that")
    content = [
        j
        for j in range(start, len(match.evidence))
        if match.evidence[j].content and match.evidence[j].segment == first.segment
    ]
    run = match.evidence[content[0]].run if content else -1
    return any(j in match.used for j in content if whole or match.evidence[j].run == run)


def _later_used(match: Match, start: int) -> bool:
    return any(j > start and match.evidence[j].sentence == match.evidence[start].sentence for j in match.used)


def openers(match: Match) -> Iterator[str]:
    """Before stays before, after stays after."""
    for d, e in match.own:
        opener = opener_of(match.draft, d)
        if opener and opener not in ("while", "whereas") and opener != opener_of(match.evidence, e):
            yield f"{match.draft[d].text!r} stands in a clause with {opener!r}, but not in the evidence"
