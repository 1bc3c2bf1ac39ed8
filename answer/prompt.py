"""The prompt that has the generator word one piece of evidence, and the reading of its reply.

The fixed part (system message and examples) comes first and never changes, so that backends can keep its
state between requests. The generator sees the evidence and the question, nothing else; whatever it
writes is checked by answer.verify, so a document that tries to instruct it gains nothing.
"""

from answer.backends.base import Message

SYSTEM = "Answer the question with one sentence. Use only the words of the given sentence."
EXAMPLES = (
    (
        "The bridge, which spans 420 metres, was opened by the mayor in 1931 after six years of work.",
        "when did the bridge open?",
        "1931",
        "The bridge was opened by the mayor in 1931.",
    ),
    (
        "According to the report, farmers in the valley may need about three years to recover from the flood.",
        "How long will farmers need to recover?",
        "about three years",
        "According to the report, farmers may need about three years to recover from the flood.",
    ),
)


def wording_prompt(question: str, sentence: str, short_answer: str | None) -> list[Message]:
    """Messages asking for ``sentence`` as a direct answer to ``question``."""
    messages = [Message(role="system", content=SYSTEM)]
    for example_sentence, example_question, example_short, reply in EXAMPLES:
        messages.append(Message(role="user", content=_task(example_question, example_sentence, example_short)))
        messages.append(Message(role="assistant", content=reply))
    messages.append(Message(role="user", content=_task(question, sentence, short_answer)))
    return messages


def _task(question: str, sentence: str, short_answer: str | None) -> str:
    lines = [f"Question: {' '.join(question.split())}"]
    if short_answer:
        lines.append(f"Short answer: {' '.join(short_answer.split())}")
    return "\n".join([*lines, f"Sentence: {' '.join(sentence.split())}"])


def tidy_draft(draft: str) -> str:
    """The draft as one line without a speaker label or wrapping quotation marks."""
    text = " ".join(draft.split()).removeprefix("Answer:").strip()
    if len(text) > 1 and text[0] == '"' and text[-1] == '"' and '"' not in text[1:-1]:
        text = text[1:-1]
    return text
