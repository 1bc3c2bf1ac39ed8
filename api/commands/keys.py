"""``footnote keys``: who may use the service."""

import json

import click

from api.commands.options import json_option
from api.terminal import say, warn


@click.group()
def keys() -> None:
    """Add, list and revoke the API keys of `footnote serve`."""


@keys.command()
@click.argument("name")
def add(name: str) -> None:
    """Make a key for NAME and print it; it is shown this once and kept as a hash."""
    from api.keys import KeyRing
    from api.settings import load_settings

    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise click.UsageError("a name has 1 to 100 printable characters")
    made = KeyRing(load_settings().keys).add(name)
    say(made.secret)
    warn(f"key {made.stored.id} of {name!r}: keep it, it cannot be shown again")


@keys.command("list")
@json_option
def list_keys(as_json: bool) -> None:
    """Names, ids and dates; never the keys."""
    from api.keys import KeyRing
    from api.settings import load_settings

    for key in KeyRing(load_settings().keys).all():
        if as_json:
            click.echo(json.dumps({"id": key.id, "name": key.name, "created": key.created}))
        else:
            say(f"{key.id}  {key.created}  {key.name}")


@keys.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Delete the key of NAME; a running service refuses it at once."""
    from api.keys import KeyRing
    from api.settings import load_settings

    KeyRing(load_settings().keys).revoke(name)
    say(f"revoked {name}")
