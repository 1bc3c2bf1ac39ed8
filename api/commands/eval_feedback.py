"""``footnote eval feedback``: what people thought of answers, as a question set."""

import json
from pathlib import Path

import click

from api.terminal import say
from ingest.errors import UsageError

MOST = 100_000


@click.command()
@click.argument("file", metavar="QUESTIONS", type=click.Path(path_type=Path, dir_okay=False))
def feedback(file: Path) -> int:
    """Write the questions whose answers were liked to QUESTIONS (JSONL), a set for ``footnote eval``.

    Those whose answers were disliked go to QUESTIONS.to-label, for somebody to say what would have been right.
    """
    from api.sessions import open_sessions
    from api.settings import load_settings
    from eval.feedback import liked, to_label

    rest = file.with_name(f"{file.name}.to-label")
    for path in (file, rest):
        if path.exists():
            raise UsageError(f"{path} exists already", "name another file: labels may have been added to this one")
    settings = load_settings()
    store = open_sessions(settings.sessions, settings.session_store)
    try:
        given = store.feedback(None, MOST)
    finally:
        store.close()
    right = [liked(f.answer).model_dump_json(exclude_defaults=True) for f in given if f.rating == "up"]
    wrong = [json.dumps(to_label(f.answer, f.comment)) for f in given if f.rating == "down"]
    for path, lines, what in ((file, right, "liked"), (rest, wrong, "disliked, to be labelled")):
        if lines:
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        say(f"{len(lines)} {what}" + (f": {path}" if lines else ""))
    return 0
