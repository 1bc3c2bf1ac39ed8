"""Who is compared with whom, and who does what to whom: the order of the names in a question and in a sentence.

Words alone do not tell "faster in the US than in China" from "faster in China than in the US". Names tell: those on
either side of "than", "behind" or "ahead", and else the order in which they stand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from answer.countries import with_one_form
from answer.words import name_words, words

_COMPARATOR = re.compile(
    r"\b(?:than|behind|ahead|(?:lag|trail)(?:s|ged|led|ging|ling|ing|ed)?|over(?:take|takes|took|taken|taking))\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;:.!?()]\s|[.!?]$")
# "Made by", "affiliate of": whoever comes behind would come in front without it ("Alibaba affiliate Ant Group").
_BEHIND = re.compile(r"\b(?:by|of)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sides:
    """Keys of the names before and behind the word that compares them."""

    left: frozenset[str]
    right: frozenset[str]


def sides(text: str) -> tuple[Sides, ...]:
    """The comparisons of ``text`` that name both sides."""
    text = with_one_form(text)
    found = []
    marks = list(_COMPARATOR.finditer(text))
    for i, mark in enumerate(marks):
        limit = marks[i + 1].start() if i + 1 < len(marks) else len(text)
        end = _CLAUSE_END.search(text, mark.end(), limit)
        left, right = _names(text[: mark.start()]), _names(text[mark.end() : end.start() if end else limit])
        if left - right and right:
            found.append(Sides(left - right, right))
    return tuple(found)


def _names(text: str) -> frozenset[str]:
    """Names, told by their capital; the text in front keeps the first of them from opening a sentence."""
    return frozenset(word.key for word in name_words(f"of {text}"))


def turned_round(asked: str, sentence: str) -> bool | None:
    """Whether the sentence compares the same two the other way round; None when it does not compare them."""
    same = other = False
    for one in sides(asked):
        for two in sides(sentence):
            same = same or bool(one.left & two.left and one.right & two.right)
            other = other or bool(one.left & two.right and one.right & two.left)
    return None if same == other else other


def in_order(asked: str, sentence: str) -> bool:
    """Whether the names both speak of come in one order; "by" or "of" between two of them turns theirs round."""
    sentence = f"of {sentence}"  # so that a name it opens with is told from a mere capital
    wanted, given = _places(asked), _places(sentence)
    common = sorted(wanted.keys() & given.keys(), key=lambda key: wanted[key])
    return all(
        _agree(asked, sentence, (wanted[a], wanted[b]), (given[a], given[b])) for a, b in combinations(common, 2)
    )


def _places(text: str) -> dict[str, int]:
    return {word.key: word.start for word in reversed(name_words(text))}


def _agree(asked: str, sentence: str, wanted: tuple[int, int], given: tuple[int, int]) -> bool:
    turned = bool(_BEHIND.search(asked, *wanted)) != bool(_BEHIND.search(sentence, min(given), max(given)))
    return (given[0] < given[1]) != turned


def unowned(asked: str, sentences: Sequence[str]) -> bool:
    """Whether one name owns another in the question ("Alibaba's Hunyuan") and no sentence speaks of both.

    An owner that nobody mentions is another matter (`answer.evidence.unknown_names`).
    """
    names = {word.start: word for word in name_words(asked)}
    spoken = [{word.key for word in words(sentence)} for sentence in sentences]
    for owner in names.values():
        owned = names.get(owner.end + 1) if owner.text.endswith(("'s", "’s")) else None
        if owned is not None and any(owner.key in keys for keys in spoken):
            return not any({owner.key, owned.key} <= keys for keys in spoken)
    return False
