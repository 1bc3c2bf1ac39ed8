"""The one model there is, as OpenAI's clients list them."""

from fastapi import APIRouter

from api.http.auth import WithCaller
from api.http.openai_schemas import MODEL, Model, ModelList
from api.http.openapi import problems
from api.http.problems import ProblemError

router = APIRouter(tags=["OpenAI"])


@router.get("/v1/models", responses=problems())
async def list_models(_caller: WithCaller) -> ModelList:
    """List the models: there is one, `footnote`."""
    return ModelList()


@router.get("/v1/models/{model}", responses=problems(404, 422))
async def show_model(model: str, _caller: WithCaller) -> Model:
    """Show a model."""
    if model != MODEL:
        raise ProblemError(404, "no-model", "there is no model of this name", f"use {MODEL}")
    return Model()
