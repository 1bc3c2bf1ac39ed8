"""The bounded pool of threads that models run in."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TypeVar

from answer.backends.base import Generator, Message
from api.http.problems import busy

T = TypeVar("T")

_thread = threading.local()


class StoppedError(Exception):
    """Raised inside a draft whose request nobody waits for any more."""


@contextmanager
def stoppable(stop: threading.Event) -> Iterator[None]:
    """Work of this thread inside the block ends at the next token once ``stop`` is set."""
    _thread.stop = stop
    try:
        yield
    finally:
        _thread.stop = None


class StoppableGenerator:
    """A generator that ends between two tokens when the work of its thread is no longer wanted.

    ChatService cannot be closed from outside while it waits for a draft; this reaches into the draft.

    Args:
        inner: the generator.
        count: called with the number of pieces (tokens, for most backends) written.
    """

    def __init__(self, inner: Generator, count: Callable[[int], None]) -> None:
        self._inner, self._count = inner, count

    @property
    def name(self) -> str:
        """The inner one's."""
        return self._inner.name

    def load(self) -> None:
        """Load the inner one."""
        self._inner.load()

    def stream(self, messages: list[Message], max_tokens: int) -> Iterator[str]:
        """As the inner one. Raises StoppedError when the work is no longer wanted."""
        stop: threading.Event | None = getattr(_thread, "stop", None)
        with closing(self._inner.stream(messages, max_tokens)) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                if stop is not None and stop.is_set():
                    raise StoppedError
                self._count(1)
                yield piece


class WorkerPool:
    """Threads for model work, with a bounded queue before them. Used from the event loop alone.

    Args:
        workers: threads, which is also how many jobs run at a time.
        queue: jobs that may wait; one more is refused.
        name: of the threads.
    """

    def __init__(self, workers: int, queue: int, name: str) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix=name)
        self.workers, self.capacity = workers, workers + queue
        self.jobs = 0

    @property
    def waiting(self) -> int:
        """Jobs that no thread has taken yet, about."""
        return max(0, self.jobs - self.workers)

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        """Queue a job; cancelling the future of one that has not begun takes it out of the queue at once.

        Raises:
            ProblemError: 429, as many jobs as the pool bears are running or waiting.
        """
        if self.jobs >= self.capacity:
            raise busy(f"{self.jobs} jobs are being worked on or waiting, the limit is {self.capacity}")
        loop = asyncio.get_running_loop()
        self.jobs += 1
        job = self._threads.submit(work)
        job.add_done_callback(lambda _: _soon(loop, self._leave))
        return job

    async def run(self, work: Callable[[], T], timeout_s: float | None = None) -> T:
        """Do a job and wait for it. Raises as ``submit``, TimeoutError, and what the job raises."""
        job = self.submit(work)
        async with asyncio.timeout(timeout_s):
            return await asyncio.wrap_future(job)

    def close(self) -> None:
        """Take what waits out of the queue and wait for what runs. Blocks."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _leave(self) -> None:
        self.jobs -= 1


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """Run ``call`` on the loop; at shutdown, when there is no loop any more, nobody needs it."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
