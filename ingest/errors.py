"""The errors of the whole product, sorted by who must act.

Every error carries what happened (with the value seen) and, where there is one, the next command to
type. Adapters map the class to an exit code or an HTTP status in one table; no raw exception text
reaches a user.
"""


class FootnoteError(Exception):
    """Something went wrong and we know what.

    Args:
        message: one line: what happened, naming the value seen.
        hint: the next command or action, or "" when there is none.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(FootnoteError):
    """The caller asked for something impossible: bad argument, unknown id, malformed input line."""


class SourceError(FootnoteError):
    """One source (file or URL) cannot be read; the others of the batch still are."""


class IndexStateError(FootnoteError):
    """The index on disk is missing, damaged, or made with other settings; its owner must repair it."""


class ModelError(FootnoteError):
    """A model file is missing, fails its hash, or a generator backend cannot run or be reached."""
