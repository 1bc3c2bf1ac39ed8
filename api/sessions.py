"""Conversations, receipts and feedback: one protocol, and the SQL that both adapters share.

Every row belongs to an owner (an API key, or the command line); nobody sees another's. ``open_sessions`` chooses the
adapter: PostgreSQL where ``session_store.database_url`` names a server, so that several services share it, else an
SQLite file.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from answer.types import Answer, Turn
from ingest.errors import FootnoteError

LOCAL = "local"  # the owner of what the command line stores
MAX_TURNS = 20
TITLE_CHARS = 80

Rating = Literal["up", "down"]


class SessionSettings(BaseModel):
    """Where conversations are kept, and how many for how long."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database_url: SecretStr = Field(
        default=SecretStr(""), description="PostgreSQL, e.g. postgresql://user@host/db; empty: the file `sessions`."
    )
    max_exchanges: int = Field(default=100, ge=1, le=100_000, description="Questions kept in one session.")
    max_age_days: int = Field(default=90, ge=1, le=10_000, description="Untouched for longer, a session is deleted.")


class StoreError(FootnoteError):
    """The database of the conversations cannot be opened, read or written."""


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """One conversation in a list; times are ISO 8601 in UTC."""

    id: str
    title: str
    created: str
    updated: str
    exchanges: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what was answered; ``answer`` is None where only the text was kept."""

    question: str
    text: str
    at: str
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thought of an answer, with its receipt."""

    answer: Answer
    rating: Rating
    comment: str
    at: str


class SessionStore(Protocol):
    """Conversations by owner and id; a session comes into being with its first exchange. Threads may share it.

    Every method raises StoreError when the database fails.
    """

    def history(self, owner: str, session: str) -> list[Turn]:
        """The last MAX_TURNS turns, oldest first."""
        ...

    def add(self, owner: str, session: str, answer: Answer) -> None:
        """Add a question and its answer; session "" keeps the receipt alone."""
        ...

    def sessions(self, owner: str) -> list[SessionInfo]:
        """All sessions, the last touched first."""
        ...

    def session(self, owner: str, session: str) -> SessionInfo | None:
        """One session, or None."""
        ...

    def exchanges(self, owner: str, session: str) -> list[Exchange]:
        """What was said, oldest first."""
        ...

    def rename(self, owner: str, session: str, title: str) -> bool:
        """Give another title; False when there is no such session."""
        ...

    def delete(self, owner: str, session: str) -> bool:
        """Forget a session, its receipts and the feedback on them; False when there is no such session."""
        ...

    def receipt(self, owner: str, answer_id: str) -> Answer | None:
        """An answer that was given, or None."""
        ...

    def rate(self, owner: str, answer_id: str, rating: Rating, comment: str) -> Feedback | None:
        """Keep feedback, in place of earlier feedback on the same answer; None when the answer is not known."""
        ...

    def feedback(self, owner: str | None, limit: int) -> list[Feedback]:
        """Feedback of one owner, or of all, the latest first."""
        ...

    def prune(self) -> int:
        """Delete what is older than ``max_age_days``; feedback stays. Returns the number of sessions deleted."""
        ...

    def transaction(self, write: bool) -> "AbstractContextManager[SqlSession]":
        """A transaction for tables that another part of the program owns; committed at the end of the block."""
        ...

    def close(self) -> None:
        """Close connections."""
        ...


def open_sessions(file: Path, settings: SessionSettings) -> SessionStore:
    """The store that the settings name; made or migrated when first used."""
    if url := settings.database_url.get_secret_value():
        from api.sessions_postgres import PostgresSessions

        return PostgresSessions(url, settings)
    from api.sessions_sqlite import SqliteSessions

    return SqliteSessions(file, settings)


def new_session_id() -> str:
    """192 random bits; whoever does not know it cannot guess it."""
    return secrets.token_urlsafe(24)


Row = Sequence[Any]


class SqlSession(Protocol):
    """One transaction: what both drivers have in common."""

    def run(self, sql: str, values: Sequence[object] = ()) -> tuple[list[Row], int]:
        """Carry out a statement with ``?`` for values; returns its rows and how many it changed."""
        ...


class SqlSessions:
    """The SessionStore in SQL that SQLite and PostgreSQL both understand; an adapter adds ``_open`` and ``close``."""

    def __init__(self, settings: SessionSettings) -> None:
        self._settings = settings

    def _open(self, write: bool) -> AbstractContextManager[SqlSession]:
        """A transaction, committed at the end of the block unless it raises. Raises StoreError."""
        raise NotImplementedError

    def transaction(self, write: bool) -> AbstractContextManager[SqlSession]:
        """See SessionStore."""
        return self._open(write)

    def history(self, owner: str, session: str) -> list[Turn]:
        """See SessionStore."""
        with self._open(write=False) as sql:
            rows, _ = sql.run(
                "SELECT question, text FROM exchanges WHERE owner = ? AND session = ? ORDER BY number DESC LIMIT ?",
                (owner, session, MAX_TURNS // 2),
            )
        return [turn for asked, said in reversed(rows) for turn in (Turn("user", asked), Turn("assistant", said))]

    def add(self, owner: str, session: str, answer: Answer) -> None:
        """See SessionStore."""
        at = _now()
        with self._open(write=True) as sql:
            if session:
                sql.run(
                    "INSERT INTO sessions (owner, id, title, created, updated) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (owner, id) DO UPDATE SET updated = excluded.updated",
                    (owner, session, _title(answer.question), at, at),
                )
            sql.run(
                "INSERT INTO exchanges (owner, session, question, text, answer_id, answer, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    owner,
                    session,
                    _storable(answer.question),
                    _storable(answer.text),
                    answer.id,
                    answer.model_dump_json(),
                    at,
                ),
            )
            if session:
                self._trim(sql, owner, session)

    def _trim(self, sql: SqlSession, owner: str, session: str) -> None:
        sql.run(
            "DELETE FROM exchanges WHERE owner = ? AND session = ? AND number <= (SELECT number FROM exchanges"
            " WHERE owner = ? AND session = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
            (owner, session, owner, session, self._settings.max_exchanges),
        )

    def sessions(self, owner: str) -> list[SessionInfo]:
        """See SessionStore."""
        return self._infos("owner = ?", (owner,))

    def session(self, owner: str, session: str) -> SessionInfo | None:
        """See SessionStore."""
        return next(iter(self._infos("owner = ? AND id = ?", (owner, session))), None)

    def _infos(self, where: str, values: Sequence[object]) -> list[SessionInfo]:
        with self._open(write=False) as sql:
            rows, _ = sql.run(
                "SELECT id, title, created, updated, (SELECT count(*) FROM exchanges e"  # noqa: S608 - `where` is ours
                f" WHERE e.owner = s.owner AND e.session = s.id) FROM sessions s WHERE {where}"
                " ORDER BY updated DESC, id",
                values,
            )
        return [SessionInfo(*row) for row in rows]

    def exchanges(self, owner: str, session: str) -> list[Exchange]:
        """See SessionStore."""
        with self._open(write=False) as sql:
            rows, _ = sql.run(
                "SELECT question, text, at, answer FROM exchanges WHERE owner = ? AND session = ? ORDER BY number",
                (owner, session),
            )
        return [Exchange(asked, said, at, _answer(stored)) for asked, said, at, stored in rows]

    def rename(self, owner: str, session: str, title: str) -> bool:
        """See SessionStore."""
        with self._open(write=True) as sql:
            _, changed = sql.run(
                "UPDATE sessions SET title = ? WHERE owner = ? AND id = ?", (_storable(title), owner, session)
            )
        return changed > 0

    def delete(self, owner: str, session: str) -> bool:
        """See SessionStore."""
        with self._open(write=True) as sql:
            sql.run("DELETE FROM exchanges WHERE owner = ? AND session = ?", (owner, session))
            sql.run("DELETE FROM feedback WHERE owner = ? AND session = ?", (owner, session))
            _, changed = sql.run("DELETE FROM sessions WHERE owner = ? AND id = ?", (owner, session))
        return changed > 0

    def receipt(self, owner: str, answer_id: str) -> Answer | None:
        """See SessionStore."""
        with self._open(write=False) as sql:
            rows, _ = sql.run("SELECT answer FROM exchanges WHERE owner = ? AND answer_id = ?", (owner, answer_id))
        return _answer(rows[0][0]) if rows else None

    def rate(self, owner: str, answer_id: str, rating: Rating, comment: str) -> Feedback | None:
        """See SessionStore."""
        at = _now()
        with self._open(write=True) as sql:
            rows, _ = sql.run(
                "SELECT session, answer FROM exchanges WHERE owner = ? AND answer_id = ?", (owner, answer_id)
            )
            if not rows:
                return None
            session, stored = rows[0]
            sql.run(
                "INSERT INTO feedback (owner, answer_id, session, rating, comment, answer, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (owner, answer_id) DO UPDATE"
                " SET rating = excluded.rating, comment = excluded.comment, at = excluded.at",
                (owner, answer_id, session, rating, _storable(comment), stored, at),
            )
        return Feedback(Answer.model_validate_json(stored), rating, comment, at)

    def feedback(self, owner: str | None, limit: int) -> list[Feedback]:
        """See SessionStore."""
        with self._open(write=False) as sql:
            rows, _ = sql.run(
                "SELECT answer, rating, comment, at FROM feedback WHERE ? IN ('', owner) ORDER BY at DESC LIMIT ?",
                (owner or "", limit),
            )
        return [Feedback(Answer.model_validate_json(stored), *rest) for stored, *rest in rows]

    def prune(self) -> int:
        """See SessionStore."""
        oldest = _iso(datetime.now(UTC) - timedelta(days=self._settings.max_age_days))
        with self._open(write=True) as sql:
            sql.run(
                "DELETE FROM exchanges WHERE at < ? AND (session = '' OR EXISTS (SELECT 1 FROM sessions s"
                " WHERE s.owner = exchanges.owner AND s.id = exchanges.session AND s.updated < ?))",
                (oldest, oldest),
            )
            _, deleted = sql.run("DELETE FROM sessions WHERE updated < ?", (oldest,))
        return deleted


def statements(script: str) -> Iterator[str]:
    """The statements of a script that has no semicolon inside one."""
    return (statement for part in script.split(";") if (statement := part.strip()))


def _title(question: str) -> str:
    flat = " ".join(_storable(question).split())
    return flat if len(flat) <= TITLE_CHARS else flat[: TITLE_CHARS - 1].rsplit(" ", 1)[0] + "…"


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL."""
    return text.replace("\0", "\ufffd")


def _answer(stored: str | None) -> Answer | None:
    return Answer.model_validate_json(stored) if stored else None


def _now() -> str:
    return _iso(datetime.now(UTC))


def _iso(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
