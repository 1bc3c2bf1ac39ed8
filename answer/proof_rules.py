"""The rules of the proof: each compares a draft with the words of the evidence it was made from.

A rule yields objections, worded for a log. Together they allow leaving out detail, moving phrases, active and
passive, and names for pronouns; they object where what is said, of whom, how surely or by whom may differ.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from answer.alignment import Place, just_before
from answer.attribution import UNNAMED
from answer.clauses import Mark, superlative
from answer.lexicon import DAYS, DENYING, OLD_NEW

MOVABLE = frozenset(
    {"in", "during", "since", "under", "with", "for", "before", "after", "until", "by", "over", "near", "a", "from"}
)
_SEASONS = frozenset("winter spring summer autumn night weekend weekends daytime".split())
_COMPLEMENTS = frozenset({"to", "for", "of", "with", "against"})
_CLAUSE = ("cond", "when", "cause", "contrast")


@dataclass(frozen=True)
class Match:
    """A draft laid over its evidence."""

    draft: Sequence[Mark]
    evidence: Sequence[Mark]
    places: dict[int, Place]

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """(index in the draft, index in the evidence) of all words found in the evidence, pronouns included."""
        return [(i, p.at) for i, p in self.places.items() if p.at is not None]

    @cached_property
    def own(self) -> list[tuple[int, int]]:
        """The pairs that are the same word, not a pronoun's meaning."""
        return [(i, p.at) for i, p in self.places.items() if p.at is not None and not p.pronoun]

    @cached_property
    def used(self) -> frozenset[int]:
        """Evidence indexes that the draft keeps."""
        return frozenset(e for _, e in self.pairs)

    @cached_property
    def flipped(self) -> frozenset[int]:
        """Draft indexes of verbs that are active on one side and passive on the other."""
        return frozenset(d for d, e in self.own if self.draft[d].passive != self._passive(e) and self._verb(d, e))

    def _passive(self, e: int) -> bool:
        return self.evidence[e].passive or _object_relative(self.evidence, e)

    def _verb(self, d: int, e: int) -> bool:
        return self.draft[d].verbal or self.evidence[e].verbal or self.draft[d].passive

    @cached_property
    def speakers(self) -> frozenset[str]:
        """Words that name a speaker on either side."""
        return frozenset().union(*(m.source for m in (*self.draft, *self.evidence)))


def _object_relative(marks: Sequence[Mark], e: int) -> bool:
    """ "Hunyuan, that it unveiled": what the verb acts on stands before it."""
    segment = [j for j in range(e) if marks[j].segment == marks[e].segment]
    return (
        bool(segment)
        and marks[segment[0]].label in ("rel", "that")
        and any(marks[j].label == "pron" for j in segment[1:2])
        and (segment[0] == 0 or marks[segment[0] - 1].label != "say")
        and not marks[e].source
    )


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
            other.quant <= {"many", "several", "all", "both"} and not one.quant and not other.about
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
        if not _exchangeable(match, one, other) and not _apposed(match, d, e):
            yield f"{one.text!r} stands after {one.prep!r}, in the evidence after {other.prep!r}"


def _apposed(match: Match, d: int, e: int) -> bool:
    """ "sold to Ben Adler, a lawyer": Ben Adler is a lawyer."""
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
            if _opener(draft, d) == _opener(evidence, e) != "":
                return True
        if not any(_relative(draft, i) for i in (a, b)):
            return True
    if at_b < at_a and _copula(draft, a, b) and (_copula(evidence, low, high) or _comma(evidence, low, high)):
        return not any(draft[i].prep in ("than", "as") for i in (a, b))
    if at_b < at_a and "of" in (draft[a].prep, draft[b].prep, evidence[at_a].prep, evidence[at_b].prep):
        return draft[a].prep == evidence[at_a].prep and draft[b].prep == evidence[at_b].prep
    return False


def _opener(marks: Sequence[Mark], i: int) -> str:
    first = next(m for m in marks if m.segment == marks[i].segment)
    return first.key if first.label in _CLAUSE or first.key in ("before", "after", "until", "since") else ""


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
            and not _apposed(match, d, e)
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
    """ "Paris has 3 and Berlin 5 parks": 5 may not be said of Paris."""
    for (before, at_before), (d, e) in zip(match.own, match.own[1:], strict=False):
        other = match.evidence[e]
        if match.evidence[at_before].segment >= other.segment or match.draft[before].segment != match.draft[d].segment:
            continue
        heads = [j for j in range(e) if match.evidence[j].segment == other.segment and _solid(match.evidence[j])]
        kept = {match.draft[i].key for i in match.places if match.draft[i].segment == match.draft[d].segment}
        first = {match.evidence[j].key for j in heads if match.evidence[j].run == match.evidence[heads[0]].run}
        if heads and not first <= kept and not set(heads) & match.used:
            yield f"{match.draft[d].text!r} belongs to {match.evidence[heads[0]].text!r}, which is left out"


def _solid(mark: Mark) -> bool:
    return mark.content and not mark.adverb


def rivals(match: Match) -> Iterator[str]:
    """Of two like phrases ("in March ... in June") each keeps what it was said of."""
    for d, e in match.own:
        one, other = match.draft[d], match.evidence[e]
        if not one.prep or one.prep != other.prep or _run_start(match.evidence, e) != e:
            continue
        others = [j for j in _starts(match.evidence, other) if j != e and j not in match.used]
        if others and _stolen(match, d, e, others):
            yield f"{one.text!r} is said of something else in the evidence"


def _starts(marks: Sequence[Mark], like: Mark) -> list[int]:
    return [
        j for j, m in enumerate(marks)
        if m.content and not m.carried and m.prep == like.prep and m.sentence == like.sentence and _run_start(marks, j) == j
    ]  # fmt: skip


def _run_start(marks: Sequence[Mark], e: int) -> int:
    return next(j for j, m in enumerate(marks) if m.content and m.run == marks[e].run)


def astray(match: Match) -> Iterator[str]:
    """A phrase is not taken from one clause and hung on a word of a later one."""
    for (a, at_a), (d, e) in zip(match.own, match.own[1:], strict=False):
        one, other, left = match.draft[d], match.evidence[e], match.evidence[at_a]
        if not one.prep or one.segment != match.draft[a].segment or other.segment >= left.segment:
            continue
        if any(_solid(m) and not m.prep for m in match.evidence[:e] if m.segment == other.segment):
            yield f"{one.text!r} does not belong to {left.text!r}"


def antecedents(match: Match) -> Iterator[str]:
    """ "A taught B, who won": who won is B."""
    for (a, at_a), (d, e) in zip(match.pairs, match.pairs[1:], strict=False):
        segment = match.evidence[e].segment
        opener = next(j for j, m in enumerate(match.evidence) if m.segment == segment)
        if (
            match.evidence[opener].label != "rel"
            or match.evidence[at_a].segment >= segment
            or match.draft[a].segment != match.draft[d].segment
        ):
            continue
        if at_a not in just_before(opener, match.evidence):
            yield f"{match.draft[d].text!r} is not said of {match.draft[a].text!r}"


def parts(match: Match) -> Iterator[str]:
    """ "40 % of women and 30 % of men": what "of" belongs to stays."""
    for (_, at_a), (d, e) in zip(match.own, match.own[1:], strict=False):
        other = match.evidence[e]
        if (
            other.prep != "of"
            or match.draft[d].prep != "of"
            or other.owner
            or match.draft[d].owner
            or _run_start(match.evidence, e) != e
        ):
            continue
        head = next((j for j in range(e - 1, -1, -1) if _solid(match.evidence[j])), None)
        if (
            head is not None
            and match.evidence[head].run != match.evidence[at_a].run
            and (match.evidence[head].prep != "of" or match.evidence[head].label == "number")
        ):
            yield f"{match.draft[d].text!r} is a part of {match.evidence[head].text!r}"


def clauses(match: Match) -> Iterator[str]:
    """A clause inside keeps its verb, and a clause after "that" what it hangs on."""
    for segment in {match.evidence[e].segment for _, e in match.pairs}:
        inside = [j for j, m in enumerate(match.evidence) if m.segment == segment]
        verbs = {j for j in inside if match.evidence[j].verbal}
        label = match.evidence[inside[0]].label
        inner = label in ("rel", "that", "opener", *_CLAUSE) or match.evidence[inside[0]].key == "whose"
        if inner and verbs and not verbs & match.used:
            yield f"{match.evidence[inside[0]].text!r} clause without its verb"
        if label == "that" and inside[0] > 0 and not match.evidence[inside[-1]].source:
            head = inside[0] - 1
            if (
                _solid(match.evidence[head])
                and head not in match.used
                and not any(m.source for m in (match.evidence[j] for j in inside))
            ):
                yield f"the clause hangs on {match.evidence[head].text!r}, which is left out"


def _stolen(match: Match, d: int, e: int, others: list[int]) -> bool:
    begin = max((j for j in others if j < e), default=-1)
    region = [
        j
        for j in range(begin + 1, e)
        if _solid(match.evidence[j]) and match.evidence[j].run != match.evidence[begin].run
    ]
    if begin >= 0 and region and not match.used & set(region):
        return True
    left = next((x for y, x in reversed(match.own) if y < d and match.draft[y].segment == match.draft[d].segment), None)
    return left is not None and left > e and any(j > left for j in others) and match.evidence[left].label == "number"


def kept_scope(match: Match) -> Iterator[str]:
    """Words under a negation or a "may" are not used without the word that bears it."""
    for t, mark in enumerate(match.evidence):
        if t in match.used or not mark.content or not (mark.negated or mark.modal):
            continue
        if any(e > t and match.evidence[e].segment == mark.segment for _, e in match.own) and not _without(
            match.evidence, t
        ):
            yield f"{mark.text!r}, negated or unsure, is left out"


def _without(marks: Sequence[Mark], t: int) -> bool:
    return any(m.key == "without" for m in marks[max(0, t - 3) : t])


def conditions(match: Match) -> Iterator[str]:
    """ "if", "unless", "except" and "when" clauses stay with what they limit, and none is added."""
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


def _limits(match: Match, i: int) -> bool:
    """ "when" limits what holds in general; of what happened once it only tells the time."""
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
    """ "Less advanced models" are not "models", the second largest is not the largest."""
    for _, e in match.own:
        kept = match.evidence[e]
        if e + 1 < len(match.evidence) and match.evidence[e + 1].key == "enough" and e + 1 not in match.used:
            yield f"'enough' after {kept.text!r} is left out"
        m = e - 1
        while m >= 0 and match.evidence[m].text in "-\"'":
            m -= 1
        if m < 0 or m in match.used or not _solid(match.evidence[m]) or match.evidence[m].segment != kept.segment:
            continue
        left = match.evidence[m]
        contrasted = left.key in OLD_NEW and OLD_NEW <= {m.key for m in match.evidence}
        if (
            superlative(left)
            or contrasted
            or (left.bare and left.run == kept.run and not left.verbal and not kept.verbal and not kept.name)
        ):
            yield f"{left.text!r} before {kept.text!r} is left out"


def kept_limits(match: Match) -> Iterator[str]:
    """Phrases that limit what is said stay: for whom, in which season, in what a negated sentence denies."""
    for e in sorted({_run_start(match.evidence, j) for j, m in enumerate(match.evidence) if m.content}):
        mark = match.evidence[e]
        run = {j for j, m in enumerate(match.evidence) if m.content and m.run == mark.run}
        before = next((j for j in range(e - 1, -1, -1) if _solid(match.evidence[j])), None)
        if run & match.used or not _limiting(match, e, before):
            continue
        host = before if before is not None and match.evidence[before].segment == mark.segment else None
        if (host is not None and host in match.used) or (host is None and _neighbour_used(match, e)):
            yield f"the limit {mark.prep} {mark.text!r} is left out"


def _limiting(match: Match, e: int, before: int | None) -> bool:
    mark = match.evidence[e]
    if any(m.text.lower() in DENYING for m in match.evidence[:e] if m.segment == mark.segment):
        return bool(mark.prep)
    if e > 0 and match.evidence[e - 1].key == "without" or (e > 1 and match.evidence[e - 2].key == "without"):
        return before is None or match.evidence[before].segment != mark.segment
    if (
        mark.prep in _COMPLEMENTS
        and before == e - 2
        and match.evidence[before].verbal
        and match.evidence[before].label == "word"
    ):
        return True
    if "only" in mark.quant or (mark.label == "number" and mark.about & {"more", "less", "most", "least"}):
        return not any(j in match.used for j in range(e, len(match.evidence)) if match.evidence[j].run == mark.run)
    beside = before is not None and match.evidence[before].segment == mark.segment
    if (
        mark.prep == "with"
        and beside
        and not any(m.tense == "past" for m in match.evidence if m.sentence == mark.sentence)
    ):
        return True
    if (
        mark.text.lower() in _SEASONS
        or mark.text.lower().removesuffix("s") in DAYS
        and mark.text.endswith("s")
        or "most" in mark.quant
        or (mark.prep == "under" and mark.label == "word")
    ):
        return True
    if mark.prep == "for" and mark.label == "word" and mark.bare:
        last = [m for m in match.evidence if m.run == mark.run and m.content][-1]
        return last.text.endswith("s") or last.text == "children"
    if not mark.prep:
        return False
    return (
        before is not None and bool(match.evidence[before].negated) and match.evidence[before].segment == mark.segment
    )


def _neighbour_used(match: Match, e: int) -> bool:
    """A phrase between commas limits what follows when it opens a sentence or comes after "and", else both sides."""
    mark = match.evidence[e]
    here = [j for j in range(e) if match.evidence[j].segment == mark.segment]
    if not all(
        (m.prep or m.negated) and not m.verbal for m in match.evidence if m.segment == mark.segment and m.content
    ):
        return False
    first = here[0] if here else e
    opens = (
        first == 0
        or match.evidence[first - 1].sentence != mark.sentence
        or "and"
        in (
            match.evidence[first].label,
            match.evidence[max(0, first - 1)].label,
            match.evidence[max(0, first - 2)].label,
        )
    )
    near = {mark.segment + 1} if opens else {mark.segment - 1, mark.segment + 1}
    return any(match.evidence[j].segment in near and match.evidence[j].sentence == mark.sentence for _, j in match.own)


def restrictive(match: Match) -> Iterator[str]:
    """ "Patients who smoke", "shops selling wine", "students at the institute": a bare noun keeps what narrows it."""
    for d, e in match.own:
        after = match.evidence[e + 1] if e + 1 < len(match.evidence) else None
        noun = match.evidence[e]
        if after is None or after.segment < noun.segment or noun.verbal or noun.label != "word" or noun.adverb:
            continue
        if _narrows(match, after, e) and not _any_used(match, e + 1) and _later_used(match, e + 1):
            if match.draft[d].bare or after.label in ("rel", "that"):
                yield f"what narrows {noun.text!r} is left out"


def _narrows(match: Match, after: Mark, e: int) -> bool:
    noun = match.evidence[e]
    if after.label == "rel" or after.label == "that":
        return True
    first = not any(m.content and m.segment == noun.segment and m.run < noun.run for m in match.evidence[:e])
    plural = noun.bare and not noun.name and noun.text.endswith("s") and first
    return plural and (after.label == "prep" or (after.label == "word" and after.text.endswith(("ing", "ed"))))


def _any_used(match: Match, start: int) -> bool:
    """Is any word kept of the clause or phrase that starts at ``start``?"""
    first = match.evidence[start]
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


def names(match: Match) -> Iterator[str]:
    """Words of one name stand together in the evidence too."""
    for (a, at_a), (b, at_b) in zip(match.own, match.own[1:], strict=False):
        together = b == a + 1 and match.draft[a].name and match.draft[b].name and not match.draft[a].owner
        if together and match.evidence[at_a].run != match.evidence[at_b].run:
            yield f"{match.draft[a].text} {match.draft[b].text} is no name of the evidence"


def counted(match: Match) -> Iterator[str]:
    """A number counts the same thing."""
    for (a, at_a), (b, at_b) in zip(match.own, match.own[1:], strict=False):
        one = match.draft[a]
        if one.label != "number" or b != a + 1 or match.draft[b].run != one.run:
            continue
        if match.evidence[at_a].run != match.evidence[at_b].run or at_b - at_a > 4:
            yield f"{one.text!r} does not count {match.draft[b].text!r}"


def openers(match: Match) -> Iterator[str]:
    """Before stays before, after stays after."""
    for d, e in match.own:
        opener = _opener(match.draft, d)
        if opener and opener not in ("while", "whereas") and opener != _opener(match.evidence, e):
            yield f"{match.draft[d].text!r} stands in a clause with {opener!r}, but not in the evidence"


def connectives(match: Match) -> Iterator[str]:
    """No reason is made up."""
    known = {m.label for m in match.evidence}
    if any(m.label == "cause" for m in match.draft) and "cause" not in known:
        yield "gives a reason the evidence does not give"


RULES = (
    word_marks, antecedents, parts, clauses, astray, sources, prepositions, order, one_sentence, kept_verb, kept_head, rivals, kept_scope, conditions,
    kept_modifiers, kept_limits, names, counted, openers, connectives, restrictive,
)  # fmt: skip
