"""A Slack of our own on 127.0.0.1: the Web API methods that are used, response URLs, uploads, and Socket Mode."""

import base64
import hashlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT, BOT_ID, TEAM, USER, CHANNEL = "UBOT", "BBOT", "T1", "U1", "C1"
TOKEN, APP_TOKEN = "xoxb-of-the-tests", "xapp-of-the-tests"
Json = dict[str, Any]


@dataclass
class Trouble:
    """What the next call of a method runs into: a status, an error code, seconds of silence, a lost response."""

    status: int = 200
    error: str = ""
    retry_after: str = ""
    silent_s: float = 0.0
    lost: bool = False


@dataclass
class Slack:
    """What a test sees of it."""

    url: str = ""
    messages: list[Json] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    responses: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    tokens: dict[str, tuple[str, str]] = field(default_factory=lambda: {TOKEN: (TEAM, BOT)})
    trouble: dict[str, list[Trouble]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    socket: "SocketServer | None" = None
    _number: int = 0

    def of(self, method: str) -> list[Json]:
        """The arguments of all calls of a method."""
        with self.lock:
            return [arguments for name, arguments in self.calls if name == method]

    def ts(self) -> str:
        """A timestamp later than all others."""
        with self.lock:
            self._number += 1
            return f"{int(time.time())}.{self._number:06d}"

    def said_in(self, thread: str) -> list[Json]:
        """The bot's messages in a thread."""
        with self.lock:
            return [m for m in self.messages if m.get("thread_ts") == thread and m.get("bot_id") and not m.get("files")]

    def wait_for_answers(self, thread: str, number: int = 1, seconds: float = 20.0) -> list[Json]:
        """The bot's finished messages in a thread, once there are ``number`` of them."""
        wait_until(lambda: len([m for m in self.said_in(thread) if not m.get("streaming")]) >= number, seconds)
        return self.said_in(thread)

    def call(self, method: str, token: str, arguments: Json) -> Json:
        """Carry out a method."""
        with self.lock:
            self.calls.append((method, arguments))
            if method == "oauth.v2.access":
                return _installed(arguments)
            if method == "apps.connections.open":
                return {"ok": True, "url": self.socket.url if self.socket and token == APP_TOKEN else ""}
            if token not in self.tokens:
                return {"ok": False, "error": "invalid_auth"}
            known = getattr(self, "_" + method.replace(".", "_"), None)
            return (
                {"ok": False, "error": "unknown_method"} if known is None else {"ok": True, **known(token, arguments)}
            )

    def _auth_test(self, token: str, _arguments: Json) -> Json:
        team, user = self.tokens[token]
        return {"team_id": team, "user_id": user, "bot_id": BOT_ID, "user": "footnote", "team": team, "url": self.url}

    def _chat_postMessage(self, token: str, arguments: Json) -> Json:  # noqa: N802
        message = {**arguments, "ts": self.ts(), "user": self.tokens[token][1], "bot_id": BOT_ID, "token": token}
        self.messages.append(message)
        return {"ts": message["ts"], "channel": arguments["channel"]}

    def _chat_postEphemeral(self, _token: str, arguments: Json) -> Json:  # noqa: N802
        self.responses.append(arguments)
        return {"message_ts": self.ts()}

    def _chat_startStream(self, token: str, arguments: Json) -> Json:  # noqa: N802
        if arguments["channel"][0] == "C" and not (
            arguments.get("recipient_user_id") and arguments.get("recipient_team_id")
        ):
            return {"ok": False, "error": "missing_recipient_user_id"}
        began = {"text": arguments.get("markdown_text", ""), "streaming": True, "blocks": []}
        return self._chat_postMessage(token, {**arguments, **began})

    def _chat_appendStream(self, _token: str, arguments: Json) -> Json:  # noqa: N802
        message = self._message(arguments)
        if message is None or not message.get("streaming"):
            return {"ok": False, "error": "message_not_in_streaming_state"}
        message["text"] += arguments["markdown_text"]
        return {"ts": message["ts"]}

    def _chat_stopStream(self, _token: str, arguments: Json) -> Json:  # noqa: N802
        message = self._message(arguments)
        if message is None or not message.get("streaming"):
            return {"ok": False, "error": "message_not_in_streaming_state"}
        message |= {"streaming": False, "blocks": arguments.get("blocks") or [], "metadata": arguments.get("metadata")}
        return {"ts": message["ts"]}

    def _chat_update(self, _token: str, arguments: Json) -> Json:
        message = self._message(arguments)
        if message is None or message.get("streaming"):
            return {"ok": False, "error": "message_not_found" if message is None else "streaming_state_conflict"}
        message |= arguments
        return {"ts": message["ts"]}

    def _chat_delete(self, _token: str, arguments: Json) -> Json:
        message = self._message(arguments)
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        self.messages.remove(message)
        return {"ts": message["ts"]}

    def _conversations_replies(self, _token: str, arguments: Json) -> Json:
        return {"messages": [m for m in self.messages if arguments["ts"] in (m.get("thread_ts"), m["ts"])]}

    def _conversations_history(self, _token: str, arguments: Json) -> Json:
        return {
            "messages": [m for m in self.messages if m["channel"] == arguments["channel"] and not m.get("thread_ts")]
        }

    def _conversations_open(self, _token: str, arguments: Json) -> Json:
        return {"channel": {"id": f"D{arguments['users']}"}}

    def _assistant_threads_setStatus(self, _token: str, _arguments: Json) -> Json:  # noqa: N802
        return {}

    def _assistant_threads_setSuggestedPrompts(self, _token: str, _arguments: Json) -> Json:  # noqa: N802
        return {}

    def _files_getUploadURLExternal(self, _token: str, _arguments: Json) -> Json:  # noqa: N802
        return {"upload_url": f"{self.url}/upload/F1", "file_id": "F1"}

    def _files_completeUploadExternal(self, token: str, arguments: Json) -> Json:  # noqa: N802
        channel = arguments.get("channel_id") or arguments.get("channels")
        shared = {"channel": channel, "thread_ts": arguments.get("thread_ts"), "files": ["F1"], "text": ""}
        self._chat_postMessage(token, shared)
        return {"files": [{"id": "F1"}]}

    def _message(self, arguments: Json) -> Json | None:
        return next((m for m in self.messages if m["ts"] == arguments["ts"]), None)


def _installed(arguments: Json) -> Json:
    if arguments.get("code") != "good":
        return {"ok": False, "error": "invalid_code"}
    return {
        "ok": True,
        "access_token": "xoxb-of-another-team",
        "token_type": "bot",
        "bot_user_id": "UBOT2",
        "app_id": "A1",
        "scope": "chat:write",
        "team": {"id": "T2", "name": "Other"},
        "authed_user": {"id": "U9"},
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    slack: Slack

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path)
        if path.path.startswith("/upload/"):
            self.slack.files.append(body.decode())
            self._send(200, {"ok": True})
            return
        arguments = _arguments(body, path.query, self.headers.get("Content-Type", ""))
        if path.path.startswith("/response/"):
            trouble = self._trouble("response_url")
            if trouble.status == 200:
                self.slack.responses.append(arguments)
            self._send(trouble.status, {"ok": trouble.status == 200}, trouble)
            return
        method = path.path.removeprefix("/api/")
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or str(arguments.get("token", ""))
        trouble = self._trouble(method)
        time.sleep(trouble.silent_s)
        if trouble.status != 200 or trouble.error:
            self._send(trouble.status, {"ok": False, "error": trouble.error or "ratelimited"}, trouble)
            return
        answer = self.slack.call(method, token, arguments)
        if trouble.lost:
            self.close_connection = True
            self.connection.close()
            return
        self._send(200, answer)

    def _trouble(self, method: str) -> Trouble:
        with self.slack.lock:
            waiting = self.slack.trouble.get(method)
            return waiting.pop(0) if waiting else Trouble()

    def _send(self, status: int, answer: Json, trouble: Trouble | None = None) -> None:
        data = json.dumps(answer).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            if trouble and trouble.retry_after:
                self.send_header("Retry-After", trouble.retry_after)
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            self.close_connection = True  # the app was killed meanwhile


def _arguments(body: bytes, query: str, media_type: str) -> Json:
    if media_type.startswith("application/json"):
        return dict(json.loads(body or b"{}"))
    form = {name: values[0] for name, values in parse_qs(body.decode() or query, keep_blank_values=True).items()}
    return {name: json.loads(value) if value[:1] in ("{", "[") else value for name, value in form.items()}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: Any) -> None:
        return  # a client that was killed is part of the tests


@contextmanager
def fake_slack() -> Iterator[Slack]:
    """A Slack on a free port, until the block ends."""
    slack = Slack()
    handler = type("Handler", (_Handler,), {"slack": slack})
    server = _Server(("127.0.0.1", 0), handler)
    slack.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()
    slack.socket = SocketServer()
    try:
        yield slack
    finally:
        slack.socket.close()
        server.shutdown()
        server.server_close()


class SocketServer:
    """Socket Mode: a WebSocket server that sends envelopes and remembers what was acknowledged."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._listening.getsockname()[1]}/link"
        self.acknowledged: dict[str, Json] = {}
        self.connections: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def send(self, envelope_id: str, kind: str, payload: Json, retry: int = 0) -> None:
        """Send an envelope over the newest connection."""
        wait_until(lambda: bool(self.connections), 20)
        envelope = {"envelope_id": envelope_id, "type": kind, "payload": payload, "accepts_response_payload": True}
        self._write(self.connections[-1], 1, json.dumps(envelope | {"retry_attempt": retry}).encode())

    def drop(self) -> None:
        """End the newest connection as Slack does, who says so first."""
        connection = self.connections.pop()
        self._write(connection, 1, b'{"type": "disconnect", "reason": "refresh_requested"}')

    def close(self) -> None:
        """Stop listening."""
        self._listening.close()
        for connection in self.connections:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            request += connection.recv(4096)
        key = next(
            line.split(": ")[1]
            for line in request.decode().split("\r\n")
            if line.lower().startswith("sec-websocket-key")
        )
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())  # noqa: S324
        connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self._write(connection, 1, b'{"type": "hello"}')
        self.connections.append(connection)
        try:
            while True:
                opcode, data = _read(connection)
                if opcode == 9:
                    self._write(connection, 10, data)
                elif opcode == 1 and data[:1] == b"{":
                    answer = json.loads(data)
                    self.acknowledged[answer["envelope_id"]] = answer
                elif opcode == 8:
                    return
        except OSError:
            return

    def _write(self, connection: socket.socket, opcode: int, data: bytes) -> None:
        size = bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data))
        connection.sendall(bytes([0x80 | opcode]) + size + data)


def _read(connection: socket.socket) -> tuple[int, bytes]:
    first, second = _exactly(connection, 2)
    size = second & 0x7F
    if size == 126:
        (size,) = struct.unpack(">H", _exactly(connection, 2))
    mask = _exactly(connection, 4) if second & 0x80 else b"\0\0\0\0"
    return first & 0x0F, bytes(byte ^ mask[i % 4] for i, byte in enumerate(_exactly(connection, size)))


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        if not (more := connection.recv(size - len(data))):
            raise OSError("closed")
        data += more
    return data


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Return when the condition holds; fail after a while."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
