"""The protocol every text generator implements."""

from collections.abc import Iterator
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Message(BaseModel):
    """One chat message, as chat templates take them."""

    model_config = ConfigDict(frozen=True)

    role: Literal["system", "user", "assistant"]
    content: str


class GeneratorSettings(BaseModel):
    """Which model words the evidence, and how."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    backend: Literal["auto", "xllamacpp", "transformers", "openai", "echo"] = Field(
        default="auto", description="auto: xllamacpp for a GGUF file, transformers otherwise."
    )
    model: str = Field(
        default="smollm2-135m",
        description="smollm2-135m (the default model), a GGUF file, a transformers id or folder, "
        "or a server's model name.",
    )
    base_url: str = Field(default="", description="For backend openai: the server, e.g. http://127.0.0.1:8080/v1.")
    api_key: SecretStr = Field(
        default=SecretStr(""), description="For backend openai: the key, if the server wants one."
    )
    max_tokens: int = Field(default=64, ge=8, le=1024, description="Longest draft, in tokens.")
    timeout_s: float = Field(default=30.0, gt=0, le=600, description="Limit for one draft, in seconds.")
    threads: int = Field(default=0, ge=0, le=256, description="CPU threads; 0 takes all cores.")


class Generator(Protocol):
    """A text generator. Constructing one is cheap; ``load`` does the work and may raise ModelError."""

    @property
    def name(self) -> str:
        """Model name for receipts, ``name@first 12 hex of its SHA-256`` where the file is known."""
        ...

    def load(self) -> None:
        """Load the model; a second call does nothing.

        Raises:
            ModelError: the model is missing, damaged or unreachable.
        """
        ...

    def stream(self, messages: list[Message], max_tokens: int) -> Iterator[str]:
        """Yield pieces of text of a greedy (temperature 0) completion; closing the iterator stops the work.

        Raises:
            ModelError: the backend failed or did not answer in time.
        """
        ...
