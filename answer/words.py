"""Words, numbers and names of a text, in the canonical forms that evidence ranking and proof compare.

English only: stop words, number words and the Snowball stemmer (Porter2) are those of English.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th|s)?\b|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+", re.UNICODE)

_UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """.split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBER_WORDS = {word: str(value) for value, word in enumerate(_UNITS)} | {
    word: str(10 * (i + 2)) for i, word in enumerate(_TENS)
}
_ORDINALS = {
    word: f"{value}th"
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
} | {"first": "1st", "second": "2nd", "third": "3rd"}

NEGATIONS = frozenset(
    """
    not no never none nobody nothing neither nor without cannot n't hardly barely fail fails failed lack lacks
    """.split()
)
HEDGES = frozenset(
    """
    may might could would should can likely unlikely possibly perhaps probably potentially appears seems
    expected expects expect predicts predicted predict suggests suggested believes estimates estimated
    approximately about around roughly nearly almost reportedly allegedly claims claimed up least most
    """.split()
)
STOP_WORDS = frozenset(
    """
    a an the this that these those and or but if then than so as of in on at by for from to into onto with
    within about over under between among through during before after since until while is are was were be
    been being am do does did done doing have has had having will would shall should can could may might must
    it its it's he him his she her hers they them their theirs we us our ours you your yours i me my mine who
    whom whose which what when where why how there here some any each every all both either other another such
    only just also too very much many more most less least few own same again still already yet ever s t re ve
    ll d m not no nor please tell say says said according article text passage know explain describe give show
    mention mentioned
    """.split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A token of a text: the characters, where they stand, and the form used for comparing."""

    text: str
    start: int
    end: int
    key: str

    @property
    def is_number(self) -> bool:
        """True for figures, number words and ordinals."""
        return self.key[:1].isdigit()

    @property
    def is_content(self) -> bool:
        """True when the word carries meaning of its own (not a stop word)."""
        return self.text.lower().replace("’", "'").removesuffix("'s") not in STOP_WORDS

    @property
    def is_capitalised(self) -> bool:
        """True when it looks like (part of) a name wherever it stands in a sentence."""
        return self.text[:1].isupper()


@cache
def _stemmer() -> "object":
    import Stemmer

    return Stemmer.Stemmer("english")


@cache
def key_of(word: str) -> str:
    """Canonical form of one word: figures for number words, without possessive, lower-case, stemmed."""
    lowered = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    if lowered[:1].isdigit():
        return lowered.replace(",", "")
    if lowered in NUMBER_WORDS:
        return NUMBER_WORDS[lowered]
    if lowered in _ORDINALS:
        return _ORDINALS[lowered]
    return str(_stemmer().stemWord(lowered))  # type: ignore[attr-defined]


def words(text: str) -> list[Word]:
    """All tokens of ``text`` in order. Hyphens separate: "6-9" is 6 and 9."""
    return [Word(m.group(), m.start(), m.end(), key_of(m.group())) for m in TOKEN.finditer(text)]


def content_keys(text: str) -> set[str]:
    """Keys of the words that carry meaning."""
    return {word.key for word in words(text) if word.is_content}


def number_keys(text: str) -> set[str]:
    """Keys of all numbers, e.g. {"6", "9"} for "six to nine months"."""
    return {word.key for word in words(text) if word.is_number}


def negation_count(text: str) -> int:
    """How many negating words the text has; "n't" counts where it is attached."""
    lowered = [word.text.lower().replace("’", "'") for word in words(text)]
    return sum(1 for word in lowered if word in NEGATIONS or word.endswith("n't"))


def name_words(text: str) -> list[Word]:
    """Words written like names: capitalised, but not merely because a sentence starts there.

    The first word of a sentence counts when a capital follows it directly ("Ant Group"), when it has a
    capital or digit further in ("SmolLM"), or when it is written with a capital elsewhere in the text too.
    """
    tokens = words(text)
    firsts = {i for i, word in enumerate(tokens) if _starts_sentence(text, word)}
    elsewhere = {w.text for i, w in enumerate(tokens) if i not in firsts and w.is_capitalised}
    found = []
    for i, word in enumerate(tokens):
        if not word.is_capitalised or not word.is_content:
            continue
        follows = i + 1 < len(tokens) and tokens[i + 1].is_capitalised and tokens[i + 1].start - word.end == 1
        if i not in firsts or word.text in elsewhere or follows or not word.text[1:].islower():
            found.append(word)
    return found


def _starts_sentence(text: str, word: Word) -> bool:
    before = text[: word.start].rstrip(" \t\"'“‘([•*-")
    return not before or before[-1] in ".!?:\n"


Direction = Literal["up", "down"]
OPPOSITES: tuple[tuple[str, str], ...] = (
    ("ahead", "behind"),
    ("ahead", "lag"),
    ("ahead", "trail"),
    ("overtake", "behind"),
    ("overtake", "lag"),
    ("overtake", "trail"),
    ("longer", "shorter"),
    ("older", "younger"),
    ("succeed", "fail"),
    ("profit", "loss"),
    ("allow", "ban"),
    ("lead", "lag"),
    ("lead", "trail"),
    ("more", "less"),
    ("more", "fewer"),
    ("faster", "slower"),
    ("higher", "lower"),
    ("larger", "smaller"),
    ("bigger", "smaller"),
    ("better", "worse"),
    ("increase", "decrease"),
    ("increase", "reduce"),
    ("increase", "reduction"),
    ("rise", "fall"),
    ("grow", "shrink"),
    ("before", "after"),
    ("early", "late"),
    ("earlier", "later"),
    ("win", "lose"),
    ("open", "close"),
    ("buy", "sell"),
    ("cheap", "expensive"),
    ("cheaper", "expensive"),
    ("cheaper", "costlier"),
    ("expensive", "less"),
    ("expensive", "reduction"),
    ("expensive", "decrease"),
    ("import", "export"),
    ("north", "south"),
    ("east", "west"),
    ("top", "bottom"),
    ("best", "worst"),
    ("most", "least"),
    ("slow", "fast"),
    ("slow", "swift"),
    ("slow", "rapid"),
    ("first", "last"),
    ("always", "never"),
    ("possible", "impossible"),
    ("accept", "reject"),
    ("improve", "worsen"),
    ("strong", "weak"),
)


@cache
def opposites() -> dict[str, frozenset[str]]:
    """Key of a word -> keys of the words that say the opposite, both ways."""
    table: dict[str, set[str]] = {}
    for one, other in OPPOSITES:
        table.setdefault(key_of(one), set()).add(key_of(other))
        table.setdefault(key_of(other), set()).add(key_of(one))
    return {key: frozenset(values) for key, values in table.items()}
