"""For tests of the HTTP service: a real server on a free port, with backends that need no model."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from answer.backends.base import GeneratorSettings, Message
from answer.settings import AnswerSettings, ReaderSettings
from api.http.app import create_app
from api.http.parts import Parts
from api.http.settings import HttpSettings
from api.settings import Settings
from ingest.load import document_from_text
from retriever.embed_hash import HashEmbedder
from retriever.indexer import update_index
from retriever.settings import RetrieverSettings

TEXT = "The ferry Aurora was launched in 1998 by the mayor of Lund. It carries 420 passengers."
QUESTION = "When was the ferry Aurora launched?"
Start = Callable[..., "Service"]


@dataclass(frozen=True)
class Service:
    """A running service and a client of it."""

    url: str
    client: httpx.Client
    app: FastAPI
    settings: Settings

    @property
    def parts(self) -> Parts:
        parts: Parts = self.app.state.parts
        return parts

    def ask(self, question: str = QUESTION, **fields: Any) -> httpx.Response:
        return self.client.post("/v1/ask", json={"question": question, **fields})

    def metric(self, name: str) -> float:
        lines = self.client.get("/metrics").text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.partition("{")[0].split(" ")[0] == name)


def settings_for(folder: Path, **http: Any) -> Settings:
    """Settings that need no model and touch nothing outside ``folder``."""
    return Settings(
        index=folder / "index",
        sessions=folder / "sessions.sqlite3",
        keys=folder / "keys.json",
        retriever=RetrieverSettings(embedder_backend="hash"),
        answer=AnswerSettings(
            reader=ReaderSettings(model="overlap"),
            generator=GeneratorSettings(backend="echo"),
            threshold=0.3,
            reword_from=0,
        ),
        http=HttpSettings(**{"uploads": folder / "uploads", **http}),
    )


def build_index(settings: Settings, text: str = TEXT) -> None:
    update_index(settings.index, [document_from_text("harbour.txt", text)], HashEmbedder(), settings.ingest)


@contextmanager
def serving(settings: Settings, ready: bool = True) -> Iterator[Service]:
    """The service on a free port, until the block ends; ``ready`` waits for models and index."""
    app = create_app(settings)
    config = uvicorn.Config(app, http="h11", ws="none", log_config=None, access_log=False, timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        with httpx.Client(base_url=url, timeout=30) as client:
            wait_until(lambda: server.started and (not ready or client.get("/ready").status_code == 200))
            yield Service(url, client, app, settings)
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


def wait_until(true: Callable[[], object], seconds: float = 20) -> None:
    """Poll until ``true()``; fails when it does not come true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


class HeldGenerator:
    """Writes one token at a time until it is released or closed; counts what it did."""

    name = "held"

    def __init__(self) -> None:
        self.started, self.released, self.closed = threading.Event(), threading.Event(), threading.Event()
        self.calls = self.tokens = 0

    def load(self) -> None:
        """Nothing to load."""

    def stream(self, messages: list[Message], max_tokens: int) -> Iterator[str]:
        self.calls += 1
        self.started.set()
        try:
            while not self.released.wait(0.01):
                self.tokens += 1
                yield "word "
        finally:
            self.closed.set()


class BrokenGenerator:
    """Fails in a way nobody foresaw."""

    name = "broken"

    def load(self) -> None:
        """Nothing to load."""

    def stream(self, messages: list[Message], max_tokens: int) -> Iterator[str]:
        raise RuntimeError("secret detail")
        yield ""
