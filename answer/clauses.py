"""A sentence read as tokens with the marks the proof compares: what each word is said to be, by whom, how surely.

No parser and no model: closed word lists (answer.lexicon) and the order of English. A reading may be wrong; the
same rules read the draft and its evidence, so that most misreadings cancel out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from answer.lexicon import (
    CAPITAL_PHRASES,
    CLASSES,
    COUNT_WORDS,
    DAYS,
    DOUBTFUL_SAY,
    IRREALIS,
    IRREGULAR,
    MONTHS,
    NUMBER_MODIFIERS,
    PHRASES,
    PRESENT_VERBS,
    SAY,
    SYNONYMS,
    TIME_UNITS,
    UNCHANGING,
)
from answer.quantities import quantities
from answer.words import key_of

_RAW = re.compile(
    r"\d+:\d+|\d[\d,]*\.?\d*(?:st|nd|rd|th)?\b|[ap]\.m\.?|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|%|[^\w\s]", re.UNICODE
)
_CONTRACTIONS = (
    (re.compile(r"\bcan(?:'t|not)\b", re.I), "can not"),
    (re.compile(r"\bwon't\b", re.I), "will not"),
    (re.compile(r"\bshan't\b", re.I), "shall not"),
    (re.compile(r"n't\b", re.I), " not"),
    (re.compile(r"'ll\b", re.I), " will"),
    (re.compile(r"'re\b", re.I), " are"),
    (re.compile(r"'ve\b", re.I), " have"),
    (re.compile(r"\b(it|he|she|that|there)'s\b", re.I), r"\1 is"),
    (re.compile(r"(\b[A-Z][a-z]+ \d{1,2}), (\d{4})"), r"\1 \2"),
    (re.compile(r"\bu\.s\.(?:a\.)?", re.I), "US"),
)
_MODALS = frozenset(
    """poss can allow likely unlikely should must had_to will would seem reported usually seldom always
    partly almost at_first""".split()
)
_AUXILIARIES = frozenset("poss can should must had_to will would allow".split())
_QUANTS = frozenset("all most some several few many only both any".split())
_BREAKS = frozenset({"rel", "that", "contrast", "cond", "when", "cause", "but"})
_CLAUSE_PREPS = frozenset({"before", "after", "until", "till", "since"})
_SAME_PREP = {"at": "in", "on": "in", "till": "until", "per": "a"}


@dataclass(slots=True)
class Mark:
    """A token: its comparing form and what the rest of its sentence says about it.

    ``key`` is what two mentions share; ``label`` its class in the lexicon, or "word", "number", "say", "stop".
    ``segment`` counts pieces between breaks, ``sentence`` sentences. ``prep`` is the preposition its phrase hangs on,
    ``carried`` when an "and" before it carried that over.
    """

    text: str
    key: str
    label: str
    sentence: int
    segment: int = 0
    prep: str = ""
    run: int = 0
    negated: int = 0
    modal: frozenset[str] = frozenset()
    quant: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    tense: str = ""
    passive: bool = False
    former: bool = False
    verbal: bool = False
    bare: bool = False
    source: frozenset[str] = frozenset()
    owner: bool = False
    carried: bool = False

    @property
    def content(self) -> bool:
        """True when it must be accounted for."""
        return self.label in ("word", "number", "say")

    @property
    def name(self) -> bool:
        """True when written like a name."""
        return self.label == "word" and self.text[:1].isupper()

    @property
    def adverb(self) -> bool:
        """True when it may be dropped or moved without harm."""
        return self.label == "word" and (self.text.lower() in _LOOSE or self.text.lower().endswith("ly"))


_LOOSE = frozenset("later still now recently already soon ago again mr mrs ms dr prof sir there".split())


def read(sentences: Sequence[str], verbs: frozenset[str] = frozenset()) -> tuple[Mark, ...]:
    """All marks of ``sentences`` in order, read one sentence at a time; ``verbs`` are keys known to be of verbs."""
    return _read(tuple(sentences), verbs)


@lru_cache(maxsize=64)
def _read(sentences: tuple[str, ...], verbs: frozenset[str]) -> tuple[Mark, ...]:
    found: list[Mark] = []
    for number, sentence in enumerate(sentences):
        marks = _tokens(sentence, number)
        for step in (_numbers_about, _say, _segments):
            step(marks)
        _verbs(marks, verbs)
        for step in (_clause_preps, _phrases, _scopes, _sources):
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


def _plain(text: str) -> str:
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    return text


def _tokens(sentence: str, number: int) -> list[Mark]:
    raw = _joined(_RAW.findall(_plain(sentence)))
    low = [token.lower() for token in raw]
    at = {q.first: q for q in quantities(low)}
    marks: list[Mark] = []
    i = 0
    while i < len(raw):
        quantity = at.get(i)
        if quantity and not _pronoun_one(low, i, marks):
            marks.append(Mark(" ".join(raw[i : quantity.last + 1]), quantity.key, "number", number))
            i = quantity.last + 1
        else:
            marks += _word(raw[i], number, marks)
            i += 1
    return marks


def _joined(raw: list[str]) -> list[str]:
    """Phrases of the lexicon as one token each."""
    out: list[str] = []
    i = 0
    while i < len(raw):
        for size in (4, 3, 2, 1):
            phrase = PHRASES.get(tuple(token.lower() for token in raw[i : i + size]))
            if phrase:
                out.append(phrase)
                i += size
                break
        else:
            out.append(CAPITAL_PHRASES.get(raw[i].lower(), raw[i]) if raw[i][:1].isupper() else raw[i])
            i += 1
    return out


def _pronoun_one(low: list[str], i: int, before: list[Mark]) -> bool:
    """ "a third one", "the old one": no number."""
    if low[i] != "one" or not before or i + 1 >= len(low):
        return False
    after = low[i + 1]
    joined = after in ("or", "to", "-", "–", "of") or (after.isalpha() and after not in CLASSES)
    return before[-1].key.startswith("#") or (not joined and (before[-1].content or before[-1].label == "det"))


def _word(token: str, number: int, before: list[Mark]) -> list[Mark]:
    low = token.lower()
    if not any(c.isalnum() for c in token):
        return [Mark(token, token, "stop", number)]
    if low[0].isdigit():
        return [Mark(token, low, "number", number)]
    owner = low.endswith("'s") or (low.endswith("s'"))
    low = low.removesuffix("'s")
    if low == "may" and token[0].isupper() and before:
        return [Mark(token, "may#", "word", number)]
    label = CLASSES.get(low, "word")
    mark = Mark(token, _key(low) if label == "word" else low, label, number)
    mark.owner = owner
    return [mark]


@cache
def _key(word: str) -> str:
    base = _base(word)
    return _groups().get(base) or _groups().get(word) or key_of(base)


@cache
def _base(word: str) -> str:
    """Base form of an irregular past, also behind a prefix: "rebuilt" -> "rebuild"."""
    for prefix in ("", "re", "over", "under", "out", "mis", "with", "fore"):
        if word.startswith(prefix) and word[len(prefix) :] in IRREGULAR:
            return prefix + IRREGULAR[word[len(prefix) :]]
    return word


@cache
def _groups() -> dict[str, str]:
    return {word: f"~{number}" for number, group in enumerate(SYNONYMS) for word in group}


def _segments(marks: list[Mark]) -> None:
    """Number the pieces between commas, conjunctions that join clauses and clause openers."""
    segment = 0
    for i, mark in enumerate(marks):
        opens = (
            mark.label in _BREAKS
            or (mark.key in _CLAUSE_PREPS and i > 0)
            or mark.key == "and"
            and _joins_clauses(marks, i)
        )
        if opens and i and marks[i - 1].segment == segment and marks[i - 1].label != "stop":
            segment += 1
        mark.segment = segment
        if mark.label == "stop" and mark.text in ",;:()—–" and not (mark.text == "–" and _between_numbers(marks, i)):
            segment += 1


def _between_numbers(marks: list[Mark], i: int) -> bool:
    return 0 < i < len(marks) - 1 and marks[i - 1].label == "number" and marks[i + 1].label == "number"


def _joins_clauses(marks: list[Mark], i: int) -> bool:
    """ "and sold it", "and Berlin 5", "and is": not "cash and shares", "6 and 9"."""
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
    if after.label in ("be", "have", "do", "pron") or after.label in _MODALS:
        return True
    return after.content and (_past(after) or (after.name and i + 2 < len(marks) and marks[i + 2].label == "number"))


def _gapped(marks: list[Mark], i: int) -> bool:
    """ "and the state the rest": two phrases side by side, their verb left out."""
    rest = marks[i + 1 : i + 6]
    return any(
        a.content and not _past(a) and b.label in ("det", "own") for a, b in zip(rest, rest[1:], strict=False)
    ) and not any(m.label in ("be", "have", "do", "prep") for m in rest[:3])


def _say(marks: list[Mark]) -> None:
    for i, mark in enumerate(marks):
        noun = mark.text.lower() in DOUBTFUL_SAY and i > 0 and marks[i - 1].label in ("det", "own")
        if mark.label == "word" and mark.text.lower() in SAY and not noun:
            mark.label = "say"


def _phrases(marks: list[Mark]) -> None:
    """Runs of words without a function word inside, and the preposition each hangs on."""
    run, prep, fresh, bare, carried = 0, "", True, True, False
    for i, mark in enumerate(marks):
        carried = (carried or mark.label == "and") and mark.label != "prep"
        if i and mark.segment != marks[i - 1].segment:
            prep, fresh, bare = "", True, True
        if mark.content:
            if mark.verbal and i and marks[i - 1].label not in ("prep", "opener"):
                prep = ""
            if not fresh and (mark.verbal or _starts_count(marks, i) or _starts_time(marks, i)):
                prep, fresh, bare = "", True, True
            if fresh:
                run += 1
                prep = "in" if not prep and _starts_time(marks, i) else prep
            mark.run, mark.prep, mark.bare, mark.carried, fresh = run, prep, bare, carried, False
            if _ends_date(marks, i) or mark.verbal:
                prep, fresh, bare = "", True, True
        elif mark.label == "prep" and _no_link(marks, i):
            fresh = True
        elif mark.label == "about":
            prep, fresh = (prep if fresh else ""), True
        elif mark.key == "a" and i + 1 < len(marks) and marks[i + 1].text.lower() in TIME_UNITS and not fresh:
            prep, fresh = "a", True
        elif mark.label == "prep":
            prep, fresh, bare = _SAME_PREP.get(mark.key, mark.key), True, True
        elif mark.label in ("det", "own"):
            prep, bare = (prep if fresh else ""), False
            fresh = True
        elif (
            mark.label in ("all", "most", "some", "several", "few", "many", "only", "both", "any", "stop", "and")
            or mark.key == "not"
        ):
            fresh = True
            prep = "" if mark.label == "and" and prep == "than" else prep
            if mark.label == "stop" and mark.text in ",;:()—":
                prep, bare = "", True
        else:
            mark.prep = prep
            prep, fresh, bare = "", True, True
    for i, mark in enumerate(marks):
        if mark.owner:
            _own(marks, i)


def _no_link(marks: list[Mark], i: int) -> bool:
    """ "most of the", "between 5 and 8", the "to" of "5 to 8": they link nothing."""
    before, after = marks[i - 1] if i else None, marks[i + 1] if i + 1 < len(marks) else None
    if marks[i].key in ("out", "up", "off", "down"):
        return before is not None and before.verbal
    if marks[i].key == "of":
        return before is not None and before.label in _QUANTS
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
    """ "next year", "last week": a phrase of time without a preposition."""
    if i + 1 >= len(marks):
        return False
    if marks[i].key.endswith(("month", "day", "second")) and marks[i].label == "number":
        return marks[i + 1].text.lower() in ("ago", "earlier", "later")
    if marks[i].text.lower() not in ("next", "last"):
        return False
    return marks[i + 1].text.lower() in TIME_UNITS and not (i and marks[i - 1].label == "det")


def _clause_preps(marks: list[Mark]) -> None:
    """ "after the union had threatened": a clause opener rather than a preposition."""
    for i, mark in enumerate(marks):
        if mark.key in _CLAUSE_PREPS and mark.label == "prep":
            rest = [m for m in marks[i + 1 :] if m.segment == mark.segment]
            if any((m.verbal and m.label == "word") or m.label in ("be", "have", "pron") for m in rest):
                mark.label = "opener"


def _own(marks: list[Mark], i: int) -> None:
    """ "Tencent's model": "Tencent" hangs on "of"; "model" on what the whole hung on."""
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


def _past(mark: Mark) -> bool:
    low = mark.text.lower()
    return (
        mark.label in ("word", "say") and not mark.name and (_base(low) != low or (low.endswith("ed") and len(low) > 4))
    )


def _verbs(marks: list[Mark], known: frozenset[str]) -> None:
    """Mark verbs, their tense and voice."""
    for i, mark in enumerate(marks):
        if mark.label not in ("word", "say") or mark.name:
            continue
        helpers = _helpers(marks, i)
        participle = _past(mark) or mark.text.lower() in UNCHANGING
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
            _past(mark)
            and not any(h.label in ("be", "have", "do") for h in helpers)
            and not by
            and not _after_to(marks, i)
        ):
            mark.tense = "past"


def _present(marks: list[Mark], i: int) -> bool:
    """ "The vaccine prevents severe illness": a singular subject, then a word in -s, then more."""
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
        and not _past(after)
        and (after.content or after.label in ("det", "own", "all", "some", "pron"))
    )


def _helpers(marks: list[Mark], i: int) -> list[Mark]:
    found: list[Mark] = []
    for mark in reversed(marks[:i]):
        if mark.label in ("be", "have", "do") or mark.label in _AUXILIARIES:
            found.append(mark)
        elif not (
            mark.label in ("neg", "light")
            or mark.label in _MODALS
            or mark.label in _QUANTS
            or mark.adverb
            or mark.key.startswith("#")
        ):
            break
    return found


def _by_follows(marks: list[Mark], i: int) -> bool:
    after = next((m for m in marks[i + 1 : i + 3] if not m.adverb), None)
    return after is not None and after.key == "by" and _past(marks[i])


def _reduced(marks: list[Mark], i: int) -> bool:
    """ "The firm, founded in 1899, ...": a participle between commas."""
    closes = any(m.text == "," for m in marks[i:] if m.segment == marks[i].segment)
    return i > 1 and marks[i - 1].text == "," and closes and i + 1 < len(marks) and marks[i + 1].label == "prep"


def _after_relative(marks: list[Mark], i: int) -> bool:
    """ "who smoke", "which later expired"."""
    before = next((m for m in reversed(marks[:i]) if not m.adverb), None)
    return before is not None and before.label == "rel" and not marks[i].adverb


def _after_to(marks: list[Mark], i: int) -> bool:
    return i > 0 and marks[i - 1].key == "to" and not marks[i].text[:1].isupper() and not marks[i].text.endswith("s")


_TENSES = {
    "is": "pres", "are": "pres", "am": "pres", "was": "past", "were": "past", "has": "perf", "have": "perf",
    "had": "past", "did": "past", "does": "pres", "do": "pres",
}  # fmt: skip


def _scopes(marks: list[Mark]) -> None:
    """Hand negation, modality, quantifiers, "former" and the tense of helpers on to the next word they govern."""
    neg, modal, quant, tense, former = 0, set[str](), set[str](), "", False
    irrealis, late, about = set[str](), set[str](), frozenset[str]()
    for i, mark in enumerate(marks):
        if mark.label == "neg" and not _not_only(marks, i):
            neg += 1
            if mark.key == "none":
                quant.add("none")
        elif mark.label in _MODALS:
            (late if i == 0 and mark.text.lower().endswith("ly") else modal).add(mark.label)
        elif mark.label == "only" and (opener := _condition_after(marks, i)):
            opener.quant = frozenset({"only"})
        elif mark.label in _QUANTS:
            quant.add(mark.label)
            about |= mark.about
        elif mark.label == "former":
            former = True
        elif mark.label in ("be", "have", "do"):
            tense = tense if tense == "perf" and mark.key in ("been", "being") else _TENSES.get(mark.key, tense)
        elif mark.key == "to" and irrealis:
            modal |= irrealis
            irrealis = set()
        elif mark.label == "pron" and quant:
            mark.quant, quant = frozenset(quant), set()
        elif (
            mark.label == "when" and mark.text.lower() == "once" and i + 1 < len(marks) and marks[i + 1].label == "det"
        ):
            former, mark.label = True, "former"
        elif mark.owner and quant:
            continue
        elif mark.content and not mark.adverb:
            mark.quant, quant = frozenset(quant), set()
            if mark.label == "number":
                mark.about |= about
                quant = set(mark.quant) & {"all", "most", "some", "many"}
                if mark.key.startswith("#") or not (neg or modal or tense):
                    continue
            else:
                mark.about, about = about, frozenset()
            if mark.verbal:
                modal, late = modal | late, set()
            mark.negated, mark.modal, mark.former = neg % 2, frozenset(modal), former
            mark.tense = mark.tense if not tense else ("" if modal & {"will", "would"} else tense)
            neg, modal, tense, former = 0, set(), "", False
            if mark.text.lower() in IRREALIS:
                irrealis = {"likely" if mark.key == "expect" else mark.key}
        elif mark.label == "stop" and mark.text in ",;":
            tense = ""
            if i and marks[i - 1].label == "neg":
                neg, quant = 0, set()


def _condition_after(marks: list[Mark], i: int) -> Mark | None:
    """ "may only play when", "only if": what the "only" limits to."""
    near = [m for m in marks[i + 1 :] if m.segment <= marks[i].segment + 1]
    return next((m for m in near if m.label in ("cond", "when")), None)


def _not_only(marks: list[Mark], i: int) -> bool:
    return marks[i].key == "not" and i + 1 < len(marks) and marks[i + 1].text.lower() in ("only", "just", "merely")


def _numbers_about(marks: list[Mark]) -> None:
    """Hand "about", "at least" ... on to the number, and to both ends of a range."""
    low = [m.text.lower() for m in marks]
    for i, mark in enumerate(marks):
        ranged = i > 1 and marks[i - 2].label == "number" and low[i - 1] in ("to", "-", "–", "and", "or")
        if mark.label == "number" and ranged and marks[i - 2].about:
            mark.about = marks[i - 2].about
        elif mark.label in ("number", "all") or mark.key == "none":
            mark.about = _modifier(low, i, marks)


def _modifier(low: list[str], i: int, marks: list[Mark]) -> frozenset[str]:
    while i > 0 and (marks[i - 1].label == "det" or low[i - 1] in ("between", "from")):
        i -= 1
    for size in (3, 2, 1):
        label = NUMBER_MODIFIERS.get(tuple(low[max(0, i - size) : i]))
        if label:
            for mark in marks[max(0, i - size) : i]:
                mark.label = "about"
            return frozenset({label}) - {"exact"}
    return frozenset()


def _sources(marks: list[Mark]) -> None:
    """Who says it: hand the words that name a speaker to everything said."""
    from answer.attribution import attribute

    attribute(marks)


def superlative(mark: Mark) -> bool:
    """True for words that single something out: what stands between them and their noun must stay."""
    low = mark.text.lower()
    return low in COUNT_WORDS or mark.key.startswith("#") or (low.endswith("est") and len(low) > 5)
