"""The part of OpenAI's chat completions that is understood; what clients send besides is let through unread."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from answer.types import Answer, Turn
from api.http.numbers import WHOLE

MODEL = "footnote"


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True, frozen=True)


class TextPart(_Lenient):
    """A piece of a message; only text is understood."""

    type: Literal["text"]
    text: str


class UserMessage(_Lenient):
    """What the user said."""

    role: Literal["user"]
    content: str | list[TextPart] = Field(examples=["How far behind are Chinese models?"])


class AssistantMessage(_Lenient):
    """What was answered."""

    role: Literal["assistant"]
    content: str | list[TextPart] | None = None


class InstructionMessage(_Lenient):
    """Accepted and not followed: the articles alone decide what is said."""

    role: Literal["system", "developer", "tool", "function"]
    content: str | list[TextPart] | None = None


Message = Annotated[UserMessage | AssistantMessage | InstructionMessage, Field(discriminator="role")]


class StreamOptions(_Lenient):
    """Of a streamed completion."""

    include_usage: bool | None = False


class CompletionRequest(_Lenient):
    """A conversation; the last user message is the question. Sampling parameters are accepted and have no effect."""

    model: str = Field(default=MODEL, description="Any name is answered by the one model there is.", examples=[MODEL])
    messages: list[Message] = Field(min_length=1, max_length=1000)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Annotated[int, Field(ge=1, le=1), WHOLE] | None = 1

    def question(self) -> str:
        """The last user message; "" when there is none."""
        return next((text_of(m) for m in reversed(self.messages) if isinstance(m, UserMessage)), "")

    def history(self) -> list[Turn]:
        """The turns before the question; instructions are left out."""
        last = max((at for at, m in enumerate(self.messages) if isinstance(m, UserMessage)), default=0)
        spoken = [m for m in self.messages[:last] if isinstance(m, UserMessage | AssistantMessage)]
        return [Turn(m.role, text) for m in spoken if (text := text_of(m))]

    def wants_usage(self) -> bool:
        """Whether a stream ends with the usage."""
        return bool(self.stream_options and self.stream_options.include_usage)


def text_of(message: UserMessage | AssistantMessage | InstructionMessage) -> str:
    """The text of a message, its parts on lines of their own."""
    content = message.content or ""
    return content if isinstance(content, str) else "\n".join(part.text for part in content)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class Usage(_Out):
    """Words and punctuation marks, which is near to the tokens of a model."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class OutMessage(_Out):
    """The answer's text, with its footnote marks."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class Choice(_Out):
    """The one answer."""

    index: Literal[0] = 0
    message: OutMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Completion(_Out):
    """An answer as OpenAI's clients read it; the receipt is under `footnote`."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: tuple[Choice, ...]
    usage: Usage
    footnote: Answer


class Delta(_Out):
    """What a chunk adds."""

    role: Literal["assistant"] | None = None
    content: str | None = None


class ChunkChoice(_Out):
    """The one answer, growing."""

    index: Literal[0] = 0
    delta: Delta
    logprobs: None = None
    finish_reason: Literal["stop"] | None = None


class Chunk(_Out):
    """A piece of a streamed answer; the receipt comes with the last choice."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str = MODEL
    choices: tuple[ChunkChoice, ...]
    usage: Usage | None = None
    footnote: Answer | None = None


class Model(_Out):
    """The one model there is."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "footnote"


class ModelList(_Out):
    """All models."""

    object: Literal["list"] = "list"
    data: tuple[Model, ...] = (Model(),)
