import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ingest.errors import IndexStateError
from ingest.settings import IngestSettings
from ingest.types import Document
from retriever.embed_hash import HashEmbedder
from retriever.embedder import Progress, Vectors
from retriever.generation_files import find_generation
from retriever.generations import open_index, store_calibration, stored_documents
from retriever.indexer import IndexUpdate, update_index
from retriever.settings import RetrieverSettings

HASH = RetrieverSettings(embedder_backend="hash")


def counts(report: IndexUpdate) -> tuple[int, ...]:
    return (report.added, report.updated, report.unchanged, report.removed)


def sources(index: Path) -> list[str]:
    return [document.source for document in stored_documents(index).values()]


@pytest.fixture
def normans(document: Callable[..., Document]) -> Document:
    return document("normans.txt", "The Normans came from Normandy. Rollo was their leader.")


@pytest.fixture
def steam(document: Callable[..., Document]) -> Document:
    return document("steam.txt", "Steam engines drive pistons. James Watt improved them.")


def test_a_new_index_is_made(
    index: Path, update: Callable[..., IndexUpdate], normans: Document, steam: Document
) -> None:
    report = update(steam, normans)
    assert (report.generation, report.published, counts(report)) == (1, True, (2, 0, 0, 0))
    assert sources(index) == ["normans.txt", "steam.txt"]


def test_unchanged_documents_make_no_new_generation(
    update: Callable[..., IndexUpdate], normans: Document, steam: Document
) -> None:
    update(normans, steam)
    report = update(normans)
    assert (report.generation, report.published, counts(report)) == (1, False, (0, 0, 1, 0))
    assert report.summary() == "0 added, 0 updated, 1 unchanged, 0 removed; generation 1 stays, nothing changed"


def test_another_text_from_the_same_source_replaces_the_old(
    index: Path,
    update: Callable[..., IndexUpdate],
    document: Callable[..., Document],
    normans: Document,
    steam: Document,
) -> None:
    update(normans, steam)
    report = update(document("steam.txt", "Turbines turn."))
    assert counts(report) == (0, 1, 0, 0)
    assert [item.text for item in stored_documents(index).values()] == [normans.text, "Turbines turn."]


def test_only_texts_without_a_vector_are_embedded(
    update: Callable[..., IndexUpdate],
    embedder: HashEmbedder,
    document: Callable[..., Document],
    normans: Document,
    steam: Document,
) -> None:
    update(normans, steam)
    embedder.texts.clear()
    update(document("steam.txt", "Steam engines drive pistons. Turbines turn."))
    assert embedder.texts == ["Steam engines drive pistons. Turbines turn.", "Turbines turn."]


def test_an_update_equals_an_index_made_at_once(
    update: Callable[..., IndexUpdate],
    index: Path,
    document: Callable[..., Document],
    embedder: HashEmbedder,
    tmp_path: Path,
    normans: Document,
    steam: Document,
) -> None:
    update(steam)
    update(normans, document("warsaw.txt", "Warsaw is the capital of Poland."))
    update_index(tmp_path / "fresh", list(stored_documents(index).values()), embedder, IngestSettings())
    updated, fresh = find_generation(index).manifest, find_generation(tmp_path / "fresh").manifest
    assert updated.files == fresh.files
    assert updated.corpus_sha256 == fresh.corpus_sha256


def test_what_is_not_given_stays_without_prune(
    index: Path, update: Callable[..., IndexUpdate], normans: Document, steam: Document
) -> None:
    update(normans)
    update(steam)
    assert sources(index) == ["normans.txt", "steam.txt"]


def test_prune_drops_what_is_not_given(
    index: Path, update: Callable[..., IndexUpdate], normans: Document, steam: Document
) -> None:
    update(normans, steam)
    assert counts(update(steam, prune=True)) == (0, 0, 1, 1)
    assert sources(index) == ["steam.txt"]


def test_prune_keeps_a_source_that_could_not_be_loaded(
    index: Path, update: Callable[..., IndexUpdate], normans: Document, steam: Document
) -> None:
    update(normans, steam)
    report = update(steam, prune=True, failed=["normans.txt"])
    assert (report.published, report.removed) == (False, 0)
    assert sources(index) == ["normans.txt", "steam.txt"]


def test_a_source_can_be_dropped_by_name(
    index: Path, update: Callable[..., IndexUpdate], normans: Document, steam: Document
) -> None:
    update(normans, steam)
    assert counts(update(dropped=["normans.txt"])) == (0, 0, 0, 1)
    assert sources(index) == ["steam.txt"]


def test_everything_can_be_removed(index: Path, update: Callable[..., IndexUpdate], normans: Document) -> None:
    update(normans)
    assert counts(update(prune=True)) == (0, 0, 0, 1)
    assert open_index(index, HASH, IngestSettings()).retriever.search("Normans", 3) == []


def test_other_splitter_settings_remake_the_index_from_the_stored_texts(
    index: Path, update: Callable[..., IndexUpdate], embedder: HashEmbedder, document: Callable[..., Document]
) -> None:
    update(document("long.txt", "One sentence of a few plain words stands here. " * 20))
    ingest = IngestSettings(passage_words=20)
    before = find_generation(index).manifest.passages
    report = update(ingest=ingest)
    assert report.published
    assert report.passages > before
    open_index(index, HASH, ingest, embedder)


def test_an_older_format_is_remade_from_the_stored_texts(
    index: Path, update: Callable[..., IndexUpdate], normans: Document
) -> None:
    update(normans)
    path = index / "1" / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["files"]["vectors.faiss"]
    path.write_text(json.dumps({**manifest, "format_version": 1}))
    (index / "1" / "vectors.faiss").unlink()
    assert update().published
    assert sources(index) == ["normans.txt"]
    open_index(index, HASH, IngestSettings())


def test_another_embedder_remakes_every_vector(
    index: Path, update: Callable[..., IndexUpdate], embedder: HashEmbedder, normans: Document, steam: Document
) -> None:
    update(normans, steam)
    made = set(embedder.texts)

    class Other(HashEmbedder):
        name = "other"

        def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
            made.difference_update(texts)
            return super().embed_passages(texts, progress)

    assert update_index(index, [], Other(), IngestSettings()).published
    assert made == set()
    assert find_generation(index).manifest.recipe.embedder == "other"


def test_progress_counts_the_texts_to_embed(update: Callable[..., IndexUpdate], normans: Document) -> None:
    seen = []
    update(normans, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_an_interrupt_while_embedding_leaves_the_old_index(
    index: Path, update: Callable[..., IndexUpdate], embedder: HashEmbedder, normans: Document, steam: Document
) -> None:
    update(normans)

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update(steam, progress=interrupt)
    assert sources(index) == ["normans.txt"]
    assert update(steam).added == 1


def test_two_writers_cannot_race(
    index: Path, update: Callable[..., IndexUpdate], normans: Document, steam: Document
) -> None:
    refusals = []

    def second_writer(done: int, total: int) -> None:
        with pytest.raises(IndexStateError, match="another process is writing"):
            update_index(index, [steam], HashEmbedder(), IngestSettings())
        refusals.append(done)

    update(normans, progress=second_writer)
    assert refusals
    assert sources(index) == ["normans.txt"]


def test_a_damaged_generation_is_repaired_from_the_last_good_one(
    index: Path, update: Callable[..., IndexUpdate], normans: Document, steam: Document
) -> None:
    update(normans)
    update(steam)
    (index / "2" / "vectors.faiss").write_bytes(b"x")
    report = update(steam)
    assert (report.generation, report.published) == (3, True)
    assert "vectors.faiss is damaged" in report.warning
    assert open_index(index, HASH, IngestSettings()).warning == ""
    assert sources(index) == ["normans.txt", "steam.txt"]


def test_an_index_without_a_good_generation_starts_again(
    index: Path, update: Callable[..., IndexUpdate], normans: Document, steam: Document
) -> None:
    update(normans)
    (index / "1" / "documents.jsonl").write_text("")
    report = update(steam)
    assert "nothing of the old index could be kept" in report.warning
    assert sources(index) == ["steam.txt"]


def test_an_opened_index_does_not_see_later_updates(
    index: Path, update: Callable[..., IndexUpdate], normans: Document, steam: Document
) -> None:
    update(normans)
    opened = open_index(index, HASH, IngestSettings())
    for number in range(5):
        update(steam, prune=bool(number % 2))
        update(normans, prune=bool(number % 2))
    assert opened.generation == 1
    assert [hit.document.source for hit in opened.retriever.search("Rollo", 3)] == ["normans.txt"]


def test_threads_search_one_index(
    index: Path, update: Callable[..., IndexUpdate], normans: Document, steam: Document
) -> None:
    update(normans, steam)
    retriever = open_index(index, HASH, IngestSettings()).retriever
    found = []

    def ask() -> None:
        found.extend(retriever.search("Who improved steam engines?", 1)[0].document.source for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["steam.txt"] * 80


def test_a_calibration_is_kept_by_updates_until_the_recipe_changes(
    index: Path, update: Callable[..., IndexUpdate], normans: Document, steam: Document
) -> None:
    update(normans)
    store_calibration(index, {"threshold": 0.5})
    assert open_index(index, HASH, IngestSettings()).calibration == {"threshold": 0.5}
    update(steam)
    assert open_index(index, HASH, IngestSettings()).calibration == {"threshold": 0.5}
    update(ingest=IngestSettings(passage_words=20))
    assert find_generation(index).manifest.calibration is None
