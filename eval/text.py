"""Text that came from documents, questions or models, made fit to be shown: it is never obeyed."""

import re

# Control characters, those that change the direction of what follows, and what UTF-8 or XML cannot hold.
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """``text`` with unfit characters made visible as U+FFFD; line breaks and tabs stay."""
    return _UNFIT.sub("\ufffd", text)


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows of cells as lines, the first column to the left and the others to the right; columns as wide as needed."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
