"""``footnote show``: the exact text that citations point into."""

from pathlib import Path

import click

from api.commands.options import index_option, json_option
from api.terminal import safe


@click.command()
@click.argument("document_id", required=False)
@index_option
@json_option
def show(document_id: str | None, index: Path | None, as_json: bool) -> None:
    """Print the text of DOCUMENT_ID, to the character; without an id, list the documents."""
    import json
    import sys
    from dataclasses import asdict

    from api.settings import load_settings
    from ingest.errors import UsageError
    from retriever.generations import stored_documents

    documents = stored_documents(load_settings(index=index).index)
    if document_id is None:
        for document in documents.values():
            listed = {"id": document.id, "title": document.title, "source": document.source, "sha256": document.sha256}
            click.echo(
                json.dumps(listed) if as_json else f"{document.id}  {safe(document.title)}  {safe(document.source)}"
            )
        return
    if document_id not in documents:
        raise UsageError(f"no document {document_id!r} in the index", "footnote show")
    if as_json:
        click.echo(json.dumps(asdict(documents[document_id])))
    else:
        # Exactly the text and nothing else, so that offsets can be counted in what is printed.
        sys.stdout.write(documents[document_id].text)
        sys.stdout.flush()
