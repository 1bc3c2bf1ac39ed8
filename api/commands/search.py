"""``footnote search``: the passages nearest to a query, without an answer."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.commands.options import index_option, json_option
from api.terminal import console, safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retriever.search import Retriever
    from retriever.types import Retrieved


@click.command()
@click.argument("query", required=False)
@index_option
@click.option("-k", "k", type=click.IntRange(1, 1000), default=5, show_default=True, help="Passages to return.")
@click.option(
    "--batch",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE.jsonl",
    help='Search for every line, {"id", "question"}; prints one JSON a line.',
)
@json_option
def search(query: str | None, index: Path | None, k: int, batch: Path | None, as_json: bool) -> int:
    """Show the K passages that fit QUERY best, without answering."""
    from api.found import found
    from api.settings import load_settings
    from api.wiring import open_source

    if (query is None) == (batch is None):
        raise click.UsageError("give either a QUERY or --batch FILE.jsonl")
    retriever = open_source(load_settings(index=index)).retriever
    if batch is not None:
        return _search_batch(batch, retriever, k)
    hits = retriever.search(query or "", k)
    if as_json:
        click.echo(found("", hits).model_dump_json())
    else:
        _print(hits)
    return 0


def _search_batch(batch: Path, retriever: "Retriever", k: int) -> int:
    from api.batch import lines, parse_line
    from api.found import found

    for number, line in enumerate(lines(batch), start=1):
        item = parse_line(line, number)
        click.echo(found(item.id, retriever.search(item.question, k)).model_dump_json())
    return 0


def _print(hits: "Sequence[Retrieved]") -> None:
    from rich.text import Text

    out = console()
    for hit in hits:
        where = " > ".join(safe(part) for part in (hit.document.title, *hit.passage.headings) if part)
        out.print(
            Text(f"{hit.rank}. {where} ", style="bold") + Text(f"({hit.score:.2f}, {hit.passage.id})", style="dim")
        )
        out.print(Text(f"   {safe(' '.join(hit.passage.text.split()))}\n"))
