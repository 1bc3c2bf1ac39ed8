"""Questions to begin with, made from the articles that are there."""

from collections.abc import Sequence
from itertools import chain, zip_longest

from api.slack.text import label
from ingest.types import Document

MAX_PROMPTS, MAX_CANDIDATES = 4, 8
NOTHING_YET = ("What can you do?", "What can you do?")
TITLE_CHARS, MESSAGE_CHARS = 60, 200


def candidates(documents: Sequence[Document]) -> list[tuple[str, str]]:
    """At most eight of (title, message): what an article is about first, then its sections, article by article."""
    rows = chain.from_iterable(zip_longest(*(_of(document) for document in documents[:MAX_CANDIDATES])))
    return list(dict.fromkeys(row for row in rows if row))[:MAX_CANDIDATES]


def _of(document: Document) -> list[tuple[str, str]]:
    topics = [document.title or document.source, *_headings(document)]
    return [(label(topic, TITLE_CHARS), f"Summarise: {label(topic, MESSAGE_CHARS)}") for topic in topics]


def _headings(document: Document) -> list[str]:
    return [document.text[heading.start : heading.end] for heading in document.headings]
