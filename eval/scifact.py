"""BEIR SciFact (Thakur et al. 2021): how well the hybrid search, and each of its halves, ranks abstracts for a claim.

``DIR`` holds corpus.jsonl(.gz), queries.jsonl and qrels_test.tsv, whose columns are query, document, gain.
Each abstract is one document, split and indexed as ``footnote ingest`` does it; a document ranks where its
best passage ranks. Published for comparison, nDCG@10: BM25 0.679, all-MiniLM-L6-v2 0.645.
"""

import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from eval.corpus import Advance
from eval.measures import Estimate, Measure, Numbers, estimate
from eval.metrics import ndcg_at, recall_at, reciprocal_rank
from eval.public import load_file
from ingest.errors import UsageError
from ingest.load import document_from_text
from ingest.settings import IngestSettings
from ingest.types import Document
from retriever.embedder import open_embedder
from retriever.generations import open_index
from retriever.indexer import update_index
from retriever.search import Retriever
from retriever.settings import RetrieverSettings

DEPTH = 10
PASSAGES = 50  # enough for ten different documents to be among them
FUSED, DENSE, BM25 = "fused", "dense only", "BM25 only"


class Entry(BaseModel):
    """A line of corpus.jsonl or queries.jsonl."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(alias="_id")
    title: str = ""
    text: str


class Ranked(BaseModel):
    """What one search made of one claim: document ids, best first, and the judged gains."""

    model_config = ConfigDict(frozen=True)

    system: str
    query: str
    ranked: tuple[str, ...]
    gains: dict[str, float]


def run_scifact(
    folder: Path, index: Path, retriever: RetrieverSettings, ingest: IngestSettings, advance: Advance
) -> list[Ranked]:
    """Bring the index at ``index`` up to date with the corpus and search it for every judged claim.

    Raises:
        UsageError: the folder is not of that format.
    """
    documents = [to_document(entry) for entry in read_entries(folder, "corpus.jsonl")]
    queries = {entry.id: entry.text for entry in read_entries(folder, "queries.jsonl")}
    gains = load_file(read_gains, folder / "qrels_test.tsv", "table of judged documents")
    unknown = sorted(gains.keys() - queries.keys())
    if unknown:
        raise UsageError(f"{folder} judges query {unknown[0]!r}, which is not in queries.jsonl")
    embedder = open_embedder(retriever)
    update_index(index, documents, embedder, ingest, progress=advance)
    found: list[Ranked] = []
    for system, weight in ((FUSED, retriever.dense_weight), (DENSE, 1.0), (BM25, 0.0)):
        settings = retriever.model_copy(update={"dense_weight": weight})
        opened = open_index(index, settings, ingest, embedder)
        found += [
            Ranked(system=system, query=query, ranked=rank(opened.retriever, queries[query]), gains=judged)
            for query, judged in gains.items()
        ]
    return found


def rank(retriever: Retriever, query: str) -> tuple[str, ...]:
    """Ids of the documents found, best first, each once."""
    hits = retriever.search(query, PASSAGES)
    return tuple(dict.fromkeys(hit.document.source.removesuffix(".txt") for hit in hits))


def read_entries(folder: Path, name: str) -> Iterator[Entry]:
    """Lines of ``name`` in ``folder``, gzipped or not. Raises UsageError."""
    packed = folder / f"{name}.gz"
    path = packed if packed.exists() else folder / name
    yield from load_file(_entries, path, "file of texts")


def _entries(path: Path) -> list[Entry]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        return [Entry.model_validate_json(line) for line in file if line.strip()]


def read_gains(path: Path) -> dict[str, dict[str, float]]:
    """Judged gains: query id -> document id -> gain."""
    gains: dict[str, dict[str, float]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        query, document, gain = line.split("\t")
        gains.setdefault(query, {})[document] = float(gain)
    return gains


def to_document(entry: Entry) -> Document:
    """An abstract as a text file named after its id: the title, an empty line, the abstract."""
    return document_from_text(f"{entry.id}.txt", f"{entry.title}\n\n{entry.text}")


def figures(rows: Sequence[Ranked]) -> tuple[Estimate, ...]:
    """All measures."""
    return tuple(estimate(measure, rows) for measure in MEASURES)


def _of(
    system: str, score: Callable[[Sequence[str], Mapping[str, float]], float | None]
) -> Callable[[Ranked], Numbers | None]:
    def pick(row: Ranked) -> Numbers | None:
        value = score(row.ranked, row.gains) if row.system == system else None
        return None if value is None else (value,)

    return pick


def _ndcg(ranked: Sequence[str], gains: Mapping[str, float]) -> float | None:
    return ndcg_at(ranked, gains, DEPTH)


def _recall(ranked: Sequence[str], gains: Mapping[str, float]) -> float | None:
    return recall_at(ranked, [name for name, gain in gains.items() if gain > 0], DEPTH)


def _first(ranked: Sequence[str], gains: Mapping[str, float]) -> float | None:
    return reciprocal_rank(ranked[:DEPTH], [name for name, gain in gains.items() if gain > 0])


MEASURES: tuple[Measure[Ranked], ...] = (
    Measure("ndcg", f"nDCG@{DEPTH}", "higher", "score", _of(FUSED, _ndcg)),
    Measure("recall", f"recall@{DEPTH}", "higher", "score", _of(FUSED, _recall)),
    Measure("mrr", f"MRR@{DEPTH}", "higher", "score", _of(FUSED, _first)),
    Measure("ndcg_dense", f"nDCG@{DEPTH}, embeddings alone", "higher", "score", _of(DENSE, _ndcg)),
    Measure("ndcg_bm25", f"nDCG@{DEPTH}, BM25 alone", "higher", "score", _of(BM25, _ndcg)),
)
