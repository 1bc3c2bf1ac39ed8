import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.draft import to_document
from ingest.readers.plain import read_plain
from ingest.types import Document

BODY = "This paragraph is running text that ends the way sentences do."


def read(text: str) -> Document:
    return to_document("file.txt", read_plain(text))


def headings(text: str) -> list[tuple[int, str]]:
    document = read(text)
    return [(h.level, document.text[h.start : h.end]) for h in document.headings]


@given(st.text(alphabet=st.sampled_from("ab Z.-•1:\n")) | st.text())
def test_reading_the_result_again_changes_nothing(text: str) -> None:
    once = read(text).text
    assert read(once).text == once


def test_button_labels_before_the_title_go() -> None:
    assert read(f"close\nclose\n\nThe Title Itself\n\n{BODY}").text == f"The Title Itself\n\n{BODY}"


def test_unknown_labels_go_when_they_stand_there_twice() -> None:
    assert read(f"play clip\nplay clip\n\nThe Title Itself\n\n{BODY}").text == f"The Title Itself\n\n{BODY}"


def test_labels_after_the_text_go() -> None:
    assert read(f"{BODY}\n\nShare\n\nBack to top").text == BODY


@pytest.mark.parametrize(
    "text",
    [
        f"Menu\n\n{BODY}",
        f"eBay\n\n{BODY}",
        f"glaciers\n\n{BODY}",
        f"{BODY}\n\nThe end",
        f"{BODY}\n\n$45.00\n\nPaid",
        f"Hunyuan\n\nHunyuan\n\n{BODY}",
        "close",
    ],
)
def test_titles_and_facts_at_the_edges_stay(text: str) -> None:
    assert read(text).text == text


def test_first_title_line_is_title_and_level_one() -> None:
    text = f"China’s AI Race: 6-9 Months Behind\n\nTLDR:\n\n• a fact\n\n{BODY}\n\nThe Landscape in China\n\n{BODY}"
    assert headings(text) == [(1, "China’s AI Race: 6-9 Months Behind"), (2, "TLDR:"), (2, "The Landscape in China")]
    assert read(text).title == "China’s AI Race: 6-9 Months Behind"


@pytest.mark.parametrize(
    "line",
    [
        "It ended there.",
        "These are the points of the plan:",
        "Invoice ID: 4711",
        "Her debit card was charged $105.29",
        "The card of the account was charged for it once more",
        "From: jane@example.org",
        "• Item",
        "12,50 €",
        "a lower-case line",
        "- - -",
        "Dear Ms Lee,",
    ],
)
def test_lines_that_are_no_headings(line: str) -> None:
    assert headings(f"{BODY}\n\n{line}\n\n{BODY}") == []


def test_a_short_line_at_the_end_heads_nothing() -> None:
    assert headings(f"{BODY}\n\nJane Roe") == []


def test_of_a_row_of_short_lines_only_the_last_is_a_heading() -> None:
    assert headings(f"{BODY}\n\nOne Thing\n\nAnother Thing\n\nA Third Thing\n\n{BODY}") == [(2, "A Third Thing")]


def test_a_file_of_one_paragraph_has_its_name_for_title() -> None:
    assert (read(BODY).title, read(BODY).headings) == ("file", ())


def test_wrapped_mail_is_joined_and_its_other_lines_are_kept() -> None:
    text = (
        "From: Jane Roe <jane@example.org>\nDate: Tue, 1 Feb 2022\n\nHi David,\n\n"
        "the meeting about the new model has been moved to the following\n"
        "Thursday because the founder of the startup is still on his way to\n"
        "the conference.\n\nBest\nJane"
    )
    assert read(text).text.split("\n") == [
        "From: Jane Roe <jane@example.org>",
        "Date: Tue, 1 Feb 2022",
        "",
        "Hi David,",
        "",
        "the meeting about the new model has been moved to the following Thursday because the founder of the startup "
        "is still on his way to the conference.",
        "",
        "Best",
        "Jane",
    ]


def test_a_wrapped_list_item_becomes_one_line() -> None:
    text = "- the first of the items runs on until its\n  second line, where it stops at long last\n- the second"
    assert (
        read(text).text
        == "- the first of the items runs on until its second line, where it stops at long last\n- the second"
    )


def test_long_lines_are_paragraphs_of_their_own() -> None:
    assert read(f"Title Of It\n{BODY * 3}\n{BODY * 3}").text == f"Title Of It\n\n{BODY * 3}\n\n{BODY * 3}"
