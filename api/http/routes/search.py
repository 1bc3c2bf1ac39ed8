"""Passages, without an answer."""

from fastapi import APIRouter, Request

from api.found import Found, found
from api.http.auth import WithCaller
from api.http.disconnect import while_connected
from api.http.openapi import problems
from api.http.parts import WithParts
from api.http.questions import checked
from api.http.schemas import SearchRequest

router = APIRouter(tags=["answers"])


@router.post("/v1/search", responses=problems(body=True, models=True))
async def search(request: Request, body: SearchRequest, parts: WithParts, _caller: WithCaller) -> Found:
    """Find the passages that fit a query best, best first."""
    query = checked(request, parts, body.query)
    serving = await parts.generations.current()
    hits = await while_connected(request, parts.compute(lambda: serving.source.retriever.search(query, body.k)))
    return found("", hits)
