"""Follow-up questions become standalone ones.

"When was it unveiled?" needs what "it" is. The names and phrases of the last turns are put in its place,
and the reading that the articles answer best is kept: the evidence decides, not a guess about grammar.
"""

import re
from collections.abc import Callable, Sequence

from answer.types import Turn
from answer.words import Word, content_keys, words

MAX_CANDIDATES = 7
_PRONOUN = re.compile(
    r"""\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those
    |(?:the|this|that|these|those|such)\ (?:model|company|firm|companies|models|product|tool|app|apps|person|man|woman
       |ones?|thing|technology))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_POSSESSIVE = re.compile(r"^(?:its|their|his|her)$", re.IGNORECASE)
_ELLIPSIS = re.compile(
    r"^(?:and|but|so|or|also)?[ ,]*(?:what about|how about|and|what of|or)\b[ ,]*|^(?:and|but|so|also)\b[ ,]*",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"""^(?:(?:why|when|where|who|how\ so|which\ ones?|which|(?:since|by|until|from)\ when|by\ whom
    |how\ (?:long|much|many|come)|how
    |what\ else|what\ for)\b\W*)+$""",
    re.IGNORECASE | re.VERBOSE,
)


def needs_history(question: str) -> bool:
    """True when the question points back: a pronoun, an opening "and ...", or next to no content of its own."""
    return bool(_PRONOUN.search(question) or _ELLIPSIS.match(question) or _BARE.match(question.strip()))


def standalone(question: str, history: Sequence[Turn], score: Callable[[str], float]) -> str:
    """The question as it would be asked without the conversation.

    Args:
        question: as typed.
        history: earlier turns, oldest first.
        score: how well the articles answer a question; called for at most MAX_CANDIDATES + 1 readings.
    """
    if not history or not needs_history(question):
        return question
    readings = [r for r in dict.fromkeys(_readings(question, history)) if r != question][:MAX_CANDIDATES]
    return max(readings, key=score, default=question)


def _readings(question: str, history: Sequence[Turn]) -> list[str]:
    asked = [turn.text for turn in history if turn.role == "user"]
    last = asked[-1] if asked else ""
    elliptical = _ELLIPSIS.match(question) or _BARE.match(question.strip())
    found: list[str] = []
    if elliptical and last:
        found += _fill(last, _ELLIPSIS.sub("", question, count=1))
    if _PRONOUN.search(question):
        found += [_substitute(question, phrase) for phrase in _phrases(history)]
    if last:
        found.append(f"{last.rstrip(' ?.!')}: {question}")
    return found


def _fill(last: str, rest: str) -> list[str]:
    """The last question asked again about ``rest``: a name of it replaced, or the new words put behind it."""
    swapped = [last.replace(name, rest.rstrip(" ?.!"), 1) for name in _groups(last)]
    return [*swapped, f"{last.rstrip(' ?.!')} {rest}"]


def _substitute(question: str, phrase: str) -> str:
    def put(match: re.Match[str]) -> str:
        something_follows = question[match.end() :].strip(" ?.!")
        return f"{phrase}'s" if _POSSESSIVE.match(match.group()) and something_follows else phrase

    return _PRONOUN.sub(put, question, count=1)


def _phrases(history: Sequence[Turn]) -> list[str]:
    """What a pronoun may stand for: names of the last turns, a question's subject, things of a nameless answer."""
    phrases: list[str] = []
    for turn in reversed(history[-4:]):
        text = re.sub(r"\[\d+\]", "", turn.text)
        phrases += _groups(text)[:3]
        if turn.role == "user":
            phrases += [_subject(text)]
    answered = [turn.text for turn in history[-2:] if turn.role == "assistant" and not _groups(turn.text)]
    phrases += [thing for text in answered for thing in _things(text)[-2:]]
    return [p for p in dict.fromkeys(phrases) if p]


def _groups(text: str) -> list[str]:
    """Capitalised words, neighbours together: ["Ada Lovelace", "London"]; a sentence's first word may be one."""
    return _runs(text, lambda word: word.is_capitalised and word.is_content)


def _runs(text: str, wanted: Callable[[Word], bool]) -> list[str]:
    groups: list[list[int]] = []
    for word in filter(wanted, words(text)):
        if groups and word.start - groups[-1][1] <= 1:
            groups[-1][1] = word.end
        else:
            groups.append([word.start, word.end])
    return [text[start:end] for start, end in groups]


def _things(text: str) -> list[str]:
    """Neighbouring lower-case words that carry meaning, two at least: ["new devices"] of "It may need new devices."."""
    return [run for run in _runs(text, lambda word: word.is_content and not word.is_number) if " " in run]


def _subject(question: str) -> str:
    """The question's content words in order: a stand-in for its subject when it has no name."""
    keys = content_keys(question)
    return " ".join(word.text for word in words(question) if word.key in keys and word.is_content)
