"""The page at /; its scripts and styles are mounted at /static."""

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse

from api.http.openapi import problems
from api.http.static import static_folder

router = APIRouter(tags=["page"])


@router.get("/", response_class=HTMLResponse, responses=problems())
async def page() -> FileResponse:
    """The page for people: the chat beside the article."""
    return FileResponse(static_folder() / "index.html", media_type="text/html")
