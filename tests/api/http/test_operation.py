import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from http_service import QUESTION, HeldGenerator, Service, Start, build_index, settings_for, wait_until

from api.http.app import is_loopback
from api.http.logs import JsonFormatter
from api.http.server import run
from ingest.errors import UsageError

ROOT = Path(__file__).parents[3]
# A service in a process of its own, whose generator takes a second for each draft.
SLOW_SERVICE = """
import time
from pathlib import Path
import api.wiring
from answer.backends.echo import EchoGenerator
from api.http.server import run
from http_service import settings_for

class Slow(EchoGenerator):
    def stream(self, messages, max_tokens):
        time.sleep(1)
        yield from super().stream(messages, max_tokens)

api.wiring.open_generator = lambda settings: Slow()
run(settings_for(Path("."), port={port}))
"""


def test_health_needs_no_queue_and_no_model(held: HeldGenerator, start: Start) -> None:
    service = start(queue=0)
    with ThreadPoolExecutor(1) as clients:
        waiting = clients.submit(service.ask)
        assert held.started.wait(10)
        assert service.client.get("/health").json()["status"] == "ok"
        assert service.client.get("/ready").json()["queue"] == {"jobs": 1, "workers": 1, "capacity": 1}
        held.released.set()
        assert waiting.result().status_code == 200


def test_ready_names_generation_and_documents(service: Service) -> None:
    ready = service.client.get("/ready").json()
    assert (ready["ready"], ready["models_loaded"], ready["generation"], ready["documents"]) == (True, True, 1, 1)


def test_metrics_count_answers_stages_and_tokens(start: Start) -> None:
    service = start()
    service.ask()
    service.ask("Who composed the symphony of thunder?")
    text = service.client.get("/metrics").text
    assert 'footnote_answers_total{status="answered"} 1.0' in text
    assert 'footnote_answers_total{status="not_in_articles"} 1.0' in text
    assert 'footnote_stage_seconds_count{stage="search"} 2.0' in text
    assert service.metric("footnote_generated_tokens_total") > 0
    assert service.metric("footnote_queue_capacity") == 17


def test_metrics_have_no_label_that_a_client_chooses(start: Start) -> None:
    service = start()
    for path in ("/v1/documents/secret-id", "/secret-path", "/v1/sessions/secret-session"):
        service.client.request("BREW", path)
        service.client.get(path)
    text = service.client.get("/metrics").text
    assert "secret" not in text
    assert "BREW" not in text


@pytest.mark.parametrize(("asked_for", "logged"), [(False, False), (True, True)])
def test_questions_are_in_the_log_only_where_asked_for(
    start: Start, caplog: pytest.LogCaptureFixture, asked_for: bool, logged: bool
) -> None:
    service = start(log_questions=asked_for)
    with caplog.at_level(logging.INFO, logger="footnote"):
        service.ask()
        wait_until(lambda: any(record.message == "request" for record in caplog.records))
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert any(QUESTION in line for line in lines) is logged


def test_a_log_line_is_one_json_object() -> None:
    record = logging.LogRecord("footnote", logging.INFO, "", 0, "two\nlines %s", ("\u2028",), None)
    record.status = 200
    line = JsonFormatter().format(record)
    assert line.splitlines() == [line]
    assert (json.loads(line)["message"], json.loads(line)["status"]) == ("two\nlines \u2028", 200)


def test_without_a_key_it_does_not_listen_beyond_this_machine(tmp_path: Path) -> None:
    environment = {**os.environ, "FOOTNOTE_KEYS": str(tmp_path / "keys.json"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "api.cli", "serve", "--host", "0.0.0.0", "--port", "0"]  # noqa: S104
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "0.0.0.0 can be reached from other machines and there is no API key" in done.stderr
    assert "footnote keys add" in done.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port}, cannot be listened on"):
            run(settings_for(tmp_path, port=port))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True)]
    + [(host, False) for host in ("0.0.0.0", "::", "10.0.0.1", "127.evil.example", "footnote.example")],  # noqa: S104
)
def test_loopback_is_what_this_machine_alone_can_reach(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_sigterm_lets_open_requests_end(tmp_path: Path) -> None:
    build_index(settings_for(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests" / "support")))
    command = [sys.executable, "-c", SLOW_SERVICE.format(port=port)]
    url, answers = f"http://127.0.0.1:{port}", list[httpx.Response]()
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path}, cwd=tmp_path) as process:
        wait_until(lambda: is_ready(url), 60)
        client = threading.Thread(
            target=lambda: answers.append(httpx.post(f"{url}/v1/chat", json={"question": QUESTION}, timeout=60))
        )
        client.start()
        wait_until(lambda: httpx.get(f"{url}/ready").json()["queue"]["jobs"] == 1)
        process.send_signal(signal.SIGTERM)
        client.join(60)
        assert process.wait(60) == 0
    assert "event: answer" in answers[0].text


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ready").status_code == 200
    except httpx.TransportError:
        return False
