"""Conversations that the service keeps. A caller sees its own."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from api.http.auth import Caller, WithCaller
from api.http.openapi import problems
from api.http.parts import Parts, WithParts
from api.http.problems import ProblemError
from api.http.schemas import SESSION_ID, ExchangeOut, RenameRequest, SessionDetail, SessionList, SessionOut
from api.sessions import SessionInfo

router = APIRouter(tags=["sessions"])
SessionId = Annotated[str, Path(pattern=SESSION_ID)]


@router.get("/v1/sessions", responses=problems(503))
async def list_sessions(parts: WithParts, caller: WithCaller) -> SessionList:
    """List the caller's sessions, the last touched first."""
    infos = await parts.io(lambda: parts.sessions.sessions(caller.owner))
    return SessionList(sessions=tuple(map(SessionOut.of, infos)))


@router.get("/v1/sessions/{session_id}", responses=problems(404, 422, 503))
async def show_session(session_id: SessionId, parts: WithParts, caller: WithCaller) -> SessionDetail:
    """Read a session, with the receipt of every answer."""
    return await _detail(parts, caller, session_id)


@router.patch("/v1/sessions/{session_id}", responses=problems(404, 503, body=True))
async def rename_session(
    session_id: SessionId, body: RenameRequest, parts: WithParts, caller: WithCaller
) -> SessionOut:
    """Give a session another title."""
    await parts.io(lambda: parts.sessions.rename(caller.owner, session_id, body.title))
    return SessionOut.of(await _info(parts, caller, session_id))


@router.delete("/v1/sessions/{session_id}", status_code=204, responses=problems(404, 422, 503))
async def delete_session(session_id: SessionId, parts: WithParts, caller: WithCaller) -> None:
    """Forget a session, its receipts and the feedback on them."""
    if not await parts.io(lambda: parts.sessions.delete(caller.owner, session_id)):
        raise _absent()


@router.get(
    "/v1/sessions/{session_id}/export",
    response_model=SessionDetail,
    responses={
        200: {"description": "The session as a file.", "content": {"text/markdown": {"schema": {"type": "string"}}}},
        **problems(404, 422, 503),
    },
)
async def export_session(
    session_id: SessionId,
    parts: WithParts,
    caller: WithCaller,
    format: Annotated[Literal["json", "markdown"], Query()] = "json",
) -> Response:
    """Download a session: JSON with receipts, or Markdown to read."""
    detail = await _detail(parts, caller, session_id)
    if format == "json":
        return _file(detail.model_dump_json(indent=1), "application/json", "json")
    return _file(_markdown(detail), "text/markdown", "md")


async def _info(parts: Parts, caller: Caller, session_id: str) -> SessionInfo:
    info = await parts.io(lambda: parts.sessions.session(caller.owner, session_id))
    if info is None:
        raise _absent()
    return info


async def _detail(parts: Parts, caller: Caller, session_id: str) -> SessionDetail:
    info = await _info(parts, caller, session_id)
    exchanges = await parts.io(lambda: parts.sessions.exchanges(caller.owner, session_id))
    return SessionDetail(session=SessionOut.of(info), exchanges=tuple(map(ExchangeOut.of, exchanges)))


def _absent() -> ProblemError:
    return ProblemError(404, "no-session", "there is no session of this id")


def _file(text: str, media_type: str, extension: str) -> Response:
    return Response(
        text, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="session.{extension}"'}
    )


def _markdown(detail: SessionDetail) -> str:
    return f"# {detail.session.title}\n\n" + "\n".join(map(_markdown_exchange, detail.exchanges))


def _markdown_exchange(exchange: ExchangeOut) -> str:
    notes = [
        f"[{c.number}] “{' '.join(c.quote.split())}”, {c.document.title}, {c.document.source}, {c.start}-{c.end}\n"
        for c in (exchange.answer.citations if exchange.answer else ())
    ]
    return f"**{exchange.question}**\n\n{exchange.text}\n\n" + "".join(notes)
