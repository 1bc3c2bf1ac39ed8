"""What holds for every request, whichever route it is for: plain ASGI, so that streams pass through untouched."""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.metrics import Metrics
from api.http.problems import ProblemError, as_problem, problem_response
from ingest.formats import MIB

DOCUMENTS = "/v1/documents"
MULTIPART_OVERHEAD = 65_536
DISCARD_BYTES = 8 * MIB
DISCARD_S = 2.0
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_log = logging.getLogger("footnote.access")


class RequestContext:
    """Outermost: gives each request an id, adds the security headers, counts and logs.

    The log has the route's template, not the path, which holds session ids.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        scope["footnote.request_id"] = request_id
        status, started = 0, time.perf_counter()

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, scope["path"], request_id)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            _log.exception("internal error", extra={"request_id": request_id})
            if status:  # too late for another response: let the server cut the connection
                raise
            response = problem_response(scope["path"], request_id, as_problem(error))
            await response(scope, receive, send_with_headers)
        finally:
            self._count(scope, status, time.perf_counter() - started)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        fields = {
            "request_id": scope["footnote.request_id"],
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "key": scope.get("footnote.key", ""),
            "question": scope.get("footnote.question", ""),
        }
        _log.info("request", extra={name: value for name, value in fields.items() if value != ""})


def _add_headers(message: Message, path: str, request_id: str) -> None:
    headers = MutableHeaders(scope=message)
    headers["X-Request-ID"] = request_id
    for name, value in _SECURITY.items():
        headers[name] = value
    if "cache-control" not in headers:
        headers["Cache-Control"] = "no-cache" if path == "/" or path.startswith("/static/") else "no-store"


class Guard:
    """Refuses requests for other hosts and, where they change something, from other origins' pages.

    Without the first, a page could point its own name at this machine and read the answers (DNS rebinding); without
    the second, it could upload or delete articles without reading any.

    Args:
        app: what is guarded.
        hosts: Host names that are answered; None for all.
        origins: origins whose pages may call besides our own.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None, origins: Collection[str]) -> None:
        self._app, self._hosts, self._origins = app, hosts, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            response = problem_response(scope["path"], scope["footnote.request_id"], refusal)
            await response(scope, receive, send)

    def _refusal(self, scope: Scope) -> ProblemError | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._hosts is not None and _host_name(host) not in self._hosts:
            return ProblemError(403, "host", "this Host name is not answered", "see the setting http.allowed_hosts")
        origin = headers.get("origin")
        if scope["method"] in _SAFE_METHODS or origin is None or origin in self._origins:
            return None
        if urlsplit(origin).netloc.lower() == host.lower() and host:
            return None
        return ProblemError(
            403, "origin", "pages of other origins may not do this", "see the setting http.cors_origins"
        )


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


class BodyLimit:
    """Refuses bodies that are too large, whether their length is stated or they come in chunks, or too slow.

    Args:
        app: what is guarded.
        max_body: bytes, for all routes but one.
        max_upload: bytes, for uploads.
        timeout_s: for a whole body.
    """

    def __init__(self, app: ASGIApp, max_body: int, max_upload: int, timeout_s: float) -> None:
        self._app, self._max_body, self._max_upload = app, max_body, max_upload
        self._timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._max_upload if scope["path"] == DOCUMENTS else self._max_body
        stated = Headers(scope=scope).get("content-length", "0")
        if not stated.isdecimal() or int(stated[:18]) > limit:
            response = problem_response(scope["path"], scope["footnote.request_id"], as_problem(_too_large(limit)))
            await _discard(receive)
            await response(scope, receive, send)
            return
        await self._app(scope, _Limited(receive, limit, self._timeout_s).receive, send)


class _Limited:
    """Counts what is received; raises the exception that FastAPI lets through while it reads a body."""

    def __init__(self, receive: Receive, limit: int, timeout_s: float) -> None:
        self._receive, self._limit, self._left = receive, limit, limit
        self._deadline = time.monotonic() + timeout_s
        self._complete = False

    async def receive(self) -> Message:
        if self._complete:  # what comes now is the news that the client left, whenever that is
            return await self._receive()
        try:
            async with asyncio.timeout(max(0.0, self._deadline - time.monotonic())):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, "the body did not arrive in time", headers={"Connection": "close"}) from None
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            self._complete = not message.get("more_body", False)
            if self._left < 0:
                await _discard(self._receive)
                raise _too_large(self._limit)
        return message


async def _discard(receive: Receive) -> None:
    """Read on for a moment: closing while a client still sends would reset the connection and lose the response."""
    left = DISCARD_BYTES
    try:
        async with asyncio.timeout(DISCARD_S):
            while left > 0:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
                left -= len(message.get("body", b""))
    except TimeoutError:
        return


def _too_large(limit: int) -> HTTPException:
    return HTTPException(
        413, f"a body may have {limit // 1024} KiB here, {limit / MIB:.1f} MiB", headers={"Connection": "close"}
    )
