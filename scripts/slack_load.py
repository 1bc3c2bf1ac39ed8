"""Load the Slack app with its real models: how fast does it acknowledge, and is each question answered once?

    python scripts/slack_load.py --index DIR [--events 120] [--kills 3]

Starts ``footnote slack --mode http`` against the Slack of the tests (tests/support). Eight senders deliver questions of
eval/data, each made unlike all others and in a thread of its own, one in three of them twice, as fast as they are
acknowledged, so that the models are busy from the second on. With ``--kills`` the app is killed (-9) and started again
so many times while it answers; a delivery it missed is repeated, as Slack does.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

import httpx  # noqa: E402
from fake_slack import BOT, CHANNEL, TOKEN, USER, Slack, fake_slack, wait_until  # noqa: E402
from slack_workspace import SECRET, Json, People, event  # noqa: E402

QUESTIONS = ROOT / "eval" / "data" / "known_facts.jsonl"
PORT = 8497
SENDERS = 8
SETTLE_S = 3.0


class App:
    """The app as a process."""

    def __init__(self, slack: Slack, index: Path, folder: Path) -> None:
        self._log = folder / "log.txt"
        self._environment = os.environ | {
            "FOOTNOTE_INDEX": str(index),
            "FOOTNOTE_SESSIONS": str(folder / "sessions.sqlite3"),
            "FOOTNOTE_SLACK__LEASE_S": "5",
            "SLACK_API_URL": f"{slack.url}/api/",
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "PYTHONPATH": str(ROOT),
        }

    def start(self) -> None:
        """Start it and wait until it listens."""
        command = [sys.executable, "-m", "api.cli", "slack", "--mode", "http", "--port", str(PORT)]
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(command, env=self._environment, stderr=log, stdout=log)  # noqa: S603
        wait_until(self._listens, 120)

    def kill(self) -> None:
        """As by ``kill -9``."""
        self._running.kill()
        self._running.wait()

    def _listens(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{PORT}/health").status_code == 200
        except httpx.HTTPError:
            return False


def main() -> None:
    """Run it; exit 1 when a question has no answer or two."""
    args = _arguments()
    with fake_slack() as slack, _app(slack, args.index) as app:
        asked = [_question(slack, number) for number in range(args.events)]
        began, acknowledged = time.monotonic(), list[float]()
        with ThreadPoolExecutor(SENDERS) as senders, httpx.Client(timeout=60) as client:
            people = People(f"http://127.0.0.1:{PORT}", slack, client)
            sent = [senders.submit(_deliver, people, envelope, acknowledged) for envelope in _twice(asked)]
            killer = threading.Thread(target=_kill, args=(app, slack, args.kills))
            killer.start()
            for one in sent:
                one.result()
            _say(
                f"{len(acknowledged)} deliveries acknowledged in {time.monotonic() - began:.1f} s:",
                _times(acknowledged),
            )
            killer.join()
        roots = [envelope["event"]["ts"] for envelope in asked]
        wait_until(lambda: all(_answers(slack, root) for root in roots), args.patience)
        _say(f"all answered after {time.monotonic() - began:.0f} s")
        time.sleep(SETTLE_S)  # for a second answer that should not come
        counts = Counter(_answers(slack, root) for root in roots)
    _say("answers a question:", dict(counts))
    sys.exit(0 if set(counts) == {1} else 1)


@contextmanager
def _app(slack: Slack, index: Path) -> Iterator[App]:
    with tempfile.TemporaryDirectory() as folder:
        app = App(slack, index.resolve(), Path(folder))
        app.start()
        try:
            yield app
        finally:
            app.kill()


def _question(slack: Slack, number: int) -> Json:
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    text = f"<@{BOT}> {json.loads(lines[number % len(lines)])['question']} ({number})"
    ts = slack.ts()
    return event("app_mention", channel=CHANNEL, user=USER, text=text, ts=ts, event_ts=ts)


def _twice(asked: list[Json]) -> Iterator[Json]:
    for number, envelope in enumerate(asked):
        yield envelope
        if number % 3 == 0:
            yield envelope


def _deliver(people: People, envelope: Json, acknowledged: list[float]) -> None:
    """Until it is acknowledged; only the delivery that is counts."""
    for retry in range(1000):
        began = time.monotonic()
        try:
            if people.deliver(envelope, retry).status_code == 200:
                acknowledged.append(time.monotonic() - began)
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise SystemExit("a delivery was never acknowledged")


def _kill(app: App, slack: Slack, kills: int) -> None:
    for _ in range(kills):
        known = len(slack.calls)
        wait_until(lambda known=known: len(slack.calls) > known + 20, 120)  # type: ignore[misc]
        app.kill()
        app.start()


def _answers(slack: Slack, root: str) -> int:
    return len([message for message in slack.said_in(root) if not message.get("streaming")])


def _times(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    at = {share: ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95, 0.99)}
    return (
        ", ".join(f"{share:.0%} {1000 * value:.0f} ms" for share, value in at.items())
        + f", max {1000 * ordered[-1]:.0f} ms"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--events", type=int, default=120)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--patience", type=float, default=1200, help="seconds to wait for the last answer")
    return parser.parse_args()


def _say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
