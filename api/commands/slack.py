"""``footnote slack``: answer in Slack."""

from pathlib import Path
from typing import Literal

import click

from api.commands.options import index_option


@click.command()
@click.option(
    "--mode",
    type=click.Choice(["socket", "http"]),
    help="How Slack reaches it.  [default: socket if SLACK_APP_TOKEN is set, else http]",
)
@click.option("--host", help="For http: address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="For http: port, 0 for a free one.  [default: 8000]")
@index_option
def slack(mode: Literal["socket", "http"] | None, host: str | None, port: int | None, index: Path | None) -> None:
    """Answer in Slack: mentions, threads, direct messages, /footnote. docs/slack.md says how to set it up."""
    from api.settings import load_settings
    from api.slack.run import run_http, run_socket_mode

    settings = load_settings(index=index)
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = settings.model_copy(update={"http": settings.http.model_copy(update=given)})
    if mode == "socket" or (mode is None and settings.slack.app_token.get_secret_value()):
        run_socket_mode(settings)
    else:
        run_http(settings)
