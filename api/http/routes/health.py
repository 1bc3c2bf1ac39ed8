"""For those who run the service. None of these waits for a model or a queue."""

from importlib.metadata import version

from fastapi import APIRouter, Response

from api.http.auth import WithCaller
from api.http.metrics import CONTENT_TYPE
from api.http.openapi import problems
from api.http.parts import WithParts
from api.http.schemas import Health, Queue, Ready

router = APIRouter(tags=["operation"])


@router.get("/health", responses=problems())
async def health() -> Health:
    """The process is alive and its event loop turns."""
    return Health(status="ok", version=version("footnote"))


@router.get(
    "/ready",
    responses={**problems(), 503: {"description": "Not yet, or not any more; `problem` says why.", "model": Ready}},
)
async def ready(response: Response, parts: WithParts) -> Ready:
    """Whether questions can be answered now: models, index generation, queue."""
    serving = parts.generations.serving
    problem = parts.problem or ("" if serving else parts.generations.problem)
    response.status_code = 503 if problem else 200
    return Ready(
        ready=not problem,
        problem=problem,
        models_loaded=parts.models_loaded,
        generation=serving.source.index.generation if serving else None,
        corpus_sha256=serving.source.index.corpus_sha256 if serving else None,
        documents=len(serving.source.retriever.documents) if serving else 0,
        queue=Queue(jobs=parts.pool.jobs, workers=parts.pool.workers, capacity=parts.pool.capacity),
    )


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"description": "Prometheus's text format.", "content": {"text/plain": {}}}, **problems()},
)
async def metrics(parts: WithParts, _caller: WithCaller) -> Response:
    """Requests, latency by stage, answers by status, queue, tokens."""
    serving = parts.generations.serving
    parts.metrics.jobs.set(parts.pool.jobs)
    parts.metrics.capacity.set(parts.pool.capacity)
    parts.metrics.generation.set(serving.source.index.generation if serving else 0)
    return Response(parts.metrics.text(), media_type=CONTENT_TYPE)
