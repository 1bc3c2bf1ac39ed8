import pytest

from answer.expected import lacks_expected


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("How many people work there?", "The yard is in Lund.", True),
        ("How many people work there?", "Several thousand people work at the yard.", False),
        ("By what percentage did fares fall?", "Fares have fallen significantly.", True),
        ("By what percentage did fares fall?", "Fares have fallen by a third.", False),
        ("How much does entry cost?", "Entry is free.", False),
        ("How long does the crossing take?", "The crossing takes two hours.", False),
        ("How long does the crossing take?", "The crossing is rough.", True),
        ("How many people work there?", "The yard was founded on 3 May 1910.", True),  # a date counts nobody
        ("How many people work there?", "In 1910 it had 40.", False),
        ("How many people work there?", "In 1910 it was founded.", True),
        ("How many people work there?", "It has 1500 workers.", False),
        ("How many people work there?", "Work is found there by 1500, in 1500 huts.", False),
        ("How many days does the crossing take?", "The crossing takes a weekend.", False),
        ("How much was the ferry?", "The ferry was opened on 3 May 1910.", True),
        ("How much was the ferry?", "The ferry was cheaper than a bridge.", False),
        ("How tall is the mast?", "The mast is white.", True),
        ("What colour is the mast?", "The mast has 3 sails.", True),
        ("What colour is the mast?", "The mast is white.", False),
        ("When was the ferry launched?", "The ferry was launched in the spring.", False),
        ("When was the ferry launched?", "The ferry was launched in 1910.", False),
        ("When was the ferry launched?", "The ferry is white.", True),
        ("In what year was the ferry launched?", "The ferry was launched recently.", True),
        ("When a ferry is late, what happens?", "Passengers complain.", False),  # no time is asked for
        ("Who runs the ferry?", "The ferry is white.", False),
    ],
)
def test_a_number_a_time_or_a_colour_is_missing(question: str, text: str, lacks: bool) -> None:
    assert lacks_expected(question, text) == lacks
