"""Works through the inbox: takes what is next, has it handled, and tries again what went wrong for a while."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from api.http.parts import Parts
from api.http.problems import ProblemError, as_problem
from api.sessions import StoreError
from api.slack.delivery import SupersededError
from api.slack.handlers import Handlers
from api.slack.inbox import QUICK, SLOW, Inbox, Item, Lane
from api.slack.web import SlackRefusedError, SlackUnavailableError
from ingest.errors import FootnoteError, UsageError

POLL_S = 1.0
PRUNE_EVERY_S = 300.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 60.0
DAY_OF_TRIES = 1440  # Slack is away: a try a minute, for a day
QUICK_AT_ONCE = 4
SPARE = 2  # questions in hand beyond the workers, so that no worker waits for Slack
_log = logging.getLogger("footnote.slack")


class Desk:
    """The workers of the inbox, on the event loop.

    Args:
        parts: of the service.
        inbox: what there is to do.
        handlers: how it is done.
        attempts: tries before a failure is said.
        lease_s: of the inbox.
    """

    def __init__(self, parts: Parts, inbox: Inbox, handlers: Handlers, attempts: int, lease_s: float) -> None:
        self._parts, self._inbox, self._handlers = parts, inbox, handlers
        self._attempts, self._lease_s = attempts, lease_s
        self._slots: dict[Lane, int] = {SLOW: parts.pool.workers + SPARE, QUICK: QUICK_AT_ONCE}
        self._woken = {SLOW: asyncio.Event(), QUICK: asyncio.Event()}
        self._running: dict[Lane, set[asyncio.Task[None]]] = {SLOW: set(), QUICK: set()}
        self._told: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to work, first on what an earlier process left."""
        self._loop = asyncio.get_running_loop()
        rounds = (self._lane(SLOW), self._lane(QUICK), self._keep(), self._prune(), self._positions())
        self._tasks = [asyncio.create_task(work) for work in rounds]

    async def stop(self) -> None:
        """Stop working; what is not finished is taken up by the next process."""
        tasks = [*self._tasks, *self._running[SLOW], *self._running[QUICK]]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def wake(self) -> None:
        """There is something new. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for event in self._woken.values():
            event.set()

    async def _lane(self, lane: Lane) -> None:
        while True:
            self._woken[lane].clear()
            try:
                while len(self._running[lane]) < self._slots[lane] and (item := await self._take(lane)):
                    task = asyncio.create_task(self._work(item))
                    self._running[lane].add(task)
                    task.add_done_callback(self._running[lane].discard)
                    task.add_done_callback(lambda _: self._wake())
            except StoreError as error:
                _log.error("%s", error)
            await _within(self._woken[lane].wait(), POLL_S)

    async def _take(self, lane: Lane) -> Item | None:
        return await self._parts.io(lambda: self._inbox.take(lane))

    async def _work(self, item: Item) -> None:
        try:
            await self._handlers.handle(item)
        except SupersededError:
            await self._release(item, 0.0, counted=False)
        except SlackRefusedError as error:
            _log.error("%s is given up: %s", item.request.kind, error)
            await self._parts.io(lambda: self._inbox.fail(item))
        except StoreError as error:
            _log.error("%s", error)
            await self._release(item, POLL_S, counted=False)
        except asyncio.CancelledError:
            await asyncio.shield(self._release(item, 0.0, counted=False))
            raise
        except Exception as error:  # whatever it is, the next question is answered
            await self._again(item, error)

    async def _again(self, item: Item, error: Exception) -> None:
        """Another try later, or the end of trying."""
        problem = as_problem(error)
        if isinstance(error, ProblemError) and problem.status in (429, 503) and problem.code != "no-index":
            await self._release(item, float(problem.headers.get("Retry-After", "1")), counted=False)
            return
        unsaid = isinstance(error, SlackUnavailableError)
        last = DAY_OF_TRIES if unsaid else 1 if isinstance(error, UsageError) else self._attempts
        if not isinstance(error, FootnoteError):
            _log.error("%s failed", item.request.kind, exc_info=error)
        if item.attempts + 1 < last:
            _log.warning("%s is tried again: %s", item.request.kind, type(error).__name__)
            await self._release(item, min(FIRST_WAIT_S * 2.0**item.attempts, LONGEST_WAIT_S), counted=True)
        elif unsaid:
            await self._parts.io(lambda: self._inbox.fail(item))
        else:
            await self._give_up(item, problem)

    async def _give_up(self, item: Item, problem: ProblemError) -> None:
        try:
            await self._handlers.apologise(item, problem.detail)
        except SupersededError:
            await self._release(item, 0.0, counted=False)
            return
        except FootnoteError as error:
            _log.error("%s is given up: %s", item.request.kind, error)
        await self._parts.io(lambda: self._inbox.fail(item))

    async def _release(self, item: Item, wait_s: float, counted: bool) -> None:
        try:
            await self._parts.io(lambda: self._inbox.release(item, wait_s, counted))
        except StoreError as error:  # then the lease runs out
            _log.error("%s", error)

    async def _keep(self) -> None:
        await self._every(self._lease_s / 3, self._inbox.keep)

    async def _prune(self) -> None:
        days = self._parts.settings.session_store.max_age_days
        await self._every(PRUNE_EVERY_S, lambda: self._inbox.prune(days * 86_400))

    async def _every(self, seconds: float, work: Callable[[], None]) -> None:
        while True:
            try:
                await self._parts.io(work)
            except StoreError as error:
                _log.error("%s", error)
            await asyncio.sleep(seconds)

    async def _positions(self) -> None:
        """Tell those who wait how many are ahead of them, once."""
        while True:
            await asyncio.sleep(POLL_S)
            if len(self._running[SLOW]) < self._slots[SLOW]:
                continue
            try:
                waiting = await self._parts.io(self._inbox.waiting)
            except StoreError:
                continue
            self._told &= {item.id for _, item in waiting}
            for ahead, item in waiting:
                if item.id not in self._told:
                    self._told.add(item.id)
                    await self._handlers.say_position(item, ahead)


async def _within(waiting: Coroutine[Any, Any, Any], seconds: float) -> None:
    try:
        await asyncio.wait_for(waiting, seconds)
    except TimeoutError:
        return
