"""The Slack app put together: what a running service needs besides its ``Parts``."""

import asyncio
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from api.http.parts import Parts
from api.slack.desk import Desk
from api.slack.directory import Directory
from api.slack.handlers import Handlers
from api.slack.inbox import Inbox
from api.slack.installations import Installations
from api.slack.listeners import Listeners, build_bolt
from api.slack.web import SlackApi
from ingest.errors import FootnoteError

if TYPE_CHECKING:
    from slack_bolt import App

_log = logging.getLogger("footnote.slack")
RECORDERS = 8  # threads that do nothing but record arrivals, so that an acknowledgement waits for no other work


class SlackService:
    """Inbox, listeners and workers over the parts of a service. Made before the event loop runs.

    Args:
        parts: of the service; started and stopped by whoever made them.
    """

    def __init__(self, parts: Parts) -> None:
        self.settings = parts.settings.slack
        self.recorders = ThreadPoolExecutor(RECORDERS, thread_name_prefix="footnote-slack-record")
        self.installations = Installations(parts.sessions)
        self._api = SlackApi(self.settings.api_url)
        self._inbox = Inbox(parts.sessions, secrets.token_hex(8), self.settings.lease_s)
        token = self.settings.bot_token.get_secret_value()
        self._directory = Directory(self.installations, token, self._api, self.recorders)
        handlers = Handlers(parts, self._api, self._inbox, self._directory, self.settings.public_url)
        self._desk = Desk(parts, self._inbox, handlers, self.settings.attempts, self.settings.lease_s)
        listeners = Listeners(self._inbox, self._desk.wake, lambda: self._directory.bot_user, parts.pool.workers)
        self.bolt: App = build_bolt(listeners)

    def start(self) -> None:
        """Begin to work, first on what an earlier process left unfinished. Called on the event loop."""
        self._desk.start()
        self._greeting = asyncio.create_task(self._greet())

    async def _greet(self) -> None:
        """Learn who the bot is, and say at once when its token is no good."""
        if not self.settings.bot_token.get_secret_value():
            return
        try:
            own = await self._directory.own()
        except FootnoteError as error:
            _log.error("the bot token cannot be used: %s", error)
        else:
            _log.info("answering as %s", own.bot_user)

    async def stop(self) -> None:
        """Stop; nothing that was acknowledged is lost."""
        self._greeting.cancel()
        await asyncio.gather(self._greeting, return_exceptions=True)
        await self._desk.stop()
        await asyncio.to_thread(self._api.close)
        await asyncio.to_thread(self.recorders.shutdown)
