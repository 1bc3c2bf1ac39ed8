"""What people think of answers, kept with the receipts."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.http.auth import WithCaller
from api.http.openapi import problems
from api.http.parts import WithParts
from api.http.problems import ProblemError
from api.http.schemas import FeedbackList, FeedbackOut, FeedbackRequest

router = APIRouter(tags=["sessions"])


@router.post("/v1/feedback", status_code=201, responses=problems(404, 503, body=True))
async def give_feedback(body: FeedbackRequest, parts: WithParts, caller: WithCaller) -> FeedbackOut:
    """Say whether an answer was good; once more replaces what was said before."""
    kept = await parts.io(lambda: parts.sessions.rate(caller.owner, body.answer_id, body.rating, body.comment))
    if kept is None:
        raise ProblemError(404, "no-answer", "there is no answer of this id", "send the `id` of the Answer")
    return FeedbackOut.of(kept)


@router.get("/v1/feedback", responses=problems(422, 503))
async def list_feedback(
    parts: WithParts, caller: WithCaller, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> FeedbackList:
    """List the caller's feedback, the latest first."""
    kept = await parts.io(lambda: parts.sessions.feedback(caller.owner, limit))
    return FeedbackList(feedback=tuple(map(FeedbackOut.of, kept)))
