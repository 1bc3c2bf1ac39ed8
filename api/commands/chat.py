"""``footnote chat``: a conversation in the terminal."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.commands.options import index_option
from api.terminal import console, print_answer, print_footnotes, safe, say, warn

if TYPE_CHECKING:
    from answer.service import ChatService, Source
    from answer.types import Answer, Turn

HELP = "Commands: /sources (footnotes of the last answer), /new (forget the conversation), /help, /quit"


@click.command()
@index_option
@click.option("--article", "articles", multiple=True, metavar="PATH|URL", help="Talk about this alone; repeatable.")
@click.option("--session", metavar="ID", help="Go on with the conversation of this name.")
def chat(index: Path | None, articles: tuple[str, ...], session: str | None) -> None:
    """Ask one question after another; follow-ups are understood."""
    from answer.types import Turn
    from api.sessions import LOCAL, open_sessions
    from api.settings import load_settings
    from api.wiring import build_service, open_source, source_of_articles

    settings = load_settings(index=index)
    source = source_of_articles(articles, settings) if articles else open_source(settings)
    service = build_service(settings.answer)
    service.load()
    store = open_sessions(settings.sessions, settings.session_store)
    history = store.history(LOCAL, session) if session else []
    titles = [document.title or document.source for document in source.retriever.documents.values()]
    warn(f"{len(titles)} article(s), first: {titles[0] if titles else 'none'}. {HELP}")
    last: Answer | None = None
    while (line := _prompt()) is not None:
        if line.startswith("/"):
            if line in ("/quit", "/exit", "/q"):
                break
            history = _command(line, last, history)
            continue
        last = _turn(service, source, line, history)
        if last is not None:
            history += [Turn("user", line), Turn("assistant", last.text)]
            if session:
                store.add(LOCAL, session, last)


def _prompt() -> str | None:
    """The next non-empty line; None at end of input or Ctrl-C."""
    while True:
        try:
            line = input("> " if sys.stdin.isatty() else "").strip()
        except (EOFError, KeyboardInterrupt):
            return None
        if line:
            return line


def _command(line: str, last: "Answer | None", history: "list[Turn]") -> "list[Turn]":
    if line == "/sources" and last is not None:
        print_footnotes(last)
    elif line == "/new":
        say("Forgotten.")
        return []
    else:
        say(HELP if line == "/help" else f"No answer yet. {HELP}" if line == "/sources" else f"{line}: unknown. {HELP}")
    return history


def _turn(service: "ChatService", source: "Source", question: str, history: "list[Turn]") -> "Answer | None":
    """Ask, printing each statement as it is proven. Ctrl-C stops the answer, not the chat."""
    from rich.text import Text

    from answer.types import Answer
    from ingest.errors import FootnoteError

    out = console()
    try:
        for event in service.stream(question, source, history):
            if isinstance(event, Answer):
                if event.status == "answered":
                    print_footnotes(event)
                else:
                    print_answer(event)
                return event
            marks = "".join(f"[{n}]" for n in event.statement.citations)
            out.print(Text(safe(event.statement.text), style="bold") + Text(f" {marks}", style="cyan"))
    except KeyboardInterrupt:
        warn("stopped")
    except FootnoteError as error:
        warn(str(error))
    return None
