"""Running the application under uvicorn."""

import signal
from dataclasses import dataclass

from fastapi import FastAPI

from api.http.app import create_app, is_loopback, key_needed
from api.http.logs import log_as_json
from api.http.settings import HttpSettings
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
        UsageError: it would listen beyond this machine and there is no API key.
    """
    http = settings.http
    if not is_loopback(http.host) and not KeyRing(settings.keys).all():
        raise UsageError(
            f"{http.host} can be reached from other machines and there is no API key", "footnote keys add NAME"
        )
    log_as_json()
    warn(f"serving at {_url(http.host, http.port)}{', with API keys' if key_needed(settings) else ''}")
    serve_app(create_app(settings), http)


def serve_app(app: FastAPI, http: HttpSettings) -> None:
    """Serve an application under uvicorn until SIGTERM or Ctrl-C."""
    import uvicorn

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _Ignore())
    config = uvicorn.Config(
        app,
        host=http.host,
        port=http.port,
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=http.drain_s,
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
    )
    uvicorn.Server(config).run()


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
