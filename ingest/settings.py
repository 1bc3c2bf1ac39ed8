"""Settings of the ingest stage."""

from pydantic import BaseModel, ConfigDict, Field


class IngestSettings(BaseModel):
    """How sources become passages. A change of ``passage_words`` or ``overlap_sentences`` needs a new index."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    passage_words: int = Field(default=120, ge=20, le=400, description="Target length of a passage, in words.")
    overlap_sentences: int = Field(
        default=1, ge=0, le=5, description="Sentences repeated when a section is cut into several passages."
    )
    max_file_mb: int = Field(default=50, ge=1, le=2000, description="Larger files are refused, in MiB.")
    fetch_timeout_s: float = Field(default=20.0, gt=0, le=300, description="Limit for fetching one URL, in seconds.")
