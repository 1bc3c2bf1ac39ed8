"""Changes to examples that teach the reader what real questions and passages look like.

Each function is pure given its random generator and returns a new `Example` (or None where the change is
not possible): noisy questions, cropped and bulleted passages, and two kinds of unanswerable question made
from an answerable one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from answer.training.data import Example, Span, find_answers, sentences

_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s+(?:of\s+|the\s+|de\s+)?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_OPENERS = """
what when where which who whom whose why how the this that these those is are was were did does do in on at of
for from by with to and or but it its he she they his her their a an as after before during since while
although however many most some such other another both each all one two three
"""
_NOT_NAMES = frozenset(_OPENERS.split())


def noisy_question(question: str, rng: Random) -> str:
    """Lower-case, without question mark, usually with a typo: how people type into a search box."""
    question = question.lower().rstrip(" ?")
    return misspell(question, rng) if rng.random() < 0.6 else question


def question_mark(question: str, rng: Random) -> str:
    """With or without question mark at even odds: its presence must say nothing about the answer."""
    bare = question.rstrip(" ?")
    return bare + "?" if rng.random() < 0.5 else bare


def misspell(text: str, rng: Random) -> str:
    """One slip in one word of four letters or more: swapped, dropped, doubled or neighbouring key."""
    words = [match.span() for match in re.finditer(r"[^\W\d_]{4,}", text)]
    if not words:
        return text
    start, end = rng.choice(words)
    at = rng.randrange(start + 1, end - 1)
    slips: tuple[Callable[[], str], ...] = (
        lambda: text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        lambda: text[:at] + text[at + 1 :],
        lambda: text[:at] + text[at] + text[at:],
        lambda: text[:at] + _neighbour(text[at], rng) + text[at + 1 :],
    )
    return rng.choice(slips)()


def crop(example: Example, rng: Random) -> Example:
    """Keep a window of one to four sentences, around an answer where there is one."""
    parts = sentences(example.text)
    if len(parts) < 2:
        return example
    anchors = example.evidence or example.spans or parts
    anchor = rng.choice(anchors)
    first = last = next((i for i, part in enumerate(parts) if part[0] <= anchor[0] < part[1]), 0)
    while last < len(parts) - 1 and parts[last][1] < anchor[1]:
        last += 1
    for _ in range(rng.randrange(4)):
        if rng.random() < 0.5:
            first = max(0, first - 1)
        else:
            last = min(len(parts) - 1, last + 1)
    return assemble(example, parts[first : last + 1])


def bulleted(example: Example, rng: Random) -> Example:
    """Set every sentence on a line of its own behind a list mark."""
    return assemble(example, sentences(example.text), separator="\n" + rng.choice(("- ", "• ", "* ")))


def drop_answer(example: Example) -> Example | None:
    """Take out every sentence that touches an answer; None if too little or an answer remains."""
    parts = sentences(example.text)
    gold = (*example.spans, *example.evidence)
    kept = [part for part in parts if not any(part[0] < end and start < part[1] for start, end in gold)]
    if not kept or sum(end - start for start, end in kept) < 60:
        return None
    dropped = replace(assemble(example, kept), kind="dropped", spans=(), evidence=(), verdict=None)
    return None if find_answers(dropped.text, example.answers) else dropped


def swap_entity(example: Example, pool: Sequence[str], rng: Random) -> Example | None:
    """Exchange a name or number that question and passage share for one the passage does not hold.

    `pool` are names from elsewhere. None if the question shares nothing with the passage.
    """
    shared = _shared_entities(example)
    if not shared:
        return None
    start, end = rng.choice(shared)
    old = example.question[start:end]
    new = _other_number(old, rng) if old[0].isdigit() else rng.choice(pool)
    if new.lower() in example.text.lower() or new.lower() in example.title.lower():
        return None
    if example.question.islower():
        new = new.lower()
    question = example.question[:start] + new + example.question[end:]
    return replace(example, kind="swapped", question=question, spans=(), evidence=(), verdict=None)


def entities(text: str) -> list[str]:
    """Names of one to four words in `text`, sentence openers that are plain words left out."""
    names = (match.group() for match in _NAME.finditer(text))
    return [name for name in names if len(name.split()) <= 4 and name.split()[0].lower() not in _NOT_NAMES]


def assemble(example: Example, parts: Sequence[Span], separator: str | None = None) -> Example:
    """The example over the given sentences alone, answer offsets moved along.

    Without a separator neighbours keep the text between them and others are joined by a space. With one,
    it stands between sentences, and its mark before the first.
    """
    text = "" if separator is None else separator.lstrip("\n")
    spans: set[Span] = set()
    evidence: set[Span] = set()
    for index, (start, end) in enumerate(parts):
        if index:
            between = example.text[parts[index - 1][1] : start]
            text += separator if separator is not None else (between if between.isspace() else " ")
        shift = len(text) - start
        spans.update((a + shift, b + shift) for a, b in example.spans if start <= a and b <= end)
        evidence.update(
            (max(a, start) + shift, min(b, end) + shift) for a, b in example.evidence if a < end and start < b
        )
        text += example.text[start:end]
    return replace(example, text=text, spans=tuple(sorted(spans)), evidence=tuple(sorted(evidence)))


def _shared_entities(example: Example) -> list[Span]:
    passage = example.text.lower()
    numbers = [match.span() for match in _NUMBER.finditer(example.question)]
    names = {name.lower() for name in entities(example.text)} - {example.title.lower()}
    found = [span for span in numbers if example.question[slice(*span)] in passage]
    for name in names:
        found += find_answers(example.question, [name])
    return [span for span in found if not any(_inside(span, other) for other in found)]


def _inside(span: Span, other: Span) -> bool:
    return span != other and other[0] <= span[0] and span[1] <= other[1]


def _other_number(number: str, rng: Random) -> str:
    digits = re.sub(r"\D", "", number) or "1"
    value = int(digits)
    if len(digits) == 4:
        return str(value + rng.choice((-1, 1)) * rng.randrange(1, 60))
    return str(max(1, value + rng.choice((-1, 1)) * rng.randrange(1, max(2, value))))


def _neighbour(letter: str, rng: Random) -> str:
    for row in _KEYBOARD:
        at = row.find(letter.lower())
        if at >= 0:
            return row[at + 1] if at + 1 < len(row) and rng.random() < 0.5 else row[max(0, at - 1)]
    return letter
