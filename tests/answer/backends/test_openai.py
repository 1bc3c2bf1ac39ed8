import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr

from answer.backends.base import GeneratorSettings, Message
from answer.backends.openai import OpenAIGenerator
from ingest.errors import ModelError

KEY = "sk-very-secret"
ASK = [Message(role="user", content="Sentence: It rained.")]

Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers GET with an empty list of models and POST as the test says."""

    server: "FakeServer"

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.start(self.server.models_status, "application/json")
        self.wfile.write(b'{"data": []}')

    def do_POST(self) -> None:
        self.server.paths.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(json.loads(body))
        self.server.keys.append(self.headers.get("Authorization", ""))
        turn = min(len(self.server.bodies), len(self.server.behaviours)) - 1
        try:
            self.server.behaviours[turn](self)
        except OSError:  # the client has gone
            self.server.client_left.set()

    def start(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def send(self, *lines: str) -> None:
        for line in lines:
            self.wfile.write(f"data: {line}\n\n".encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


class FakeServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviours: list[Behaviour] = [whole]
        self.models_status = 200
        self.paths: list[str] = []
        self.bodies: list[dict[str, object]] = []
        self.keys: list[str] = []
        self.client_left = threading.Event()
        self.release = threading.Event()

    def generator(self, timeout_s: float = 10.0) -> OpenAIGenerator:
        return OpenAIGenerator(
            GeneratorSettings(
                backend="openai",
                model="tiny",
                base_url=f"http://127.0.0.1:{self.server_port}/v1/",
                api_key=SecretStr(KEY),
                timeout_s=timeout_s,
            )
        )


def piece(text: str) -> str:
    return json.dumps({"choices": [{"delta": {"content": text}}]})


END = json.dumps({"choices": [{"delta": {}, "finish_reason": "stop"}]})


def whole(handler: Handler) -> None:
    handler.start()
    handler.send(piece("It "), piece("rained."), END, "[DONE]")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("answer.backends.openai._PAUSE_S", 0.01)
    fake = FakeServer()
    thread = threading.Thread(target=fake.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield fake
    fake.release.set()
    fake.shutdown()
    thread.join()
    fake.server_close()


def draft(generator: OpenAIGenerator) -> str:
    return "".join(generator.stream(ASK, 16))


def failure(generator: OpenAIGenerator) -> ModelError:
    with pytest.raises(ModelError) as caught:
        draft(generator)
    assert KEY not in str(caught.value)
    return caught.value


def test_joins_the_pieces_of_a_stream(server: FakeServer) -> None:
    assert draft(server.generator()) == "It rained."


def test_asks_for_a_deterministic_stream_with_the_key_in_the_header(server: FakeServer) -> None:
    draft(server.generator())
    assert server.bodies == [
        {
            "model": "tiny",
            "messages": [{"role": "user", "content": "Sentence: It rained."}],
            "max_tokens": 16,
            "temperature": 0,
            "seed": 0,
            "stream": True,
        }
    ]
    assert server.keys == [f"Bearer {KEY}"]
    assert server.paths == ["/v1/models", "/v1/chat/completions"]


def test_is_named_after_the_model(server: FakeServer) -> None:
    assert server.generator().name == "tiny@openai"


def test_ignores_chunks_it_does_not_know(server: FakeServer) -> None:
    def behave(handler: Handler) -> None:
        handler.start()
        handler.wfile.write(b": ping\n\nevent: usage\n")
        handler.send('{"usage": {"total_tokens": 3}}', '{"choices": "none"}', "[1]", piece("Yes."), END, "[DONE]")

    server.behaviours = [behave]
    assert draft(server.generator()) == "Yes."


def test_a_finished_stream_without_done_is_complete(server: FakeServer) -> None:
    def behave(handler: Handler) -> None:
        handler.start()
        handler.send(piece("Yes."), END)

    server.behaviours = [behave]
    assert draft(server.generator()) == "Yes."


def test_a_character_split_over_two_packets_arrives_whole(server: FakeServer) -> None:
    def behave(handler: Handler) -> None:
        handler.start()
        raw = 'data: {"choices": [{"delta": {"content": "Zürich"}}]}\n\n'.encode()
        cut = raw.index("ü".encode()) + 1
        handler.wfile.write(raw[:cut])
        handler.wfile.flush()
        time.sleep(0.05)
        handler.wfile.write(raw[cut:])
        handler.send("[DONE]")

    server.behaviours = [behave]
    assert draft(server.generator()) == "Zürich"


def test_tries_again_when_the_server_is_busy(server: FakeServer) -> None:
    server.behaviours = [lambda handler: handler.start(503), lambda handler: handler.start(429), whole]
    assert draft(server.generator()) == "It rained."
    assert len(server.bodies) == 3


def test_waits_as_long_as_the_server_asks(server: FakeServer) -> None:
    server.behaviours = [lambda handler: handler.start(429, Retry_After="1"), whole]
    generator = server.generator()
    generator.load()
    began = time.monotonic()
    assert draft(generator) == "It rained."
    assert time.monotonic() - began >= 1.0


def test_gives_up_at_once_when_asked_to_wait_longer_than_the_limit(server: FakeServer) -> None:
    server.behaviours = [lambda handler: handler.start(429, Retry_After="3600")]
    assert "answered HTTP 429" in failure(server.generator()).message
    assert len(server.bodies) == 1


def test_gives_up_after_three_attempts(server: FakeServer) -> None:
    server.behaviours = [lambda handler: handler.start(500)]
    assert "answered HTTP 500" in failure(server.generator()).message
    assert len(server.bodies) == 3


@pytest.mark.parametrize(
    ("status", "complaint"),
    [(401, "refuses the key"), (404, "knows no model tiny"), (400, "answered HTTP 400"), (302, "answered HTTP 302")],
)
def test_a_refusal_is_named_without_what_the_server_wrote(server: FakeServer, status: int, complaint: str) -> None:
    def behave(handler: Handler) -> None:
        handler.start(status, "application/json")
        handler.wfile.write(f'{{"error": "bad key {KEY}"}}'.encode())

    server.behaviours = [behave]
    assert complaint in failure(server.generator()).message
    assert len(server.bodies) == 1


def test_a_server_that_hangs_is_given_up_at_the_limit(server: FakeServer) -> None:
    def behave(handler: Handler) -> None:
        handler.start()
        handler.send(piece("It "))
        handler.server.release.wait(20)

    server.behaviours = [behave]
    began = time.monotonic()
    assert "was not done after 0.5 s" in failure(server.generator(timeout_s=0.5)).message
    assert time.monotonic() - began < 5


def test_a_server_that_trickles_is_given_up_too(server: FakeServer) -> None:
    def behave(handler: Handler) -> None:
        handler.start()
        for _ in range(100):
            time.sleep(0.05)
            handler.wfile.write(b": still here\n")

    server.behaviours = [behave]
    assert "was not done after 0.5 s" in failure(server.generator(timeout_s=0.5)).message


@pytest.mark.parametrize("last_words", [[], [piece("It ")]])
def test_a_stream_that_ends_early_is_a_failure(server: FakeServer, last_words: list[str]) -> None:
    def behave(handler: Handler) -> None:
        handler.start()
        handler.send(*last_words)

    server.behaviours = [behave]
    assert "before it was complete" in failure(server.generator()).message


def test_a_connection_dropped_in_mid_chunk_is_a_failure(server: FakeServer) -> None:
    def behave(handler: Handler) -> None:
        handler.start(Transfer_Encoding="chunked")
        handler.wfile.write(b"fff\r\ndata: ")

    server.behaviours = [behave]
    assert "broke off" in failure(server.generator()).message


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"data: {not json\n\n", "not JSON"),
        (b"<html>Welcome</html>", "before it was complete"),
        (b'data: {"error": {"message": "out of memory"}}\n\n', "reported an error"),
        (b"x" * 3_000_000, "line without end"),
    ],
)
def test_garbage_is_a_failure(server: FakeServer, body: bytes, complaint: str) -> None:
    def behave(handler: Handler) -> None:
        handler.start()
        handler.wfile.write(body)

    server.behaviours = [behave]
    assert complaint in failure(server.generator()).message


def test_closing_the_iterator_closes_the_connection(server: FakeServer) -> None:
    def behave(handler: Handler) -> None:
        handler.start()
        while not handler.server.release.wait(0.01):
            handler.send(piece("more "))

    server.behaviours = [behave]
    with closing(server.generator().stream(ASK, 1000)) as stream:  # type: ignore[type-var]
        assert next(stream) == "more "
    assert server.client_left.wait(5)


def test_an_unreachable_server_is_named_without_the_password_in_its_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://user:{KEY}@127.0.0.1:{free.getsockname()[1]}/v1"
        settings = GeneratorSettings(backend="openai", model="tiny", base_url=address, timeout_s=0.3)
        error = failure(OpenAIGenerator(settings))
    assert "http://127.0.0.1" in error.message
    assert "cannot be reached" in error.message


def test_a_server_without_a_list_of_models_can_be_used(server: FakeServer) -> None:
    server.models_status = 404
    assert draft(server.generator()) == "It rained."


def test_loading_finds_out_that_the_key_is_refused(server: FakeServer) -> None:
    server.models_status = 401
    with pytest.raises(ModelError, match="refuses the key"):
        server.generator().load()


@pytest.mark.parametrize("base_url", ["", "127.0.0.1:8080", "ftp://host/v1", "http://[::1"])
def test_an_address_that_is_none_is_refused(base_url: str) -> None:
    settings = GeneratorSettings(backend="openai", model="tiny", base_url=base_url)
    with pytest.raises(ModelError, match="base_url"):
        OpenAIGenerator(settings).load()


def test_a_key_no_header_can_carry_is_refused_without_showing_it() -> None:
    settings = GeneratorSettings(
        backend="openai", model="tiny", base_url="http://127.0.0.1:1/v1", api_key=SecretStr(f"{KEY}\n")
    )
    with pytest.raises(ModelError, match="api_key") as caught:
        OpenAIGenerator(settings).load()
    assert KEY not in str(caught.value)
