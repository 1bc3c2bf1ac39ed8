"""One question, one answer."""

from fastapi import APIRouter, Request, Response

from answer.types import Answer, Turn
from api.http.auth import WithCaller
from api.http.disconnect import while_connected
from api.http.openapi import problems
from api.http.parts import Parts, WithParts
from api.http.questions import checked, keep_receipt
from api.http.schemas import AskRequest

router = APIRouter(tags=["answers"])


@router.post("/v1/ask", response_model=Answer, responses=problems(body=True, models=True))
async def ask(request: Request, body: AskRequest, parts: WithParts, caller: WithCaller) -> Response:
    """Answer one question. The answer is its own receipt: POST it to /v1/verify to prove it again."""
    question = checked(request, parts, body.question)
    history = [Turn(turn.role, turn.text) for turn in body.history]
    answer = await while_connected(request, _answer(parts, question, history))
    await keep_receipt(parts, caller, answer)
    return Response(answer.model_dump_json(), media_type="application/json")


async def _answer(parts: Parts, question: str, history: list[Turn]) -> Answer:
    listener = await parts.answering.listen(question, history)
    try:
        return await listener.answer()
    finally:
        listener.close()
