"""Question sets whose right answers are known, one JSON object a line.

The sets in ``data/`` were written by hand from the texts alone, before and without looking at any
answer of the product. The "test" half is for measuring only: nothing may be tuned on it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from answer.types import Status, Turn
from ingest.errors import UsageError

KNOWN_FACTS = Path(__file__).parent / "data" / "known_facts.jsonl"
GENERAL_QUESTIONS = Path(__file__).parent / "data" / "general_questions.jsonl"

Split = Literal["dev", "test"]


class Question(BaseModel):
    """One question and what makes an answer to it right.

    Attributes:
        id: unique within its set.
        kind: what the question tries, e.g. "misspelt"; results are reported per kind.
        question: as a user typed it; may be empty of sense, never of characters.
        history: the turns before it, oldest first.
        status: the statuses that are right; a JSON line gives one, or a list of them.
        accept: one entry per fact the answer must state, each a tuple of alternative wordings; holds
            for answers with status "answered".
        reject: wordings that make an answer wrong whatever its status; one that starts with "^" counts
            only at the beginning ("^no" catches "No, ...", not "There is no ...").
        split: "dev" may be tuned on, "test" may not; "dev" when a line does not say.
        passages: the texts to answer from; empty when the set belongs to an indexed article.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    kind: str = Field(pattern=r"^[a-z][a-z_]*$")
    question: str = Field(min_length=1)
    history: tuple[Turn, ...] = ()
    status: tuple[Status, ...] = Field(min_length=1)
    accept: tuple[tuple[str, ...], ...] = ()
    reject: tuple[str, ...] = ()
    split: Split = "dev"
    passages: tuple[str, ...] = ()

    @field_validator("status", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("accept")
    @classmethod
    def _no_empty_alternative(cls, facts: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        # An empty alternative is contained in every answer, and no alternatives in none.
        if any(not fact or not all(wording.strip() for wording in fact) for fact in facts):
            raise ValueError("a fact needs at least one alternative, and none may be empty")
        return facts

    @field_validator("reject")
    @classmethod
    def _no_empty_reject(cls, wordings: tuple[str, ...]) -> tuple[str, ...]:
        if any(not wording.removeprefix("^").strip() for wording in wordings):
            raise ValueError("an empty rejected wording would reject every answer")
        return wordings

    @model_validator(mode="after")
    def _facts_exactly_when_answered(self) -> Self:
        if ("answered" in self.status) != bool(self.accept):
            raise ValueError('"accept" must be given when status allows "answered", and only then')
        return self

    @property
    def to_answer(self) -> bool:
        """Whether answering is the only right reaction."""
        return self.status == ("answered",)

    @property
    def to_refuse(self) -> bool:
        """Whether any answer is a false one."""
        return "answered" not in self.status


def load_questions(path: Path) -> tuple[Question, ...]:
    """Read and check a whole set; blank lines are skipped.

    Raises:
        UsageError: the file cannot be read, is empty, or a line is wrong; names the file and the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the questions in {path}: {type(error).__name__}") from error
    questions = parse_questions(lines, str(path))
    if not questions:
        raise UsageError(f"{path} holds no questions")
    return questions


def parse_questions(lines: Iterable[str], source: str) -> tuple[Question, ...]:
    """Parse JSON lines; ``source`` is the name used in messages.

    Raises:
        UsageError: a line is not a valid question or repeats an id; names the line, counted from 1.
    """
    seen: dict[str, int] = {}
    questions = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        question = _parse_line(line, f"{source}, line {number}")
        if question.id in seen:
            raise UsageError(f"{source}, line {number}: id {question.id!r} was used in line {seen[question.id]}")
        seen[question.id] = number
        questions.append(question)
    return tuple(questions)


def in_split(questions: Sequence[Question], split: Split) -> tuple[Question, ...]:
    """The questions of one half, in order."""
    return tuple(question for question in questions if question.split == split)


def _parse_line(line: str, where: str) -> Question:
    try:
        return Question.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the line"
        raise UsageError(f"{where}: {field}: {first['msg']}, got {str(first['input'])[:80]!r}") from error
