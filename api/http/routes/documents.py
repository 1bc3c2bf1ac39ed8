"""The articles: list, read, upload, delete."""

from typing import Annotated

from fastapi import APIRouter, File, Query, Response, UploadFile

from api.http.auth import WithCaller
from api.http.library import Added, Upload
from api.http.openapi import problems
from api.http.parts import WithParts
from api.http.problems import ProblemError
from api.http.schemas import DocumentList, DocumentSummary, DocumentText, RefusedFile, UploadReport

router = APIRouter(tags=["documents"])
MAX_FILES = 100


@router.get("/v1/documents", responses=problems(422, 503))
async def list_documents(
    parts: WithParts,
    _caller: WithCaller,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
) -> DocumentList:
    """List the documents that answers come from."""
    source = (await parts.generations.current()).source
    documents = list(source.retriever.documents.values())
    page = tuple(DocumentSummary.of(document) for document in documents[offset : offset + limit])
    return DocumentList(documents=page, total=len(documents), generation=source.index.generation)


@router.get("/v1/documents/{document_id}", responses=problems(404, 422, 503))
async def show_document(document_id: str, parts: WithParts, _caller: WithCaller) -> DocumentText:
    """Show a document with the exact text that citations point into."""
    document = (await parts.generations.current()).source.retriever.documents.get(document_id)
    if document is None:
        raise ProblemError(404, "no-document", "there is no document of this id")
    return DocumentText.of(document)


@router.post(
    "/v1/documents",
    status_code=201,
    responses={
        200: {"description": "All of the files were there already.", "model": UploadReport},
        207: {"description": "Some files could not be read; `failed` says why.", "model": UploadReport},
        **problems(503, body=True),
    },
)
async def add_documents(
    response: Response,
    parts: WithParts,
    _caller: WithCaller,
    file: Annotated[
        list[UploadFile],
        File(min_length=1, max_length=MAX_FILES, description="txt, Markdown, HTML, PDF or DOCX; several, one change."),
    ],
) -> UploadReport:
    """Upload articles; they are indexed when this returns, while questions go on being answered.

    A file of the same name as one that was uploaded replaces it. Addresses are not fetched.
    """
    uploads = [Upload(each.filename or "", await each.read()) for each in file]
    added = await parts.library.add(uploads)
    response.status_code = 207 if added.refused else 201 if added.added or added.updated else 200
    return _report(added)


@router.delete("/v1/documents/{document_id}", status_code=204, responses=problems(404, 422, 503))
async def delete_document(document_id: str, parts: WithParts, _caller: WithCaller) -> None:
    """Drop a document from the index, and its file if it was uploaded."""
    await parts.library.remove(document_id)


def _report(added: Added) -> UploadReport:
    return UploadReport(
        generation=added.generation,
        added=tuple(map(DocumentSummary.of, added.added)),
        updated=tuple(map(DocumentSummary.of, added.updated)),
        unchanged=tuple(map(DocumentSummary.of, added.unchanged)),
        failed=tuple(RefusedFile(name=refused.name, problem=refused.problem) for refused in added.refused),
    )
