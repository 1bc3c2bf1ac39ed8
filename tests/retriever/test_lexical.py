import math
from pathlib import Path

import numpy as np
import pytest

from retriever.lexical import LexicalIndex
from retriever.terms import TermIndex

TEXTS = ["The Normans settled in Normandy.", "Steam engines drive pistons.", "Warsaw is the capital of Poland."]


def test_bm25_of_one_term_is_lucenes_formula() -> None:
    # idf = ln(1 + (2 - 1 + 0.5) / (1 + 0.5)); tf part = 2 / (2 + 1.5 * (0.25 + 0.75 * 3 / 2))
    expected = math.log(2) * 2 / (2 + 1.5 * (0.25 + 0.75 * 3 / 2))
    scores = TermIndex.build([["a", "a", "b"], ["c"]]).scores(["a"])
    assert scores == pytest.approx([expected, 0.0])


def test_a_term_asked_twice_counts_twice() -> None:
    index = TermIndex.build([["a"], ["b"]])
    assert index.scores(["a", "a"]) == pytest.approx(2 * index.scores(["a"]))


def test_an_inflection_finds_its_stem() -> None:
    assert LexicalIndex.build(TEXTS).scores("a piston engine").argmax() == 1


def test_words_side_by_side_beat_the_same_words_apart() -> None:
    texts = ["The crown prince of Spain ruled.", "The prince of Spain wore a crown."]
    assert LexicalIndex.build(texts).scores("crown prince").argmax() == 0


def test_part_of_a_word_finds_a_related_form() -> None:
    scores = LexicalIndex.build(TEXTS).scores("Norman-ruled Normandie")
    assert scores.argmax() == 0
    assert scores[1] == 0


@pytest.mark.parametrize("query", ["", "zzz qqq", "the of is", "?!"])
def test_a_query_without_a_known_word_scores_zero(query: str) -> None:
    assert LexicalIndex.build(TEXTS).scores(query).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("texts", [[], [""], ["the", "of"]])
def test_passages_without_words_can_be_indexed(texts: list[str]) -> None:
    assert LexicalIndex.build(texts).scores("Normans").tolist() == [0.0] * len(texts)


def test_vocabulary_has_the_words_as_written() -> None:
    assert {"Normans", "settled"} <= set(LexicalIndex.build(TEXTS).vocabulary)


def test_saved_and_loaded_it_scores_the_same(tmp_path: Path) -> None:
    index = LexicalIndex.build(TEXTS)
    names = index.save(tmp_path)
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
    loaded = LexicalIndex.load(tmp_path)
    assert np.array_equal(loaded.scores("capital of the Normans"), index.scores("capital of the Normans"))
    assert set(loaded.vocabulary) == set(index.vocabulary)


def test_building_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        LexicalIndex.build(TEXTS).save(tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
