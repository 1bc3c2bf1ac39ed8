"""Clients that leave: their work stops, and nothing is left behind."""

import json
import socket
import threading
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from http_service import QUESTION, HeldGenerator, Service, Start, wait_until

MARGIN = 4  # the event loop and the databases open and close files of their own meanwhile
CLIENTS = 50
COMPLETION = {"stream": True, "messages": [{"role": "user", "content": QUESTION}]}


def connect(service: Service, path: str, body: dict[str, object]) -> socket.socket:
    """Send a request and read nothing."""
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(content)}"
    )
    connection = socket.create_connection(("127.0.0.1", service.client.base_url.port or 0), timeout=30)
    connection.sendall(head.encode() + b"\r\n\r\n" + content)
    return connection


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def leave(service: Service, path: str, body: dict[str, object], held: HeldGenerator) -> None:
    """Ask, and close the connection once the generator writes."""
    with connect(service, path, body):
        assert held.started.wait(10)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/ask", {"question": QUESTION}),
        ("/v1/chat", {"question": QUESTION}),
        ("/v1/chat/completions", COMPLETION),
        ("/v1/chat/completions", {**COMPLETION, "stream": False}),
    ],
)
def test_a_client_that_leaves_stops_its_generation(
    held: HeldGenerator, start: Start, path: str, body: dict[str, object]
) -> None:
    service = start()
    leave(service, path, body, held)
    assert held.closed.wait(5)
    wait_until(lambda: service.parts.pool.jobs == 0)
    assert service.parts.answering.in_flight == 0


def test_one_of_two_clients_that_leaves_stops_nothing(held: HeldGenerator, start: Start) -> None:
    service = start()
    staying = threading.Thread(target=lambda: answers.append(service.ask()))
    answers: list[httpx.Response] = []
    staying.start()
    assert held.started.wait(10)
    leave(service, "/v1/chat", {"question": QUESTION}, held)
    held.released.set()
    staying.join(10)
    assert answers[0].status_code == 200


def test_many_that_leave_leave_nothing_behind(held: HeldGenerator, start: Start) -> None:
    service = start(queue=100)
    service.client.get("/v1/sessions")
    files = open_files()
    with ExitStack() as clients:
        for number in range(CLIENTS):
            question = QUESTION + "?" * number  # another one for each, or they would share the work
            clients.enter_context(connect(service, "/v1/chat", {"question": question}))
        wait_until(lambda: service.parts.pool.jobs == CLIENTS)
    wait_until(lambda: service.parts.pool.jobs == 0)
    wait_until(lambda: open_files() <= files + MARGIN)
    held.released.set()
    assert service.ask().status_code == 200
