"""Tokens of a sentence, each with what the rest of the sentence says about it; words, numbers and phrases only."""

import re
from dataclasses import dataclass
from functools import cache

from answer.proof.lexicon import CAPITAL_PHRASES, CLASSES, COUNT_WORDS, IRREGULAR, NUMBER_MODIFIERS, PHRASES, SYNONYMS
from answer.proof.quantities import quantities
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


MODALS = frozenset(
    """poss can allow likely unlikely should must had_to will would seem reported usually seldom always
    partly almost at_first""".split()
)


AUXILIARIES = frozenset("poss can should must had_to will would allow".split())


QUANTS = frozenset("all most some several few many only both any".split())


CLAUSE_PREPS = frozenset({"before", "after", "until", "till", "since"})


_LOOSE = frozenset("later still now recently already soon ago again mr mrs ms dr prof sir there".split())


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


def tokens(sentence: str, number: int) -> list[Mark]:
    """The tokens of one sentence: phrases of the lexicon joined, quantities read, contractions opened."""
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


def _plain(text: str) -> str:
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    return text


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
    """As in "a third one", "the old one": no number."""
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
    base = base_form(word)
    return _groups().get(base) or _groups().get(word) or key_of(base)


@cache
def base_form(word: str) -> str:
    """Base form of an irregular past, also behind a prefix: "rebuilt" -> "rebuild"."""
    for prefix in ("", "re", "over", "under", "out", "mis", "with", "fore"):
        if word.startswith(prefix) and word[len(prefix) :] in IRREGULAR:
            return prefix + IRREGULAR[word[len(prefix) :]]
    return word


@cache
def _groups() -> dict[str, str]:
    return {word: f"~{number}" for number, group in enumerate(SYNONYMS) for word in group}


def is_past(mark: Mark) -> bool:
    """True when the form may be a past or a participle."""
    low = mark.text.lower()
    return (
        mark.label in ("word", "say")
        and not mark.name
        and (base_form(low) != low or (low.endswith("ed") and len(low) > 4))
    )


def mark_number_modifiers(marks: list[Mark]) -> None:
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


def superlative(mark: Mark) -> bool:
    """True for words that single something out: what stands between them and their noun must stay."""
    low = mark.text.lower()
    return low in COUNT_WORDS or mark.key.startswith("#") or (low.endswith("est") and len(low) > 5)
