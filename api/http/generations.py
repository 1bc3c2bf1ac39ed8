"""The index that serves: opened off the event loop, swapped while the old generation goes on serving."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from answer.service import Source
from api.http.problems import unavailable
from ingest.errors import FootnoteError
from retriever.manifest import MANIFEST_FILE

POLL_S = 1.0
_log = logging.getLogger("footnote.http")

Signature = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Serving:
    """What answers are read from; ``serial`` is another for every opening, also of the same generation."""

    serial: int
    source: Source


class Generations:
    """Knows the serving generation and notices when another one is published.

    Args:
        index: the index folder.
        open_source: opens the current generation; blocks, and raises FootnoteError.
        executor: where it is opened.
    """

    def __init__(self, index: Path, open_source: Callable[[], Source], executor: Executor) -> None:
        self._index, self._open, self._executor = index, open_source, executor
        self._serving: Serving | None = None
        self._seen: Signature | None = None
        self._opened_once = asyncio.Event()
        self._refreshing = asyncio.Lock()
        self.problem = "the index has not been opened yet"

    @property
    def serving(self) -> Serving | None:
        """What serves now, or None."""
        return self._serving

    async def current(self) -> Serving:
        """What serves now; waits for the first opening. Raises ProblemError (503) when there is no index."""
        await self._opened_once.wait()
        if self._serving is None:
            raise unavailable("no-index", "there is no index yet", "upload an article, or run: footnote ingest PATH")
        return self._serving

    async def refresh(self) -> None:
        """Open the current generation if it is another than the one that serves."""
        async with self._refreshing:
            seen = signature(self._index)
            if seen == self._seen and self._opened_once.is_set():
                return
            try:
                source = await asyncio.get_running_loop().run_in_executor(self._executor, self._open)
            except (FootnoteError, OSError) as error:
                self.problem = "the index cannot be opened; the log of the service says why"
                _log.warning("the index cannot be opened: %s", error)
            else:
                self._serving = Serving(self._serving.serial + 1 if self._serving else 1, source)
                self.problem = ""
                _log.info("generation %d serves", source.index.generation)
            self._seen = seen
            self._opened_once.set()

    async def watch(self) -> None:
        """Refresh for ever, once a second: two calls of stat where nothing has changed."""
        while True:
            await self.refresh()
            await asyncio.sleep(POLL_S)


def signature(index: Path) -> Signature:
    """Changes when another generation is published or the calibration of the current one is replaced."""
    current = index / "CURRENT"
    try:
        number = current.read_text(encoding="utf-8").strip()
        named = (index / number / MANIFEST_FILE,) if number.isdecimal() else ()
        found = [path.stat() for path in (current, *named)]
    except (OSError, UnicodeDecodeError):
        return ()
    return tuple((status.st_ino, status.st_mtime_ns, status.st_size) for status in found)
