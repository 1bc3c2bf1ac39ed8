"""The parts of a running service, made from settings and handed to the routes."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from answer.service import ChatService, Source
from api.http.answering import Answering
from api.http.generations import Generations
from api.http.library import Library
from api.http.limits import RateLimit
from api.http.metrics import Metrics
from api.http.pool import StoppableGenerator, WorkerPool
from api.http.problems import ProblemError
from api.keys import KeyRing
from api.sessions import open_sessions
from api.settings import Settings
from api.wiring import build_service, open_source
from ingest.errors import FootnoteError
from retriever.embedder import open_embedder

PRUNE_EVERY_S = 3600.0
WAITING_UPLOADS = 4
T = TypeVar("T")
_log = logging.getLogger("footnote.http")


class Parts:
    """Everything the routes use. Made before the event loop runs; ``start`` and ``stop`` are called on it.

    Args:
        settings: the whole tree; each part is given its section.
        require_key: whether requests need an API key.
    """

    def __init__(self, settings: Settings, require_key: bool) -> None:
        http = settings.http
        self.settings, self.require_key = settings, require_key
        self.metrics = Metrics()
        self.keys = KeyRing(settings.keys)
        self.rate = RateLimit(http.rate_per_minute)
        self.sessions = open_sessions(settings.sessions, settings.session_store)
        self.pool = WorkerPool(http.workers, http.queue, "footnote-answer")
        self._writer = WorkerPool(1, WAITING_UPLOADS, "footnote-index")
        self._io = ThreadPoolExecutor(4, thread_name_prefix="footnote-io")
        self._embedder = open_embedder(settings.retriever)
        self._service: ChatService | None = None
        self._loading = threading.Lock()
        self.generations = Generations(settings.index, self._open_source, self._io)
        self.answering = Answering(
            self.service, self.generations, self.pool, self.metrics, http.cache_answers, http.timeout_s
        )
        self.library = Library(settings, self._embedder, self._writer, self.generations)
        self._tasks: list[asyncio.Task[None]] = []
        self.problem = "the models are being loaded"

    async def start(self) -> None:
        """Begin to load the models and to watch the index; returns at once."""
        self._tasks = [
            asyncio.create_task(self._load()),
            asyncio.create_task(self.generations.watch()),
            asyncio.create_task(self._prune()),
        ]

    async def stop(self) -> None:
        """Stop all work and wait for it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.answering.stop()
        for pool in (self.pool, self._writer):
            await asyncio.to_thread(pool.close)
        await asyncio.to_thread(self._io.shutdown)
        await asyncio.to_thread(self.sessions.close)

    async def io(self, work: Callable[[], T]) -> T:
        """Do something that waits for a disk or a database."""
        return await asyncio.get_running_loop().run_in_executor(self._io, work)

    async def compute(self, work: Callable[[], T]) -> T:
        """Do model work in the pool, within the time one answer may take. Raises ProblemError (429, 504)."""
        timeout_s = self.settings.http.timeout_s
        try:
            return await self.pool.run(work, timeout_s)
        except TimeoutError:
            raise ProblemError(504, "timeout", f"there was no result within {timeout_s:g} s") from None

    def service(self) -> ChatService:
        """The one service; made and loaded by the first caller. Blocks: for a worker alone. Raises ModelError."""
        with self._loading:
            if self._service is None:
                service = build_service(
                    self.settings.answer, lambda inner: StoppableGenerator(inner, self.metrics.tokens.inc)
                )
                service.load()
                self._service, self.problem = service, ""
            return self._service

    @property
    def models_loaded(self) -> bool:
        """Whether the models are in memory."""
        return self._service is not None

    def _open_source(self) -> Source:
        return open_source(self.settings, self._embedder)

    async def _load(self) -> None:
        """Load in the pool: questions that come meanwhile wait behind it."""
        try:
            await self.pool.run(self.service)
        except Exception as error:
            self.problem = "the models cannot be loaded; the log of the service says why"
            trace = None if isinstance(error, FootnoteError) else error
            _log.error("the models cannot be loaded: %s", error, exc_info=trace)
        else:
            _log.info("the models are loaded")

    async def _prune(self) -> None:
        while True:
            try:
                await self.io(self.sessions.prune)
            except FootnoteError as error:
                _log.error("%s", error)
            await asyncio.sleep(PRUNE_EVERY_S)


def parts_of(request: Request) -> Parts:
    """The parts of the application that a request came to."""
    parts: Parts = request.app.state.parts
    return parts


WithParts = Annotated[Parts, Depends(parts_of)]
