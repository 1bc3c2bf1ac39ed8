"""The types the retriever owns."""

from dataclasses import dataclass

from ingest.types import Document, Passage


@dataclass(frozen=True, slots=True)
class Signal:
    """One search's opinion of a passage: its raw score and where it ranked it (1 is best)."""

    name: str
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage found for a query.

    Attributes:
        passage: what was found.
        document: the document it was cut from.
        score: fused score; comparable within one query only.
        rank: 1 for the best.
        via: the searches that found it and their raw scores (cosine for "dense", BM25 for "bm25").
        sentence_cosines: cosine of each of the passage's sentences with the query; empty without a query.
    """

    passage: Passage
    document: Document
    score: float
    rank: int
    via: tuple[Signal, ...]
    sentence_cosines: tuple[float, ...] = ()
