"""Conversations in PostgreSQL, for several services that share them.

Needs the extra: ``pip install 'footnote[postgres]'``.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from api.sessions import Row, SessionSettings, SqlSessions, StoreError, statements

if TYPE_CHECKING:
    import psycopg
    from psycopg_pool import ConnectionPool

_WAIT_S = 5.0
_CONNECTIONS = 4
_LOCK = 0x666E  # of pg_advisory_xact_lock: two services that start together migrate one after the other
# One script a version, as in sessions_sqlite; the numbers are those of this list alone.
_MIGRATIONS = (
    """
    CREATE TABLE sessions (
        owner TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL,
        PRIMARY KEY (owner, id)
    );
    CREATE INDEX sessions_by_age ON sessions (updated);
    CREATE TABLE exchanges (
        number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner TEXT NOT NULL, session TEXT NOT NULL,
        question TEXT NOT NULL, text TEXT NOT NULL, answer_id TEXT, answer TEXT, at TEXT NOT NULL
    );
    CREATE INDEX exchanges_by_session ON exchanges (owner, session, number);
    CREATE INDEX exchanges_by_answer ON exchanges (owner, answer_id);
    CREATE TABLE feedback (
        owner TEXT NOT NULL, answer_id TEXT NOT NULL, session TEXT NOT NULL, rating TEXT NOT NULL,
        comment TEXT NOT NULL, answer TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (owner, answer_id)
    )
    """,
    """
    CREATE TABLE slack_inbox (
        id TEXT PRIMARY KEY, subject TEXT UNIQUE, thread TEXT NOT NULL, position TEXT NOT NULL, lane TEXT NOT NULL,
        request TEXT NOT NULL, state TEXT NOT NULL, holder TEXT NOT NULL DEFAULT '',
        held_until DOUBLE PRECISION NOT NULL DEFAULT 0, not_before DOUBLE PRECISION NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0, posted TEXT NOT NULL DEFAULT '', at DOUBLE PRECISION NOT NULL
    );
    CREATE INDEX slack_inbox_by_state ON slack_inbox (state, lane, at);
    CREATE INDEX slack_inbox_by_thread ON slack_inbox (thread, state);
    CREATE TABLE slack_installations (
        enterprise TEXT NOT NULL, team TEXT NOT NULL, bot TEXT NOT NULL, at DOUBLE PRECISION NOT NULL,
        PRIMARY KEY (enterprise, team)
    );
    CREATE TABLE slack_states (state TEXT PRIMARY KEY, expires DOUBLE PRECISION NOT NULL)
    """,
)


class PostgresSessions(SqlSessions):
    """A SessionStore on a server, over at most four connections.

    Args:
        url: ``postgresql://user:password@host/database``.
        settings: bounds.
    """

    def __init__(self, url: str, settings: SessionSettings) -> None:
        super().__init__(settings)
        self._url = url
        self._opening = threading.Lock()
        self._pool: ConnectionPool[psycopg.Connection[Any]] | None = None

    def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            self._pool.close()

    @contextmanager
    def _open(self, write: bool) -> Iterator["_Sql"]:  # noqa: ARG002 - PostgreSQL locks rows, not files
        _require_psycopg()
        import psycopg
        from psycopg_pool import PoolTimeout

        try:
            with self._connected().connection(timeout=_WAIT_S) as connection:
                yield _Sql(connection)
        except (psycopg.Error, PoolTimeout) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise StoreError(
                f"the PostgreSQL server of the conversations cannot be used: {reason}",
                "check session_store.database_url",
            ) from error

    def _connected(self) -> "ConnectionPool[psycopg.Connection[Any]]":
        from psycopg_pool import ConnectionPool

        with self._opening:
            if self._pool is None:
                pool = ConnectionPool(
                    self._url, min_size=1, max_size=_CONNECTIONS, open=True, check=ConnectionPool.check_connection
                )
                try:
                    with pool.connection(timeout=_WAIT_S) as connection:
                        _migrate(connection)
                except BaseException:
                    pool.close()
                    raise
                self._pool = pool
            return self._pool


def _require_psycopg() -> None:
    if find_spec("psycopg") is None or find_spec("psycopg_pool") is None:
        raise StoreError(
            "session_store.database_url needs psycopg, which is not installed", "pip install 'footnote[postgres]'"
        )


def _migrate(connection: "psycopg.Connection[Any]") -> None:
    sql = _Sql(connection)
    sql.run("SELECT pg_advisory_xact_lock(?)", (_LOCK,))
    sql.run("CREATE TABLE IF NOT EXISTS footnote_schema (version INTEGER NOT NULL)")
    rows, _ = sql.run("SELECT version FROM footnote_schema")
    version = rows[0][0] if rows else 0
    if version > len(_MIGRATIONS):
        raise StoreError(
            f"the database has version {version}, this program knows up to {len(_MIGRATIONS)}", "update footnote"
        )
    for script in _MIGRATIONS[version:]:
        for statement in statements(script):
            sql.run(statement)
    sql.run("DELETE FROM footnote_schema")
    sql.run("INSERT INTO footnote_schema (version) VALUES (?)", (len(_MIGRATIONS),))


class _Sql:
    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection

    def run(self, sql: str, values: Sequence[object] = ()) -> tuple[list[Row], int]:
        """See SqlSession."""
        cursor = self._connection.execute(sql.replace("?", "%s").encode(), tuple(values))
        return (cursor.fetchall() if cursor.description else []), cursor.rowcount
