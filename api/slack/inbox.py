"""What Slack has handed over, kept in the session database until it is answered, exactly once.

    received -> posting -> posted          and: parked -> received,  received -> dropped,  any -> failed

An arrival is recorded before Slack is told that it arrived. A worker holds what it works on under a lease; when its
process dies the lease runs out and somebody takes it up. ``posting`` is entered right before the first message goes
out: whoever takes up something in that state looks into the thread for its message before posting.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from api.sessions import Row, SessionStore, SqlSession
from api.slack.requests import ANSWERS, Arrival, Request

PARKED_S = 600.0  # a message of a thread we may yet hear of, since Slack does not keep the order
Lane = Literal["quick", "slow"]
QUICK: Lane = "quick"
SLOW: Lane = "slow"
State = Literal["received", "parked", "posting", "posted", "dropped", "failed"]

_OPEN = "('received', 'posting')"
_COLUMNS = "id, request, state, attempts, posted"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is being worked on.

    Attributes:
        id: of the arrival; goes into the metadata of what is posted.
        request: what to do.
        state: ``posting`` when an earlier try may have posted already.
        attempts: tries before this one.
        posted: timestamps of the messages that are known to have been posted.
    """

    id: str
    request: Request
    state: State
    attempts: int
    posted: tuple[str, ...]


class Inbox:
    """The table of arrivals. Every method is one transaction; threads and processes may share it.

    Args:
        store: the session database.
        holder: names this process among others.
        lease_s: how long something is held without a sign of life.
        clock: seconds since 1970.
    """

    def __init__(
        self, store: SessionStore, holder: str, lease_s: float, clock: Callable[[], float] = time.time
    ) -> None:
        self._store, self._holder, self._lease_s, self._clock = store, holder, lease_s, clock

    def record(self, arrival: Arrival) -> bool:
        """Keep an arrival; False when there is nothing new to do: it is known, or not for us. Raises StoreError."""
        with self._store.transaction(write=True) as sql:
            kind = arrival.request.kind
            if kind == "edit":
                return self._edit(sql, arrival)
            if kind == "delete":
                return self._delete(sql, arrival)
            if kind == "question":
                return self._ask(sql, arrival)
            return self._insert(sql, arrival, "received")

    def _ask(self, sql: SqlSession, arrival: Arrival) -> bool:
        subject = arrival.request.message
        if not arrival.addressed and not _takes_part(sql, arrival.request):
            self._insert(sql, arrival, "parked", subject)
            return False
        # Slack sends a mention twice, as app_mention and as message; the one may have been parked before the other.
        new = self._insert(sql, arrival, "received", subject) or _change(
            sql, "state = 'received'", "subject = ? AND state = 'parked'", (subject,)
        )
        if new:
            self._unpark(sql, arrival.request)
        return new

    def _unpark(self, sql: SqlSession, request: Request) -> None:
        values = (request.place, _position(request.ts))
        _change(sql, "state = 'received'", "thread = ? AND state = 'parked' AND position > ?", values)

    def _edit(self, sql: SqlSession, arrival: Arrival) -> bool:
        request = arrival.request
        found = _of_subject(sql, request.message)
        if found is None:
            asked = Arrival(arrival.id, request.model_copy(update={"kind": "question"}), addressed=True)
            return arrival.addressed and self._insert(sql, asked, "received", request.message)
        if found.request.text == request.text or found.state in ("dropped", "failed"):
            return False  # Slack also says "changed" when it has unfurled a link
        if found.state == "posting" or found.state == "posted":
            return self._insert(sql, arrival, "received")
        if self._insert(sql, arrival, "dropped"):  # remembered, so that a late retry does not undo a later edit
            changed = found.request.model_copy(update={"text": request.text}).model_dump_json()
            _change(sql, "request = ?", "id = ?", (changed, found.id))
        return False

    def _delete(self, sql: SqlSession, arrival: Arrival) -> bool:
        found = _of_subject(sql, arrival.request.message)
        if found is None:  # its question may still be on the way
            self._insert(sql, arrival, "dropped", arrival.request.message)
            return False
        if found.state in ("received", "parked"):
            _change(sql, "state = 'dropped'", "id = ?", (found.id,))
            return False
        where = {"thread": found.request.thread, "user": found.request.user}
        return self._insert(sql, Arrival(arrival.id, arrival.request.model_copy(update=where)), "received")

    def _insert(self, sql: SqlSession, arrival: Arrival, state: State, subject: str | None = None) -> bool:
        now, request = self._clock(), arrival.request
        asked = request.kind in ("question", "edit", "delete")
        position = _position(request.ts if request.kind == "question" else f"{now:.6f}")
        lane = SLOW if request.kind in ANSWERS else QUICK
        _, inserted = sql.run(
            "INSERT INTO slack_inbox (id, subject, thread, position, lane, request, state, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                arrival.id,
                subject,
                request.place if asked else arrival.id,
                position,
                lane,
                request.model_dump_json(),
                state,
                now,
            ),
        )
        return inserted > 0

    def take(self, lane: Lane) -> Item | None:
        """The longest waiting of what may be worked on now, held from here on; None when there is nothing.

        Of each thread that is the earliest open one, and none while another of the thread is held.
        """
        now = self._clock()
        with self._store.transaction(write=True) as sql:
            rows, _ = sql.run(
                f"SELECT {_COLUMNS} FROM slack_inbox w WHERE w.state IN {_OPEN} AND w.lane = ?"  # noqa: S608
                " AND w.held_until < ? AND w.not_before <= ? AND NOT EXISTS"
                f" (SELECT 1 FROM slack_inbox o WHERE o.thread = w.thread AND o.state IN {_OPEN} AND o.id <> w.id"
                " AND (o.held_until >= ? OR o.position < w.position OR (o.position = w.position AND o.id < w.id)))"
                " ORDER BY w.at LIMIT 1",
                (lane, now, now, now),
            )
            if not rows:
                return None
            item = _item(rows[0])
            _, taken = sql.run(
                "UPDATE slack_inbox SET holder = ?, held_until = ? WHERE id = ? AND held_until < ?",
                (self._holder, now + self._lease_s, item.id, now),
            )
        return item if taken else None

    def begin(self, item: Item) -> bool:
        """Enter ``posting``, the last moment before something goes out.

        False when it may not: the lease was lost, the question was edited or deleted meanwhile, or an earlier one of
        the thread has arrived. Then release it and take it again.
        """
        with self._store.transaction(write=True) as sql:
            _, changed = sql.run(
                "UPDATE slack_inbox SET state = 'posting', held_until = ? WHERE id = ? AND holder = ?"  # noqa: S608
                " AND state = 'received' AND request = ? AND NOT EXISTS (SELECT 1 FROM slack_inbox o"
                f" WHERE o.thread = slack_inbox.thread AND o.state IN {_OPEN} AND o.position < slack_inbox.position)",
                (self._clock() + self._lease_s, item.id, self._holder, item.request.model_dump_json()),
            )
        return changed > 0

    def note(self, item: Item, posted: Sequence[str]) -> None:
        """Remember messages of an answer that is not complete yet."""
        self._set(item, "posted = ?", (",".join(posted),))

    def finish(self, item: Item, posted: Sequence[str] = ()) -> None:
        """It is answered."""
        self._set(item, "state = 'posted', posted = ?, held_until = 0", (",".join(posted),))

    def fail(self, item: Item) -> None:
        """It is given up; where that was said to the asker, that is the answer, and stays."""
        self._set(item, "state = CASE state WHEN 'posted' THEN state ELSE 'failed' END, held_until = 0", ())

    def release(self, item: Item, wait_s: float, counted: bool) -> None:
        """Let go of it for another try in ``wait_s`` seconds; ``counted`` tries are limited."""
        values = (self._clock() + wait_s, int(counted))
        self._set(item, "held_until = 0, not_before = ?, attempts = attempts + ?", values)

    def _set(self, item: Item, what: str, values: Sequence[object]) -> None:
        with self._store.transaction(write=True) as sql:
            _change(sql, what, "id = ? AND holder = ?", (*values, item.id, self._holder))

    def keep(self) -> None:
        """The sign of life: extends the leases of this process."""
        now = self._clock()
        with self._store.transaction(write=True) as sql:
            _change(sql, "held_until = ?", "holder = ? AND held_until >= ?", (now + self._lease_s, self._holder, now))

    def answer_of(self, request: Request) -> Item | None:
        """What became of the question that a message is."""
        with self._store.transaction(write=False) as sql:
            return _of_subject(sql, request.message)

    def amend(self, question: Item, text: str, posted: Sequence[str], state: State) -> None:
        """Write down that an answered question was edited or deleted, and its answer with it."""
        changed = question.request.model_copy(update={"text": text}).model_dump_json()
        with self._store.transaction(write=True) as sql:
            _change(
                sql, "request = ?, posted = ?, state = ?", "id = ?", (changed, ",".join(posted), state, question.id)
            )

    def posted_in(self, request: Request) -> set[str]:
        """All messages known to have been posted in a thread."""
        with self._store.transaction(write=False) as sql:
            rows, _ = sql.run("SELECT posted FROM slack_inbox WHERE thread = ? AND posted <> ''", (request.place,))
        return {ts for (posted,) in rows for ts in posted.split(",")}

    def ahead(self, lane: Lane = SLOW) -> int:
        """How many are waiting or worked on."""
        with self._store.transaction(write=False) as sql:
            rows, _ = sql.run(f"SELECT count(*) FROM slack_inbox WHERE state IN {_OPEN} AND lane = ?", (lane,))  # noqa: S608
        return int(rows[0][0])

    def waiting(self) -> list[tuple[int, Item]]:
        """Everything that nobody works on, with how many are ahead of it, the longest waiting first."""
        with self._store.transaction(write=False) as sql:
            rows, _ = sql.run(
                f"SELECT {_COLUMNS}, held_until FROM slack_inbox WHERE state IN {_OPEN} AND lane = ? ORDER BY at",  # noqa: S608
                (SLOW,),
            )
        now = self._clock()
        return [(ahead, _item(row)) for ahead, row in enumerate(rows) if row[5] < now]

    def prune(self, older_than_s: float) -> None:
        """Forget what is done and old, and parked messages after ten minutes."""
        now = self._clock()
        with self._store.transaction(write=True) as sql:
            sql.run("DELETE FROM slack_inbox WHERE state = 'parked' AND at < ?", (now - PARKED_S,))
            sql.run(f"DELETE FROM slack_inbox WHERE state NOT IN {_OPEN} AND at < ?", (now - older_than_s,))  # noqa: S608


def _takes_part(sql: SqlSession, request: Request) -> bool:
    """Whether the bot has been asked in this thread before this message."""
    rows, _ = sql.run(
        "SELECT 1 FROM slack_inbox WHERE thread = ? AND subject IS NOT NULL AND position < ?"
        " AND state IN ('received', 'posting', 'posted') LIMIT 1",
        (request.place, _position(request.ts)),
    )
    return bool(rows)


def _position(ts: str) -> str:
    """Timestamps of messages, which are seconds with six decimals, so that their order is that of the text."""
    return ts.rjust(20, "0")


def _of_subject(sql: SqlSession, subject: str) -> Item | None:
    rows, _ = sql.run(f"SELECT {_COLUMNS} FROM slack_inbox WHERE subject = ?", (subject,))  # noqa: S608
    return _item(rows[0]) if rows else None


def _change(sql: SqlSession, what: str, where: str, values: Sequence[object]) -> bool:
    _, changed = sql.run(f"UPDATE slack_inbox SET {what} WHERE {where}", values)  # noqa: S608 - both are ours
    return changed > 0


def _item(row: Row) -> Item:
    identity, request, state, attempts, posted = row[:5]
    known = tuple(posted.split(",")) if posted else ()
    return Item(identity, Request.model_validate_json(request), state, attempts, known)
