"""The OpenAPI document: what FastAPI derives, and what it cannot know."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.http.problems import COMPLETIONS, Problem

DESCRIPTION = """Ask articles questions. Every sentence of an answer carries a footnote to the exact characters that
support it; what the articles do not support is not said.

Errors are problem details (RFC 9457, `application/problem+json`), on `/v1/chat/completions` in OpenAI's shape.
Where the service asks for API keys, send `Authorization: Bearer KEY`."""
TAGS = [
    {"name": "answers", "description": "Questions, and proving an answer again."},
    {"name": "OpenAI", "description": "The part of OpenAI's API that chat clients use."},
    {"name": "documents", "description": "The articles. They are uploaded; addresses are not fetched."},
    {"name": "sessions", "description": "Conversations that the service keeps, and feedback."},
    {"name": "operation", "description": "For those who run the service."},
    {"name": "page", "description": "The page for people."},
]
PROBLEM_JSON = "application/problem+json"
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_OPENAI_ERROR = {"$ref": "#/components/schemas/OpenAIError"}
_WHY = {
    400: "The body cannot be read.",
    401: "The service asks for an API key, and none or an unknown one came.",
    403: "Another Host name or a page of another origin.",
    404: "There is no such thing, or it is somebody else's.",
    408: "The body did not arrive in time.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "A field is not valid.",
    429: "The queue is full, or the key has no requests left.",
    500: "A mistake in the service.",
    503: "No index or no model now.",
    504: "The answer took too long.",
}
_EVERYWHERE = (401, 403, 429, 500)
_WITH_BODY = (400, 408, 413, 422)
_WITH_MODELS = (503, 504)
_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}


def problems(*statuses: int, body: bool = False, models: bool = False) -> dict[int | str, dict[str, Any]]:
    """The responses of a route that are problems.

    Args:
        statuses: those that other routes do not have.
        body: the route reads a body.
        models: the route needs models or the index.
    """
    every = {*_EVERYWHERE, *statuses, *(_WITH_BODY if body else ()), *(_WITH_MODELS if models else ())}
    return {status: _response(status, PROBLEM_JSON, _PROBLEM) for status in sorted(every)}


def openai_errors() -> dict[int | str, dict[str, Any]]:
    """The same for the OpenAI-compatible route."""
    every = {*_EVERYWHERE, *_WITH_BODY, *_WITH_MODELS} - {422}
    return {status: _response(status, "application/json", _OPENAI_ERROR) for status in sorted(every)}


def _response(status: int, media_type: str, schema: Mapping[str, str]) -> dict[str, Any]:
    headers = {"headers": _RETRY_AFTER} if status in (429, 503) else {}
    return {"description": _WHY[status], "content": {media_type: {"schema": schema}}, **headers}


def events(*names: str) -> dict[str, Any]:
    """The schema of one server-sent event, which tools apply to each of a stream."""
    named = {"event": {"type": "string", "enum": list(names)}} if names else {}
    data = {"type": "string", "description": "JSON, on one line.", "contentMediaType": "application/json"}
    return {"type": "object", "required": ["data"], "properties": {**named, "data": data}}


def describe(app: FastAPI, max_question_chars: int, require_key: bool) -> dict[str, Any]:
    """The OpenAPI document of an application; made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags
        )
        schemas = document["components"]["schemas"]
        schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schemas["Problem"].pop("$defs")
        schemas["OpenAIError"] = _openai_error_schema()
        document["paths"][COMPLETIONS]["post"]["responses"].pop("422")  # FastAPI's own; there it is a 400
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        if require_key:
            document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
            _secure(document["paths"])
        _limit_questions(document, max_question_chars)
        app.openapi_schema = document
    return app.openapi_schema


def _secure(paths: Mapping[str, Mapping[str, dict[str, Any]]]) -> None:
    for path, operations in paths.items():
        for operation in operations.values():
            if path.startswith("/v1/") or path == "/metrics":
                operation["security"] = [{"key": []}]


def _openai_error_schema() -> dict[str, Any]:
    text_or_null = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    fields = {"message": {"type": "string"}, "type": {"type": "string"}, "param": text_or_null, "code": text_or_null}
    return {
        "type": "object",
        "description": "An error as OpenAI's clients read it.",
        "required": ["error"],
        "properties": {"error": {"type": "object", "required": list(fields), "properties": fields}},
    }


def _limit_questions(node: Any, limit: int) -> None:
    """Write the length limit, which is a setting, where a field is marked with it."""
    if isinstance(node, dict):
        if node.pop("x-footnote-limit", None) is not None:
            node["maxLength"] = limit
        for child in node.values():
            _limit_questions(child, limit)
    elif isinstance(node, list):
        for child in node:
            _limit_questions(child, limit)
