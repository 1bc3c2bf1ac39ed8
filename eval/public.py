"""Question sets of the public reading formats: what is asked, what is right, and the figures over the answers.

Such a set asks short questions about paragraphs. Its cases come in parts: "right", the paragraph that answers is there;
"wrong passage", only others are; "alone", that paragraph is all there is; "sibling", another one of its article is; and
"impossible", questions its authors wrote so that nothing answers them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from answer.compose import failed_answer
from answer.service import ChatService, Source
from answer.training import metrics as reading
from answer.training.data import Example
from answer.types import Answer
from eval.corpus import Advance
from eval.measures import Estimate, Measure, Numbers, auroc_of, estimate, median_of, yes
from eval.score import strip_markers
from ingest.errors import FootnoteError, UsageError

Part = Literal["right", "wrong passage", "alone", "sibling", "impossible"]
Loaded = TypeVar("Loaded")


class Case(BaseModel):
    """One question of a set and the answer it got; ``answers`` are the accepted ones, empty where none is right."""

    model_config = ConfigDict(frozen=True)

    part: Part
    answers: tuple[str, ...]
    answer: Answer

    @property
    def answered(self) -> bool:
        """Whether something was claimed."""
        return self.answer.status == "answered"

    @property
    def said(self) -> str:
        """The text of the answer without footnote marks; "" for a refusal."""
        return strip_markers(self.answer.text) if self.answered else ""

    @property
    def short(self) -> str:
        """The short answer; "" for a refusal or without one."""
        return self.answer.short_answer or "" if self.answered else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to put, and from what it is to be answered."""

    part: Part
    question: str
    answers: tuple[str, ...]
    source: Callable[[], Source]


def ask_all(service: ChatService, asked: Sequence[Asked], advance: Advance) -> Iterator[Case]:
    """Put every question; each source is opened when its question is due."""
    for done, item in enumerate(asked, start=1):
        yield Case(
            part=item.part, answers=item.answers, answer=answer_or_failure(service, item.question, item.source())
        )
        advance(done, len(asked))


def answer_or_failure(service: ChatService, question: str, source: Source) -> Answer:
    """The answer, or one with status "failed": one draft too slow must not cost the run."""
    try:
        return service.ask(question, source)
    except FootnoteError as error:
        return failed_answer(question, error)


def figures(cases: Sequence[Case]) -> tuple[Estimate, ...]:
    """All measures that apply to some case. A refusal of an answerable question contains nothing and has F1 0."""
    found = (estimate(measure, cases) for measure in MEASURES)
    return tuple(figure for figure in found if figure.rows)


def load_file(load: Callable[[Path], Loaded], path: Path, what: str) -> Loaded:
    """What ``load`` reads from a file in somebody else's format.

    Raises:
        UsageError: the file cannot be read or is not in that format.
    """
    try:
        return load(path)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or type(error).__name__}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = f"no field {error}" if isinstance(error, KeyError) else str(error).splitlines()[0]
        raise UsageError(f"{path} is no {what}: {problem}") from error


def answerable(examples: Iterable[Example]) -> list[Example]:
    """The examples that have an answer in their passage."""
    return [example for example in examples if example.answerable]


def _right(case: Case) -> bool:
    return case.part == "right"


def _contains(case: Case) -> Numbers | None:
    return (reading.contains(case.said, case.answers),) if _right(case) else None


def _f1(case: Case) -> Numbers | None:
    return (reading.f1(case.short, case.answers),) if _right(case) else None


def _exact(case: Case) -> Numbers | None:
    return (reading.exact(case.short, case.answers),) if _right(case) else None


def _words(case: Case) -> Numbers | None:
    return (float(len(case.said.split())),) if _right(case) and case.answered else None


def _sure(right: Part, wrong: Part) -> Callable[[Case], Numbers | None]:
    return lambda c: (c.answer.confidence, float(c.part == right)) if c.part in (right, wrong) else None


def _answered(part: Part) -> Callable[[Case], Numbers | None]:
    return lambda case: yes(case.answered, when=case.part == part)


MEASURES: tuple[Measure[Case], ...] = (
    Measure("contains", "answer's text contains the gold answer", "higher", "share", _contains),
    Measure("f1", "short answer F1", "higher", "score", _f1),
    Measure("exact_match", "short answer exact match", "higher", "share", _exact),
    Measure("words", "words of an answer, median", "lower", "words", _words, median_of),
    Measure("answered", "answerable questions answered", "higher", "share", _answered("right")),
    Measure("false_answers", "false answers, gold passage not there", "lower", "share", _answered("wrong passage")),
    Measure(
        "auroc", "AUROC, right passage against others", "higher", "score", _sure("right", "wrong passage"), auroc_of
    ),
    Measure("answered_alone", "answered from the gold passage alone", "higher", "share", _answered("alone")),
    Measure("false_answers_sibling", "false answers from a sibling alone", "lower", "share", _answered("sibling")),
    Measure(
        "auroc_sibling", "AUROC, gold alone against sibling", "higher", "score", _sure("alone", "sibling"), auroc_of
    ),
    Measure(
        "false_answers_impossible", "false answers, impossible questions", "lower", "share", _answered("impossible")
    ),
    Measure("failed", "failures", "lower", "share", lambda case: yes(case.answer.status == "failed")),
)
