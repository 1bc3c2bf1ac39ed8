from collections.abc import Callable

import numpy as np
import pytest

from ingest.settings import IngestSettings
from ingest.types import Document
from retriever.embed_hash import HashEmbedder
from retriever.search import Retriever
from retriever.settings import RetrieverSettings

TEXTS = {
    "normans.txt": "The Normans came from Normandy. Rollo was their leader.",
    "steam.txt": "Steam engines drive pistons. James Watt improved them.",
    "warsaw.txt": "Warsaw is the capital of Poland. It stands on the Vistula.",
}


@pytest.fixture
def retriever(document: Callable[..., Document]) -> Callable[..., Retriever]:
    def make(texts: dict[str, str] = TEXTS, **settings: object) -> Retriever:
        documents = [document(source, text) for source, text in texts.items()]
        return Retriever.from_documents(documents, HashEmbedder(), RetrieverSettings(**settings), IngestSettings())

    return make


def test_the_passage_with_the_words_comes_first(retriever: Callable[..., Retriever]) -> None:
    found = retriever().search("Who improved steam engines?", 2)
    assert [hit.rank for hit in found] == [1, 2]
    assert found[0].document.source == "steam.txt"
    assert found[0].score > found[1].score


def test_the_passage_text_is_quoted_untouched(retriever: Callable[..., Retriever]) -> None:
    assert retriever().search("Vistula", 1)[0].passage.text == TEXTS["warsaw.txt"]


def test_k_beyond_the_index_gives_every_passage_once(retriever: Callable[..., Retriever]) -> None:
    found = retriever().search("capital", 50)
    assert sorted(hit.document.source for hit in found) == sorted(TEXTS)


def test_both_searches_report_their_raw_scores(retriever: Callable[..., Retriever]) -> None:
    via = {signal.name: signal for signal in retriever().search("Vistula", 1)[0].via}
    assert via["dense"].rank == via["bm25"].rank == 1
    assert 0 < via["dense"].score <= 1
    assert via["bm25"].score > 0


def test_a_passage_without_a_word_of_the_query_has_no_bm25_signal(retriever: Callable[..., Retriever]) -> None:
    last = retriever().search("Vistula", 3)[-1]
    assert [signal.name for signal in last.via] == ["dense"]


def test_a_candidate_of_one_search_gets_the_exact_score_of_the_other(retriever: Callable[..., Retriever]) -> None:
    whole = {hit.passage.id: hit.via for hit in retriever(candidates=1000).search("Rollo of Poland", 3)}
    narrow = retriever(candidates=1).search("Rollo of Poland", 1)
    exact = {signal.name: signal.score for signal in whole[narrow[0].passage.id]}
    assert {signal.name: signal.score for signal in narrow[0].via} == exact


def test_a_sentence_is_found_by_its_own_vector(retriever: Callable[..., Retriever]) -> None:
    hit = retriever(dense_weight=1.0).search("Rollo was their leader.", 1)[0]
    assert hit.via[0].score == pytest.approx(1.0)


def test_a_misspelt_word_finds_its_passage(retriever: Callable[..., Retriever]) -> None:
    assert retriever().search("What are pitsons?", 1)[0].document.source == "steam.txt"


@pytest.mark.parametrize("query", ["", "zzz", "the of", "?" * 5000])
def test_a_query_that_matches_nothing_still_ranks(retriever: Callable[..., Retriever], query: str) -> None:
    assert len(retriever().search(query, 2)) == 2


def test_one_passage_is_found_with_score_zero(retriever: Callable[..., Retriever]) -> None:
    found = retriever({"only.txt": "A single sentence."}).search("sentence", 3)
    assert [(hit.rank, hit.score) for hit in found] == [(1, 0.0)]


def test_ties_go_to_the_earlier_source(retriever: Callable[..., Retriever]) -> None:
    found = retriever({"b.txt": "Same words here.", "a.txt": "Same words here."}).search("same words", 2)
    assert [hit.document.source for hit in found] == ["a.txt", "b.txt"]


@pytest.mark.parametrize("k", [0, 1])
def test_an_empty_index_and_an_empty_wish_give_nothing(retriever: Callable[..., Retriever], k: int) -> None:
    assert retriever({} if k else TEXTS).search("anything", k) == []


def test_a_misspelt_word_is_put_right_towards_the_articles(retriever: Callable[..., Retriever]) -> None:
    assert retriever().correct("Where does the Vistual flow?") == "Where does the Vistula flow?"


def test_documents_are_those_indexed(retriever: Callable[..., Retriever]) -> None:
    opened = retriever()
    assert [item.source for item in opened.documents.values()] == sorted(TEXTS)


def test_embed_gives_unit_vectors(retriever: Callable[..., Retriever]) -> None:
    vectors = retriever().embed(["steam engines", "Warsaw"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize(("k", "sources"), [(2, ["normans.txt", "steam.txt"]), (9, sorted(TEXTS))])
def test_sample_spreads_over_the_index_in_its_order(
    retriever: Callable[..., Retriever], k: int, sources: list[str]
) -> None:
    assert [hit.document.source for hit in retriever().sample(k)] == sources
