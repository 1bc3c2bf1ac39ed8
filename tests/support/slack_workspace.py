"""People in a fake workspace: signed requests to the app as Slack sends them, and the app under test."""

import hashlib
import hmac
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from fake_slack import APP_TOKEN, BOT, CHANNEL, TEAM, TOKEN, USER, Slack, wait_until
from http_service import Service, build_index, serving, settings_for
from pydantic import SecretStr

from api.settings import Settings
from api.slack.settings import SlackSettings

SECRET = "signing-secret-of-the-tests"  # noqa: S105 - good for nothing else
ROOT = Path(__file__).parents[2]
TEXT = (
    "The harbour\n\nThe ferry Aurora was launched in 1998 by the mayor of Lund. It carries 420 passengers.\n\n"
    "The lighthouse keeper is called Ingrid Berg. The old crane lifts 30 tonnes."
)
QUESTION = "When was the ferry Aurora launched?"
Json = dict[str, Any]
_numbers = itertools.count(1)


def sign(body: bytes, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers of a request from Slack."""
    stamp = str(int(time.time() if at is None else at))
    mac = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}


def event(kind: str, team: str = TEAM, bot: str = BOT, event_id: str = "", **fields: Any) -> Json:
    """An envelope of the Events API."""
    return {
        "type": "event_callback",
        "token": "unused",
        "team_id": team,
        "api_app_id": "A1",
        "event": {"type": kind, **fields},
        "event_id": event_id or f"Ev{next(_numbers):08d}",
        "event_time": int(time.time()),
        "authorizations": [{"enterprise_id": None, "team_id": team, "user_id": bot, "is_bot": True}],
    }


@dataclass
class People:
    """Somebody in the workspace who talks to the app over HTTP."""

    url: str
    slack: Slack
    client: httpx.Client

    def deliver(self, envelope: Json, retry: int = 0) -> httpx.Response:
        body = json.dumps(envelope).encode()
        headers = sign(body) | {"Content-Type": "application/json"}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        return self.client.post(f"{self.url}/slack/events", content=body, headers=headers)

    def submit(self, form: dict[str, str]) -> httpx.Response:
        body = urlencode(form).encode()
        headers = sign(body) | {"Content-Type": "application/x-www-form-urlencoded"}
        return self.client.post(f"{self.url}/slack/events", content=body, headers=headers)

    def mention(self, text: str = QUESTION, thread: str = "", channel: str = CHANNEL, **more: Any) -> str:
        """Ask by @mention; returns the message's ts."""
        ts = self.slack.ts()
        fields = {"channel": channel, "user": USER, "text": f"<@{BOT}> {text}", "ts": ts, "event_ts": ts, **more}
        assert (
            self.deliver(event("app_mention", **fields, **({"thread_ts": thread} if thread else {}))).status_code == 200
        )
        return ts

    def say(self, text: str, thread: str = "", channel: str = CHANNEL, kind: str = "channel", **more: Any) -> str:
        """Say something where the app can hear it."""
        ts = self.slack.ts()
        fields = {
            "channel": channel,
            "channel_type": kind,
            "user": USER,
            "text": text,
            "ts": ts,
            "event_ts": ts,
            **more,
        }
        assert self.deliver(event("message", **fields, **({"thread_ts": thread} if thread else {}))).status_code == 200
        return ts

    def command(self, text: str) -> httpx.Response:
        return self.submit(
            {
                "command": "/footnote",
                "text": text,
                "team_id": TEAM,
                "channel_id": CHANNEL,
                "user_id": USER,
                "response_url": f"{self.slack.url}/response/{next(_numbers)}",
                "trigger_id": f"trigger.{next(_numbers)}",
            }
        )

    def interact(self, payload: Json) -> httpx.Response:
        common = {
            "team": {"id": TEAM},
            "user": {"id": USER},
            "channel": {"id": CHANNEL},
            "response_url": f"{self.slack.url}/response/{next(_numbers)}",
            "trigger_id": f"trigger.{next(_numbers)}",
        }
        return self.submit({"payload": json.dumps(common | payload)})

    def press(self, message: Json, action_id: str, value: str, ephemeral: bool = False) -> httpx.Response:
        """Press a button of a message."""
        container = {"message_ts": message.get("ts", "1.1"), "channel_id": CHANNEL, "is_ephemeral": ephemeral}
        shown = {} if ephemeral else {"message": {key: message.get(key) for key in ("ts", "thread_ts", "user")}}
        action = {
            "action_id": action_id,
            "block_id": "b",
            "type": "button",
            "value": value,
            "action_ts": self.slack.ts(),
        }
        return self.interact({"type": "block_actions", "container": container, "actions": [action], **shown})


def buttons(message: Json) -> dict[str, str]:
    """Values of the buttons of a message, by action id; the feedback's is that of a good answer."""
    found: dict[str, str] = {}
    for block in message["blocks"]:
        for element in block.get("elements", ()):
            shown = element.get("positive_button", element)
            found[element["action_id"]] = shown["value"]
    return found


def shown_text(message: Json) -> str:
    """Everything a reader sees of a message, as it was sent."""
    sections = [b["text"]["text"] for b in message.get("blocks") or () if b["type"] == "section"]
    return "\n".join([message.get("text", ""), *sections])


def slack_settings(slack: Slack, folder: Path, **more: Any) -> Settings:
    """Settings of an app in HTTP mode that needs no model."""
    settings = settings_for(folder)
    fields = {
        "bot_token": SecretStr(TOKEN),
        "signing_secret": SecretStr(SECRET),
        "api_url": f"{slack.url}/api/",
        "public_url": "https://docs.example.org",
        "lease_s": 3.0,
    }
    return settings.model_copy(update={"slack": SlackSettings(**fields | more)})


@contextmanager
def app_in(slack: Slack, folder: Path, text: str = TEXT, **more: Any) -> Iterator[tuple[Service, People]]:
    """``footnote serve`` with Slack, in this process."""
    settings = slack_settings(slack, folder, **more)
    if text:
        build_index(settings, text)
    with serving(settings, ready=bool(text)) as service, httpx.Client(timeout=30) as client:
        yield service, People(service.url, slack, client)


@dataclass
class Process:
    """``footnote slack`` in a process of its own, to be killed and started again."""

    slack: Slack
    folder: Path
    mode: str
    port: int
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("FOOTNOTE_", "SLACK_"))
        }
        environment |= {
            "FOOTNOTE_RETRIEVER__EMBEDDER_BACKEND": "hash",
            "FOOTNOTE_ANSWER__READER__MODEL": "overlap",
            "FOOTNOTE_ANSWER__GENERATOR__BACKEND": "echo",
            "FOOTNOTE_ANSWER__THRESHOLD": "0.3",
            "FOOTNOTE_INDEX": str(self.folder / "index"),
            "FOOTNOTE_SESSIONS": str(self.folder / "sessions.sqlite3"),
            "FOOTNOTE_SLACK__LEASE_S": "1.5",
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "api.cli", "slack", "--mode", self.mode]
        if self.mode == "http":
            command += ["--port", str(self.port)]
        with (self.folder / "log.txt").open("ab") as log:
            self.running = subprocess.Popen(command, env=environment, cwd=self.folder, stderr=log, stdout=log)

    def wait(self) -> None:
        """Until it listens."""
        wait_until(self._listens, 60)

    def _listens(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health").status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """kill -9."""
        if self.running is not None:
            self.running.kill()
            self.running.wait()

    def log(self) -> str:
        return (self.folder / "log.txt").read_text(encoding="utf-8")
