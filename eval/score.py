"""Judging answers: pure functions from an Answer and what is known to be right to numbers.

``normalise`` decides what counts as the same wording, for facts in whole answers. ``squad_normalise``
is the usual weaker one for short answers, so that exact match and F1 compare with published figures.
A number over an empty set is None, "not measured"; it is never 0.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

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


@dataclass(frozen=True, slots=True)
class Judged:
    """One question, the answer it got and the verdict."""

    question: Question
    answer: Answer
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over the questions of one kind.

    Attributes:
        kind: the kind, or "all".
        questions: how many were asked.
        right: how many were answered (or refused) rightly.
        to_answer: questions for which only an answer is right.
        to_refuse: questions for which no answer is right.
        refused: of ``to_refuse``, those that got a refusal or small talk.
        false_answers: of ``to_refuse``, those that got an answer.
        false_refusals: of ``to_answer``, those that got a refusal or small talk.
        wrong_answers: of ``to_answer``, those that got an answer that is not right.
        failed: answers with status "failed".
        median_words: of the texts with status "answered"; None when there is none.
    """

    kind: str
    questions: int
    right: int
    to_answer: int
    to_refuse: int
    refused: int
    false_answers: int
    false_refusals: int
    wrong_answers: int
    failed: int
    median_words: float | None

    @property
    def accuracy(self) -> float | None:
        """Share of all questions that came out right."""
        return _share(self.right, self.questions)

    @property
    def refusal_rate(self) -> float | None:
        """Share of the questions to refuse that were refused."""
        return _share(self.refused, self.to_refuse)

    @property
    def false_answer_rate(self) -> float | None:
        """Share of the questions to refuse that were answered all the same."""
        return _share(self.false_answers, self.to_refuse)

    @property
    def false_refusal_rate(self) -> float | None:
        """Share of the questions to answer that were refused."""
        return _share(self.false_refusals, self.to_answer)


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


def squad_normalise(text: str) -> str:
    """Lower case without punctuation, articles and double spaces, as the SQuAD evaluation does it."""
    kept = "".join(char for char in text.lower() if char not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


def strip_markers(text: str) -> str:
    """``text`` without its citation markers ``[1]``, ``[1, 2]``."""
    return _MARKER.sub("", text)


def contains(text: str, wording: str) -> bool:
    """Whether the whole words of ``wording`` stand together in ``text``, both normalised."""
    return f" {normalise(wording)} " in f" {normalise(text)} "


def exact_match(prediction: str, references: Sequence[str]) -> bool | None:
    """Whether the prediction equals a reference after SQuAD normalisation; None without references."""
    if not references:
        return None
    return squad_normalise(prediction) in {squad_normalise(reference) for reference in references}


def f1(prediction: str, references: Sequence[str]) -> float | None:
    """Best word overlap with a reference, 0 to 1 (SQuAD); None without references."""
    return max((_overlap(prediction, reference) for reference in references), default=None)


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


def summarise(judged: Sequence[Judged]) -> tuple[Summary, ...]:
    """One summary per kind, by name, and a last one of kind "all"."""
    kinds = sorted({item.question.kind for item in judged})
    per_kind = [_summary(kind, [item for item in judged if item.question.kind == kind]) for kind in kinds]
    return (*per_kind, _summary("all", judged))


def mean(values: Sequence[float | None]) -> float | None:
    """Mean of the measured values; None when there is none."""
    measured = [value for value in values if value is not None]
    return fmean(measured) if measured else None


def median_words(texts: Sequence[str]) -> float | None:
    """Median number of words, citation markers not counted; None without texts."""
    return float(median(len(strip_markers(text).split()) for text in texts)) if texts else None


def _summary(kind: str, judged: Sequence[Judged]) -> Summary:
    to_answer = [item for item in judged if item.question.to_answer]
    to_refuse = [item for item in judged if item.question.to_refuse]
    return Summary(
        kind=kind,
        questions=len(judged),
        right=sum(item.verdict.right for item in judged),
        to_answer=len(to_answer),
        to_refuse=len(to_refuse),
        refused=sum(_refused(item) for item in to_refuse),
        false_answers=sum(item.answer.status == "answered" for item in to_refuse),
        false_refusals=sum(_refused(item) for item in to_answer),
        wrong_answers=sum(item.answer.status == "answered" and not item.verdict.right for item in to_answer),
        failed=sum(item.answer.status == "failed" for item in judged),
        median_words=median_words([item.answer.text for item in judged if item.answer.status == "answered"]),
    )


def _refused(item: Judged) -> bool:
    return item.answer.status in ("not_in_articles", "small_talk")


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _rejects(text: str, wording: str) -> bool:
    if wording.startswith("^"):
        return f"{normalise(text)} ".startswith(f"{normalise(wording[1:])} ")
    return contains(text, wording)


def _overlap(prediction: str, reference: str) -> float:
    predicted, expected = squad_normalise(prediction).split(), squad_normalise(reference).split()
    if not predicted or not expected:  # as in SQuAD 2.0: no answer only matches no answer
        return float(predicted == expected)
    common = sum((Counter(predicted) & Counter(expected)).values())
    return 2 * common / (len(predicted) + len(expected))


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
