"""OpenAI-compatible chat completions, streamed and not."""

import json
import logging
import re
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from fastapi import APIRouter, Request, Response

from answer.compose import answer_text
from answer.service import Progress
from answer.types import Answer, Statement
from api.http.answering import Listener
from api.http.auth import Caller, WithCaller
from api.http.disconnect import while_connected
from api.http.openai_schemas import (
    Choice,
    Chunk,
    ChunkChoice,
    Completion,
    CompletionRequest,
    Delta,
    OutMessage,
    Usage,
    text_of,
)
from api.http.openapi import events, openai_errors
from api.http.parts import Parts, WithParts
from api.http.problems import COMPLETIONS, as_problem, openai_error
from api.http.questions import checked, keep_receipt
from api.http.sse import EventStream, data_frame

router = APIRouter(tags=["OpenAI"])
_log = logging.getLogger("footnote.http")
_WORD = re.compile(r"\w+|[^\w\s]")
_ALSO_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The completion; with `stream` its chunks as server-sent events, then `[DONE]`.",
        "content": {"text/event-stream": {"schema": events()}},
    }
}


@router.post(COMPLETIONS, response_model=Completion, responses=_ALSO_STREAMED | openai_errors())
async def complete(request: Request, body: CompletionRequest, parts: WithParts, caller: WithCaller) -> Response:
    """Answer the last user message from the articles, whatever the other messages ask for.

    The receipt is under the key `footnote`: of the completion, or of the chunk that has the finish reason.
    """
    checked(request, parts, body.question())
    if not body.stream:
        return await while_connected(request, _whole(parts, caller, body))
    listener = await parts.answering.listen(body.question(), body.history())
    frames = _frames(parts, caller, body, listener, request.scope["footnote.request_id"])
    return EventStream(frames, parts.settings.http.heartbeat_s, listener.close)


async def _whole(parts: Parts, caller: Caller, body: CompletionRequest) -> Response:
    listener = await parts.answering.listen(body.question(), body.history())
    try:
        answer = await listener.answer()
    finally:
        listener.close()
    await keep_receipt(parts, caller, answer)
    completion = Completion(
        id=f"chatcmpl-{answer.id}",
        created=int(time.time()),
        choices=(Choice(message=OutMessage(content=answer.text)),),
        usage=_usage(body, answer),
        footnote=answer,
    )
    return Response(completion.model_dump_json(), media_type="application/json")


@dataclass(frozen=True, slots=True)
class _Chunks:
    """Makes the frames of one streamed completion."""

    id: str
    created: int

    def delta(self, delta: Delta) -> bytes:
        """A piece of text, or the role."""
        choice = ChunkChoice(delta=delta)
        return self._frame(Chunk(id=self.id, created=self.created, choices=(choice,)), delta)

    def end(self, answer: Answer) -> bytes:
        """The finish reason and the receipt."""
        choice = ChunkChoice(delta=Delta(), finish_reason="stop")
        return self._frame(Chunk(id=self.id, created=self.created, choices=(choice,), footnote=answer), Delta())

    def usage(self, usage: Usage) -> bytes:
        """The usage, without a choice."""
        return data_frame(Chunk(id=self.id, created=self.created, choices=(), usage=usage).model_dump_json())

    @staticmethod
    def _frame(chunk: Chunk, delta: Delta) -> bytes:
        """Clients tell a field that is absent from one that is null."""
        content = chunk.model_dump(mode="json", exclude={"usage", *(() if chunk.footnote else ("footnote",))})
        content["choices"][0]["delta"] = delta.model_dump(exclude_none=True)
        return data_frame(json.dumps(content))


async def _frames(
    parts: Parts, caller: Caller, body: CompletionRequest, listener: Listener, request_id: str
) -> AsyncIterator[bytes]:
    chunks = _Chunks(f"chatcmpl-{uuid.uuid4().hex}", int(time.time()))
    said = ""
    proven: list[Statement] = []
    try:
        yield chunks.delta(Delta(role="assistant", content=""))
        async with aclosing(listener.events()) as events:  # type: ignore[type-var]
            async for event in events:
                text = _text_so_far(event, proven)
                if len(text) > len(said):
                    yield chunks.delta(Delta(content=text.removeprefix(said)))
                    said = text
                if isinstance(event, Answer):
                    await keep_receipt(parts, caller, event)
                    yield chunks.end(event)
                    if body.wants_usage():
                        yield chunks.usage(_usage(body, event))
        yield data_frame("[DONE]")
    except Exception as error:  # the status has been sent; the stream has to say it
        problem = as_problem(error)
        if problem.status == 500:
            _log.error("a stream failed", exc_info=error, extra={"request_id": request_id})
        yield data_frame(json.dumps(openai_error(problem)))


def _text_so_far(event: Progress | Answer, proven: list[Statement]) -> str:
    """What can be sent: how statements are joined depends on how many there are, and more may come."""
    if isinstance(event, Answer):
        return event.text
    proven.append(event.statement)
    more = [*proven, *proven[:1], *proven[:1]]
    return _common_start(answer_text(proven), answer_text(more))


def _common_start(one: str, other: str) -> str:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(letter for letter, _ in same)


def _usage(body: CompletionRequest, answer: Answer) -> Usage:
    asked = _count([text_of(message) for message in body.messages])
    said = _count([answer.text])
    return Usage(prompt_tokens=asked, completion_tokens=said, total_tokens=asked + said)


def _count(texts: Sequence[str]) -> int:
    return sum(len(_WORD.findall(text)) for text in texts)
