"""``footnote serve``: the HTTP service."""

from pathlib import Path

import click

from api.commands.options import index_option


@click.command()
@click.option("--host", help="Address to listen on; other than loopback needs an API key.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, 0 for a free one.  [default: 8000]")
@index_option
def serve(host: str | None, port: int | None, index: Path | None) -> None:
    """Answer over HTTP: a page at /, an API at /v1, OpenAI-compatible at /v1/chat/completions."""
    from api.http.server import run
    from api.settings import load_settings

    settings = load_settings(index=index)
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    run(settings.model_copy(update={"http": settings.http.model_copy(update=given)}))
