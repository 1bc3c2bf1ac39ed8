"""Conversations on disk: SQLite, one row a turn, so that ``--session ID`` can follow up."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from answer.types import Turn

MAX_TURNS = 20
_SCHEMA = """
CREATE TABLE IF NOT EXISTS turns (
    number INTEGER PRIMARY KEY, session TEXT NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS turns_by_session ON turns (session, number);
PRAGMA user_version = 1;
"""


class SessionStore:
    """Turns by session id; a session comes into being with its first turn.

    Args:
        path: the database file; made with its folder when first written or read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def history(self, session: str) -> list[Turn]:
        """The last MAX_TURNS turns, oldest first."""
        with self._open() as database:
            rows = database.execute(
                "SELECT role, text FROM turns WHERE session = ? ORDER BY number DESC LIMIT ?", (session, MAX_TURNS)
            ).fetchall()
        return [Turn(role, text) for role, text in reversed(rows)]

    def append(self, session: str, turns: Sequence[Turn]) -> None:
        """Add turns, all or none."""
        with self._open() as database:
            database.executemany(
                "INSERT INTO turns (session, role, text) VALUES (?, ?, ?)", [(session, t.role, t.text) for t in turns]
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=5)) as database, database:
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(_SCHEMA)
            yield database
