"""Questions from a JSONL file, answers as JSONL on stdout: same order, one process.

A line that cannot be read or answered gives an Answer with status "failed" in its place, so that line n
of the output always belongs to line n of the input.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from answer.compose import failed_answer
from answer.service import ChatService, Source
from answer.types import Answer, Turn
from api.settings import Settings
from api.terminal import warn
from api.wiring import build_service, open_source, source_of_articles, source_of_texts
from ingest.errors import FootnoteError


class HistoryTurn(BaseModel):
    """One earlier message."""

    model_config = ConfigDict(frozen=True)

    role: Literal["user", "assistant"]
    text: str


class BatchQuestion(BaseModel):
    """One input line."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: str
    question: str
    history: tuple[HistoryTurn, ...] = ()
    passages: tuple[str, ...] = Field(default=())


def ask_batch(file: Path, articles: tuple[str, ...], settings: Settings) -> int:
    """Answer every line of ``file``; exit code 1 when any failed."""
    service = build_service(settings.answer)
    shared: Source | None = source_of_articles(articles, settings) if articles else None
    failures = 0
    for number, line in enumerate(lines(file), start=1):
        try:
            item = parse_line(line, number)
        except FootnoteError as error:
            answer = _failed(f"line-{number}", "", error)
        else:
            if not item.passages and shared is None:
                shared = open_source(settings)
            answer = _answer(service, item, shared, settings)
        failures += answer.status == "failed"
        click.echo(answer.model_dump_json())
        sys.stdout.flush()
    return 1 if failures else 0


def lines(file: Path) -> Iterator[str]:
    """Lines of a file or, for "-", of stdin; blank ones are skipped."""
    with click.open_file(str(file), encoding="utf-8", errors="replace") as stream:
        yield from (line for line in stream if line.strip())


def parse_line(line: str, number: int) -> BatchQuestion:
    """One line as a question. Raises UsageError with the line number."""
    from ingest.errors import UsageError

    try:
        return BatchQuestion.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"line {number}: {where + ': ' if where else ''}{first['msg']}") from None


def _answer(service: ChatService, item: BatchQuestion, shared: Source | None, settings: Settings) -> Answer:
    try:
        source = source_of_texts(item.passages, settings) if item.passages else shared
        if source is None:  # only without passages and without an index; open_source has raised by then
            raise AssertionError("no source")
        history = [Turn(turn.role, turn.text) for turn in item.history]
        return service.ask(item.question, source, history).model_copy(update={"id": item.id})
    except FootnoteError as error:
        return _failed(item.id, item.question, error)


def _failed(identity: str, question: str, error: FootnoteError) -> Answer:
    warn(f"{identity}: {error}")
    return failed_answer(question, error, identity)
