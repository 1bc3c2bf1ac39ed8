"""One answer into one thread, exactly once, streamed where Slack allows it."""

import asyncio
import logging

from answer.types import Answer, Statement
from api.http.parts import Parts
from api.slack.blocks import Message, answer_messages, footer, packed, stream_pieces
from api.slack.inbox import Inbox, Item
from api.slack.installations import Workspace
from api.slack.web import Mark, SlackApi, SlackRefusedError

_log = logging.getLogger("footnote.slack")


class SupersededError(Exception):
    """The item may not be answered now as it was read: it has to be taken again."""


class Delivery:
    """Posts the answer to an item.

    A message carries the item's id in its metadata, so that after a crash ``recover`` finds what was posted. A stream
    gets that mark when it ends; one without it is a stream that was cut off, and is made into the answer.

    Args:
        parts: for the executor of the database.
        api: Slack.
        inbox: where progress is written down.
        bot: who posts.
        item: what is answered.
        public_url: of the page.
        thread: where it goes; "" is the channel itself.
    """

    def __init__(
        self, parts: Parts, api: SlackApi, inbox: Inbox, bot: Workspace, item: Item, public_url: str, thread: str
    ) -> None:
        self._parts, self._api, self._inbox, self._bot, self._item = parts, api, inbox, bot, item
        self._public_url = public_url
        self._channel, self._thread = item.request.channel, thread
        self._begun = item.state == "posting"
        self._marked: dict[int, str] = {}
        self._stream = ""  # the stream that grows
        self._broken = ""  # a stream that was cut off
        self.streams = bool(self._thread) and not self._begun

    async def recover(self) -> bool:
        """Look for what an earlier try has posted; True when that is everything."""
        if not self._begun:
            return False
        request = self._item.request
        try:
            mine = await self._api.mine(self._bot, self._channel, self._thread, request.ts)
        except SlackRefusedError as error:  # then rather twice than never
            _log.warning("the thread cannot be searched: %s", error)
            mine = []
        own = [posted for posted in mine if posted.item == self._item.id]
        self._marked = {posted.part: posted.ts for posted in own}
        if own and len(self._marked) >= own[0].parts:
            await self._finish()
            return True
        if 0 not in self._marked:
            known = await self._parts.io(lambda: self._inbox.posted_in(request)) if self._thread else set()
            cut_off = [posted.ts for posted in mine if not posted.item and posted.ts not in known and self._thread]
            self._broken = next(iter([*self._item.posted, *cut_off]), "")
        return False

    async def statement(self, statement: Statement) -> None:
        """Stream a statement, while ``streams``. Raises SupersededError."""
        pieces = stream_pieces(statement)
        try:
            if not self._stream:
                await self._begin()
                request = self._item.request
                self._stream = await self._api.start_stream(
                    self._bot, self._channel, self._thread, request.user, request.user_team or request.team, pieces[0]
                )
                await self._parts.io(lambda: self._inbox.note(self._item, [self._stream]))
                pieces = pieces[1:]
            for piece in pieces:
                await self._api.append(self._bot, self._channel, self._stream, piece)
        except SlackRefusedError as error:
            _log.info("no stream: %s", error)
            self._broken, self._stream, self.streams = self._stream, "", False

    async def complete(self, answer: Answer, heading: str = "") -> None:
        """Post the answer, or what is missing of it. Raises SupersededError."""
        if self._stream and await self._stopped(answer):
            return
        await self.say(answer_messages(answer, self._public_url, heading=heading))

    async def _stopped(self, answer: Answer) -> bool:
        """End the stream with footnotes and buttons; False when it is not a stream any more."""
        messages = packed(footer(answer, self._public_url), "…")
        try:
            mark = Mark(self._item.id, 0, len(messages))
            await self._api.stop_stream(self._bot, self._channel, self._stream, messages[0].blocks, mark)
        except SlackRefusedError as error:
            _log.info("the stream cannot be ended: %s", error)
            self._broken, self._stream = self._stream, ""
            return False
        self._marked[0] = self._stream
        await self._post_missing(messages)
        return True

    async def say(self, messages: list[Message]) -> None:
        """Post messages, but those that are there already. Raises SupersededError."""
        await self._begin()
        if self._broken:
            await self._mend(messages)
        await self._post_missing(messages)

    async def _mend(self, messages: list[Message]) -> None:
        """Make a stream that was cut off into the first message."""
        try:
            await self._api.stop_stream(self._bot, self._channel, self._broken, (), None)
        except SlackRefusedError as error:
            _log.info("the stream has ended already: %s", error)
        mark = Mark(self._item.id, 0, len(messages))
        try:
            await self._api.update(self._bot, self._channel, self._broken, messages[0], mark)
            self._marked[0] = self._broken
        except SlackRefusedError as error:
            _log.info("the stream cannot be mended: %s", error)

    async def _post_missing(self, messages: list[Message]) -> None:
        for part, message in enumerate(messages):
            if part not in self._marked:
                mark = Mark(self._item.id, part, len(messages))
                self._marked[part] = await self._api.post(self._bot, self._channel, self._thread, message, mark)
        await self._finish()

    async def _begin(self) -> None:
        if not self._begun:
            if not await self._parts.io(lambda: self._inbox.begin(self._item)):
                raise SupersededError
            self._begun = True

    async def _finish(self) -> None:
        posted = [self._marked[part] for part in sorted(self._marked)]
        # Cancelled between posting and this, we would look into the thread for nothing: let it be written down.
        await asyncio.shield(self._parts.io(lambda: self._inbox.finish(self._item, posted)))
