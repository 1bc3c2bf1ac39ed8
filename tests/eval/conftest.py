"""The whole road without a model: hash embedder, overlap reader, echo generator."""

from collections.abc import Callable, Sequence

import pytest

from answer.backends.echo import EchoGenerator
from answer.reader import OverlapReader
from answer.settings import AnswerSettings, ReaderSettings
from eval import metrics
from eval.corpus import Corpus, MemoryIndex
from eval.known_facts import Question
from eval.observe import ObservedService
from ingest.load import document_from_text
from ingest.settings import IngestSettings
from retriever.settings import RetrieverSettings

HASH = RetrieverSettings(embedder_backend="hash")
SETTINGS = AnswerSettings(reader=ReaderSettings(model="overlap"), threshold=0.5, reword_from=0)
TEXT = """The harbour of Lund

The new ferry Aurora was launched in 1998 by the mayor of Lund. It carries 420 passengers and 60 cars.

The old bridge was closed in 2003 because its steel had rusted. Repairs were estimated at 12 million crowns."""


@pytest.fixture(autouse=True)
def few_resamples(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals are tested in test_metrics.py; elsewhere rough ones do."""
    if request.path.name != "test_metrics.py":
        monkeypatch.setattr(metrics, "RESAMPLES", 100)


@pytest.fixture
def retriever() -> RetrieverSettings:
    return HASH


@pytest.fixture
def ingest() -> IngestSettings:
    return IngestSettings()


@pytest.fixture
def service() -> ObservedService:
    return ObservedService(SETTINGS, OverlapReader(), EchoGenerator())


@pytest.fixture
def index() -> MemoryIndex:
    return MemoryIndex([document_from_text("harbour.txt", TEXT)], HASH, IngestSettings())


@pytest.fixture
def corpus(index: MemoryIndex) -> Corpus:
    return Corpus(index.source, HASH, IngestSettings())


@pytest.fixture
def question() -> Callable[..., Question]:
    """Makes a question to answer with the given facts or, without any, one to refuse."""

    def make(identity: str, text: str, *facts: Sequence[str], kind: str = "fact", **fields: object) -> Question:
        status = "answered" if facts else "not_in_articles"
        given = {"id": identity, "kind": kind, "question": text, "status": status, "accept": facts, **fields}
        return Question.model_validate(given)

    return make


@pytest.fixture
def questions(question: Callable[..., Question]) -> tuple[Question, ...]:
    """One right answer, one wrong answer, one right refusal and one false answer, with the fakes."""
    return (
        question("launch", "When was the ferry Aurora launched?", ["1998"]),
        question("cars", "When was the old bridge closed?", ["1999"]),
        question("symphony", "Who composed the symphony of thunder?", kind="unanswerable"),
        question("captain", "Which captain was the ferry Aurora launched by?", kind="unanswerable"),
    )
