from pathlib import Path

import faiss
import numpy as np
import pytest

from ingest.errors import IndexStateError
from retriever.store import FaissStore

ROWS = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)


@pytest.fixture
def store() -> FaissStore:
    store = FaissStore(2)
    store.add(ROWS)
    return store


def test_search_gives_rows_and_inner_products_best_first(store: FaissStore) -> None:
    rows, scores = store.search(np.array([0, 1], dtype=np.float32), 2)
    assert rows.tolist() == [1, 2]
    assert scores == pytest.approx([1.0, 0.8])


def test_search_for_more_than_there_is_gives_all(store: FaissStore) -> None:
    assert len(store.search(ROWS[0], 10)[0]) == 3


def test_an_empty_store_finds_nothing() -> None:
    rows, scores = FaissStore(2).search(ROWS[0], 5)
    assert (len(rows), len(scores)) == (0, 0)


def test_reconstruct_gives_the_rows_asked_for(store: FaissStore) -> None:
    assert np.array_equal(store.reconstruct(np.array([2, 0])), ROWS[[2, 0]])


def test_saved_and_loaded_it_is_the_same(store: FaissStore, tmp_path: Path) -> None:
    assert store.save(tmp_path) == ("vectors.faiss",)
    loaded = FaissStore.load(tmp_path)
    assert (loaded.size, loaded.dimension) == (3, 2)
    assert np.array_equal(loaded.reconstruct(np.arange(3)), ROWS)


def test_another_kind_of_faiss_index_is_refused(tmp_path: Path) -> None:
    faiss.write_index(faiss.IndexFlatL2(2), str(tmp_path / "vectors.faiss"))
    with pytest.raises(IndexStateError, match="IndexFlatL2"):
        FaissStore.load(tmp_path)
