"""Builds the service and its sources from settings: the one place where the parts are put together."""

import hashlib
from collections.abc import Callable, Sequence

from answer.backends import open_generator
from answer.backends.base import Generator
from answer.calibration import stored_calibration
from answer.reader import open_reader
from answer.service import ChatService, Source
from answer.settings import AnswerSettings
from answer.types import IndexRef
from api.settings import Settings
from api.terminal import warn
from ingest.errors import IndexStateError, ModelError, UsageError
from ingest.load import load_source
from ingest.types import Document
from retriever.embedder import Embedder, open_embedder
from retriever.generations import open_index
from retriever.search import Retriever


def build_service(settings: AnswerSettings, wrap: Callable[[Generator], Generator] | None = None) -> ChatService:
    """The service with its models named; the generator alone is loaded, to know whether there is one.

    Args:
        settings: of the answer stage.
        wrap: puts something around the generator, e.g. to stop it from another thread.
    """
    generator = usable_generator(settings)
    if generator is not None and wrap is not None:
        generator = wrap(generator)
    return ChatService(settings, open_reader(settings.reader), generator)


def usable_generator(settings: AnswerSettings) -> Generator | None:
    """The generator, or None with a warning when its file is not there: answers then are quotations."""
    if not settings.reword:
        return None
    try:
        generator = open_generator(settings.generator)
        generator.load()
    except ModelError as error:
        if settings.generator != type(settings.generator)():
            raise
        warn(f"answers are quoted, not reworded: {error}")
        return None
    return generator


def open_source(settings: Settings, embedder: Embedder | None = None) -> Source:
    """The current generation of the index folder.

    Args:
        settings: of all stages.
        embedder: one to share between generations; by default another is opened.

    Raises:
        IndexStateError: no index, or one that is damaged or made with other settings.
    """
    if not settings.index.is_dir():
        raise IndexStateError(f"there is no index at {settings.index}", "footnote ingest PATH")
    opened = open_index(settings.index, settings.retriever, settings.ingest, embedder)
    if opened.warning:
        warn(opened.warning)
    calibration = stored_calibration(opened.calibration)
    return Source(
        opened.retriever, IndexRef(generation=opened.generation, corpus_sha256=opened.corpus_sha256), calibration
    )


def source_of_articles(articles: Sequence[str], settings: Settings) -> Source:
    """An index in memory over files or URLs, for one process. Raises SourceError."""
    return _in_memory([load_source(article, settings.ingest) for article in articles], settings)


def source_of_texts(texts: Sequence[str], settings: Settings) -> Source:
    """An index in memory over texts given with the question; they are taken to the letter, not cleaned."""
    if not any(text.strip() for text in texts):
        raise UsageError("passages are empty", 'give at least one text, e.g. "passages": ["..."]')
    documents = [_document(number, text) for number, text in enumerate(texts, start=1) if text.strip()]
    return _in_memory(documents, settings)


def _document(number: int, text: str) -> Document:
    source = f"passage {number}"
    identity = hashlib.sha256(f"{source}\0{text}".encode()).hexdigest()[:16]
    return Document(identity, source, "", text, hashlib.sha256(text.encode()).hexdigest())


def _in_memory(documents: Sequence[Document], settings: Settings) -> Source:
    retriever = Retriever.from_documents(
        documents, open_embedder(settings.retriever), settings.retriever, settings.ingest
    )
    return Source(retriever, IndexRef(generation=0, corpus_sha256=retriever.corpus_sha256))
