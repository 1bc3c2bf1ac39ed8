"""``footnote doctor``: is everything in its place?"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.commands.options import index_option, json_option
from api.terminal import say

if TYPE_CHECKING:
    from api.settings import Settings

EXIT_SOMETHING_WRONG = 1


@click.command()
@index_option
@json_option
def doctor(index: Path | None, as_json: bool) -> int:
    """Check settings, models and index; exit 1 when something is wrong."""
    from api.settings import load_settings

    settings = load_settings(index=index)
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("embedder", _embedder),
        ("reader", _reader),
        ("generator", _generator),
        ("index", _index),
    ]
    rows = [(name, *_run(check, settings)) for name, check in checks]
    if as_json:
        click.echo(json.dumps([{"check": name, "ok": ok, "detail": detail} for name, ok, detail in rows]))
    else:
        for name, ok, detail in rows:
            say(f"{'ok  ' if ok else 'FAIL'}  {name:10} {detail}")
    return 0 if all(ok for _, ok, _ in rows) else EXIT_SOMETHING_WRONG


def _run(check: "Callable[[Settings], str]", settings: "Settings") -> tuple[bool, str]:
    from ingest.errors import FootnoteError

    try:
        return True, check(settings)
    except FootnoteError as error:
        return False, str(error)


def _embedder(settings: "Settings") -> str:
    from retriever.embedder import open_embedder

    embedder = open_embedder(settings.retriever)
    embedder.load()
    return f"{embedder.name}, {embedder.dimension} dimensions"


def _reader(settings: "Settings") -> str:
    from answer.reader import open_reader

    reader = open_reader(settings.answer.reader)
    reader.load()
    return reader.name


def _generator(settings: "Settings") -> str:
    from answer.backends import open_generator

    generator = open_generator(settings.answer.generator)
    generator.load()
    return generator.name


def _index(settings: "Settings") -> str:
    from api.wiring import open_source

    source = open_source(settings)
    count = len(source.retriever.documents)
    return f"generation {source.index.generation}, {count} document(s), {settings.index}"
