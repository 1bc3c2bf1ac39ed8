"""The Bolt application: one set of listeners, for Socket Mode and HTTP alike.

A listener translates and records, and nothing else; only then is Slack told that it arrived. No listener calls Slack,
so that the acknowledgement waits for nothing but the database.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from slack_bolt import Ack, App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from api.sessions import StoreError
from api.slack.blocks import FEEDBACK, RECEIPT, SHARE
from api.slack.inbox import Inbox
from api.slack.requests import Arrival, Kind, arrival_of_command, arrival_of_event, arrival_of_interaction

CHECK = "footnote_check"  # callback_id of the message shortcut, as in the manifest
HELP = (
    "Ask me something, e.g. `/footnote How far behind are Chinese models?` Only you see the answer until you share it."
)
LOOKING = "Looking it up in the articles…"
_BUTTONS: dict[str, Kind] = {FEEDBACK: "feedback", RECEIPT: "receipt", SHARE: "share"}
# The shape of a payload is Slack's business; one that makes Bolt stumble is not Slack's.
_MISSHAPEN = (ValidationError, TypeError, AttributeError, KeyError, IndexError, ValueError)
_log = logging.getLogger("footnote.slack")


class Listeners:
    """What is done about each kind of payload.

    Args:
        inbox: where arrivals are recorded.
        wake: called when there is something new to do.
        bot_user: the bot's user id, "" where it is not known.
        workers: how many questions are worked on at a time; told to those who wait for more.
    """

    def __init__(self, inbox: Inbox, wake: Callable[[], None], bot_user: Callable[[], str], workers: int) -> None:
        self._inbox, self._wake, self._bot_user, self._workers = inbox, wake, bot_user, workers

    def event(self, body: dict[str, Any]) -> None:
        """Anything of the Events API."""
        arrival = arrival_of_event(body, self._bot_user())
        if arrival is not None:
            self._record(arrival)

    def command(self, ack: Ack, body: dict[str, Any]) -> None:
        """The slash command, whatever its name."""
        text = str(body.get("text") or "").strip()
        if text.lower() in ("", "help"):
            ack(HELP)
            return
        ahead = self._inbox.ahead()
        if self._record(arrival_of_command(body)):
            ack(f"{LOOKING} {ahead} question(s) come first." if ahead > self._workers else LOOKING)
        else:
            ack()

    def shortcut(self, ack: Ack, body: dict[str, Any]) -> None:
        """The message shortcut."""
        self._record(arrival_of_interaction(body, "check"))
        ack()

    def button(self, ack: Ack, body: dict[str, Any]) -> None:
        """Our buttons; others, such as links, need nothing."""
        kind = _BUTTONS.get(str(body["actions"][0].get("action_id")))
        if kind is not None:
            self._record(arrival_of_interaction(body, kind))
        ack()

    def _record(self, arrival: Arrival) -> bool:
        new = self._inbox.record(arrival)
        if new:
            self._wake()
        return new


def build_bolt(listeners: Listeners) -> App:
    """The Bolt application."""
    anything = re.compile("")
    app = _bare_app()
    app.event(anything)(listeners.event)
    app.command(anything)(listeners.command)
    app.shortcut(CHECK)(listeners.shortcut)
    app.action(anything)(listeners.button)
    app.error(_refuse)
    return app


def _bare_app() -> App:
    """Bolt without what is done elsewhere: signatures, tokens (by the workers) and the bot's own messages."""
    logger = logging.getLogger("footnote.slack.bolt")
    logger.setLevel(logging.CRITICAL)  # its warnings repeat whole payloads, messages and all
    return App(
        name="footnote",
        logger=logger,
        client=WebClient(),
        authorize=_anyone,
        process_before_response=True,  # the listener first, then the acknowledgement
        request_verification_enabled=False,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def _anyone(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Whoever Slack delivers for; the workers find the token, or give the request up."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def _refuse(error: Exception) -> BoltResponse:
    """What Slack is told when an arrival could not be recorded: nothing that counts as an acknowledgement."""
    if isinstance(error, StoreError):
        _log.error("%s", error)
        return BoltResponse(status=503, body="")
    if isinstance(error, _MISSHAPEN):
        _log.warning("a payload of another shape than Slack's: %s", type(error).__name__)
        return BoltResponse(status=400, body="")
    _log.error("a listener failed", exc_info=error)
    return BoltResponse(status=500, body="")
