"""Where the questions of a run are answered from: documents indexed in memory, or an index on disk."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from answer.calibration import stored_calibration
from answer.service import Source
from answer.types import IndexRef
from eval.known_facts import Question
from ingest.errors import UsageError
from ingest.load import document_from_text, find_sources, load_source
from ingest.settings import IngestSettings
from ingest.types import Document
from retriever.embedder import Embedder, open_embedder
from retriever.generations import open_index
from retriever.passage_index import PassageIndex, build_passage_index
from retriever.search import Retriever
from retriever.settings import RetrieverSettings
from retriever.types import Retrieved

Advance = Callable[[int, int], None]
OpenSource = Callable[[RetrieverSettings], Source]


class MemoryIndex:
    """Documents indexed in memory once; every search over them is cheap to open.

    Args:
        documents: at least one.
        settings: of the search.
        ingest: how documents are split.
        embedder: one to share between indexes; by default the one ``settings`` name.
        progress: called with (texts embedded, texts to embed).

    Raises:
        ModelError: the embedder cannot be loaded.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        settings: RetrieverSettings,
        ingest: IngestSettings,
        embedder: Embedder | None = None,
        progress: Advance | None = None,
    ) -> None:
        self._settings, self._embedder = settings, embedder or open_embedder(settings)
        self._embedder.load()
        self._index: PassageIndex = build_passage_index(documents, self._embedder, ingest, progress=progress)

    def source(self, settings: RetrieverSettings | None = None) -> Source:
        """All documents, searched with ``settings`` or those the index was made with."""
        return _source(Retriever(self._index, self._embedder, settings or self._settings))

    def without(self, hidden: Collection[str]) -> Source:
        """All documents but those whose source name is among ``hidden``: found by no search, known to no index."""
        return _source(_Hiding(self._index, self._embedder, self._settings, hidden=hidden))


class _Hiding(Retriever):
    """A retriever that finds everything but some documents."""

    def __init__(self, *parts: object, hidden: Collection[str]) -> None:
        super().__init__(*parts)  # type: ignore[arg-type]
        self._hidden = hidden

    def search(self, query: str, k: int) -> list[Retrieved]:
        return self._left(super().search(query, 4 * k))[:k]

    def sample(self, k: int) -> list[Retrieved]:
        return self._left(super().sample(k))

    def _left(self, hits: Sequence[Retrieved]) -> list[Retrieved]:
        return [hit for hit in hits if hit.document.source not in self._hidden]


def _source(retriever: Retriever) -> Source:
    return Source(retriever, IndexRef(generation=0, corpus_sha256=retriever.corpus_sha256))


class Corpus:
    """The sources of a question set: one that all share, and those of questions that bring their own passages.

    Args:
        shared: opens the shared source with some settings of the search; None when there is none.
        settings: of the search.
        ingest: how documents are split.
    """

    def __init__(self, shared: OpenSource | None, settings: RetrieverSettings, ingest: IngestSettings) -> None:
        self._shared, self._settings, self._ingest = shared, settings, ingest
        self._opened: dict[tuple[tuple[str, ...], float], Source] = {}
        self._indexed: dict[tuple[str, ...], MemoryIndex] = {}

    def source(self, question: Question, dense_weight: float | None = None) -> Source:
        """What ``question`` is answered from, opened once; ``dense_weight`` replaces that of the settings.

        Raises:
            UsageError: the question has no passages and there is no shared source.
        """
        settings = self._settings
        if dense_weight is not None:
            settings = settings.model_copy(update={"dense_weight": dense_weight})
        key = (question.passages, settings.dense_weight)
        if key not in self._opened:
            self._opened[key] = self._open(question, settings)
        return self._opened[key]

    def _open(self, question: Question, settings: RetrieverSettings) -> Source:
        if question.passages:
            if question.passages not in self._indexed:
                documents = documents_of_texts(question.passages)
                self._indexed[question.passages] = MemoryIndex(documents, self._settings, self._ingest)
            return self._indexed[question.passages].source(settings)
        if self._shared is None:
            raise UsageError(f"question {question.id!r} has no passages and no article is given", "name --article PATH")
        return self._shared(settings)


def documents_of_texts(texts: Sequence[str]) -> list[Document]:
    """Texts as documents named "passage 1", "passage 2", ... Raises SourceError when one holds no text."""
    return [document_from_text(f"passage {number}", text) for number, text in enumerate(texts, start=1)]


def load_articles(articles: Sequence[str], settings: IngestSettings) -> list[Document]:
    """Files, folders or URLs as documents.

    Raises:
        UsageError: a folder without anything to read.
        SourceError: one of them cannot be read.
    """
    sources = find_sources(articles)
    if not sources:
        raise UsageError(f"{', '.join(articles)} holds nothing to read", "name --article PATH or --index DIR")
    return [load_source(source, settings) for source in sources]


def index_opener(path: Path, ingest: IngestSettings) -> OpenSource:
    """Opens the serving generation of an index folder.

    The function it returns raises IndexStateError when there is no good one, or one made with other settings.
    """

    def opened(settings: RetrieverSettings) -> Source:
        index = open_index(path, settings, ingest)
        calibration = stored_calibration(index.calibration)
        return Source(
            index.retriever, IndexRef(generation=index.generation, corpus_sha256=index.corpus_sha256), calibration
        )

    return opened
