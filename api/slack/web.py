"""Calls of Slack's Web API: waits as long as a 429 says, and tells a refusal from not knowing.

The SDK's own retries are off: a call whose answer was lost may have been carried out, and only the caller knows how to
find out.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError, SlackObjectFormationError
from slack_sdk.webhook import WebhookClient

from api.slack.blocks import Message
from api.slack.installations import Workspace
from ingest.errors import FootnoteError

TIMEOUT_S = 20
STATUS_S = 2.0
MAX_RETRY_AFTER_S = 3600.0
THREADS = 8
A_PAGE = 200
EVENT_TYPE = "footnote_answer"
_PASSING = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
T = TypeVar("T")
_log = logging.getLogger("footnote.slack")


class SlackRefusedError(FootnoteError):
    """Slack has said no, and will say so again.

    Args:
        method: of the Web API.
        code: Slack's.
    """

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"Slack refuses {method}: {code}")
        self.code = code


class SlackUnavailableError(FootnoteError):
    """Slack did not answer, or not with sense; what was asked may have been done or not."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of ours that stands in a thread.

    Attributes:
        ts: its timestamp.
        item: of the arrival it answers, from its metadata; "" when it has none, as a stream that was not stopped.
        part: which message of the answer, from 0.
        parts: how many messages the answer takes.
    """

    ts: str
    item: str
    part: int
    parts: int


@dataclass(frozen=True, slots=True)
class Mark:
    """What a message carries in its metadata, so that it is found again; see ``Posted``."""

    item: str
    part: int
    parts: int


class SlackApi:
    """The methods that are used, over a few threads. Used from the event loop alone.

    Args:
        api_url: where the Web API is.
    """

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url if api_url.endswith("/") else f"{api_url}/"
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="footnote-slack-api")
        self._not_before: dict[tuple[str, str], float] = {}
        self._sdks = logging.getLogger("footnote.slack.sdk")
        self._sdks.setLevel(logging.CRITICAL)  # what fails is said here, once, and without the call's content

    def close(self) -> None:
        """Wait for calls under way."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def who_am_i(self, token: str) -> tuple[str, str, str, str]:
        """The bot of a token: grid, workspace, user id, bot id."""
        data = await self._call(Workspace(token, "", ""), "auth_test")
        return _text(data, "enterprise_id"), _text(data, "team_id"), _text(data, "user_id"), _text(data, "bot_id")

    async def post(self, bot: Workspace, channel: str, thread: str, message: Message, mark: Mark) -> str:
        """Post a message, marked so that ``mine`` finds it; returns its timestamp."""
        given = {"thread_ts": thread} if thread else {}
        data = await self._call(
            bot, "chat_postMessage", channel=channel, **_content(message), **_silent(), **_mark(mark), **given
        )
        return _text(data, "ts")

    async def update(self, bot: Workspace, channel: str, ts: str, message: Message, mark: Mark) -> None:
        """Replace a message of ours."""
        await self._call(bot, "chat_update", channel=channel, ts=ts, parse="none", **_content(message), **_mark(mark))

    async def delete(self, bot: Workspace, channel: str, ts: str) -> None:
        """Delete a message of ours."""
        await self._call(bot, "chat_delete", channel=channel, ts=ts)

    async def tell(self, bot: Workspace, channel: str, user: str, thread: str, message: Message) -> None:
        """Show somebody a message that nobody else sees."""
        given = {"thread_ts": thread} if thread else {}
        await self._call(bot, "chat_postEphemeral", channel=channel, user=user, **_content(message), **given)

    async def start_stream(
        self, bot: Workspace, channel: str, thread: str, user: str, user_team: str, markdown: str
    ) -> str:
        """Begin a message that grows; returns its timestamp."""
        given = {"recipient_user_id": user, "recipient_team_id": user_team} if user and user_team else {}
        data = await self._call(
            bot, "chat_startStream", channel=channel, thread_ts=thread, markdown_text=markdown, **given
        )
        return _text(data, "ts")

    async def append(self, bot: Workspace, channel: str, ts: str, markdown: str) -> None:
        """Add to a message that grows."""
        await self._call(bot, "chat_appendStream", channel=channel, ts=ts, markdown_text=markdown)

    async def stop_stream(
        self, bot: Workspace, channel: str, ts: str, blocks: Sequence[dict[str, Any]], mark: Mark | None
    ) -> None:
        """End a message that grew, with blocks below and the mark that says it is whole, if it is."""
        given = {"blocks": list(blocks), **_mark(mark)} if mark else {}
        await self._call(bot, "chat_stopStream", channel=channel, ts=ts, **given)

    async def mine(self, bot: Workspace, channel: str, thread: str, since: str) -> list[Posted]:
        """All messages of ours in a thread (or, for "", in the channel itself) after ``since``, but files."""
        found: list[Posted] = []
        method, where = ("conversations_replies", {"ts": thread}) if thread else ("conversations_history", {})
        cursor = ""
        while True:
            given = {**where, **({"cursor": cursor} if cursor else {})}
            data = await self._call(
                bot, method, channel=channel, oldest=since, limit=A_PAGE, include_all_metadata=True, **given
            )
            found += [_posted(row) for row in data.get("messages") or () if _is_mine(row, bot, since)]
            cursor = str((data.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return found

    async def status(self, bot: Workspace, channel: str, thread: str, status: str) -> None:
        """Say what is going on; it goes away with the next message. A courtesy: it neither fails nor waits long."""
        with contextlib.suppress(FootnoteError, TimeoutError):
            async with asyncio.timeout(STATUS_S):
                await self._call(
                    bot, "assistant_threads_setStatus", channel_id=channel, thread_ts=thread, status=status
                )

    async def prompts(self, bot: Workspace, channel: str, thread: str, prompts: Sequence[tuple[str, str]]) -> None:
        """Suggest questions: (title, message) each."""
        given = {"thread_ts": thread} if thread else {}
        rows = [{"title": title, "message": message} for title, message in prompts]
        await self._call(bot, "assistant_threads_setSuggestedPrompts", channel_id=channel, prompts=rows, **given)

    async def direct_channel(self, bot: Workspace, user: str) -> str:
        """The conversation of the bot with somebody."""
        data = await self._call(bot, "conversations_open", users=user)
        return _text(data.get("channel") or {}, "id")

    async def upload(self, bot: Workspace, channel: str, thread: str, name: str, text: str) -> None:
        """Share a file in a thread."""
        await self._call(
            bot, "files_upload_v2", channel=channel, thread_ts=thread or None, filename=name, title=name, content=text
        )

    async def respond(self, url: str, message: Message, public: bool = False, remove: bool = False) -> None:
        """Answer a command or a button at its ``response_url``, privately unless ``public``.

        Args:
            url: Slack's.
            message: what to show; ignored with ``remove``.
            public: everybody in the channel sees it.
            remove: take away the private message with the button instead.
        """
        if not self._is_slacks(url):
            raise SlackRefusedError("response_url", "not an address of Slack")
        shown = {"response_type": "in_channel" if public else "ephemeral", "replace_original": False}
        body = {"delete_original": True} if remove else {**_content(message), **_silent(), **shown}

        def send() -> None:
            answer = WebhookClient(url, timeout=TIMEOUT_S, retry_handlers=[], logger=self._sdks).send_dict(body)
            if answer.status_code == 429:
                raise _TooFastError(_seconds(answer.headers.get("retry-after")))
            if answer.status_code >= 500:
                raise SlackUnavailableError(f"Slack answered a private message with {answer.status_code}")
            if answer.status_code != 200:
                raise SlackRefusedError("response_url", str(answer.body)[:100])

        await self._patiently(("", urlsplit(url).path), lambda: self._in_thread("response_url", send))

    def _is_slacks(self, url: str) -> bool:
        host = urlsplit(url).hostname or ""
        own = urlsplit(self._api_url).hostname
        return host == own or (urlsplit(url).scheme == "https" and (host == "slack.com" or host.endswith(".slack.com")))

    async def _call(self, bot: Workspace, method: str, **arguments: Any) -> dict[str, Any]:
        def send() -> dict[str, Any]:
            client = WebClient(
                token=bot.token, base_url=self._api_url, timeout=TIMEOUT_S, retry_handlers=[], logger=self._sdks
            )
            try:
                return dict(getattr(client, method)(**arguments).data)
            except SlackApiError as error:
                raise _sorted(method, error) from None

        return await self._patiently((bot.token, method), lambda: self._in_thread(method, send))

    async def _in_thread(self, method: str, send: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, send)
        except (URLError, OSError, HTTPException, json.JSONDecodeError, SlackClientError) as error:
            if isinstance(error, SlackObjectFormationError):
                raise
            raise SlackUnavailableError(f"{method} of Slack cannot be reached: {type(error).__name__}") from error

    async def _patiently(self, gate: tuple[str, str], call: Callable[[], Awaitable[T]]) -> T:
        """Carry out a call, again after as long as Slack says; others of the same method wait as well."""
        while True:
            while (wait := self._not_before.get(gate, 0.0) - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            try:
                return await call()
            except _TooFastError as error:
                self._not_before[gate] = time.monotonic() + error.retry_after_s
                _log.warning("%s: Slack asks to wait %g s", gate[1] if gate[0] else "response_url", error.retry_after_s)


class _TooFastError(Exception):
    def __init__(self, retry_after_s: float) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


def _sorted(method: str, error: SlackApiError) -> Exception:
    status, data = error.response.status_code, error.response.data
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == 429 or code == "ratelimited":
        headers = {name.lower(): value for name, value in error.response.headers.items()}
        return _TooFastError(_seconds(headers.get("retry-after")))
    if status >= 500 or code in _PASSING or (status == 200 and not code):
        return SlackUnavailableError(f"{method} of Slack failed: {status} {code}".rstrip())
    return SlackRefusedError(method, code or f"HTTP {status}")


def _seconds(header: object) -> float:
    value = header[0] if isinstance(header, list) and header else header
    try:
        return min(max(float(str(value)), 0.0), MAX_RETRY_AFTER_S)
    except ValueError:
        return 1.0


def _content(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": list(message.blocks)}


def _silent() -> dict[str, Any]:
    """No previews and no links made of text."""
    return {"unfurl_links": False, "unfurl_media": False, "parse": "none", "link_names": False}


def _mark(mark: Mark) -> dict[str, Any]:
    return {"metadata": {"event_type": EVENT_TYPE, "event_payload": asdict(mark)}}


def _is_mine(row: dict[str, Any], bot: Workspace, since: str) -> bool:
    own = row.get("user") == bot.bot_user if row.get("user") else bool(bot.bot) and row.get("bot_id") == bot.bot
    return own and str(row.get("ts", "")) > since and not row.get("files")


def _posted(row: dict[str, Any]) -> Posted:
    metadata = row.get("metadata") or {}
    payload = metadata.get("event_payload") or {} if metadata.get("event_type") == EVENT_TYPE else {}
    return Posted(
        str(row["ts"]), str(payload.get("item", "")), int(payload.get("part", 0)), int(payload.get("parts", 1))
    )


def _text(data: dict[str, Any], name: str) -> str:
    return str(data.get(name) or "")
