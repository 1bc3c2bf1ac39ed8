"""The inbox on both databases: what is recorded once, in which order it is taken, and who holds it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.sessions import SessionSettings, SessionStore
from api.sessions_postgres import PostgresSessions
from api.sessions_sqlite import SqliteSessions
from api.slack.inbox import QUICK, SLOW, Inbox
from api.slack.requests import Arrival, Request

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # pgserver's, about folders of the system


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pgserver = pytest.importorskip("pgserver", reason="pgserver has no wheel for this platform", exc_type=ImportError)
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SessionStore]:
    if request.param == "sqlite":
        opened: SessionStore = SqliteSessions(tmp_path / "s.sqlite3", SessionSettings())
    else:
        opened = PostgresSessions(request.getfixturevalue("postgres"), SessionSettings())
        with opened.transaction(write=True) as sql:
            sql.run("DELETE FROM slack_inbox")
    yield opened
    opened.close()


def question(ts: str, thread: str = "1.0", text: str = "Why?", addressed: bool = True, event: str = "") -> Arrival:
    request = Request(kind="question", team="T1", channel="C1", thread=thread, ts=ts, user="U1", text=text)
    return Arrival(event or f"Ev{ts}", request, addressed)


def test_an_arrival_is_recorded_once_by_event_and_by_message(store: SessionStore) -> None:
    inbox = Inbox(store, "a", 10)
    assert inbox.record(question("1.1", event="Ev1"))
    assert not inbox.record(question("1.1", event="Ev1"))
    assert not inbox.record(question("1.1", event="Ev2"))
    assert inbox.ahead() == 1


def test_of_a_thread_one_is_held_at_a_time_and_the_earliest_first(store: SessionStore) -> None:
    inbox = Inbox(store, "a", 10)
    for arrival in (question("1.3"), question("1.2"), question("2.1", thread="2.0")):
        inbox.record(arrival)
    first, other = inbox.take(SLOW), inbox.take(SLOW)
    assert first is not None
    assert other is not None
    assert sorted([first.request.ts, other.request.ts]) == ["1.2", "2.1"]
    assert inbox.take(SLOW) is None
    earliest = first if first.request.ts == "1.2" else other
    assert inbox.begin(earliest)
    inbox.finish(earliest, ["9.9"])
    following = inbox.take(SLOW)
    assert following is not None
    assert following.request.ts == "1.3"


def test_what_a_dead_process_held_is_taken_up_when_its_lease_ends(store: SessionStore) -> None:
    clock = Clock()
    dead, living = Inbox(store, "dead", 10, clock), Inbox(store, "living", 10, clock)
    dead.record(question("1.1"))
    held = dead.take(SLOW)
    assert held is not None
    assert dead.begin(held)
    assert living.take(SLOW) is None
    clock.now += 8
    dead.keep()
    clock.now += 8
    assert living.take(SLOW) is None
    clock.now += 3
    taken = living.take(SLOW)
    assert taken is not None
    assert (taken.state, taken.id) == ("posting", held.id)
    dead.finish(held, ["9.9"])  # it comes back from the dead, too late
    assert living.answer_of(taken.request) == taken


def test_an_answer_may_not_go_out_for_an_older_text_nor_before_an_earlier_question(store: SessionStore) -> None:
    inbox = Inbox(store, "a", 10)
    inbox.record(question("1.2"))
    item = inbox.take(SLOW)
    assert item is not None
    edit = question("1.2", text="Who?", event="Ev8").request.model_copy(update={"kind": "edit"})
    inbox.record(Arrival("Ev8", edit))
    assert not inbox.begin(item)
    inbox.release(item, 0, counted=False)
    again = inbox.take(SLOW)
    assert again is not None
    assert again.request.text == "Who?"
    inbox.record(question("1.1"))
    assert not inbox.begin(again)


def test_a_message_of_an_unknown_thread_waits_until_the_thread_is_known(store: SessionStore) -> None:
    clock = Clock()
    inbox = Inbox(store, "a", 10, clock)
    assert not inbox.record(question("1.2", addressed=False))
    assert not inbox.record(question("0.9", addressed=False))
    assert inbox.ahead() == 0
    assert inbox.record(question("1.0"))
    assert inbox.ahead() == 2
    inbox.record(question("5.1", thread="5.0", addressed=False))
    clock.now += 601
    inbox.prune(86_400)
    inbox.record(question("5.0", thread="5.0"))
    assert inbox.ahead() == 3


def test_a_mention_whose_twin_was_parked_is_asked_with_what_followed_it(store: SessionStore) -> None:
    inbox = Inbox(store, "a", 10)
    inbox.record(question("1.0", addressed=False, event="Ev1"))
    inbox.record(question("1.2", addressed=False, event="Ev2"))
    assert inbox.record(question("1.0", event="Ev3"))
    assert inbox.ahead() == 2


def test_a_click_is_not_kept_waiting_by_questions(store: SessionStore) -> None:
    inbox = Inbox(store, "a", 10)
    inbox.record(question("1.1"))
    inbox.record(Arrival("interaction:1", Request(kind="feedback", team="T1")))
    taken = inbox.take(QUICK)
    assert taken is not None
    assert taken.request.kind == "feedback"


def test_old_work_is_forgotten_and_open_work_is_not(store: SessionStore) -> None:
    clock = Clock()
    inbox = Inbox(store, "a", 10, clock)
    inbox.record(question("1.1"))
    done = inbox.take(SLOW)
    assert done is not None
    assert inbox.begin(done)
    inbox.finish(done, ["9.9"])
    inbox.record(question("2.1", thread="2.0"))
    clock.now += 100
    inbox.prune(50)
    assert inbox.answer_of(done.request) is None
    assert inbox.ahead() == 1


def test_a_race_for_one_item_has_one_winner(store: SessionStore) -> None:
    from concurrent.futures import ThreadPoolExecutor

    inboxes = [Inbox(store, f"p{number}", 10) for number in range(4)]
    for number in range(12):
        inboxes[0].record(question(f"{number}.1", thread=f"{number}.0"))
    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(lambda inbox: [inbox.take(SLOW) for _ in range(12)], inboxes))
    ids = [item.id for items in taken for item in items if item is not None]
    assert len(ids) == len(set(ids))
