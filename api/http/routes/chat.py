"""A conversation that the service keeps, streamed."""

import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request

from answer.service import Progress
from answer.types import Answer
from api.http.answering import Listener
from api.http.auth import Caller, WithCaller
from api.http.openapi import events, problems
from api.http.parts import Parts, WithParts
from api.http.problems import ProblemError, as_problem, problem_of
from api.http.questions import checked
from api.http.schemas import ChatAnswer, ChatRequest
from api.http.sse import EventStream, frame
from api.sessions import new_session_id

router = APIRouter(tags=["answers"])
_log = logging.getLogger("footnote.http")
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: `evidence` (a citation), `statement` (a sentence, proven by citations sent "
        "before), then `answer` (the whole Answer with `session_id`) or `error` (a problem). Lines that begin with a "
        "colon say that the stream is alive.",
        "content": {
            "text/event-stream": {
                "schema": events("evidence", "statement", "answer", "error"),
                "example": {"event": "statement", "data": '{"text":"It was unveiled in 2023.","citations":[1]}'},
            }
        },
        "headers": {"Footnote-Session": {"description": "The session's id.", "schema": {"type": "string"}}},
    }
}


@router.post(
    "/v1/chat", status_code=200, response_class=EventStream, responses=_STREAM | problems(404, body=True, models=True)
)
async def chat(request: Request, body: ChatRequest, parts: WithParts, caller: WithCaller) -> EventStream:
    """Answer a question in a session; each statement is sent once it is proven, not before.

    Without `session_id` a session begins, whose id is in the header `Footnote-Session` and in the answer. Follow-up
    questions are understood. Closing the connection stops the work; nothing is kept of an answer that was stopped.
    """
    question = checked(request, parts, body.question)
    session = body.session_id or new_session_id()
    if body.session_id and await parts.io(lambda: parts.sessions.session(caller.owner, session)) is None:
        raise ProblemError(404, "no-session", "there is no session of this id", "leave session_id out to begin one")
    history = await parts.io(lambda: parts.sessions.history(caller.owner, session))
    listener = await parts.answering.listen(question, history)
    request_id = request.scope["footnote.request_id"]
    return EventStream(
        _frames(parts, caller, session, listener, request_id),
        parts.settings.http.heartbeat_s,
        listener.close,
        {"Footnote-Session": session},
    )


async def _frames(
    parts: Parts, caller: Caller, session: str, listener: Listener, request_id: str
) -> AsyncIterator[bytes]:
    shown = 0
    try:
        async with aclosing(listener.events()) as events:  # type: ignore[type-var]
            async for event in events:
                if isinstance(event, Progress):
                    for citation in event.citations[shown:]:
                        yield frame("evidence", citation.model_dump_json())
                    shown = len(event.citations)
                    yield frame("statement", event.statement.model_dump_json())
                else:
                    yield await _answer_frame(parts, caller, session, event)
    except Exception as error:  # the status has been sent; the stream has to say it
        problem = as_problem(error)
        if problem.status == 500:
            _log.error("a stream failed", exc_info=error, extra={"request_id": request_id})
        yield frame("error", problem_of(problem, request_id).model_dump_json())


async def _answer_frame(parts: Parts, caller: Caller, session: str, answer: Answer) -> bytes:
    """Keeps the exchange before the client hears of it, so that its next question finds it."""
    await parts.io(lambda: parts.sessions.add(caller.owner, session, answer))
    return frame("answer", ChatAnswer(**dict(answer), session_id=session).model_dump_json())
