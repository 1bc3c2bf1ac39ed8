"""``footnote settings``: what is in force."""

import json

import click

from api.commands.options import json_option


@click.command()
@json_option
def settings(as_json: bool) -> None:
    """Print the resolved settings, secrets hidden."""
    from api.settings import config_file, load_settings

    resolved = json.loads(load_settings().model_dump_json())
    if as_json:
        click.echo(json.dumps(resolved))
        return
    file = config_file()
    click.echo(f"# file: {file}{'' if file.is_file() else ' (not there)'}")
    for name, value in flatten(resolved):
        click.echo(f"{name} = {json.dumps(value)}")


def flatten(tree: dict[str, object], prefix: str = "") -> list[tuple[str, object]]:
    """Leaves of nested settings as (dotted name, value), in order."""
    leaves: list[tuple[str, object]] = []
    for key, value in tree.items():
        name = f"{prefix}{key}"
        leaves += flatten(value, f"{name}.") if isinstance(value, dict) else [(name, value)]
    return leaves
