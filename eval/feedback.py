"""What people thought of answers, as a question set: the part of it that a set can be made of without guessing.

An answer somebody liked is right: its question, its status and its short answer (else its statements) make a line of a
set. Of one somebody disliked only the question is known; what would be right is for a person to say.
"""

from answer.types import Answer
from eval.known_facts import Question
from eval.score import strip_markers

KIND = "feedback"


def liked(answer: Answer) -> Question:
    """The question of an answer that was found right. It stands alone: what a conversation meant is filled in."""
    said = [answer.short_answer] if answer.short_answer else [statement.text for statement in answer.statements]
    facts = tuple((text,) for text in map(strip_markers, said)) if answer.status == "answered" else ()
    return Question(
        id=answer.id,
        kind=KIND,
        question=answer.standalone_question,
        status=(answer.status,),
        accept=facts,
    )


def to_label(answer: Answer, comment: str) -> dict[str, str]:
    """The question of an answer that was found wrong, with what was said of it; status and facts are still missing."""
    return {
        "id": answer.id,
        "kind": KIND,
        "question": answer.standalone_question,
        "given": strip_markers(answer.text),
        "comment": comment,
    }
