"""``footnote slack``: the Slack app alone, in Socket Mode or behind a small HTTP server."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from api.http.logs import log_as_json
from api.http.parts import Parts
from api.settings import Settings
from api.slack.service import SlackService
from api.terminal import warn
from ingest.errors import UsageError

if TYPE_CHECKING:
    from fastapi import FastAPI

RECONNECT_S = 5.0
_log = logging.getLogger("footnote.slack")


def run_socket_mode(settings: Settings) -> None:
    """Answer over Socket Mode until SIGTERM or Ctrl-C. Raises UsageError when a token is missing."""
    if not settings.slack.app_token.get_secret_value():
        raise UsageError("Socket Mode needs an app-level token", "set SLACK_APP_TOKEN=xapp-..., see docs/slack.md")
    if not settings.slack.bot_token.get_secret_value():
        raise UsageError("Socket Mode needs a bot token", "set SLACK_BOT_TOKEN=xoxb-..., see docs/slack.md")
    log_as_json()
    warn("answering in Slack, over Socket Mode")
    asyncio.run(_socket_mode(settings))


async def _socket_mode(settings: Settings) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    parts = Parts(settings, require_key=False)
    slack = SlackService(parts)
    await parts.start()
    slack.start()
    connecting = asyncio.create_task(_connected(slack))
    await stopping.wait()
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    await slack.stop()
    await parts.stop()


async def _connected(slack: SlackService) -> None:
    """Connect, again until it works; the client itself connects again when a connection ends. Closed on cancel."""
    from slack_bolt.adapter.socket_mode import SocketModeHandler
    from slack_sdk import WebClient

    client = WebClient(base_url=_slash(slack.settings.api_url))
    handler = SocketModeHandler(
        slack.bolt, slack.settings.app_token.get_secret_value(), logger=_quiet(), web_client=client
    )
    try:
        while True:
            try:
                await asyncio.to_thread(handler.connect)
                _log.info("connected to Slack")
                await asyncio.Event().wait()
            except Exception as error:  # Slack refuses, or there is no network: said, and tried again
                _log.error("no connection to Slack (%s); again in %g s", error, RECONNECT_S)
                await asyncio.sleep(RECONNECT_S)
    finally:
        await asyncio.shield(asyncio.to_thread(handler.close))


def _quiet() -> logging.Logger:
    """The SDK's informational lines name sessions; its errors matter."""
    logger = logging.getLogger("footnote.slack.socket")
    logger.setLevel(logging.ERROR)
    return logger


def _slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


def slack_app(settings: Settings) -> "FastAPI":
    """The ASGI application of HTTP mode alone: /slack and /health."""
    from fastapi import FastAPI

    from api.http.middleware import BodyLimit, RequestContext
    from api.http.routes import health
    from api.slack.http import slack_router

    parts = Parts(settings, require_key=True)
    slack = SlackService(parts)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await parts.start()
        slack.start()
        try:
            yield
        finally:
            await slack.stop()
            await parts.stop()

    app = FastAPI(title="Footnote in Slack", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.parts = parts
    app.include_router(slack_router(slack))
    app.include_router(health.router)
    limit, wait_s = settings.http.max_body_kb * 1024, settings.http.body_timeout_s
    app.add_middleware(BodyLimit, max_body=limit, max_upload=limit, timeout_s=wait_s)
    app.add_middleware(RequestContext, metrics=parts.metrics)
    return app


def run_http(settings: Settings) -> None:
    """Answer over HTTP until SIGTERM or Ctrl-C. Raises UsageError when the signing secret is missing."""
    if not settings.slack.signing_secret.get_secret_value():
        raise UsageError(
            "neither an app-level token nor a signing secret is set",
            "set SLACK_APP_TOKEN for Socket Mode or SLACK_SIGNING_SECRET for HTTP, see docs/slack.md",
        )
    from api.http.server import listen, serve_app, url_of

    listening = listen(settings.http.host, settings.http.port)
    log_as_json()
    warn(f"answering in Slack, at {url_of(listening)}/slack/events")
    serve_app(slack_app(settings), listening, settings.http.drain_s)
