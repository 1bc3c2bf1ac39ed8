"""Translation in: what Slack sends becomes a ``Request``, or nothing. Pure.

The models name the few fields that are used; a payload of another shape does not validate.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.sessions import Rating
from api.slack.text import plain_of, sound

Kind = Literal[
    "question", "edit", "delete", "command", "check", "feedback", "receipt", "share", "prompts", "uninstalled"
]
ANSWERS: tuple[Kind, ...] = ("question", "edit", "delete", "command", "check")
MAX_BODY_CHARS = 100_000
_HUMAN_SUBTYPES = ("", "file_share", "thread_broadcast", "me_message")
_TO_SOMEBODY = re.compile(r"\s*<@(\w+)(?:\|[^>]*)?>")


class Request(BaseModel):
    """Something to do for somebody in Slack. Kept as JSON until it is done.

    Attributes:
        kind: what it is.
        enterprise: of the installation, "" outside a grid.
        team: of the installation.
        channel: where it happened, and where the answer goes.
        thread: of the answer; "" for answers outside threads.
        ts: the message it is about.
        user: who asked.
        user_team: whose user that is, which differs in shared channels.
        text: the question or the statement, without Slack's markup.
        response_url: where a private answer goes.
        answer_id: of the answer that a button belongs to.
        rating: of feedback.
        private: the message with the button is seen by its user alone.
    """

    model_config = ConfigDict(frozen=True)

    kind: Kind
    enterprise: str = ""
    team: str = ""
    channel: str = ""
    thread: str = ""
    ts: str = ""
    user: str = ""
    user_team: str = ""
    text: str = ""
    response_url: str = ""
    answer_id: str = ""
    rating: Rating = "up"
    private: bool = False

    @property
    def owner(self) -> str:
        """Whose receipts and conversations these are."""
        return f"slack:{self.team or self.enterprise}"

    @property
    def place(self) -> str:
        """The thread, unique over all workspaces: what is said in one place is answered in order."""
        return f"{self.team}:{self.channel}:{self.thread}"

    @property
    def session(self) -> str:
        """The conversation that the question belongs to, for its owner."""
        return f"{self.channel}:{self.thread}"

    @property
    def message(self) -> str:
        """The message, unique over all workspaces."""
        return f"{self.team}:{self.channel}:{self.ts}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request as it arrived.

    Attributes:
        id: Slack's id of the event, or the hash of an interaction: twice the same is once.
        request: what to do.
        addressed: the bot is meant; otherwise only if it takes part in the thread.
    """

    id: str
    request: Request
    addressed: bool = True


class _Lenient(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Message(_Lenient):
    type: str = ""
    subtype: str = ""
    ts: str = ""
    thread_ts: str = ""
    user: str = ""
    bot_id: str | None = None
    team: str = ""
    text: str | None = ""


class _AssistantThread(_Lenient):
    user_id: str = ""
    channel_id: str = ""
    thread_ts: str = ""


class _Event(_Message):
    channel: str = ""
    channel_type: str = ""
    user_team: str = ""
    tab: str = ""
    message: _Message | None = None
    deleted_ts: str = ""
    event_ts: str = ""
    previous_message: _Message | None = None
    assistant_thread: _AssistantThread | None = None


class _Authorization(_Lenient):
    enterprise_id: str | None = ""
    team_id: str | None = ""
    user_id: str | None = ""
    is_bot: bool = True


class Envelope(_Lenient):
    """An event as the Events API delivers it, over HTTP or a socket."""

    event_id: str = Field(min_length=1, max_length=200)
    team_id: str | None = ""
    enterprise_id: str | None = ""
    event: _Event
    authorizations: tuple[_Authorization, ...] | None = ()

    @property
    def installed(self) -> _Authorization:
        """Whose installation hears this, and its bot; in a shared channel ``team_id`` may be another's."""
        named = next((each for each in self.authorizations or () if each.is_bot), _Authorization())
        teams = {"team_id": named.team_id or self.team_id, "enterprise_id": named.enterprise_id or self.enterprise_id}
        return named.model_copy(update=teams)


class _Id(_Lenient):
    id: str = ""


class _Container(_Lenient):
    message_ts: str = ""
    thread_ts: str = ""
    channel_id: str = ""
    is_ephemeral: bool = False


class _Action(_Lenient):
    action_id: str = ""
    value: str = ""
    action_ts: str = ""


class _Interaction(_Lenient):
    """A button or a message shortcut."""

    team: _Id | None = None
    enterprise: _Id | None = None
    user: _Id = _Id()
    channel: _Id | None = None
    container: _Container = _Container()
    message: _Message | None = None
    message_ts: str = ""
    response_url: str = ""
    actions: tuple[_Action, ...] = ()


class _Command(_Lenient):
    team_id: str = ""
    enterprise_id: str = ""
    channel_id: str = ""
    user_id: str = ""
    text: str = ""
    response_url: str = ""


def arrival_of_event(body: dict[str, Any], bot_user: str = "") -> Arrival | None:
    """What an event asks for; None when it is none of ours.

    Args:
        body: the whole envelope.
        bot_user: the bot's user id, used where the envelope does not name it.

    Raises:
        ValidationError: not the shape of an event.
    """
    envelope = Envelope.model_validate(body)
    event, bot = envelope.event, envelope.installed.user_id or bot_user
    if event.type == "message" and event.subtype == "message_changed":
        return _edit(envelope, bot)
    if event.type == "message" and event.subtype == "message_deleted":
        return _arrival(envelope, "delete", ts=event.deleted_ts) if event.deleted_ts else None
    if event.type in ("message", "app_mention"):
        return _question(envelope, bot)
    if event.type == "app_home_opened" and event.tab == "messages" and event.channel:
        return _arrival(envelope, "prompts", user=event.user)
    if event.type == "assistant_thread_started" and (opened := event.assistant_thread):
        made = _arrival(envelope, "prompts", user=opened.user_id, thread=opened.thread_ts)
        return Arrival(made.id, made.request.model_copy(update={"channel": opened.channel_id}))
    if event.type == "app_uninstalled":
        return _arrival(envelope, "uninstalled")
    return None


def _arrival(envelope: Envelope, kind: Kind, *, addressed: bool = True, **fields: str) -> Arrival:
    given = {name: sound(value) for name, value in fields.items()}
    installed = envelope.installed
    request = Request(
        kind=kind,
        enterprise=sound(installed.enterprise_id or ""),
        team=sound(installed.team_id or ""),
        channel=sound(envelope.event.channel),
        **given,  # type: ignore[arg-type] # mypy cannot see which of the fields they are
    )
    return Arrival(sound(envelope.event_id), request, addressed)


def _question(envelope: Envelope, bot: str) -> Arrival | None:
    event = envelope.event
    if not _by_a_human(event, bot) or event.subtype not in _HUMAN_SUBTYPES or not event.ts or not event.channel:
        return None
    return _asked(envelope, event, "question", bot)


def _edit(envelope: Envelope, bot: str) -> Arrival | None:
    message = envelope.event.message
    if message is None or not _by_a_human(message, bot) or message.subtype not in _HUMAN_SUBTYPES or not message.ts:
        return None
    return _asked(envelope, message, "edit", bot)


def _asked(envelope: Envelope, message: _Message, kind: Kind, bot: str) -> Arrival | None:
    text = message.text or ""
    mentioned = envelope.event.type == "app_mention" or bool(bot and f"<@{bot}" in text)
    addressed = mentioned or envelope.event.channel_type == "im" or envelope.event.channel.startswith("D")
    to = _TO_SOMEBODY.match(text)
    if not addressed and to and to[1] != bot:
        return None  # said to somebody else, in a thread where we take part
    return _arrival(
        envelope,
        kind,
        addressed=addressed,
        ts=message.ts,
        thread=message.thread_ts or message.ts,
        user=message.user,
        user_team=envelope.event.user_team or message.team,
        text=plain_of(text, bot)[:MAX_BODY_CHARS],
    )


def _by_a_human(message: _Message, bot: str) -> bool:
    return bool(message.user) and not message.bot_id and message.user not in (bot, "USLACKBOT")


def arrival_of_command(body: dict[str, Any]) -> Arrival:
    """A slash command. Raises ValidationError."""
    command = _Command.model_validate(body)
    request = Request(
        kind="command",
        enterprise=command.enterprise_id,
        team=command.team_id,
        channel=command.channel_id,
        user=command.user_id,
        text=plain_of(command.text, "")[:MAX_BODY_CHARS],
        response_url=command.response_url,
    )
    return Arrival(fingerprint(body), _sound(request))


def arrival_of_interaction(body: dict[str, Any], kind: Kind) -> Arrival:
    """A button or a message shortcut, of the kind that its listener stands for. Raises ValidationError."""
    given = _Interaction.model_validate(body)
    message = given.message or _Message()
    verb, _, answer_id = (given.actions[0].value if given.actions else "").partition(":")
    channel = given.channel.id if given.channel else given.container.channel_id
    ts = message.ts or given.message_ts or given.container.message_ts
    request = Request(
        kind=kind,
        enterprise=given.enterprise.id if given.enterprise else "",
        team=given.team.id if given.team else "",
        channel=channel,
        thread=message.thread_ts or given.container.thread_ts or ts,
        ts=ts,
        user=given.user.id,
        text=plain_of(message.text or "", "")[:MAX_BODY_CHARS] if kind == "check" else "",
        response_url=given.response_url,
        answer_id=answer_id[:200],
        rating="down" if verb == "down" else "up",
        private=given.container.is_ephemeral,
    )
    return Arrival(fingerprint(body), _sound(request))


def _sound(request: Request) -> Request:
    return request.model_copy(update={name: sound(value) for name, value in request if isinstance(value, str)})


def fingerprint(body: dict[str, Any]) -> str:
    """An interaction has no id that both modes deliver; the same content, which has its time in it, is the same."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=True)
    return "interaction:" + hashlib.sha256(text.encode()).hexdigest()
