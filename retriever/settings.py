"""Settings of the retriever stage."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class RetrieverSettings(BaseModel):
    """How passages are embedded and searched. A change of ``embedder`` needs a new index."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    embedder: str = Field(
        default="all-MiniLM-L6-v2", description="all-MiniLM-L6-v2, or any sentence-transformers id or folder."
    )
    embedder_backend: Literal["onnx", "sentence-transformers", "hash"] = Field(
        default="onnx",
        description="onnx: converted once, quick to load; sentence-transformers: the reference; hash: for tests.",
    )
    dense_weight: float = Field(default=0.7, ge=0, le=1, description="Weight of the embeddings; BM25 has the rest.")
    candidates: int = Field(default=200, ge=1, le=10000, description="Passages each search hands to the fusion.")
    threads: int = Field(default=0, ge=0, le=256, description="Texts embedded at the same time; 0 takes all cores.")
