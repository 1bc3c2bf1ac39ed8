"""Phrases of a sentence: runs of words without a function word inside, and the preposition each hangs on."""

from dataclasses import dataclass

from answer.proof.lexicon import DAYS, MONTHS, TIME_UNITS
from answer.proof.marks import QUANTS, Mark

_SAME_PREP = {"at": "in", "on": "in", "till": "until", "per": "a"}


_OPENING = QUANTS | {"stop", "and"}


def mark_phrases(marks: list[Mark]) -> None:
    """Set ``run``, ``prep``, ``bare`` and ``carried`` of every content word."""
    walk = _Walk(marks)
    for i in range(len(marks)):
        walk.step(i)
    for i, mark in enumerate(marks):
        if mark.owner:
            _own(marks, i)


@dataclass
class _Walk:
    """Where the reading of phrases stands: the run, its preposition, whether the next word starts a run."""

    marks: list[Mark]
    run: int = 0
    prep: str = ""
    fresh: bool = True
    bare: bool = True
    carried: bool = False

    def step(self, i: int) -> None:
        """Read one token."""
        mark = self.marks[i]
        self.carried = (self.carried or mark.label == "and") and mark.label != "prep"
        if i and mark.segment != self.marks[i - 1].segment:
            self._start("")
        if mark.content:
            self._content(i)
        elif mark.label in ("prep", "about", "det", "own"):
            self._link(i)
        elif mark.label in _OPENING or mark.key == "not":
            self._separate(mark)
        else:
            mark.prep = self.prep
            self._start("")

    def _start(self, prep: str) -> None:
        self.prep, self.fresh, self.bare = prep, True, True

    def _content(self, i: int) -> None:
        mark = self.marks[i]
        if mark.verbal and i and self.marks[i - 1].label not in ("prep", "opener"):
            self.prep = ""
        if not self.fresh and (mark.verbal or _starts_count(self.marks, i) or _starts_time(self.marks, i)):
            self._start("")
        if self.fresh:
            self.run += 1
            self.prep = "in" if not self.prep and _starts_time(self.marks, i) else self.prep
        mark.run, mark.prep, mark.bare, mark.carried = self.run, self.prep, self.bare, self.carried
        self.fresh = False
        if _ends_date(self.marks, i) or mark.verbal:
            self._start("")

    def _link(self, i: int) -> None:
        mark = self.marks[i]
        if mark.label == "prep" and _no_link(self.marks, i):
            self.fresh = True
        elif mark.label == "prep":
            self._start(_SAME_PREP.get(mark.key, mark.key))
        elif mark.key == "a" and not self.fresh and _time_unit(self.marks, i + 1):
            self.prep, self.fresh = "a", True
        else:
            self.prep = self.prep if self.fresh else ""
            self.bare = self.bare and mark.label == "about"
            self.fresh = True

    def _separate(self, mark: Mark) -> None:
        if mark.label in QUANTS and not self.fresh:
            self.prep = ""
        self.fresh = True
        self.prep = "" if mark.label == "and" and self.prep == "than" else self.prep
        if mark.label == "stop" and mark.text in ",;:()—":
            self._start("")


def _time_unit(marks: list[Mark], i: int) -> bool:
    return i < len(marks) and marks[i].text.lower() in TIME_UNITS


def _no_link(marks: list[Mark], i: int) -> bool:
    """As in "most of the", "between 5 and 8", the "to" of "5 to 8": they link nothing."""
    before, after = marks[i - 1] if i else None, marks[i + 1] if i + 1 < len(marks) else None
    if marks[i].key in ("out", "up", "off", "down"):
        return before is not None and before.verbal
    if marks[i].key == "of":
        return before is not None and before.label in QUANTS
    if marks[i].key == "between":
        return after is not None and after.label == "number"
    ranged = before is not None and before.label == "number" and before.prep != "from"
    return marks[i].key == "to" and ranged and after is not None and after.label in ("number", "about")


def _starts_count(marks: list[Mark], i: int) -> bool:
    """A number after a word starts a phrase of its own, unless it is part of a date."""
    if marks[i].label != "number" or marks[i].key.startswith("#") or i == 0:
        return False
    if marks[i].key.endswith(("month", "day", "second")):
        return True
    return marks[i - 1].label == "word" and marks[i - 1].text.lower() not in MONTHS and not marks[i - 1].name


def _starts_time(marks: list[Mark], i: int) -> bool:
    """As in "next year", "last week": a phrase of time without a preposition."""
    if i + 1 >= len(marks):
        return False
    if marks[i].key.endswith(("month", "day", "second")) and marks[i].label == "number":
        return marks[i + 1].text.lower() in ("ago", "earlier", "later")
    if marks[i].text.lower() not in ("next", "last"):
        return False
    return marks[i + 1].text.lower() in TIME_UNITS and not (i and marks[i - 1].label == "det")


def _own(marks: list[Mark], i: int) -> None:
    """As in "Tencent's model": "Tencent" hangs on "of"; "model" on what the whole hung on."""
    run = marks[i].run
    for mark in marks[: i + 1]:
        if mark.run == run and mark.content:
            mark.prep = "of" if mark.prep == "" else mark.prep


def _ends_date(marks: list[Mark], i: int) -> bool:
    """A year, month or weekday ends a phrase: what follows starts anew."""
    mark = marks[i]
    low = mark.text.lower()
    dated = low in DAYS or low in MONTHS or (mark.label == "number" and len(low) == 4 and low.isdigit())
    return dated and i + 1 < len(marks) and marks[i + 1].label != "number" and marks[i + 1].text.lower() not in MONTHS
