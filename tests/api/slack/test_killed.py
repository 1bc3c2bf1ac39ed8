"""``kill -9`` at any moment, and a new process: every question has exactly one answer."""

import os
import random
import threading
import time
from pathlib import Path

import httpx
import pytest
from fake_slack import BOT, USER, Slack, wait_until
from http_service import build_index
from slack_workspace import TEXT, Json, People, Process, event, slack_settings

QUESTIONS = (
    "When was the ferry Aurora launched?",
    "How many passengers does the ferry Aurora carry?",
    "Who is the lighthouse keeper?",
    "Who won the chess tournament in Reykjavik?",
)


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _storm(slack: Slack, number: int, random: random.Random) -> tuple[list[str], list[tuple[Json, int]]]:
    """Questions in threads of three, and their deliveries: doubled, retried, in disorder."""
    asked: list[str] = []
    deliveries: list[tuple[Json, int]] = []
    root = ""
    for place in range(number):
        ts = slack.ts()
        root = ts if place % 3 == 0 else root
        text = f"<@{BOT}> {QUESTIONS[place % len(QUESTIONS)]}"
        fields = {"channel": "C1", "user": USER, "text": text, "ts": ts, "thread_ts": root}
        envelope = event("app_mention", **fields)
        asked.append(root)
        deliveries += [(envelope, retry) for retry in range(random.choice((1, 1, 2, 3)))]
        deliveries.append((event("message", channel_type="channel", **fields), 0))
    for place in range(len(deliveries)):
        other = min(len(deliveries) - 1, place + random.randrange(6))
        deliveries[place], deliveries[other] = deliveries[other], deliveries[place]
    return asked, deliveries


def _deliver(people: People, envelope: Json, retry: int) -> None:
    """As Slack: again until it is acknowledged."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if people.deliver(envelope, retry).status_code == 200:
                return
        except httpx.HTTPError:
            retry += 1
        time.sleep(0.05)
    raise AssertionError("not acknowledged")


def _answers(slack: Slack, root: str) -> int:
    return len([m for m in slack.said_in(root) if not m.get("streaming")])


def survive(slack: Slack, folder: Path, questions: int, kills: int, seed: int) -> None:
    """Ask ``questions`` while the app is killed ``kills`` times; each must be answered once."""
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    build_index(slack_settings(slack, folder), TEXT)
    app = Process(slack, folder, "http", _free_port())
    app.start()
    app.wait()
    asked, deliveries = _storm(slack, questions, chance)
    with httpx.Client(timeout=30) as client:
        people = People(f"http://127.0.0.1:{app.port}", slack, client)

        def send() -> None:
            for envelope, retry in deliveries:
                _deliver(people, envelope, retry)

        sending = threading.Thread(target=send)
        sending.start()
        try:
            for _ in range(kills):
                known = len(slack.calls)
                wait_until(lambda known=known: len(slack.calls) > known + 3 or not sending.is_alive(), 60)  # type: ignore[misc]
                time.sleep(chance.uniform(0, 0.3))
                app.kill()
                app.start()
                app.wait()
            sending.join(240)
            expected = {root: asked.count(root) for root in asked}
            wait_until(lambda: all(_answers(slack, root) >= number for root, number in expected.items()), 240)
            time.sleep(2)  # for a second answer that should not come
            assert {root: len(slack.said_in(root)) for root in expected} == expected
        finally:
            app.kill()


def test_each_question_is_answered_once_across_kills(troubled: Slack, tmp_path: Path) -> None:
    survive(troubled, tmp_path, questions=18, kills=2, seed=5)


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("FOOTNOTE_TEST_SLACK_STORM"), reason="takes minutes; FOOTNOTE_TEST_SLACK_STORM=1"
)
def test_five_hundred_questions_are_answered_once_across_ten_kills(troubled: Slack, tmp_path: Path) -> None:
    survive(troubled, tmp_path, questions=500, kills=10, seed=1)


def test_what_was_acknowledged_before_the_kill_is_answered_after_it(troubled: Slack, tmp_path: Path) -> None:
    build_index(slack_settings(troubled, tmp_path), TEXT)
    app = Process(troubled, tmp_path, "http", _free_port())
    app.start()
    app.wait()
    with httpx.Client(timeout=30) as client:
        people = People(f"http://127.0.0.1:{app.port}", troubled, client)
        threads = [people.mention(question) for question in QUESTIONS]
        app.kill()
    app.start()
    try:
        for thread in threads:
            troubled.wait_for_answers(thread, seconds=60)
        assert [len(troubled.said_in(thread)) for thread in threads] == [1, 1, 1, 1]
        assert "xoxb" not in app.log()
    finally:
        app.kill()
