"""What people read in a terminal: answers with their footnotes, progress, warnings.

Results go to stdout, everything else to stderr; colour only where the stream is a terminal. Text from
documents is printed as text: control characters are shown, never obeyed.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from answer.types import Answer, Citation

if TYPE_CHECKING:
    from rich.console import Console

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
Advance = Callable[[int, int], None]


def safe(text: str) -> str:
    """``text`` with control and direction-changing characters made visible as U+FFFD."""
    return _CONTROL.sub("\ufffd", text)


def say(text: str) -> None:
    """A result, on stdout."""
    click.echo(safe(text))


def warn(text: str) -> None:
    """A warning, on stderr."""
    click.echo(f"footnote: {safe(text)}", err=True)


def console() -> "Console":
    """A rich console on stdout that wraps at the terminal's width and colours only a terminal."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def print_answer(answer: Answer) -> None:
    """The sentences with their footnotes; or the nearest passages."""
    from rich.text import Text

    out = console()
    out.print(Text(safe(answer.text), style="bold" if answer.status == "answered" else ""))
    print_footnotes(answer)
    if answer.status == "not_in_articles" and answer.nearest:
        out.print(Text("\nNearest passages:", style="dim"))
        for nearest in answer.nearest:
            out.print(Text(f"  - {_shorten(nearest.text)}", style="dim"))


def print_footnotes(answer: Answer) -> None:
    """What stands below the sentences: the parts of the question left open, then each quote with title and position."""
    from rich.text import Text

    out = console()
    for part in answer.unanswered:
        out.print(Text(f"The articles do not say: {safe(part)}"))
    if answer.citations:
        out.print()
    for citation in answer.citations:
        mark = Text(f"[{citation.number}] ", style="cyan")
        out.print(mark + Text(f"“{safe(' '.join(citation.quote.split()))}”"))
        out.print(Text(f"    {place(citation)}", style="dim"))


def place(citation: Citation) -> str:
    """Where a quote stands, for people: title, source, characters, and the id ``footnote show`` takes."""
    document = citation.document
    title = f"{safe(document.title)}, " if document.title else ""
    return f"{title}{safe(document.source)}, characters {citation.start}-{citation.end} ({document.id})"


def _shorten(text: str, limit: int = 160) -> str:
    flat = " ".join(safe(text).split())
    return flat if len(flat) <= limit else flat[: limit - 1].rsplit(" ", 1)[0] + "…"


@contextmanager
def progress(label: str) -> Iterator[Advance]:
    """A progress bar on stderr; the yielded function takes (done, total). Silent off a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
