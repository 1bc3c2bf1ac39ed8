from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.errors import IndexStateError
from ingest.settings import IngestSettings
from ingest.types import Document
from retriever.embed_hash import HashEmbedder
from retriever.generations import open_index
from retriever.indexer import IndexUpdate
from retriever.settings import RetrieverSettings

HASH = RetrieverSettings(embedder_backend="hash")


@pytest.fixture
def article(update: Callable[..., IndexUpdate], document: Callable[..., Document]) -> Document:
    item = document("normans.txt", "The Normans came from Normandy. Rollo was their leader.", "Normans")
    update(item)
    return item


def test_an_opened_index_gives_back_document_and_passage_exactly(index: Path, article: Document) -> None:
    opened = open_index(index, HASH, IngestSettings())
    hit = opened.retriever.search("Who led the Normans?", 1)[0]
    assert hit.document == article
    assert article.text[hit.passage.start : hit.passage.end] == hit.passage.text
    assert [article.text[span.start : span.end] for span in hit.passage.sentences] == [
        "The Normans came from Normandy.",
        "Rollo was their leader.",
    ]


def test_it_knows_its_generation_and_corpus(index: Path, article: Document) -> None:
    opened = open_index(index, HASH, IngestSettings())
    assert (opened.generation, opened.calibration, opened.warning) == (1, None, "")
    assert opened.corpus_sha256 == opened.retriever.corpus_sha256


@pytest.mark.usefixtures("article")
def test_other_splitter_settings_are_refused(index: Path) -> None:
    with pytest.raises(IndexStateError, match="passage_words 120, the settings say 60"):
        open_index(index, HASH, IngestSettings(passage_words=60))


@pytest.mark.usefixtures("article")
def test_another_embedder_is_refused(index: Path, embedder: HashEmbedder) -> None:
    embedder.name = "other@1"
    with pytest.raises(IndexStateError, match="embedder hash-256, the settings say other@1"):
        open_index(index, HASH, IngestSettings(), embedder)


@pytest.mark.usefixtures("article")
def test_a_damaged_file_is_never_parsed(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import faiss

    (index / "1" / "vectors.faiss").write_bytes(b"\x00" * 64)
    monkeypatch.setattr(faiss, "read_index", lambda name: pytest.fail("parsed before its hash was checked"))
    with pytest.raises(IndexStateError, match=r"vectors\.faiss is damaged"):
        open_index(index, HASH, IngestSettings())
