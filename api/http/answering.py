"""From a question to its events: cache, then a computation in flight to join, then the worker pool."""

import asyncio
import logging
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass

from answer.service import ChatService, Progress
from answer.types import Answer, Timings, Turn
from api.http.generations import Generations, Serving
from api.http.metrics import Metrics
from api.http.pool import StoppedError, WorkerPool, stoppable
from api.http.problems import ProblemError, unavailable

Event = Progress | Answer
_log = logging.getLogger("footnote.http")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer depends on, besides the settings, which a process cannot change.

    ``serial`` names the opened index, see ``Serving``.
    """

    serial: int
    question: str
    history: tuple[Turn, ...]


class Flight:
    """One computation and those who follow it. Lives on the event loop; only ``stop`` is seen by the worker."""

    def __init__(self, abandoned: Callable[[], None]) -> None:
        self.events: list[Event] = []
        self.stop = threading.Event()
        self.done = False
        self._error: Exception | None = None
        self._changed = asyncio.Event()
        self._followers = 0
        self._abandoned = abandoned

    def push(self, event: Event) -> None:
        """Hand an event to all followers."""
        self.events.append(event)
        self._notify()

    def finish(self, error: Exception | None = None) -> None:
        """No more events; followers see ``error`` raised. A second call does nothing."""
        if not self.done:
            self.done, self._error = True, error
            self._notify()

    def join(self) -> None:
        """One more follower."""
        self._followers += 1

    def leave(self) -> None:
        """One follower less; the work stops when there is none."""
        self._followers -= 1
        if self._followers == 0 and not self.done:
            self._abandoned()

    async def follow(self) -> AsyncIterator[Event]:
        """All events from the first on."""
        seen = 0
        while True:
            while seen < len(self.events):
                yield self.events[seen]
                seen += 1
            if self.done:
                if self._error is not None:
                    raise self._error
                return
            await self._changed.wait()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class Listener:
    """One client's view of an answer. Close it, whatever happens: work for nobody stops.

    Args:
        flight: what it follows.
        fresh: give the answer an id of its own, because it was computed for somebody else.
    """

    def __init__(self, flight: Flight, fresh: bool) -> None:
        self._flight, self._fresh, self._closed = flight, fresh, False
        self._started = time.perf_counter()
        flight.join()

    def close(self) -> None:
        """Stop listening. A second call does nothing."""
        if not self._closed:
            self._closed = True
            self._flight.leave()

    async def events(self) -> AsyncIterator[Event]:
        """Each statement once it is proven, then the whole Answer."""
        async with aclosing(self._flight.follow()) as events:  # type: ignore[type-var]
            async for event in events:
                yield self._own(event) if self._fresh and isinstance(event, Answer) else event

    async def answer(self) -> Answer:
        """The whole answer."""
        async with aclosing(self.events()) as events:  # type: ignore[type-var]
            async for event in events:
                if isinstance(event, Answer):
                    return event
        raise AssertionError("events() ends with an Answer")

    def _own(self, answer: Answer) -> Answer:
        spent = Timings(total=round((time.perf_counter() - self._started) * 1000))
        return answer.model_copy(update={"id": uuid.uuid4().hex, "timings_ms": spent})


class Answering:
    """Answers questions for many clients. Used from the event loop alone.

    Args:
        service: gives the one service, loading it if need be; called in a worker.
        generations: what is answered from.
        pool: where it is computed.
        metrics: counts.
        cache_answers: finished answers kept.
        timeout_s: limit for one answer, waiting included.
    """

    def __init__(
        self,
        service: Callable[[], ChatService],
        generations: Generations,
        pool: WorkerPool,
        metrics: Metrics,
        cache_answers: int,
        timeout_s: float,
    ) -> None:
        self._service, self._generations, self._pool, self._metrics = service, generations, pool, metrics
        self._cache_answers, self._timeout_s = cache_answers, timeout_s
        self._cache: OrderedDict[Asked, tuple[Event, ...]] = OrderedDict()
        self._flights: dict[Asked, Flight] = {}

    @property
    def in_flight(self) -> int:
        """Computations running or waiting."""
        return len(self._flights)

    async def listen(self, question: str, history: Sequence[Turn]) -> Listener:
        """Begin an answer, or join the one in flight. The caller closes the listener.

        Raises:
            ProblemError: 429, the queue is full; 503, there is no index.
        """
        serving = await self._generations.current()
        asked = Asked(serving.serial, question, tuple(history))
        if asked in self._cache:
            self._cache.move_to_end(asked)
            self._metrics.cached.inc()
            return Listener(_replay(self._cache[asked]), fresh=True)
        if asked in self._flights:
            self._metrics.shared.inc()
            return Listener(self._flights[asked], fresh=True)
        return Listener(self._start(asked, serving), fresh=False)

    def stop(self) -> None:
        """End all computations; those who follow one get a 503."""
        for asked, flight in list(self._flights.items()):
            self._end(asked, flight, unavailable("stopping", "the service is being stopped"))
            flight.stop.set()

    def _start(self, asked: Asked, serving: Serving) -> Flight:
        loop = asyncio.get_running_loop()

        def abandon() -> None:
            flight.stop.set()
            job.cancel()
            self._end(asked, flight, None)

        flight = Flight(abandon)
        job = self._pool.submit(lambda: self._work(loop, asked, serving, flight))
        self._flights[asked] = flight
        timer = loop.call_later(self._timeout_s, lambda: self._expire(asked, flight, abandon))
        job.add_done_callback(lambda _: loop.is_closed() or loop.call_soon_threadsafe(timer.cancel))
        return flight

    def _work(self, loop: asyncio.AbstractEventLoop, asked: Asked, serving: Serving, flight: Flight) -> None:
        """In a worker: compute, handing events to the loop as they come."""
        error: Exception | None = None
        try:
            with (
                stoppable(flight.stop),
                closing(self._service().stream(asked.question, serving.source, asked.history)) as events,  # type: ignore[type-var]
            ):
                for event in events:
                    if flight.stop.is_set():
                        break
                    loop.call_soon_threadsafe(flight.push, event)
        except StoppedError:
            self._metrics.stopped.inc()
        except Exception as caught:  # handed to those who wait, who turn it into a response
            error = caught
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._end, asked, flight, error)

    def _expire(self, asked: Asked, flight: Flight, abandon: Callable[[], None]) -> None:
        if not flight.done:
            late = ProblemError(504, "timeout", f"there was no answer within {self._timeout_s:g} s", "try again later")
            self._end(asked, flight, late)
            abandon()

    def _end(self, asked: Asked, flight: Flight, error: Exception | None) -> None:
        """Close a flight, and keep its answer if it came to one. A second call does nothing."""
        if flight.done:
            return
        if self._flights.get(asked) is flight:
            del self._flights[asked]
        flight.finish(error)
        if error is None and flight.events and isinstance(flight.events[-1], Answer):
            self._metrics.answered(flight.events[-1])
            self._remember(asked, tuple(flight.events))

    def _remember(self, asked: Asked, events: tuple[Event, ...]) -> None:
        self._cache[asked] = events
        while len(self._cache) > self._cache_answers or (self._cache and next(iter(self._cache)).serial < asked.serial):
            self._cache.popitem(last=False)


def _replay(events: Sequence[Event]) -> Flight:
    flight = Flight(lambda: None)
    flight.events = list(events)
    flight.finish()
    return flight
