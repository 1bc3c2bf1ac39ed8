"""The application: parts, routes and middleware put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from ipaddress import ip_address
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from api.http.disconnect import ClientGoneError
from api.http.middleware import MULTIPART_OVERHEAD, BodyLimit, Guard, RequestContext
from api.http.openapi import DESCRIPTION, TAGS, describe
from api.http.parts import Parts
from api.http.problems import ProblemError, handle_client_gone, handle_error
from api.http.routes import (
    ask,
    chat,
    completions,
    documents,
    feedback,
    health,
    models,
    page,
    search,
    sessions,
    verify,
)
from api.http.static import static_folder
from api.settings import Settings
from ingest.errors import FootnoteError
from ingest.formats import MIB

if TYPE_CHECKING:
    from api.slack.service import SlackService

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def create_app(settings: Settings, require_key: bool | None = None) -> FastAPI:
    """The ASGI application; models and index load when it starts, not here.

    Args:
        settings: the whole tree.
        require_key: whether requests need an API key; by default where ``http`` says so or it does not listen on
            loopback.
    """
    needs_key = key_needed(settings) if require_key is None else require_key
    parts = Parts(settings, needs_key)
    app = FastAPI(
        title="Footnote",
        version=version("footnote"),
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,  # both documentation pages load scripts from elsewhere
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.parts = parts
    for module in (ask, chat, completions, models, search, verify, documents, sessions, feedback, health, page):
        app.include_router(module.router)
    app.state.slack = _slack(app, parts)
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    for kind in (ProblemError, FootnoteError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, handle_error)
    app.add_exception_handler(ClientGoneError, handle_client_gone)
    _add_middleware(app, settings, parts)
    app.openapi = lambda: describe(app, settings.answer.max_question_chars, needs_key)  # type: ignore[method-assign]
    return app


def _slack(app: FastAPI, parts: Parts) -> "SlackService | None":
    """The Slack app in HTTP mode, where there is a signing secret; its packages are not loaded otherwise."""
    if not parts.settings.slack.signing_secret.get_secret_value():
        return None
    from api.slack.http import slack_router
    from api.slack.service import SlackService

    slack = SlackService(parts)
    app.include_router(slack_router(slack))
    return slack


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def key_needed(settings: Settings) -> bool:
    """Whether the settings ask for API keys."""
    return settings.http.require_key or not is_loopback(settings.http.host)


def _add_middleware(app: FastAPI, settings: Settings, parts: Parts) -> None:
    """The last one added is the outermost."""
    http = settings.http
    if http.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=http.cors_origins,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "X-Request-ID"],
            expose_headers=["X-Request-ID", "Footnote-Session"],
        )
    app.add_middleware(
        BodyLimit,
        max_body=http.max_body_kb * 1024,
        max_upload=http.max_upload_mb * MIB + MULTIPART_OVERHEAD,
        timeout_s=http.body_timeout_s,
    )
    own = set(LOOPBACK) if is_loopback(http.host) else set()
    hosts = own | set(http.allowed_hosts)
    app.add_middleware(Guard, hosts=hosts or None, origins=set(http.cors_origins))
    app.add_middleware(RequestContext, metrics=parts.metrics)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Parts = app.state.parts
    slack: SlackService | None = app.state.slack
    await parts.start()
    if slack is not None:
        slack.start()
    try:
        yield
    finally:
        if slack is not None:
            await slack.stop()
        await parts.stop()
