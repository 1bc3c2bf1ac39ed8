import gzip
import json
from pathlib import Path

import pytest

from eval.scifact import read_entries, read_gains, run


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


def test_reads_gzipped_and_plain_files(collection: Path) -> None:
    assert [entry.id for entry in read_entries(collection, "corpus.jsonl")] == ["11", "12"]
    assert [entry.text for entry in read_entries(collection, "queries.jsonl")] == ["Sourdough needs flour."]


def test_reads_judged_gains(collection: Path) -> None:
    assert read_gains(collection) == {"1": {"12": 1.0}}


@pytest.mark.model
def test_reports_every_system(collection: Path, tmp_path: Path) -> None:
    lines = list(run(collection, tmp_path / "index"))
    assert "2 added" in lines[0]
    assert [line.split("  (")[0].split() for line in lines[1:]] == [
        ["nDCG@10", "fused", "1.0000"],
        ["nDCG@10", "dense", "only", "1.0000"],
        ["nDCG@10", "bm25", "only", "1.0000"],
    ]
