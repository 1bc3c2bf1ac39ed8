import pytest

from answer.quantity import lacks_quantity


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
        ("When was the ferry launched?", "The ferry was launched in the spring.", False),
        ("When was the ferry launched?", "The ferry is white.", True),
        ("In what year was the ferry launched?", "The ferry was launched recently.", True),
        ("When a ferry is late, what happens?", "Passengers complain.", False),  # no time is asked for
        ("Who runs the ferry?", "The ferry is white.", False),
    ],
)
def test_a_number_or_time_is_missing(question: str, text: str, lacks: bool) -> None:
    assert lacks_quantity(question, text) == lacks
