"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def index_option(command: F) -> F:
    """``--index DIR``."""
    decorate = click.option(
        "--index",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder of the index.  [default: footnote settings]",
    )
    return decorate(command)


def json_option(command: F) -> F:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")(command)
