"""``footnote ask``: one question, or a file of them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.commands.options import index_option, json_option

if TYPE_CHECKING:
    from api.settings import Settings

EXIT_OF_STATUS = {"answered": 0, "small_talk": 0, "failed": 1, "not_in_articles": 3}


@click.command()
@click.argument("question", required=False)
@index_option
@click.option("--article", "articles", multiple=True, metavar="PATH|URL", help="Answer from this alone; repeatable.")
@click.option("--session", metavar="ID", help="Follow up on the conversation of this name.")
@click.option(
    "--batch",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE.jsonl",
    help="Answer every line of a file, one JSON a line.",
)
@json_option
def ask(
    question: str | None,
    index: Path | None,
    articles: tuple[str, ...],
    session: str | None,
    batch: Path | None,
    as_json: bool,
) -> int:
    """Answer QUESTION (or the question on stdin) with footnotes, or say that the articles do not.

    A batch line is {"id", "question", "history": [{"role", "text"}]?, "passages": ["..."]?}; with passages it
    is answered from those texts alone.
    """
    from api.settings import load_settings

    settings = load_settings(index=index)
    if batch is not None:
        from api.batch import ask_batch

        return ask_batch(batch, articles, settings)
    return _ask_one(_question(question), articles, session, as_json, settings)


def _question(argument: str | None) -> str:
    if argument is None and sys.stdin.isatty():
        raise click.UsageError('give a question: footnote ask "How far behind are Chinese models?"')
    text = sys.stdin.read() if argument in (None, "-") else argument
    if not text or not text.strip():
        raise click.UsageError("the question is empty")
    return text.strip()


def _ask_one(question: str, articles: tuple[str, ...], session: str | None, as_json: bool, settings: "Settings") -> int:
    from api.sessions import LOCAL, open_sessions
    from api.terminal import print_answer
    from api.wiring import build_service, open_source, source_of_articles

    store = open_sessions(settings.sessions, settings.session_store)
    history = store.history(LOCAL, session) if session else []
    source = source_of_articles(articles, settings) if articles else open_source(settings)
    answer = build_service(settings.answer).ask(question, source, history)
    if session:
        store.add(LOCAL, session, answer)
    if as_json:
        click.echo(answer.model_dump_json())
    else:
        print_answer(answer)
    return EXIT_OF_STATUS[answer.status]
