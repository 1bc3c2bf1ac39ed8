import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean_text, is_list_item, is_wrapped, join_lines, one_line, vocabulary

any_text = st.text(alphabet=st.characters())  # surrogates and unassigned code points included


@given(any_text)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(any_text)
def test_cleaned_text_is_nfc_and_encodable(text: str) -> None:
    cleaned = clean_text(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned.encode().decode() == cleaned


@given(any_text)
def test_one_line_is_one_line(text: str) -> None:
    assert "\n" not in one_line(text)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("cafe\u0301", "café"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("zero\u200bwidth \u202eoverride\u202c soft\u00adhyphen \ufeffmark", "zerowidth override softhyphen mark"),
        ("6\u00a0to\u202f9\u3000months\tago", "6 to 9 months ago"),
        ("a  \n\n\n\n   b", "a\n\nb"),
        ("tags\U000e0041\U000e0042 gone", "tags gone"),
        ("bell\x07 and null\x00", "bell and null"),
        ("\uf0b7 item", "• item"),
        ("“quoted” – ‘kept’ — …", "“quoted” – ‘kept’ — …"),
        ("lone \ud800 half", "lone \ufffd half"),
    ],
)
def test_characters_and_spaces(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == cleaned


def test_a_pile_of_combining_marks_takes_no_time() -> None:
    start = time.perf_counter()
    clean_text("a" + "\u0301\u0316" * 200_000)
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("line", ["• a", "- a", "* a", "1. a", "12) a", "(3) a", "– a"])
def test_list_marks(line: str) -> None:
    assert is_list_item(line)


@pytest.mark.parametrize("line", ["-5 degrees", "3.5 million", "2024. A year", "*bold*", "a - b", "•", "- "])
def test_what_is_no_list_mark(line: str) -> None:
    assert not is_list_item(line)


def test_lines_broken_where_the_next_word_does_not_fit_are_wrapped() -> None:
    lines = ["The gap between the two countries was put", "at six to nine months by the founder of a", "startup."]
    assert is_wrapped(lines)


def test_an_address_is_not_wrapped() -> None:
    assert not is_wrapped(["88 North Avondale Road and a long first line", "Avondale Estates", "GA 30002"])


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["a large lan-", "guage model"], "a large language model"),
        (["a text-", "to-video model"], "a text-to-video model"),
        (["the AI-", "based tool"], "the AI-based tool"),
        (["from 1999-", "2004 on"], "from 1999-2004 on"),
        (["wait -", "what"], "wait - what"),
    ],
)
def test_hyphens_at_line_ends(lines: list[str], joined: str) -> None:
    assert join_lines(lines, frozenset()) == joined


def test_the_documents_own_words_decide_a_hyphen() -> None:
    known = vocabulary("A well-known fact. Cooperation.")
    assert join_lines(["a well-", "known case"], known) == "a well-known case"
    assert join_lines(["their co-", "operation"], known) == "their cooperation"
