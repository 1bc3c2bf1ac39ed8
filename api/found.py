"""The JSON of a search: what ``footnote search --json`` prints."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from retriever.types import Retrieved


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class FoundDocument(_Frozen):
    """The document a passage was cut from."""

    id: str
    title: str
    source: str


class FoundSignal(_Frozen):
    """One search's raw score and rank."""

    name: str
    score: float
    rank: int


class FoundPassage(_Frozen):
    """One passage, with offsets into the document's text."""

    passage_id: str
    document: FoundDocument
    score: float
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    via: tuple[FoundSignal, ...]


class Found(_Frozen):
    """All passages for one query, best first; ``id`` is that of the batch line, "" otherwise."""

    id: str
    passages: tuple[FoundPassage, ...]


def found(identity: str, hits: Sequence[Retrieved]) -> Found:
    """The hits of one query in the shape of the contract."""
    return Found(id=identity, passages=tuple(_passage(hit) for hit in hits))


def _passage(hit: Retrieved) -> FoundPassage:
    document, passage = hit.document, hit.passage
    return FoundPassage(
        passage_id=passage.id,
        document=FoundDocument(id=document.id, title=document.title, source=document.source),
        score=round(hit.score, 6),
        start=passage.start,
        end=passage.end,
        text=passage.text,
        headings=passage.headings,
        via=tuple(FoundSignal(name=s.name, score=round(s.score, 6), rank=s.rank) for s in hit.via),
    )
