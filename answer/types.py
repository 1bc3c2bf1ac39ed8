"""The types of an answer. ``Answer`` is the contract: command line, HTTP body and receipt alike.

Answers are pydantic models because they come back from outside as receipts and must be checked then;
what never leaves the process (``Evidence``, ``Turn``) is a plain frozen dataclass.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ingest.types import Document, Passage

Status = Literal["answered", "not_in_articles", "small_talk", "failed"]
Support = Literal["quoted", "reworded"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation; ``role`` is "user" or "assistant"."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence (or a run of sentences) that supports an answer.

    ``start`` and ``end`` are document offsets; ``score`` is the reader's, comparable across passages.
    """

    passage: Passage
    document: Document
    start: int
    end: int
    score: float

    @property
    def quote(self) -> str:
        """The exact characters of the document."""
        return self.document.text[self.start : self.end]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class DocumentRef(_Frozen):
    """The document a citation points into; ``sha256`` is that of its cleaned text."""

    id: str
    title: str
    source: str
    sha256: str


class Citation(_Frozen):
    """``quote == document_text[start:end]``, always."""

    number: int = Field(ge=1)
    quote: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    passage_id: str
    document: DocumentRef


class Statement(_Frozen):
    """One sentence of the answer and the numbers of the citations that prove it."""

    text: str
    citations: tuple[int, ...]
    support: Support


class Nearest(_Frozen):
    """A passage shown when the articles do not answer."""

    passage_id: str
    text: str
    document: str
    score: float


class Models(_Frozen):
    """Names of the models that took part, as ``name@hash`` where a hash is known."""

    embedder: str
    reader: str
    generator: str


class IndexRef(_Frozen):
    """The index generation the answer was read from; generation 0 is an index held in memory."""

    generation: int
    corpus_sha256: str


class Timings(_Frozen):
    """Milliseconds spent in each stage."""

    search: int = 0
    read: int = 0
    write: int = 0
    total: int = 0


class Answer(_Frozen):
    """An answer and its receipt.

    ``unanswered`` are the parts of a question of several, each a question of its own, that the articles leave open
    while they answer others.
    """

    id: str
    question: str
    standalone_question: str
    status: Status
    text: str
    short_answer: str | None
    confidence: float = Field(ge=0.0, le=1.0)
    statements: tuple[Statement, ...]
    unanswered: tuple[str, ...] = ()
    citations: tuple[Citation, ...]
    nearest: tuple[Nearest, ...]
    models: Models
    index: IndexRef
    timings_ms: Timings
