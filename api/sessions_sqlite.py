"""Conversations in an SQLite file: write-ahead log, so that readers never wait for a writer."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from api.sessions import Row, SessionSettings, SqlSessions, StoreError, statements

# One script a version; user_version says how many have run. A published script is never changed, a new one is added.
_MIGRATIONS = (
    """
    CREATE TABLE turns (
        number INTEGER PRIMARY KEY, session TEXT NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL,
        at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE INDEX turns_by_session ON turns (session, number)
    """,
    """
    CREATE TABLE sessions (
        owner TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL,
        PRIMARY KEY (owner, id)
    );
    CREATE INDEX sessions_by_age ON sessions (updated);
    CREATE TABLE exchanges (
        number INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, session TEXT NOT NULL, question TEXT NOT NULL,
        text TEXT NOT NULL, answer_id TEXT, answer TEXT, at TEXT NOT NULL
    );
    CREATE INDEX exchanges_by_session ON exchanges (owner, session, number);
    CREATE INDEX exchanges_by_answer ON exchanges (owner, answer_id);
    CREATE TABLE feedback (
        owner TEXT NOT NULL, answer_id TEXT NOT NULL, session TEXT NOT NULL, rating TEXT NOT NULL,
        comment TEXT NOT NULL, answer TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (owner, answer_id)
    );
    INSERT INTO exchanges (owner, session, question, text, at)
        SELECT 'local', asked.session, asked.text, said.text, replace(asked.at, ' ', 'T') || '.000Z'
        FROM turns asked JOIN turns said ON said.role = 'assistant' AND said.number =
            (SELECT min(number) FROM turns WHERE session = asked.session AND number > asked.number)
        WHERE asked.role = 'user' ORDER BY asked.number;
    INSERT INTO sessions (owner, id, title, created, updated)
        SELECT owner, session, session, min(at), max(at) FROM exchanges GROUP BY owner, session;
    DROP TABLE turns
    """,
    """
    CREATE TABLE slack_inbox (
        id TEXT PRIMARY KEY, subject TEXT UNIQUE, thread TEXT NOT NULL, position TEXT NOT NULL, lane TEXT NOT NULL,
        request TEXT NOT NULL, state TEXT NOT NULL, holder TEXT NOT NULL DEFAULT '',
        held_until REAL NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0, posted TEXT NOT NULL DEFAULT '', at REAL NOT NULL
    );
    CREATE INDEX slack_inbox_by_state ON slack_inbox (state, lane, at);
    CREATE INDEX slack_inbox_by_thread ON slack_inbox (thread, state);
    CREATE TABLE slack_installations (
        enterprise TEXT NOT NULL, team TEXT NOT NULL, bot TEXT NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (enterprise, team)
    );
    CREATE TABLE slack_states (state TEXT PRIMARY KEY, expires REAL NOT NULL)
    """,
)


class SqliteSessions(SqlSessions):
    """A SessionStore in a file. A connection is opened for each call (0.2 ms) and shared by no thread.

    Args:
        path: the database file; made with its folder when first used.
        settings: bounds.
    """

    def __init__(self, path: Path, settings: SessionSettings) -> None:
        super().__init__(settings)
        self._path = path
        self._migrating = threading.Lock()
        # SQLite lets writers poll for the file, up to 100 ms apart; threads of one process need not.
        self._writing = threading.Lock()
        self._migrated = False

    def close(self) -> None:
        """No connection is left open."""

    @contextmanager
    def _open(self, write: bool) -> Iterator["_Sql"]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=5, isolation_level=None)) as database:
                # FULL: what Slack was told has been taken in survives a power cut too, at one fsync for a write.
                database.execute("PRAGMA synchronous = FULL")
                self._migrate(database)
                with self._writing if write else nullcontext():
                    database.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                    yield _Sql(database)
                    database.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"the conversations in {self._path} cannot be used: {error}", "name another file with FOOTNOTE_SESSIONS"
            ) from error

    def _migrate(self, database: sqlite3.Connection) -> None:
        """Bring the file to this program's version; several processes may try at once, one does."""
        with self._migrating:
            if self._migrated:
                return
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("BEGIN IMMEDIATE")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version > len(_MIGRATIONS):
                raise StoreError(
                    f"{self._path} has version {version}, this program knows up to {len(_MIGRATIONS)}",
                    "update footnote, or name another file with FOOTNOTE_SESSIONS",
                )
            for script in _MIGRATIONS[version:]:
                for statement in statements(script):
                    database.execute(statement)
            database.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
            database.execute("COMMIT")
            self._path.chmod(0o600)
            self._migrated = True


class _Sql:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def run(self, sql: str, values: Sequence[object] = ()) -> tuple[list[Row], int]:
        """See SqlSession."""
        cursor = self._database.execute(sql, tuple(values))
        return cursor.fetchall(), cursor.rowcount
