"""Both adapters, held to the same tests; PostgreSQL is a real server."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from http_service import QUESTION, TEXT

from answer.types import Answer, IndexRef, Models, Timings, Turn
from api.sessions import SessionSettings, SessionStore, StoreError, open_sessions
from api.sessions_sqlite import SqliteSessions

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # pgserver's, about folders of the system


def answer(number: int = 1, text: str = "In 1998. [1]") -> Answer:
    return Answer(
        id=f"answer{number}",
        question=f"{QUESTION} {number}",
        standalone_question=QUESTION,
        status="answered",
        text=text,
        short_answer=None,
        confidence=0.9,
        statements=(),
        citations=(),
        nearest=(),
        models=Models(embedder="hash", reader="overlap", generator="echo"),
        index=IndexRef(generation=1, corpus_sha256="x"),
        timings_ms=Timings(),
    )


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests."""
    pgserver = pytest.importorskip("pgserver", reason="pgserver has no wheel for this platform", exc_type=ImportError)
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


def open_store(kind: str, folder: Path, request: pytest.FixtureRequest, **bounds: int) -> SessionStore:
    url = request.getfixturevalue("postgres") if kind == "postgres" else ""
    return open_sessions(folder / "sessions.sqlite3", SessionSettings(database_url=url, **bounds))


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def owner(request: pytest.FixtureRequest) -> str:
    """Another for each test: the server is shared."""
    return str(request.node.name)


@pytest.fixture
def store(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SessionStore]:
    opened = open_store(kind, tmp_path, request)
    yield opened
    opened.close()


def test_what_was_said_comes_back_in_order(store: SessionStore, owner: str) -> None:
    for number in (1, 2):
        store.add(owner, "s", answer(number, f"text {number}"))
    assert store.history(owner, "s") == [
        Turn("user", f"{QUESTION} 1"),
        Turn("assistant", "text 1"),
        Turn("user", f"{QUESTION} 2"),
        Turn("assistant", "text 2"),
    ]
    assert [exchange.answer for exchange in store.exchanges(owner, "s")] == [answer(1, "text 1"), answer(2, "text 2")]


def test_nobody_sees_anothers(store: SessionStore, owner: str) -> None:
    store.add(owner, "s", answer())
    assert store.sessions("other") == []
    assert store.history("other", "s") == []
    assert store.session("other", "s") is None
    assert (store.rename("other", "s", "x"), store.delete("other", "s")) == (False, False)
    assert store.rate("other", "answer1", "up", "") is None


def test_sessions_are_listed_the_last_touched_first(store: SessionStore, owner: str) -> None:
    for session in ("a", "b", "a"):
        store.add(owner, session, answer())
    listed = store.sessions(owner)
    assert sorted(info.id for info in listed) == ["a", "b"]
    assert [info.exchanges for info in sorted(listed, key=lambda info: info.id)] == [2, 1]
    assert listed == sorted(listed, key=lambda info: info.updated, reverse=True)


def test_a_session_is_named_after_its_first_question(store: SessionStore, owner: str) -> None:
    store.add(owner, "s", answer().model_copy(update={"question": "What\nis " + "very " * 40 + "long?"}))
    (info,) = store.sessions(owner)
    assert info.title.startswith("What is very very")
    assert len(info.title) <= 80
    assert store.rename(owner, "s", "Ferries")
    assert [info.title for info in store.sessions(owner)] == ["Ferries"]


def test_a_receipt_without_a_session_is_in_no_list(store: SessionStore, owner: str) -> None:
    store.add(owner, "", answer())
    assert store.sessions(owner) == []
    assert store.rate(owner, "answer1", "up", "") is not None


def test_feedback_once_more_replaces_the_first(store: SessionStore, owner: str) -> None:
    store.add(owner, "s", answer())
    store.rate(owner, "answer1", "up", "")
    store.rate(owner, "answer1", "down", "wrong\0year")
    (kept,) = store.feedback(owner, 10)
    assert (kept.rating, kept.comment, kept.answer) == ("down", "wrong\ufffdyear", answer())
    assert kept in store.feedback(None, 1000)


def test_a_deleted_session_leaves_nothing(store: SessionStore, owner: str) -> None:
    store.add(owner, "s", answer())
    store.rate(owner, "answer1", "up", "")
    assert store.delete(owner, "s")
    assert (store.history(owner, "s"), store.sessions(owner), store.feedback(owner, 10)) == ([], [], [])


def test_a_session_has_a_bounded_number_of_exchanges(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, owner: str
) -> None:
    store = open_store(kind, tmp_path, request, max_exchanges=3)
    for number in range(5):
        store.add(owner, "s", answer(number))
    kept = [exchange.answer.id for exchange in store.exchanges(owner, "s") if exchange.answer]
    assert kept == ["answer2", "answer3", "answer4"]
    store.close()


def test_old_sessions_are_pruned_and_their_feedback_stays(
    store: SessionStore, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as then:
        then.setattr("api.sessions._now", lambda: "2001-01-01T00:00:00.000Z")
        store.add(owner, "old", answer(1))
        store.add(owner, "", answer(2))
        store.rate(owner, "answer1", "up", "")
    store.add(owner, "new", answer(3))
    assert store.prune() >= 1
    assert [info.id for info in store.sessions(owner)] == ["new"]
    assert store.history(owner, "old") == []
    assert store.rate(owner, "answer2", "up", "") is None
    assert len(store.feedback(owner, 10)) == 1


def test_two_services_share_a_store(kind: str, tmp_path: Path, request: pytest.FixtureRequest, owner: str) -> None:
    one, other = open_store(kind, tmp_path, request), open_store(kind, tmp_path, request)
    one.add(owner, "s", answer(1))
    other.add(owner, "s", answer(2))
    assert one.history(owner, "s") == other.history(owner, "s")
    assert len(one.history(owner, "s")) == 4
    one.close()
    other.close()


def test_a_file_of_the_first_version_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "sessions.sqlite3"
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(
            "CREATE TABLE turns (number INTEGER PRIMARY KEY, session TEXT NOT NULL, role TEXT NOT NULL,"
            " text TEXT NOT NULL, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);"
            "CREATE INDEX turns_by_session ON turns (session, number);"
            "INSERT INTO turns (session, role, text) VALUES ('mine', 'user', 'Which ferry?'),"
            " ('mine', 'assistant', 'Aurora. [1]'), ('mine', 'user', 'never answered');"
            "PRAGMA user_version = 1;"
        )
    store = SqliteSessions(path, SessionSettings())
    assert store.history("local", "mine") == [Turn("user", "Which ferry?"), Turn("assistant", "Aurora. [1]")]
    assert [info.title for info in store.sessions("local")] == ["mine"]
    assert store.exchanges("local", "mine")[0].answer is None


def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sessions.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="has version 99"):
        SqliteSessions(path, SessionSettings()).sessions("local")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "sessions.sqlite3"
    path.write_text(TEXT * 20)
    with pytest.raises(StoreError, match=r"sessions\.sqlite3 cannot be used"):
        SqliteSessions(path, SessionSettings()).sessions("local")


def test_the_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    store = SqliteSessions(tmp_path / "sessions.sqlite3", SessionSettings())
    store.add("local", "s", answer())
    assert (tmp_path / "sessions.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_server_that_is_not_there_is_a_clear_error() -> None:
    settings = SessionSettings(database_url="postgresql://nobody@127.0.0.1:1/none")
    store = open_sessions(Path("unused"), settings)
    with pytest.raises(StoreError, match="PostgreSQL server of the conversations cannot be used"):
        store.sessions("local")
