"""What goes wrong, as RFC 9457 problem details; on the OpenAI-compatible route in OpenAI's shape.

One table maps the product's errors to a status. What only the owner of the service can repair is told to the
log, not to the client: such messages name folders.
"""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.sessions import StoreError
from ingest.errors import FootnoteError, IndexStateError, ModelError, SourceError, UsageError

CLIENT_GONE = 499
COMPLETIONS = "/v1/chat/completions"
_TITLES = {
    400: "The request cannot be read",
    401: "An API key is needed",
    403: "Refused",
    404: "Not found",
    405: "Method not allowed",
    408: "The request took too long to arrive",
    413: "The request is too large",
    415: "Media type not supported",
    422: "The request is not valid",
    429: "Too many requests",
    500: "Internal error",
    503: "Not available now",
    504: "The answer took too long",
}
UPLOAD_HINT = "send the article itself as multipart/form-data, field `file`; addresses are not fetched"
_log = logging.getLogger("footnote.http")


class FieldProblem(BaseModel):
    """One field that is not valid."""

    model_config = ConfigDict(frozen=True)

    field: str = Field(description="Where it stands, e.g. body.question.")
    problem: str


class Problem(BaseModel):
    """Problem details, RFC 9457."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:footnote:busy",
                    "title": "Too many requests",
                    "status": 429,
                    "detail": "17 questions are being worked on or waiting",
                    "hint": "try again in 2 s",
                    "request_id": "5f0c1b6e9d2a4c3f",
                    "errors": [],
                }
            ]
        },
    )

    type: str = Field(description="Says which problem it is; for programs.")
    title: str
    status: int
    detail: str = Field(description="What happened; for people.")
    hint: str = Field(default="", description="What to do about it, where something can be done.")
    request_id: str = Field(default="", description="The X-Request-ID of this request; the log has it too.")
    errors: tuple[FieldProblem, ...] = Field(default=(), description="Which fields are not valid, with status 422.")


class ProblemError(Exception):
    """Ends a request with a problem.

    Args:
        status: of the response.
        code: the last part of the problem's ``type``.
        detail: what happened, one line.
        hint: what to do about it, or "".
        headers: further response headers, e.g. Retry-After.
        errors: the fields that are not valid.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        hint: str = "",
        headers: Mapping[str, str] | None = None,
        errors: tuple[FieldProblem, ...] = (),
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.hint = status, code, detail, hint
        self.headers, self.errors = dict(headers or {}), errors


def busy(detail: str, code: str = "busy", retry_after_s: int = 2) -> ProblemError:
    """429 with Retry-After."""
    return ProblemError(429, code, detail, f"try again in {retry_after_s} s", {"Retry-After": str(retry_after_s)})


def unavailable(code: str, detail: str, hint: str = "") -> ProblemError:
    """503 with Retry-After."""
    return ProblemError(503, code, detail, hint, {"Retry-After": "5"})


def as_problem(error: Exception) -> ProblemError:
    """The problem an error amounts to; an error we do not know is an internal one."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, FootnoteError):
        return _of_ours(error)
    if isinstance(error, RequestValidationError):
        return _of_validation(error)
    if isinstance(error, HTTPException):
        return ProblemError(error.status_code, _code(error.status_code), str(error.detail), headers=error.headers)
    return ProblemError(500, "internal", "something went wrong in the service; its log says what")


def _of_ours(error: FootnoteError) -> ProblemError:
    if isinstance(error, UsageError):
        return ProblemError(422, "invalid", error.message, error.hint)
    if isinstance(error, SourceError):
        return ProblemError(422, "unreadable-source", error.message, error.hint)
    _log.error("%s", error)
    if isinstance(error, IndexStateError):
        return unavailable("index", "the index cannot be used now", "try again, or see the log of the service")
    if isinstance(error, StoreError):
        return unavailable(
            "sessions", "the conversations cannot be used now", "try again, or see the log of the service"
        )
    if isinstance(error, ModelError):
        return unavailable("model", "a model cannot be used now", "try again, or see the log of the service")
    return ProblemError(500, "internal", "something went wrong in the service; its log says what")


def _of_validation(error: RequestValidationError) -> ProblemError:
    """Names the fields; never repeats the input, which may be long, secret or not even Unicode."""
    rows = error.errors()
    if any(row["type"] == "json_invalid" for row in rows):
        return ProblemError(400, "not-json", "the body is not valid JSON")
    rows = sorted(rows, key=lambda row: -len(row["loc"]))  # of a union the deepest says most
    errors = tuple(FieldProblem(field=_where(row), problem=str(row["msg"])) for row in rows[:20])
    hint = UPLOAD_HINT if errors[0].field.startswith("body.file") else ""
    return ProblemError(422, "invalid", f"{errors[0].field}: {errors[0].problem}", hint, errors=errors)


def _where(row: Mapping[str, Any]) -> str:
    """Field names come from the client as well, so they are cut and freed of what is not Unicode."""
    return ".".join(str(part) for part in row["loc"])[:200].encode("utf-8", "replace").decode()


def _code(status: int) -> str:
    return _TITLES.get(status, "error").lower().replace(" ", "-")


def problem_response(path: str, request_id: str, error: ProblemError) -> JSONResponse:
    """The response for a problem, in the shape that clients of ``path`` expect."""
    if path == COMPLETIONS:
        return _openai_response(error)
    content = problem_of(error, request_id).model_dump(mode="json")
    return JSONResponse(content, error.status, error.headers, media_type="application/problem+json")


def problem_of(error: ProblemError, request_id: str) -> Problem:
    """The problem details of an error."""
    return Problem(
        type=f"urn:footnote:{error.code}",
        title=_TITLES.get(error.status, "Error"),
        status=error.status,
        detail=error.detail,
        hint=error.hint,
        request_id=request_id,
        errors=error.errors,
    )


def openai_error(error: ProblemError) -> dict[str, dict[str, str | None]]:
    """The body of an error as OpenAI's clients read it."""
    kind = "server_error" if error.status >= 500 else "invalid_request_error"
    kind = "rate_limit_error" if error.status == 429 else kind
    message = f"{error.detail} ({error.hint})" if error.hint else error.detail
    field = error.errors[0].field.removeprefix("body.") if error.errors else None
    return {"error": {"message": message, "type": kind, "param": field, "code": error.code}}


def _openai_response(error: ProblemError) -> JSONResponse:
    return JSONResponse(openai_error(error), 400 if error.status == 422 else error.status, error.headers)


async def handle_client_gone(_request: Request, _error: Exception) -> Response:
    """Nobody reads this; the log shows the status."""
    return Response(status_code=CLIENT_GONE)


async def handle_error(request: Request, error: Exception) -> JSONResponse:
    """Exception handler for everything a route raises."""
    problem = as_problem(error)
    if problem.status == 405:
        problem.headers["Allow"] = ", ".join(_methods(request))
    return problem_response(request.url.path, request.scope["footnote.request_id"], problem)


def _methods(request: Request) -> list[str]:
    """What all routes of a path allow; Starlette names those of the first one alone."""
    matching = (r for r in request.app.routes if r.matches(request.scope)[0] is not Match.NONE)
    return sorted({method for route in matching for method in getattr(route, "methods", None) or ()})
