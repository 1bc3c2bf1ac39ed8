"""Numbers of a token run as exact values: figures, words, scales, fractions, with their unit when it converts.

"half a year" is 6 months, "two dozen" 24, "1.2 million" 1,200,000, "a tenth" 10 per cent, "$3" 3 dollars.
English only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from answer.words import NUMBER_WORDS

_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
        fifteenth sixteenth seventeenth eighteenth nineteenth twentieth""".split(),
        start=1,
    )
}
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4, "third": 3, "thirds": 3} | {
    word + plural: value for word, value in _ORDINALS.items() if value > 3 for plural in ("", "s")
}
# Unit -> (dimension, how many of the dimension's base unit).
_UNITS = {
    "month": ("month", 1), "year": ("month", 12), "decade": ("month", 120), "century": ("month", 1200),
    "centuries": ("month", 1200), "day": ("day", 1), "week": ("day", 7), "fortnight": ("day", 14),
    "second": ("second", 1), "minute": ("second", 60), "hour": ("second", 3600), "%": ("%", 1),
    "dollar": ("$", 1), "euro": ("€", 1), "pound": ("£", 1), "yen": ("¥", 1), "am_": ("am", 1), "pm_": ("pm", 1),
}  # fmt: skip
_FIGURE = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_CURRENCIES = frozenset("$€£¥")
_JOINS = frozenset({"to", "-", "–", "—", "and", "or"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a run of tokens: ``value`` in the base unit of ``unit`` ("" when it is none that converts).

    ``first`` and ``last`` are token indexes, both inclusive; ``ordinal`` tells "third" from "three".
    """

    value: Fraction
    unit: str
    first: int
    last: int
    ordinal: bool = False

    @property
    def key(self) -> str:
        """What two mentions of the same quantity share."""
        return f"{'#' if self.ordinal else '='}{self.value}{self.unit}"


def quantities(tokens: Sequence[str]) -> list[Quantity]:
    """All quantities of lower-case ``tokens`` (words, figures, punctuation marks, currency signs), in order."""
    found: list[Quantity] = []
    i = 0
    while i < len(tokens):
        quantity = _quantity_at(tokens, i)
        if quantity is None:
            i += 1
        else:
            found.append(quantity)
            i = quantity.last + 1
    return _shared_units(found, tokens)


def _quantity_at(tokens: Sequence[str], i: int) -> Quantity | None:
    if tokens[i] in _CURRENCIES and i + 1 < len(tokens):
        number = _number(tokens, i + 1)
        return number and Quantity(number.value, tokens[i], i, number.last)
    number = _fraction(tokens, i) or _ordinal(tokens, i) or _number(tokens, i)
    if number is None or number.ordinal or number.unit:
        return number
    return _with_unit(_plus_half(number, tokens), tokens)


def _fraction(tokens: Sequence[str], i: int) -> Quantity | None:
    """As in "half a year", "half of", "a third", "two thirds", "a year and a half"."""
    here = tokens[i]
    if here in ("half", "quarter"):
        return _half_unit(tokens, i, i, Fraction(1, _PARTS[here]))
    count = 1 if here in ("a", "an", "one") else int(NUMBER_WORDS.get(here, 0))
    part = _PARTS.get(_at(tokens, i + 1), 0) if count else 0
    if part and (
        _at(tokens, i + 2) in ("of", "a", "an", "to", "in", ",", ".", "", "as", "since", "by", "more", "less")
    ):
        return _half_unit(tokens, i, i + 1, Fraction(count, part))
    unit = _UNITS.get(_singular(_at(tokens, i + 1)))
    if count == 1 and unit and unit[0] in ("month", "day", "second"):
        extra = Fraction(1, 2) if tuple(tokens[i + 2 : i + 5]) == ("and", "a", "half") else Fraction(0)
        if extra or here == "one" or "to" in (_at(tokens, i + 2), _at(tokens, i - 1)):
            return Quantity((1 + extra) * unit[1], unit[0], i, i + (4 if extra else 1))
    return None


def _half_unit(tokens: Sequence[str], first: int, last: int, share: Fraction) -> Quantity:
    step = last + 1
    if _at(tokens, step) == "of":
        step += 1
    if _at(tokens, step) in ("a", "an"):
        unit = _UNITS.get(_singular(_at(tokens, step + 1)))
        if unit:
            return Quantity(share * unit[1], unit[0], first, step + 1)
        scale = _SCALES.get(_at(tokens, step + 1))
        if scale:
            return _with_unit(Quantity(share * scale, "", first, step + 1), tokens)
    return Quantity(share * 100, "%", first, last)


def _ordinal(tokens: Sequence[str], i: int) -> Quantity | None:
    here = tokens[i]
    if here in _ORDINALS and not (here == "second" and _at(tokens, i - 1) in ("a", "per", "each")):
        return Quantity(Fraction(_ORDINALS[here]), "", i, i, ordinal=True)
    if here[-2:] in ("st", "nd", "rd", "th") and here[:-2].isascii() and here[:-2].isdigit():
        return Quantity(Fraction(int(here[:-2])), "", i, i, ordinal=True)
    return None


def _number(tokens: Sequence[str], i: int) -> Quantity | None:
    """The longest cardinal that starts at ``i``."""
    if not _is_cardinal(tokens[i]) and not (tokens[i] in ("a", "an") and _at(tokens, i + 1) in _SCALES):
        return None
    total, group, last = Fraction(0), Fraction(0), i
    j, before = i, ""
    while j < len(tokens):
        word = tokens[j]
        if word in _SCALES:
            group, before = (group or Fraction(1)) * _SCALES[word], "scale"
            if _SCALES[word] >= 1000:
                total, group = total + group, Fraction(0)
        elif _is_cardinal(word) and (j == i or before == "scale" or (before == "tens" and _value(word) < 10)):
            group += _value(word)
            before = "tens" if word in NUMBER_WORDS and _value(word) >= 20 else "unit"
        elif not (word in ("and", "-") and j > i and _continues(tokens, j, before)) and not (
            j == i and word in ("a", "an")
        ):
            break
        last = j if word not in ("and", "-") else last
        j += 1
    return Quantity(total + group, "", i, last)


def _continues(tokens: Sequence[str], j: int, before: str) -> bool:
    """As in "one hundred and five", "twenty-five": the joint belongs to the number."""
    after = _at(tokens, j + 1)
    if tokens[j] == "and":
        return before == "scale" and tokens[j - 1] == "hundred" and after in NUMBER_WORDS
    return before == "tens" and after in NUMBER_WORDS and _value(after) < 10


def _plus_half(number: Quantity, tokens: Sequence[str]) -> Quantity:
    if tuple(tokens[number.last + 1 : number.last + 4]) == ("and", "a", "half"):
        return Quantity(number.value + Fraction(1, 2), "", number.first, number.last + 3)
    return number


def _with_unit(number: Quantity, tokens: Sequence[str]) -> Quantity:
    after = number.last + 1
    if _at(tokens, after) == "-":
        after += 1
    unit = _UNITS.get(_singular(_at(tokens, after)))
    if unit is None:
        return number
    return Quantity(number.value * unit[1], unit[0], number.first, after)


def _shared_units(found: list[Quantity], tokens: Sequence[str]) -> list[Quantity]:
    """As in "6 to 9 months": the first number takes the unit of the second."""
    for k in range(len(found) - 2, -1, -1):
        one, other = found[k], found[k + 1]
        joined = other.first == one.last + 2 and tokens[one.last + 1] in _JOINS
        if joined and not one.unit and other.unit and not one.ordinal:
            scale = next((s for u, s in _UNITS.values() if u == other.unit and _matches(other, tokens, s)), 1)
            found[k] = Quantity(one.value * scale, other.unit, one.first, one.last)
    return found


def _matches(quantity: Quantity, tokens: Sequence[str], scale: int) -> bool:
    return _UNITS.get(_singular(tokens[quantity.last]), ("", 0))[1] == scale


def _is_cardinal(word: str) -> bool:
    return word in NUMBER_WORDS or word == "dozen" or _FIGURE.fullmatch(word) is not None


def _value(word: str) -> Fraction:
    if word == "dozen":
        return Fraction(12)
    return Fraction(NUMBER_WORDS.get(word, word.replace(",", "")))


def _singular(token: str) -> str:
    return token[:-1] if token.endswith("s") and token[:-1] in _UNITS else token


def _at(tokens: Sequence[str], i: int) -> str:
    return tokens[i] if 0 <= i < len(tokens) else ""
