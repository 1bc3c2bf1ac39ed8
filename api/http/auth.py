"""Who is asking: an API key where the service wants one, else everybody together."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.http.parts import WithParts
from api.http.problems import ProblemError

ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose sessions and receipts a request may see."""

    owner: str


async def caller_of(request: Request, parts: WithParts) -> Caller:
    """The caller of a request.

    Where no key is needed, one that is not known is ignored: OpenAI's clients always send some.

    Raises:
        ProblemError: 401, no key or an unknown one; 429, too many requests with this key.
    """
    secret = _presented(request)
    key = parts.keys.find(secret) if secret else None
    if key is None:
        if not parts.require_key:
            return Caller(ANONYMOUS)
        what = "this API key is not known" if secret else "this service needs an API key"
        raise ProblemError(
            401, "api-key", what, "send the header Authorization: Bearer KEY", {"WWW-Authenticate": "Bearer"}
        )
    parts.rate.take(key.id)
    request.scope["footnote.key"] = key.id
    return Caller(f"key:{key.id}")


def _presented(request: Request) -> str:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


WithCaller = Annotated[Caller, Depends(caller_of)]
