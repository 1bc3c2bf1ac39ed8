"""Judging answers: pure functions from an Answer and what is known to be right to a verdict.

``normalise`` decides what counts as the same wording, for facts in whole answers. Short answers are compared as SQuAD
does it (``answer.training.metrics``), so that exact match and F1 compare with published figures.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from answer.types import Answer, Citation
from eval.known_facts import Question

# fmt: off
_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}
# fmt: on
_SMALL = _UNITS | _TENS
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}

_MARKER = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´", "'"))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer is right; ``reason`` says what is wrong with it, "" when it is right."""

    right: bool
    reason: str


def normalise(text: str) -> str:
    """A form in which two wordings of a fact compare equal: words and figures in lower case, one space between.

    Number words become figures, a range is "6 to 9" however it was written, half a year is 6 months;
    quotes, dashes, articles, possessive endings and citation markers are gone.

    >>> normalise("Half a year to nine months, [1] Lee’s view")
    '6 to 9 months lee view'
    """
    text = unicodedata.normalize("NFKC", strip_markers(text)).casefold()
    text = text.translate(_APOSTROPHES).translate(_DASHES)
    text = re.sub(r"\b(?:[a-z]\.){2,}", lambda match: match[0].replace(".", ""), text)  # U.S. -> us
    text = re.sub(r"(?<=\w)'s\b", "", text).replace("'", "")
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"(?<=\d)\s*-\s*(?=\d)", " to ", text)
    text = re.sub(r"(?!(?<=\d)\.\d)[^\w\s%]", " ", text)  # the dot of 3.5 stays
    text = re.sub(r"%|\bper ?cent\b", " % ", text)
    text = " ".join(_number_words_to_figures(text.split()))
    text = re.sub(r"\bhalf (?:an? )?year\b", "6 months", text)
    text = " ".join(word for word in text.split() if word not in {"a", "an", "the"})
    text = re.sub(r"\b(\d+) (year|month|week|day|hour|minute|second)\b", r"\1 \2s", text)  # a 15-month gap
    return _plain_ranges(text)


def strip_markers(text: str) -> str:
    """``text`` without its citation markers ``[1]``, ``[1, 2]``."""
    return _MARKER.sub("", text)


def contains(text: str, wording: str) -> bool:
    """Whether the whole words of ``wording`` stand together in ``text``, both normalised."""
    return f" {normalise(wording)} " in f" {normalise(text)} "


def judge(question: Question, answer: Answer) -> Verdict:
    """Whether ``answer`` has a right status, states every fact and nothing rejected.

    Facts may stand in the text or in the short answer.
    """
    if answer.status not in question.status:
        return Verdict(False, f"status {answer.status}, expected {' or '.join(question.status)}")
    said = (answer.text, answer.short_answer or "")
    for wording in question.reject:
        if any(_rejects(part, wording) for part in said):
            return Verdict(False, f"says {wording!r}")
    if answer.status == "answered":
        for fact in question.accept:
            if not any(contains(part, wording) for part in said for wording in fact):
                return Verdict(False, f"does not say {fact[0]!r}")
    return Verdict(True, "")


def states_facts(text: str, question: Question) -> bool:
    """Whether ``text`` states every fact a right answer must state."""
    return all(any(contains(text, wording) for wording in fact) for fact in question.accept)


def citation_support(question: Question, answer: Answer) -> tuple[tuple[bool, ...], ...]:
    """For each citation, which of the question's facts its quote states."""
    return tuple(
        tuple(any(contains(citation.quote, wording) for wording in fact) for fact in question.accept)
        for citation in answer.citations
    )


def citation_faults(answer: Answer, texts: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with the footnotes of an answer; empty when every one is exact.

    Args:
        answer: of any status; one that is not "answered" must claim and cite nothing.
        texts: the cleaned text of every document, by document id.
    """
    faults = [fault for citation in answer.citations if (fault := _citation_fault(citation, texts))]
    numbers = [citation.number for citation in answer.citations]
    faults += [f"[{number}] stands twice" for number, count in Counter(numbers).items() if count > 1]
    for statement in answer.statements:
        if not statement.citations:
            faults.append(f"no citation: {statement.text!r}")
        faults += [f"[{number}] points nowhere" for number in statement.citations if number not in numbers]
    if answer.status == "answered":
        faults += _text_faults(answer)
    elif answer.statements or answer.citations:
        faults.append(f"status {answer.status} with statements or citations")
    return tuple(faults)


def _rejects(text: str, wording: str) -> bool:
    if wording.startswith("^"):
        return f"{normalise(text)} ".startswith(f"{normalise(wording[1:])} ")
    return contains(text, wording)


def _citation_fault(citation: Citation, texts: Mapping[str, str]) -> str:
    text = texts.get(citation.document.id)
    if text is None:
        return f"[{citation.number}] cites unknown document {citation.document.id!r}"
    found = text[citation.start : citation.end]
    if found != citation.quote or not found.strip():
        where = f"{citation.start}-{citation.end}"
        return f"[{citation.number}] quotes {citation.quote!r}, but {where} reads {found!r}"
    return ""


def _text_faults(answer: Answer) -> list[str]:
    """Words of the text that belong to no statement, and an answer that states nothing."""
    rest = strip_markers(answer.text)
    for statement in sorted(answer.statements, key=lambda item: -len(item.text)):
        rest = rest.replace(strip_markers(statement.text), " ", 1)
    faults = [f"in no statement: {rest.strip()!r}"] if re.search(r"\w", rest) else []
    return faults if answer.statements else [*faults, "answered without a statement"]


def _plain_ranges(text: str) -> str:
    text = re.sub(r"\bbetween (\d+) (?:and|to) (\d+)\b", r"\1 to \2", text)
    return re.sub(r"\b(\d+) (\w+) to (\d+) \2\b", r"\1 to \3 \2", text)


def _number_words_to_figures(words: Sequence[str]) -> list[str]:
    """Replace runs of number words: twenty one -> 21, two hundred -> 200; "6 to 9" stays three words."""
    figures: list[str] = []
    run: list[str] = []
    for word in (*words, ""):
        if run and not _continues(run, word):
            figures.append(str(_value(run)))
            run = []
        if word in _SMALL or (run and word in _SCALES):
            run.append(word)
        elif word:
            figures.append(word)
    return figures


def _continues(run: Sequence[str], word: str) -> bool:
    """Whether ``word`` goes on with the number begun: after a scale any, after tens only a unit."""
    if word in _SCALES:
        return True
    if word not in _SMALL:
        return False
    return run[-1] in _SCALES or (run[-1] in _TENS and 0 < _SMALL[word] < 10)


def _value(run: Sequence[str]) -> int:
    total = current = 0
    for word in run:
        if word == "hundred":
            current *= 100
        elif word in _SCALES:
            total, current = total + current * _SCALES[word], 0
        else:
            current += _SMALL[word]
    return total + current
