"""What a function word says is handed on to the word it governs: "not", "may", "most", "former", "was"."""

from dataclasses import dataclass, field

from answer.proof.lexicon import IRREALIS
from answer.proof.marks import MODALS, QUANTS, Mark

_TENSES = {
    "is": "pres", "are": "pres", "am": "pres", "was": "past", "were": "past", "has": "perf", "have": "perf",
    "had": "past", "did": "past", "does": "pres", "do": "pres",
}  # fmt: skip
_HELPERS = frozenset({"be", "have", "do"})
_PASSED_ON = frozenset({"all", "most", "some", "several", "many"})


def hand_on_scopes(marks: list[Mark]) -> None:
    """Set what the function words of a sentence say about its other words."""
    pending = _Pending(marks)
    for i in range(len(marks)):
        pending.step(i)


@dataclass
class _Pending:
    """What has been said and waits for the word it is said of."""

    marks: list[Mark]
    neg: int = 0
    modal: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    irrealis: set[str] = field(default_factory=set)
    quant: set[str] = field(default_factory=set)
    about: frozenset[str] = frozenset()
    tense: str = ""
    former: bool = False

    def step(self, i: int) -> None:
        """Read one token: collect what it says, or give it what was said."""
        mark = self.marks[i]
        if mark.label in ("neg", "stop"):
            self._deny(i)
        elif mark.label in MODALS:
            first = i == 0 and mark.text.lower().endswith("ly")
            (self.late if first else self.modal).add(mark.label)
        elif mark.label in QUANTS:
            self._quantify(i)
        elif mark.label == "former" or _once(self.marks, i):
            self.former, mark.label = True, "former"
        elif mark.label in _HELPERS:
            kept = self.tense == "perf" and mark.key in ("been", "being")
            self.tense = self.tense if kept else _TENSES.get(mark.key, self.tense)
        else:
            self._give(mark)

    def _deny(self, i: int) -> None:
        mark = self.marks[i]
        if mark.label == "neg":
            self.neg += not _not_only(self.marks, i)
            self.quant |= {"none"} if mark.key == "none" else set()
        elif mark.text in ",;":
            self.tense = ""
            if i and self.marks[i - 1].label == "neg":
                self.neg, self.quant = 0, set()

    def _quantify(self, i: int) -> None:
        mark = self.marks[i]
        condition = _condition_after(self.marks, i) if mark.label == "only" else None
        if condition is not None:
            condition.quant = frozenset({"only"})
            return
        self.quant.add(mark.label)
        self.about |= mark.about

    def _give(self, mark: Mark) -> None:
        if mark.key == "to" and self.irrealis:
            self.modal, self.irrealis = self.modal | self.irrealis, set()
        elif mark.label == "pron" and self.quant:
            mark.quant, self.quant = frozenset(self.quant), set()
        elif mark.content and not mark.adverb and not (mark.owner and self.quant):
            self._count(mark)
            waits = mark.label == "number" and not (self.neg or self.modal or self.tense)
            if not waits and not mark.key.startswith("#"):
                self._say(mark)

    def _count(self, mark: Mark) -> None:
        """A number passes "most" and the like on to what is counted."""
        mark.quant = frozenset(self.quant)
        if mark.label == "number":
            mark.about |= self.about
            self.quant &= _PASSED_ON
        else:
            mark.about, self.about, self.quant = self.about, frozenset(), set()

    def _say(self, mark: Mark) -> None:
        if mark.verbal:
            self.modal, self.late = self.modal | self.late, set()
        mark.negated, mark.modal, mark.former = self.neg % 2, frozenset(self.modal), self.former
        if self.tense:
            mark.tense = "" if self.modal & {"will", "would"} else self.tense
        self.neg, self.modal, self.tense, self.former = 0, set(), "", False
        if mark.text.lower() in IRREALIS:
            self.irrealis = {"likely" if mark.key == "expect" else mark.key}


def _once(marks: list[Mark], i: int) -> bool:
    """As in "once the dirtiest": formerly, not "when"."""
    return marks[i].text.lower() == "once" and i + 1 < len(marks) and marks[i + 1].label == "det"


def _condition_after(marks: list[Mark], i: int) -> Mark | None:
    """As in "may only play when", "only if": what the "only" limits to."""
    near = [m for m in marks[i + 1 :] if m.segment <= marks[i].segment + 1]
    return next((m for m in near if m.label in ("cond", "when")), None)


def _not_only(marks: list[Mark], i: int) -> bool:
    return marks[i].key == "not" and i + 1 < len(marks) and marks[i + 1].text.lower() in ("only", "just", "merely")
