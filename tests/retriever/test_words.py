from retriever.words import content_grams, content_stems, content_terms, fold, words


def test_words_are_folded_and_split_at_underscores() -> None:
    assert words("The Café_au-lait, 2nd!") == ["the", "cafe", "au", "lait", "2nd"]


def test_fold_strips_accents_and_unifies_case() -> None:
    assert fold("ÉCOLE Straße") == "ecole strasse"


def test_content_stems_leave_stop_words_out_and_unite_inflections() -> None:
    assert content_stems("The dogs were running to a dog run") == ["dog", "run", "dog", "run"]


def test_terms_are_stems_and_pairs_of_neighbours() -> None:
    assert content_terms("the steam engines of Watt") == ["steam", "engin", "watt", "steam engin", "engin watt"]


def test_grams_mark_the_edges_of_a_word() -> None:
    assert content_grams("the yuan") == ["_yua", "yuan", "uan_"]


def test_a_word_shorter_than_a_gram_is_one_gram() -> None:
    assert content_grams("x") == ["_x_"]
