"""``footnote ingest``: add sources to the index, or bring them up to date."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.commands.options import index_option, json_option
from api.terminal import progress, say, warn

if TYPE_CHECKING:
    from ingest.settings import IngestSettings
    from ingest.types import Document

EXIT_SOME_FAILED = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """What reading the sources gave; ``failed`` and ``skipped`` are source names."""

    documents: "tuple[Document, ...]"
    failed: tuple[str, ...]
    skipped: tuple[str, ...]


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="PATH|URL...")
@index_option
@click.option("--prune", is_flag=True, help="Drop documents whose source is not among those given.")
@json_option
def ingest(sources: tuple[str, ...], index: Path | None, prune: bool, as_json: bool) -> int:
    """Add or update files, folders or URLs; unchanged ones cost nothing.

    Text, Markdown, HTML, PDF and DOCX. A source that cannot be read is named in one line, the others
    are still ingested, and the exit code is 1.
    """
    from api.settings import load_settings
    from ingest.errors import SourceError
    from retriever.embedder import open_embedder
    from retriever.indexer import update_index

    settings = load_settings(index=index)
    batch = _load(sources, settings.ingest)
    if not batch.documents and not prune:
        raise SourceError("none of the sources could be read, the index stays as it is", "footnote ingest --help")
    with progress("Embedding") as advance:
        report = update_index(
            settings.index,
            batch.documents,
            open_embedder(settings.retriever),
            settings.ingest,
            prune=prune,
            failed=batch.failed,
            progress=advance,
        )
    if report.warning:
        warn(report.warning)
    if as_json:
        click.echo(json.dumps({**report.counts(), "failed": list(batch.failed), "skipped": list(batch.skipped)}))
    else:
        say(f"{report.summary()}, {len(batch.failed)} failed ({settings.index})")
    return EXIT_SOME_FAILED if batch.failed else 0


def _load(sources: tuple[str, ...], settings: "IngestSettings") -> Batch:
    """Read every source; one that cannot be read is named on stderr and does not stop the others."""
    from ingest.errors import SourceError
    from ingest.load import find_sources, load_source, skipped_files

    found = find_sources(sources)
    documents, failed = [], []
    with progress("Reading") as advance:
        for done, source in enumerate(found, start=1):
            try:
                documents.append(load_source(source, settings))
            except SourceError as error:
                warn(str(error))
                failed.append(source)
            advance(done, len(found))
    return Batch(tuple(documents), tuple(failed), tuple(skipped_files(sources)))
