"""HTTP mode: /slack/events, and /slack/install with its return for several workspaces."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient

from api.slack.installations import States
from api.slack.service import SlackService
from api.slack.signature import RefusedRequestError, check_signature

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "im:history",
    "im:write",
    "mpim:history",
)
EVENTS, INSTALL, RETURN = "/slack/events", "/slack/install", "/slack/oauth_redirect"
_log = logging.getLogger("footnote.slack")


def slack_router(slack: SlackService) -> APIRouter:
    """The routes of HTTP mode. None of them wants an API key: Slack signs, and people who install have none.

    Args:
        slack: with a signing secret in its settings.
    """
    router = APIRouter(include_in_schema=False)

    @router.post(EVENTS)
    async def events(request: Request) -> Response:
        body = await request.body()
        try:
            accept(request.headers, body, slack.settings.signing_secret.get_secret_value())
            text = body.decode("utf-8")
        except RefusedRequestError as error:
            _log.warning("refused: %s", error)
            return Response(status_code=error.status)
        return await _in_thread(slack, lambda: _dispatched(slack, text, request.headers))

    if slack.settings.client_id:
        flow = _flow(slack)

        @router.get(INSTALL)
        async def install(request: Request) -> Response:
            return await _in_thread(slack, lambda: flow.handle_installation(_bolt_request(request)))

        @router.get(RETURN)
        async def installed(request: Request) -> Response:
            return await _in_thread(slack, lambda: flow.handle_callback(_bolt_request(request)))

    return router


def accept(headers: Mapping[str, str], body: bytes, secret: str) -> None:
    """Whether a request is Slack's and has a body that can be read.

    Raises:
        RefusedRequestError: 400 or 401.
    """
    check_signature(headers, body, secret, time.time())
    try:
        payload = _payload(body.decode("utf-8"), headers.get("content-type", ""))
    except (ValueError, RecursionError):
        raise RefusedRequestError(400, "the body cannot be read") from None
    if not isinstance(payload, dict) or not payload:
        raise RefusedRequestError(400, "the body is not an object")


def _payload(text: str, media_type: str) -> Any:
    """JSON, a form with JSON in its field ``payload``, or a form."""
    if media_type.partition(";")[0].strip().lower() == "application/json" or text.lstrip().startswith("{"):
        return json.loads(text)
    form = parse_qs(text, keep_blank_values=True, strict_parsing=True, max_num_fields=200)
    return json.loads(form["payload"][0]) if "payload" in form else form


async def _in_thread(slack: SlackService, work: Callable[[], BoltResponse]) -> Response:
    answered = await asyncio.get_running_loop().run_in_executor(slack.recorders, work)
    response = Response(answered.body, answered.status)
    for name, values in answered.headers.items():
        for value in [values] if isinstance(values, str) else values:
            response.headers.append(name, value)
    return response


def _dispatched(slack: SlackService, text: str, headers: Mapping[str, str]) -> BoltResponse:
    try:
        request = BoltRequest(body=text, headers={name: value for name, value in headers.items()})
        if request.body.get("ssl_check"):
            return BoltResponse(status=200, body="")
        return slack.bolt.dispatch(request)
    except (TypeError, AttributeError, KeyError, IndexError, ValueError) as error:
        _log.warning("a payload of another shape than Slack's: %s", type(error).__name__)
        return BoltResponse(status=400, body="")


def _bolt_request(request: Request) -> BoltRequest:
    return BoltRequest(body="", query=str(request.url.query), headers=dict(request.headers))


def _flow(slack: SlackService) -> OAuthFlow:
    """OAuth by Bolt, with our stores."""
    settings, store = slack.settings, slack.installations
    return OAuthFlow(
        client=WebClient(base_url=settings.api_url),
        logger=_log,
        settings=OAuthSettings(
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value(),
            scopes=SCOPES,
            user_scopes=(),
            redirect_uri=f"{settings.public_url.rstrip('/')}{RETURN}" if settings.public_url else None,
            install_path=INSTALL,
            redirect_uri_path=RETURN,
            installation_store=store,
            installation_store_bot_only=True,
            state_store=States(store.store),
        ),
    )
