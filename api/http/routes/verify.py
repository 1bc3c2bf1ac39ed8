"""Proving a receipt again."""

import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from answer.receipt import verify_receipt
from answer.types import Answer
from api.http.auth import WithCaller
from api.http.disconnect import while_connected
from api.http.numbers import with_integers
from api.http.openapi import problems
from api.http.parts import WithParts
from api.http.problems import ProblemError
from api.http.schemas import Check, Verification

router = APIRouter(tags=["answers"])
# The body is read here and not by FastAPI, because strict types and tuples meet only when pydantic reads JSON itself.
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}},
    }
}


@router.post("/v1/verify", openapi_extra=_BODY, responses=problems(415, body=True, models=True))
async def verify(request: Request, parts: WithParts, _caller: WithCaller) -> Verification:
    """Compare every quote of a receipt with the documents as they are now, and prove each statement again."""
    answer = await _receipt(request)
    documents = (await parts.generations.current()).source.retriever.documents
    checks = await while_connected(request, parts.compute(lambda: verify_receipt(answer, documents)))
    rows = tuple(Check(subject=c.subject, verified=not c.problem, problem=c.problem) for c in checks)
    return Verification(id=answer.id, verified=all(row.verified for row in rows), checks=rows)


async def _receipt(request: Request) -> Answer:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(415, "media-type", "a receipt is JSON", "send the header Content-Type: application/json")
    try:
        return Answer.model_validate_json(with_integers(await request.body()), strict=True)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise ProblemError(400, "not-json", "the body is not valid JSON") from None
    except ValidationError as error:
        rows = [{**row, "loc": ("body", *row["loc"])} for row in error.errors(include_context=False, include_url=False)]
        raise RequestValidationError(rows) from None
