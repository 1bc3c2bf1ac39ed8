"""Running the application under uvicorn."""

import signal
import socket
from dataclasses import dataclass

from fastapi import FastAPI

from api.http.app import create_app, is_loopback, key_needed
from api.http.logs import log_as_json
from api.keys import KeyRing
from api.settings import Settings
from api.terminal import warn
from ingest.errors import UsageError

KEEP_ALIVE_S = 15
MAX_HEADER_BYTES = 32_768


@dataclass(frozen=True, slots=True)
class _Ignore:
    """A signal handler that lets uvicorn's clean end be the end, with exit code 0."""

    def __call__(self, *_: object) -> None:
        """Do nothing."""


def run(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C, then let open requests end.

    Raises:
        UsageError: it would listen beyond this machine and there is no API key, or the port is taken.
    """
    http = settings.http
    if not is_loopback(http.host) and not KeyRing(settings.keys).all():
        raise UsageError(
            f"{http.host} can be reached from other machines and there is no API key", "footnote keys add NAME"
        )
    listening = listen(http.host, http.port)
    log_as_json()
    warn(f"serving at {url_of(listening)}{', with API keys' if key_needed(settings) else ''}")
    serve_app(create_app(settings), listening, http.drain_s)


def serve_app(app: FastAPI, listening: socket.socket, drain_s: int) -> None:
    """Serve an application under uvicorn until SIGTERM or Ctrl-C, then let open requests end within ``drain_s``."""
    import uvicorn

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _Ignore())
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=drain_s,
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
    )
    with listening:
        uvicorn.Server(config).run([listening])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, so that a taken port is known before anything is loaded. Raises UsageError."""
    try:
        listening = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
        # Accepted sockets inherit it. asyncio sets it on sockets it made itself only; without it a response of two
        # writes, headers and body, waits 40 ms for the client's acknowledgement of the first.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        raise UsageError(
            f"{host}, port {port}, cannot be listened on: {error.strerror}", "footnote serve --port 0 takes a free one"
        ) from error


def url_of(listening: socket.socket) -> str:
    """Where it listens."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
