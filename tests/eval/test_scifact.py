import gzip
import json
from pathlib import Path

import pytest

from eval.scifact import DENSE, FUSED, Ranked, figures, read_entries, read_gains, run_scifact
from ingest.errors import UsageError
from ingest.settings import IngestSettings
from retriever.settings import RetrieverSettings


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    corpus = [
        {"_id": "11", "title": "Rivers", "text": "The Seine runs through Rouen and Paris."},
        {"_id": "12", "title": "Bread", "text": "Sourdough needs a starter, flour and patience."},
    ]
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in corpus)
    (tmp_path / "queries.jsonl").write_text('{"_id": "1", "text": "Sourdough needs flour."}\n')
    (tmp_path / "qrels_test.tsv").write_text("query-id\tcorpus-id\tscore\n1\t12\t1\n")
    return tmp_path


def run(folder: Path, index: Path) -> list[Ranked]:
    settings = RetrieverSettings(embedder_backend="hash")
    return run_scifact(folder, index, settings, IngestSettings(), lambda done, total: None)


def test_reads_gzipped_and_plain_files(collection: Path) -> None:
    assert [entry.id for entry in read_entries(collection, "corpus.jsonl")] == ["11", "12"]
    assert [entry.text for entry in read_entries(collection, "queries.jsonl")] == ["Sourdough needs flour."]


def test_reads_judged_gains(collection: Path) -> None:
    assert read_gains(collection / "qrels_test.tsv") == {"1": {"12": 1.0}}


def test_every_search_ranks_every_claim(collection: Path, tmp_path: Path) -> None:
    rows = run(collection, tmp_path / "index")
    assert [(row.system, row.ranked[0]) for row in rows] == [("fused", "12"), ("dense only", "12"), ("BM25 only", "12")]
    assert all(figure.value == 1.0 for figure in figures(rows))


def test_figures_are_of_their_own_search() -> None:
    rows = [
        Ranked(system=FUSED, query="1", ranked=("x", "a"), gains={"a": 1.0, "b": 1.0}),
        Ranked(system=DENSE, query="1", ranked=("a", "b"), gains={"a": 1.0, "b": 1.0}),
    ]
    found = {figure.name: figure.value for figure in figures(rows)}
    assert (found["recall"], found["mrr"], found["ndcg_dense"], found["ndcg_bm25"]) == (0.5, 0.5, 1.0, None)


def test_a_judged_claim_that_is_missing_is_named(collection: Path, tmp_path: Path) -> None:
    (collection / "qrels_test.tsv").write_text("query-id\tcorpus-id\tscore\n7\t12\t1\n")
    with pytest.raises(UsageError, match=r"judges query '7', which is not in queries\.jsonl"):
        run(collection, tmp_path / "index")


def test_a_folder_without_the_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*corpus\.jsonl: No such file"):
        run(tmp_path, tmp_path / "index")
