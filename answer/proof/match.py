"""A draft laid over its evidence, and what the rules ask about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from answer.proof.alignment import Place
from answer.proof.marks import Mark

MOVABLE = frozenset(
    {"in", "during", "since", "under", "with", "for", "before", "after", "until", "by", "over", "near", "a", "from"}
)


CLAUSE_OPENERS = ("cond", "when", "cause", "contrast")


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
    """As in "Hunyuan, that it unveiled": what the verb acts on stands before it."""
    segment = [j for j in range(e) if marks[j].segment == marks[e].segment]
    return (
        bool(segment)
        and marks[segment[0]].label in ("rel", "that")
        and any(marks[j].label == "pron" for j in segment[1:2])
        and (segment[0] == 0 or marks[segment[0] - 1].label != "say")
        and not marks[e].source
    )


def solid(mark: Mark) -> bool:
    """True for content that is no adverb."""
    return mark.content and not mark.adverb


def run_start(marks: Sequence[Mark], e: int) -> int:
    """Index of the first word of the phrase that ``e`` belongs to."""
    return next(j for j, m in enumerate(marks) if m.content and m.run == marks[e].run)


def opener_of(marks: Sequence[Mark], i: int) -> str:
    """The conjunction that opens the clause of ``i``; "" for a main clause."""
    first = next(m for m in marks if m.segment == marks[i].segment)
    return first.key if first.label in CLAUSE_OPENERS or first.key in ("before", "after", "until", "since") else ""
