"""Bodies of requests and responses, other than Answer, which is the answer stage's own."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from answer.types import Answer
from api.http.numbers import WHOLE
from api.sessions import Exchange, Feedback, SessionInfo
from ingest.types import Document

# The limit on questions is a setting; app.py writes it into the OpenAPI document, answering.py holds it.
Question = Annotated[
    str,
    Field(
        pattern=r"\S",
        description="As a person types it.",
        examples=["How far behind are Chinese models?"],
        json_schema_extra={"x-footnote-limit": "question"},
    ),
]
SESSION_ID = r"^[A-Za-z0-9_-]{1,64}$"
ANSWER_ID = r"^[A-Za-z0-9_-]{1,64}$"


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Response(BaseModel):
    model_config = ConfigDict(frozen=True)


class TurnIn(_Request):
    """One earlier message."""

    role: Literal["user", "assistant"]
    text: str = Field(max_length=20_000)


class AskRequest(_Request):
    """One question, with the conversation before it where there was one."""

    question: Question
    history: list[TurnIn] = Field(default=[], max_length=50, description="Earlier turns, oldest first.")


class ChatRequest(_Request):
    """One question in a session that the service keeps."""

    question: Question
    session_id: str | None = Field(default=None, pattern=SESSION_ID, description="None begins a session.")


class ChatAnswer(Answer):
    """The Answer, and the session it was added to."""

    session_id: str


class SearchRequest(_Request):
    """A query for passages."""

    query: Question
    k: Annotated[int, Field(ge=1, le=100, description="Passages to return."), WHOLE] = 5


class Check(_Response):
    """One thing that was compared; ``problem`` is empty when it holds."""

    subject: str
    verified: bool
    problem: str


class Verification(_Response):
    """What proving a receipt again gave."""

    id: str
    verified: bool
    checks: tuple[Check, ...]


class DocumentSummary(_Response):
    """A document without its text; ``characters`` is the length of the text."""

    id: str
    title: str
    source: str
    sha256: str
    characters: int

    @classmethod
    def of(cls, document: Document) -> "DocumentSummary":
        """The summary of a document."""
        return cls(
            id=document.id,
            title=document.title,
            source=document.source,
            sha256=document.sha256,
            characters=len(document.text),
        )


class DocumentList(_Response):
    """A page of the documents, in order of their source, and how many there are."""

    documents: tuple[DocumentSummary, ...]
    total: int
    generation: int


class HeadingOut(_Response):
    """A heading inside the text, in characters; level 1 is the outermost."""

    start: int
    end: int
    level: int


class DocumentText(DocumentSummary):
    """A document with the exact text that citations point into."""

    text: str
    headings: tuple[HeadingOut, ...]
    metadata: dict[str, str]

    @classmethod
    def of(cls, document: Document) -> "DocumentText":
        """A document as JSON."""
        return cls(
            **DocumentSummary.of(document).model_dump(),
            text=document.text,
            headings=tuple(HeadingOut(start=h.start, end=h.end, level=h.level) for h in document.headings),
            metadata=dict(document.metadata),
        )


class RefusedFile(_Response):
    """A file that could not be read, and why."""

    name: str
    problem: str


class UploadReport(_Response):
    """What an upload did; the index has ``generation`` now."""

    generation: int
    added: tuple[DocumentSummary, ...]
    updated: tuple[DocumentSummary, ...]
    unchanged: tuple[DocumentSummary, ...]
    failed: tuple[RefusedFile, ...]


class SessionOut(_Response):
    """A session in a list; times are ISO 8601 in UTC."""

    id: str
    title: str
    created_at: str
    updated_at: str
    exchanges: int

    @classmethod
    def of(cls, info: SessionInfo) -> "SessionOut":
        """A session as JSON."""
        return cls(
            id=info.id, title=info.title, created_at=info.created, updated_at=info.updated, exchanges=info.exchanges
        )


class SessionList(_Response):
    """The caller's sessions, the last touched first."""

    sessions: tuple[SessionOut, ...]


class ExchangeOut(_Response):
    """A question and what was answered; ``answer`` is the receipt, null where only the text was kept."""

    question: str
    text: str
    at: str
    answer: Answer | None

    @classmethod
    def of(cls, exchange: Exchange) -> "ExchangeOut":
        """An exchange as JSON."""
        return cls(question=exchange.question, text=exchange.text, at=exchange.at, answer=exchange.answer)


class SessionDetail(_Response):
    """A session with all that was said, oldest first."""

    session: SessionOut
    exchanges: tuple[ExchangeOut, ...]


class RenameRequest(_Request):
    """Another title for a session."""

    title: str = Field(min_length=1, max_length=200)


class FeedbackRequest(_Request):
    """What somebody thinks of an answer."""

    answer_id: str = Field(pattern=ANSWER_ID, description="The `id` of an Answer that this service gave.")
    rating: Literal["up", "down"]
    comment: str = Field(default="", max_length=5000)


class FeedbackOut(_Response):
    """Feedback with the receipt it is about."""

    answer: Answer
    rating: Literal["up", "down"]
    comment: str
    at: str

    @classmethod
    def of(cls, feedback: Feedback) -> "FeedbackOut":
        """Feedback as JSON."""
        return cls(answer=feedback.answer, rating=feedback.rating, comment=feedback.comment, at=feedback.at)


class FeedbackList(_Response):
    """The caller's feedback, the latest first."""

    feedback: tuple[FeedbackOut, ...]


class Health(_Response):
    """The process is alive."""

    status: Literal["ok"]
    version: str


class Queue(_Response):
    """Jobs in the worker pool; ``capacity`` is how many may run or wait."""

    jobs: int
    workers: int
    capacity: int


class Ready(_Response):
    """Whether questions can be answered now, and with what."""

    ready: bool
    problem: str = Field(description='"" or what is missing.')
    models_loaded: bool
    generation: int | None
    corpus_sha256: str | None
    documents: int
    queue: Queue
