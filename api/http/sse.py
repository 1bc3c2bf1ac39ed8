"""Server-sent events: frames, heartbeats, and a response that cleans up whatever happens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

HEARTBEAT = b": still here\n\n"


def frame(event: str, data: str) -> bytes:
    """One event; ``data`` is JSON, which has no line breaks."""
    return f"event: {event}\ndata: {data}\n\n".encode()


def data_frame(data: str) -> bytes:
    """One event without a name, as OpenAI streams them."""
    return f"data: {data}\n\n".encode()


async def with_heartbeats(frames: AsyncIterator[bytes], every_s: float) -> AsyncIterator[bytes]:
    """``frames``, and a comment whenever there was none for ``every_s`` seconds, so that no proxy gives up."""
    coming: asyncio.Future[bytes] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(_next(frames))
            done, _ = await asyncio.wait({coming}, timeout=every_s)
            if not done:
                yield HEARTBEAT
                continue
            try:
                yield coming.result()
            except StopAsyncIteration:
                return
            coming = None
    finally:
        if coming is not None and not coming.done():
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def _next(frames: AsyncIterator[bytes]) -> bytes:
    return await anext(frames)


class EventStream(StreamingResponse):
    """Streams frames; a client that leaves ends it at once.

    Args:
        frames: what to send.
        heartbeat_s: longest silence.
        close: called when the stream has ended, for whatever reason.
        headers: further response headers.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        frames: AsyncIterator[bytes],
        heartbeat_s: float,
        close: Callable[[], None],
        headers: dict[str, str] | None = None,
    ) -> None:
        # X-Accel-Buffering tells nginx not to hold events back.
        super().__init__(
            with_heartbeats(frames, heartbeat_s),
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no", **(headers or {})},
        )
        self._frames, self._close = frames, close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream."""
        try:
            async with aclosing(self._frames), aclosing(self.body_iterator):  # type: ignore[type-var]
                await super().__call__(scope, receive, send)
        finally:
            self._close()
