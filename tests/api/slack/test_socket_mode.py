"""The same listeners over Socket Mode: a real process and a real socket."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_slack import BOT, TEAM, USER, Slack, wait_until
from http_service import build_index
from slack_workspace import QUESTION, TEXT, Process, event, shown_text, slack_settings


@pytest.fixture
def app(troubled: Slack, tmp_path: Path) -> Iterator[Process]:
    build_index(slack_settings(troubled, tmp_path), TEXT)
    process = Process(troubled, tmp_path, "socket", 0)
    process.start()
    yield process
    process.kill()


def test_a_mention_over_a_socket_is_acknowledged_and_answered_once(app: Process, troubled: Slack) -> None:
    slack, socket = troubled, troubled.socket
    assert socket is not None
    ts = slack.ts()
    mention = event("app_mention", channel="C1", user=USER, text=f"<@{BOT}> {QUESTION}", ts=ts)
    socket.send("e1", "events_api", mention)
    wait_until(lambda: "e1" in socket.acknowledged)
    socket.drop()  # Slack closes connections now and then, and sends again what it is not sure of
    wait_until(lambda: bool(socket.connections), 30)
    socket.send("e2", "events_api", mention, retry=1)
    wait_until(lambda: "e2" in socket.acknowledged)
    (message,) = slack.wait_for_answers(ts)
    assert "1998" in shown_text(message)

    command = {"command": "/footnote", "text": QUESTION, "team_id": TEAM, "channel_id": "C1", "user_id": USER}
    socket.send("e3", "slash_commands", command | {"response_url": f"{slack.url}/response/1"})
    wait_until(lambda: "e3" in socket.acknowledged)
    assert "Looking" in socket.acknowledged["e3"]["payload"]["text"]
    wait_until(lambda: any("1998" in shown_text(response) for response in slack.responses))
    assert "xoxb" not in app.log()
    assert "xapp" not in app.log()


def test_sigterm_ends_it_cleanly(app: Process, troubled: Slack) -> None:
    socket = troubled.socket
    assert socket is not None
    assert app.running is not None
    wait_until(lambda: bool(socket.connections), 30)
    app.running.terminate()
    assert app.running.wait(20) == 0
