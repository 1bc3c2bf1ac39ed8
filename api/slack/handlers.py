"""What is done about each kind of request. Asking goes the way of the HTTP service: history, ``listen``, receipt."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress

from answer.service import Progress
from answer.types import Answer, Turn
from api.http.parts import Parts
from api.slack.blocks import Message, answer_messages, check_messages, notice
from api.slack.delivery import Delivery, SupersededError
from api.slack.directory import Directory
from api.slack.inbox import Inbox, Item
from api.slack.installations import Workspace
from api.slack.prompts import MAX_PROMPTS, NOTHING_YET, candidates
from api.slack.requests import Kind, Request
from api.slack.web import Mark, SlackApi, SlackRefusedError
from ingest.errors import FootnoteError
from ingest.sentences import sentence_spans

MAX_SENTENCES = 20
GREETING = "hello"  # what a mention without words is taken for
WORKING = "is reading the articles…"
_NOT_THERE = ("not_in_channel", "channel_not_found", "is_archived", "restricted_action")
_log = logging.getLogger("footnote.slack")


class Handlers:
    """One method for each kind of request.

    Args:
        parts: of the service.
        api: Slack.
        inbox: where progress is written down.
        directory: who acts where.
        public_url: of the page.
    """

    def __init__(self, parts: Parts, api: SlackApi, inbox: Inbox, directory: Directory, public_url: str) -> None:
        self._parts, self._api, self._inbox, self._directory = parts, api, inbox, directory
        self._public_url = public_url
        self._suggested: dict[int, list[tuple[str, str]]] = {}  # by the opened index, see Serving
        self._of_kind: dict[Kind, Callable[[Item, Workspace], Awaitable[None]]] = {
            "question": self._question,
            "edit": self._edit,
            "delete": self._delete,
            "command": self._command,
            "check": self._check,
            "feedback": self._feedback,
            "receipt": self._receipt,
            "share": self._share,
            "prompts": self._prompts,
        }

    async def handle(self, item: Item) -> None:
        """Do what is asked, and write down that it is done.

        Raises:
            SupersededError: it has to be taken again.
            SlackRefusedError: it cannot be done.
            SlackUnavailableError: it may be tried again, as after any other error.
        """
        if item.request.kind == "uninstalled":
            await self._directory.forget(item.request)
            await self._done(item)
        else:
            await self._of_kind[item.request.kind](item, await self._directory.workspace(item.request))

    async def apologise(self, item: Item, what: str) -> None:
        """Say that there is no answer, where one was expected."""
        message = notice(f"I could not answer: {what}.")
        bot = await self._directory.workspace(item.request)
        if item.request.kind == "question":
            delivery = self._delivery(item, bot, item.request.thread)
            if not await delivery.recover():
                await delivery.say([message])
        else:
            await self._privately(item.request, bot, [message])

    async def say_position(self, item: Item, ahead: int) -> None:
        """Show in the thread how many questions come first."""
        if item.request.kind == "question":
            with suppress(FootnoteError):
                bot = await self._directory.workspace(item.request)
                await self._status(item.request, bot, f"is waiting: {ahead} question(s) come first")

    async def _question(self, item: Item, bot: Workspace) -> None:
        request = item.request
        delivery = self._delivery(item, bot, request.thread)
        if await delivery.recover():
            return
        answer: Answer | None = None
        listener = await self._parts.answering.listen(request.text or GREETING, await self._history(request))
        try:
            await self._status(request, bot, WORKING)
            async with aclosing(listener.events()) as events:  # type: ignore[type-var]
                async for event in events:
                    if not isinstance(event, Progress):
                        answer = event
                    elif delivery.streams:
                        await delivery.statement(event.statement)
        finally:
            listener.close()
        if answer is None:
            raise AssertionError("events() ends with an Answer")
        await self._keep(request, answer)
        await delivery.complete(answer)

    async def _edit(self, item: Item, bot: Workspace) -> None:
        """Answer the question as it reads now, in place of the answer to what it was."""
        request = item.request
        question = await self._parts.io(lambda: self._inbox.answer_of(request))
        if question is not None and question.state == "posted":
            answer = await self._ask(request.text or GREETING, await self._history(request))
            await self._keep(request, answer)
            posted = await self._replace(question, bot, answer_messages(answer, self._public_url))
            await self._parts.io(lambda: self._inbox.amend(question, request.text, posted, "posted"))
        await self._done(item)

    async def _replace(self, question: Item, bot: Workspace, messages: list[Message]) -> list[str]:
        """New messages in place of those of an answer; returns their timestamps."""
        channel, thread = question.request.channel, question.request.thread
        posted = list(question.posted[: len(messages)])
        for part, message in enumerate(messages):
            mark = Mark(question.id, part, len(messages))
            if part < len(posted):
                await self._api.update(bot, channel, posted[part], message, mark)
            else:
                posted.append(await self._api.post(bot, channel, thread, message, mark))
        await self._remove(bot, channel, question.posted[len(messages) :])
        return posted

    async def _delete(self, item: Item, bot: Workspace) -> None:
        """A question that was deleted takes its answer with it."""
        question = await self._parts.io(lambda: self._inbox.answer_of(item.request))
        if question is not None and question.state == "posted":
            await self._remove(bot, question.request.channel, question.posted)
            await self._parts.io(lambda: self._inbox.amend(question, question.request.text, (), "dropped"))
        await self._done(item)

    async def _remove(self, bot: Workspace, channel: str, posted: tuple[str, ...]) -> None:
        for ts in posted:
            with suppress(SlackRefusedError):  # somebody else has deleted it
                await self._api.delete(bot, channel, ts)

    async def _command(self, item: Item, bot: Workspace) -> None:
        answer = await self._ask(item.request.text, [])
        await self._keep(item.request, answer, in_session=False)
        shareable = answer.status in ("answered", "not_in_articles")
        messages = answer_messages(answer, self._public_url, shareable, heading=item.request.text)
        await self._once_privately(item, bot, messages)

    async def _check(self, item: Item, bot: Workspace) -> None:
        """Ask of each sentence of a statement whether it is true."""
        text = item.request.text
        sentences = [text[span.start : span.end] for span in sentence_spans(text)]
        asked = [(sentence, f"Is it true that {sentence.rstrip('.!')}?") for sentence in sentences[:MAX_SENTENCES]]
        checked = [(sentence, await self._ask(question, [])) for sentence, question in asked]
        if not checked:
            messages = [notice("There is no sentence in this message that could be checked.")]
        else:
            messages = check_messages(checked, self._public_url)
        if len(sentences) > MAX_SENTENCES:
            messages.append(notice(f"Only the first {MAX_SENTENCES} of {len(sentences)} sentences were checked."))
        await self._once_privately(item, bot, messages)

    async def _feedback(self, item: Item, bot: Workspace) -> None:
        request = item.request
        kept = await self._parts.io(
            lambda: self._parts.sessions.rate(request.owner, request.answer_id, request.rating, "")
        )
        text = "Thank you, noted." if kept else "This answer is not kept any more, so neither is your opinion of it."
        await self._once_privately(item, bot, [notice(text)])

    async def _receipt(self, item: Item, bot: Workspace) -> None:
        """The receipt as a file: in the thread of the answer, or to its one reader."""
        request = item.request
        answer = await self._answer(request)
        if answer is None:
            await self._once_privately(item, bot, [notice("This answer is not kept any more.")])
            return
        await self._begin(item)
        channel = await self._api.direct_channel(bot, request.user) if request.private else request.channel
        thread = "" if request.private else request.thread
        name = f"receipt-{request.answer_id[:12]}.json"
        await self._api.upload(bot, channel, thread, name, answer.model_dump_json(indent=2))
        await self._done(item)

    async def _share(self, item: Item, bot: Workspace) -> None:
        """Show a private answer to the whole channel."""
        answer = await self._answer(item.request)
        if answer is None:
            await self._once_privately(item, bot, [notice("This answer is not kept any more.")])
            return
        delivery = self._delivery(item, bot, "")
        try:
            if not await delivery.recover():
                await delivery.complete(answer, heading=answer.question)
        except SlackRefusedError as error:
            if error.code not in _NOT_THERE:
                raise
            for message in answer_messages(answer, self._public_url, heading=answer.question):
                await self._api.respond(item.request.response_url, message, public=True)
            await self._done(item)
        with suppress(FootnoteError):  # it is shared; that the private copy stays is no harm
            await self._api.respond(item.request.response_url, notice(""), remove=True)

    async def _prompts(self, item: Item, bot: Workspace) -> None:
        serving = await self._parts.generations.current()
        if serving.serial not in self._suggested:
            documents = list(serving.source.retriever.documents.values())
            self._suggested = {serving.serial: await self._answerable(candidates(documents))}
        await self._api.prompts(bot, item.request.channel, item.request.thread, self._suggested[serving.serial])
        await self._done(item)

    async def _answerable(self, prompts: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those that have an answer: nothing is suggested that the articles do not say."""
        good: list[tuple[str, str]] = []
        for title, message in prompts:
            if len(good) < MAX_PROMPTS and (await self._ask(message, [])).status == "answered":
                good.append((title, message))
        return good or [NOTHING_YET]

    async def _ask(self, question: str, history: list[Turn]) -> Answer:
        listener = await self._parts.answering.listen(question, history)
        try:
            return await listener.answer()
        finally:
            listener.close()

    async def _history(self, request: Request) -> list[Turn]:
        return await self._parts.io(lambda: self._parts.sessions.history(request.owner, request.session))

    async def _keep(self, request: Request, answer: Answer, in_session: bool = True) -> None:
        """Keep the receipt before the answer is seen, so that its buttons work and a follow-up finds it."""
        session = request.session if in_session else ""
        await self._parts.io(lambda: self._parts.sessions.add(request.owner, session, answer))

    async def _answer(self, request: Request) -> Answer | None:
        return await self._parts.io(lambda: self._parts.sessions.receipt(request.owner, request.answer_id))

    async def _once_privately(self, item: Item, bot: Workspace, messages: list[Message]) -> None:
        """Show somebody something. Nobody can look up private messages: after a crash right here it comes twice."""
        await self._begin(item)
        await self._privately(item.request, bot, messages)
        await self._done(item)

    async def _privately(self, request: Request, bot: Workspace, messages: list[Message]) -> None:
        for message in messages:
            try:
                await self._api.respond(request.response_url, message)
            except SlackRefusedError as error:  # a response_url lasts for half an hour
                _log.info("%s", error)
                thread = request.thread if request.kind == "feedback" and not request.private else ""
                await self._api.tell(bot, request.channel, request.user, thread, message)

    async def _begin(self, item: Item) -> None:
        if item.state != "posting" and not await self._parts.io(lambda: self._inbox.begin(item)):
            raise SupersededError

    async def _done(self, item: Item) -> None:
        await self._parts.io(lambda: self._inbox.finish(item))

    async def _status(self, request: Request, bot: Workspace, status: str) -> None:
        await self._api.status(bot, request.channel, request.thread, status)

    def _delivery(self, item: Item, bot: Workspace, thread: str) -> Delivery:
        return Delivery(self._parts, self._api, self._inbox, bot, item, self._public_url, thread)
