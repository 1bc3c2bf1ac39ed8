"""``footnote verify``: prove a receipt again."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.commands.options import index_option, json_option
from api.terminal import say

if TYPE_CHECKING:
    from answer.receipt import Check
    from answer.types import Answer

EXIT_NOT_VERIFIED = 4
MAX_RECEIPT_BYTES = 10_000_000


@click.command()
@click.argument("receipt", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@index_option
@json_option
def verify(receipt: Path, index: Path | None, as_json: bool) -> int:
    """Compare every quote of RECEIPT (an Answer as JSON) with the indexed texts; exit 4 when one has drifted."""
    from answer.receipt import verify_receipt
    from api.settings import load_settings
    from retriever.generations import stored_documents

    answer = _read(receipt)
    checks = verify_receipt(answer, stored_documents(load_settings(index=index).index))
    problems = [check for check in checks if check.problem]
    if as_json:
        click.echo(_as_json(answer.id, checks))
    else:
        for check in checks:
            say(
                f"{'FAIL' if check.problem else 'ok  '}  {check.subject}{': ' + check.problem if check.problem else ''}"
            )
        say(f"{answer.id}: {'verified' if not problems else f'{len(problems)} of {len(checks)} checks failed'}")
    return EXIT_NOT_VERIFIED if problems else 0


def _read(receipt: Path) -> "Answer":
    from pydantic import ValidationError

    from answer.types import Answer
    from ingest.errors import UsageError

    with click.open_file(str(receipt), "rb") as stream:
        content = stream.read(MAX_RECEIPT_BYTES + 1)
    if len(content) > MAX_RECEIPT_BYTES:
        raise UsageError(f"{receipt} is larger than {MAX_RECEIPT_BYTES} bytes, which no receipt is")
    try:
        return Answer.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{receipt} is not a receipt: {where + ': ' if where else ''}{first['msg']}") from None


def _as_json(identity: str, checks: "Sequence[Check]") -> str:
    rows = [{"subject": c.subject, "verified": not c.problem, "problem": c.problem} for c in checks]
    return json.dumps({"id": identity, "verified": all(row["verified"] for row in rows), "checks": rows})
