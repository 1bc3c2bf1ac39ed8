import pytest

from answer.words import content_keys, key_of, name_words, negation_count, number_keys, words


def test_hyphens_separate_numbers() -> None:
    assert number_keys("6-9 months") == {"6", "9"}


def test_number_words_equal_figures() -> None:
    assert number_keys("six to nine months") == number_keys("6 to 9 months")


@pytest.mark.parametrize(
    ("one", "other"), [("models", "model"), ("Tencent’s", "tencent"), ("1,000", "1000"), ("Third", "3rd")]
)
def test_forms_of_a_word_share_a_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


def test_offsets_point_at_the_word() -> None:
    text = "Lee’s 01.AI grew 3.5 times"
    assert [text[w.start : w.end] for w in words(text)] == ["Lee’s", "01", "AI", "grew", "3.5", "times"]


def test_stop_words_carry_no_content() -> None:
    assert content_keys("What is it about?") == set()


def test_a_capital_at_the_start_alone_is_no_name() -> None:
    assert [w.text for w in name_words("Models from Alibaba improve.")] == ["Alibaba"]


def test_a_sentence_may_start_with_a_name_of_two_words() -> None:
    assert [w.text for w in name_words("Ant Group backs it.")] == ["Ant", "Group"]


@pytest.mark.parametrize(("text", "count"), [("It isn't so.", 1), ("It never won't.", 2), ("It is so.", 0)])
def test_negations_are_counted_attached_or_not(text: str, count: int) -> None:
    assert negation_count(text) == count
