"""Settings of the HTTP service."""

from pathlib import Path

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field


class HttpSettings(BaseModel):
    """Where ``footnote serve`` listens, and the limits it holds clients to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(default="127.0.0.1", min_length=1, description="Address to listen on; 0.0.0.0 is every one.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    require_key: bool = Field(
        default=False, description="Ask for an API key on loopback too; elsewhere one is always asked for."
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=(), description="Further Host names that are answered; on loopback only its own names are by default."
    )
    cors_origins: tuple[str, ...] = Field(
        default=(), description="Origins whose pages may call the service, e.g. https://example.org; none by default."
    )
    workers: int = Field(default=1, ge=1, le=64, description="Questions worked on at the same time.")
    queue: int = Field(default=16, ge=0, le=10_000, description="Questions that may wait; more are told to come back.")
    timeout_s: float = Field(default=60.0, gt=0, le=3600, description="Limit for one answer, waiting included, in s.")
    drain_s: int = Field(default=30, ge=0, le=3600, description="Time for open requests to end on SIGTERM, in s.")
    heartbeat_s: float = Field(default=10.0, gt=0, le=300, description="A silent stream says it is alive, in s.")
    body_timeout_s: float = Field(default=60.0, gt=0, le=3600, description="Limit for receiving a body, in s.")
    max_body_kb: int = Field(default=1024, ge=1, le=1_000_000, description="Larger request bodies are refused, in KiB.")
    max_upload_mb: int = Field(default=50, ge=1, le=2000, description="Larger uploads are refused, in MiB.")
    cache_answers: int = Field(default=256, ge=0, le=100_000, description="Answers kept to be given again; 0 for none.")
    rate_per_minute: int = Field(default=600, ge=1, le=1_000_000, description="Requests a minute for each API key.")
    log_questions: bool = Field(default=False, description="Write the text of questions to the log.")
    uploads: Path = Field(
        default_factory=lambda: user_data_path("footnote", appauthor=False) / "uploads",
        description="Folder that keeps uploaded articles.",
    )
