"""Question-answering data for the reader: SQuAD 2.0, NQ and our own files to frozen `Example`s.

Knows file formats, sentence boundaries and the held-out split. Knows nothing of tokens or models.
All offsets are characters of `Example.text`, end exclusive.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Span = tuple[int, int]
Source = Literal["squad", "nq", "written"]
Kind = Literal["answerable", "unanswerable", "passage", "dropped", "swapped"]
Verdict = Literal["yes", "no"]

# An institution, a branch of science and an event: about 16 % of the questions, none of them seen in training.
HELD_OUT_TITLES = frozenset({"Harvard University", "Immune system", "1973 oil crisis"})
NQ_HELD_OUT_PERCENT = 10
WRITTEN_HELD_OUT_PERCENT = 15

WRITTEN = Path(__file__).with_name("articles.jsonl")

_BOUNDARY = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:Dr|Mr|Mrs|Ms|St|Jr|Sr|vs|No|Prof|Gen|Col|Lt|Inc|Ltd|Co|ca|c|e\.g|i\.e))\.$"
)


@dataclass(frozen=True, slots=True)
class Example:
    """One question over one passage.

    `spans` are the accepted answers as character offsets of `text`; empty means "not answered here".
    `kind` says how the pair came about: given by the data (`answerable`, `unanswerable`) or made from an
    answerable question with another passage (`passage`), its answer sentence taken out (`dropped`) or a
    name or number exchanged (`swapped`).

    `group` names the article, among whose other passages wrong ones are looked for. `evidence` are the
    sentences that settle the question where the data says so; else those that hold an answer count. `verdict`
    is what that evidence says to a yes/no question, where the data says so.
    """

    id: str
    source: Source
    kind: Kind
    question: str
    title: str
    text: str
    group: str
    spans: tuple[Span, ...] = ()
    answers: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    verdict: Verdict | None = None

    @property
    def answerable(self) -> bool:
        """Whether the passage holds an answer."""
        return bool(self.spans)


@dataclass(frozen=True, slots=True)
class Split:
    """Training and held-out examples; no article is in both."""

    train: tuple[Example, ...]
    held_out: tuple[Example, ...]


def load_squad(path: Path) -> list[Example]:
    """Read a SQuAD 2.0 JSON file (optionally .gz). Raises ValueError for an offset that does not fit."""
    examples: list[Example] = []
    for article in json.loads(_read(path))["data"]:
        title = str(article["title"]).replace("_", " ")
        for paragraph in article["paragraphs"]:
            text = str(paragraph["context"])
            examples += [_squad_example(entry, title, text) for entry in paragraph["qas"]]
    return examples


def load_nq(path: Path) -> list[Example]:
    """Read question/answers/title/passage JSON lines (optionally .gz), answers found by string match.

    A question none of whose answers occurs in its passage is left out: it is neither kind for certain.
    """
    examples: list[Example] = []
    for number, line in enumerate(_read(path).splitlines()):
        row = json.loads(line)
        answers = tuple(str(answer) for answer in row["answers"])
        spans = find_answers(row["passage"], answers)
        if spans:
            examples.append(
                Example(
                    f"nq-{number}",
                    "nq",
                    "answerable",
                    row["question"],
                    row["title"],
                    row["passage"],
                    "nq",
                    spans,
                    answers,
                )
            )
    return examples


def load_written(path: Path) -> list[Example]:
    """Read our own articles, one JSON object a line (see README.md beside this file).

    A passage is a section. A question becomes one example for each section that holds evidence for it, or, when
    it has no answer, the section that tempts. Raises ValueError for evidence that stands nowhere.
    """
    examples: list[Example] = []
    for line in _read(path).splitlines():
        article = json.loads(line)
        for number, asked in enumerate(article["questions"]):
            found = [_written_example(article, part, asked, number) for part in article["sections"]]
            kept = [example for example in found if example is not None]
            if not kept:
                raise ValueError(f"{article['title']}: no section holds what {asked['q']!r} rests on")
            examples += kept
    return examples


def _written_example(
    article: dict[str, Any], section: dict[str, Any], asked: dict[str, Any], number: int
) -> Example | None:
    """The question over one section; None where that section has nothing to do with it."""
    text, title = str(section["text"]), str(article["title"])
    rests_on = asked["evidence"] if asked["answerable"] else [asked.get("near") or article["sections"][0]["text"]]
    places = tuple((at, at + len(quote)) for quote in rests_on if (at := text.find(quote)) >= 0)
    if not places:
        return None
    spans: tuple[Span, ...] = ()
    if asked["answerable"]:
        inside = [(a, b) for a, b in find_answers(text, asked.get("answers", ())) if _within((a, b), places)]
        spans = tuple(inside) or places
    return Example(
        id=f"written-{title}-{number}-{places[0][0]}",
        source="written",
        kind="answerable" if spans else "unanswerable",
        question=str(asked["q"]).strip(),
        title=" - ".join(part for part in (title, section["heading"]) if part),
        text=text,
        group=title,
        spans=spans,
        answers=tuple(asked.get("answers", ())) if spans else (),
        evidence=places if spans else (),
        verdict=asked.get("verdict") if spans else None,
    )


def _within(span: Span, places: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in places)


def split_examples(examples: Sequence[Example]) -> Split:
    """Hold out whole SQuAD articles by name and whole NQ articles by a hash of their title."""
    held = tuple(example for example in examples if is_held_out(example))
    kept = tuple(example for example in examples if not is_held_out(example))
    return Split(train=kept, held_out=held)


def is_held_out(example: Example) -> bool:
    """Whether the example's article is kept for measuring."""
    if example.source == "squad":
        return example.title in HELD_OUT_TITLES
    if example.source == "written":
        return _percentile(example.group) < WRITTEN_HELD_OUT_PERCENT
    return _percentile(example.title) < NQ_HELD_OUT_PERCENT


def _percentile(name: str) -> int:
    """0 to 99 by a hash: where it stands does not depend on the rest of the file."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % 100


def find_answers(text: str, answers: Sequence[str]) -> tuple[Span, ...]:
    """Every whole-word, case-insensitive occurrence of an answer in `text`, sorted, without repeats."""
    spans: set[Span] = set()
    for answer in answers:
        if answer.strip():
            pattern = r"(?<!\w)" + re.escape(answer.strip()) + r"(?!\w)"
            spans.update(match.span() for match in re.finditer(pattern, text, re.IGNORECASE))
    return tuple(sorted(spans))


def sentences(text: str) -> tuple[Span, ...]:
    """Sentence offsets of `text` without surrounding white space; a line break always ends a sentence."""
    found: list[Span] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        head = text[start : match.end()].rstrip()
        if "\n" not in match.group() and _ABBREVIATION.search(head):
            continue
        found.append((start, match.end()))
        start = match.end()
    found.append((start, len(text)))
    return tuple(trimmed for span in found if (trimmed := _trim(text, span))[0] < trimmed[1])


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _squad_example(entry: dict[str, Any], title: str, text: str) -> Example:
    spans = tuple(sorted(set(_squad_spans(entry, text))))
    return Example(
        id=f"squad-{entry['id']}",
        source="squad",
        kind="answerable" if spans else "unanswerable",
        question=str(entry["question"]).strip(),
        title=title,
        text=text,
        group=title,
        spans=spans,
        answers=tuple(dict.fromkeys(text[start:end] for start, end in spans)),
    )


def _squad_spans(entry: dict[str, Any], text: str) -> Iterator[Span]:
    for answer in entry["answers"]:
        start, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
        if text[start:end] != answer["text"]:
            raise ValueError(f"question {entry['id']}: {answer['text']!r} is not at character {start}")
        yield start, end


def _read(path: Path) -> str:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return file.read()
    return path.read_text(encoding="utf-8")
