import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean_text
from ingest.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["U.S. models lead.", "China follows."],
        ["He worked in the U.S.", "He was sure."],
        ["Dr. Lee said.", "He left."],
        ["Kai-Fu Lee founded 01.AI in 2023.", "It grew."],
        ["Use fruit, e.g. apples, i.e. the red ones.", "Then eat."],
        ["It cost $3.5 million in Sept. 2023.", "Lee paid."],
        ["He called it “a super app.”", "Then he left."],
        ["He called it \"a super app.\"", "Then he left."],
        ["“Is it true?” he asked.", "“Yes!” she said."],
        ["Yahoo!'s share price fell.", "Investors sold."],
        ["J. R. R. Tolkien wrote it.", "C. S. Lewis read it."],
        ["He waited... and then left.", "She stayed…", "Then he came."],
        ["See https://www.example.com/a.b?c=d.e for more.", "Or call."],
        ["Apple Inc. sold it.", "Apple Inc. Chairman Cook agreed."],
        ["Mambo No. 5 was a hit.", "The answer is no.", "It sold well."],
        ["See Fig. 3 and pp. 5–7 for this.", "Smith et al. found it."],
        ["It was built c. 1850.", "(It closed in 1900.)", "Nobody knows."],
        ["The plan worked.[5]", "Nobody knew.[1][2]", "The end."],
        ["iPhone sales rose.", "iPad sales fell."],
        ["The second (see p. 5).", "Third."],
        ["Was it Lt. Gen. Smith?", "Yes, it was."],
        ["中国发展迅速。", "差距是六个月。"],
    ],
)  # fmt: skip
def test_sentences(expected: list[str]) -> None:
    text = ("" if "。" in expected[0] else " ").join(expected)
    assert sentences(text) == expected


def test_list_items_and_introducing_lines_are_sentences_without_their_marks() -> None:
    text = "These are the points:\n• Models lag by 6-9 months\n1. Costs fell. Much.\n- last"
    assert sentences(text) == ["These are the points:", "Models lag by 6-9 months", "Costs fell.", "Much.", "last"]


def test_a_rule_is_no_sentence() -> None:
    assert sentences("One.\n* * *\nTwo.") == ["One.", "Two."]


@given(st.text(alphabet=st.sampled_from("aB1 .!?\"”'“)(-•\n。")) | st.text())
def test_spans_are_trimmed_ordered_and_cover_every_letter(raw: str) -> None:
    text = clean_text(raw)
    spans = sentence_spans(text)
    for span in spans:
        piece = text[span.start : span.end]
        assert piece == piece.strip()
        assert "\n" not in piece
        assert any(map(str.isalnum, piece))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = {at for span in spans for at in range(span.start, span.end)}
    assert all(at in covered for at, letter in enumerate(text) if letter.isalpha())


def test_run_on_text_takes_linear_time() -> None:
    start = time.perf_counter()
    assert len(sentence_spans("word and more, then etc. and so on " * 10_000)) == 1
    assert time.perf_counter() - start < 10
