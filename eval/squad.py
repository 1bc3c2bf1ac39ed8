"""SQuAD 2.0 (Rajpurkar et al. 2018): many paragraphs indexed together, the question alone finds its own.

Every answerable question is asked twice, the second time with its paragraph hidden: other paragraphs of the same
article remain, which is the hard case for abstention.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from answer.service import ChatService
from answer.training.data import Example, load_squad, split_examples
from eval.corpus import Advance, MemoryIndex
from eval.public import Asked, Case, answerable, ask_all, load_file
from ingest.errors import UsageError
from ingest.load import document_from_text
from ingest.settings import IngestSettings
from ingest.types import Document
from retriever.settings import RetrieverSettings

SEED = 1


def run_squad(
    service: ChatService,
    path: Path,
    paragraphs: int,
    questions: int,
    held_out: bool,
    retriever: RetrieverSettings,
    ingest: IngestSettings,
    advance: Advance,
) -> list[Case]:
    """Index a random choice of paragraphs and ask a random choice of their questions.

    Args:
        service: answers.
        path: the JSON file, gzipped or not.
        paragraphs: at most so many, indexed without their titles.
        questions: at most so many answerable ones; each is also asked without its paragraph, and at most half as many
            impossible ones are asked as they are.
        held_out: only articles the shipped reader was not trained on.
        retriever: settings of the search.
        ingest: settings of the splitting.
        advance: called with (questions asked, questions to ask).

    Raises:
        UsageError: the file is no SQuAD file or has no answerable question.
    """
    examples = load_file(load_squad, path, "SQuAD 2.0 file")
    if held_out:
        examples = list(split_examples(examples).held_out)
    chosen = sample_paragraphs(examples, paragraphs)
    if not answerable(chosen):
        raise UsageError(f"{path} has no answerable question")
    names = {text: f"paragraph {number}" for number, text in enumerate(dict.fromkeys(e.text for e in chosen), start=1)}
    index = MemoryIndex([_document(name, text) for text, name in names.items()], retriever, ingest)
    return list(ask_all(service, _asked(chosen, questions, names, index), advance))


def sample_paragraphs(examples: Sequence[Example], paragraphs: int) -> list[Example]:
    """The examples of a repeatable random choice of paragraphs, in the order of the file."""
    texts = list(dict.fromkeys(example.text for example in examples))
    chosen = set(Random(SEED).sample(texts, min(paragraphs, len(texts))))  # noqa: S311 - repeatable, not secret
    return [example for example in examples if example.text in chosen]


def _asked(examples: Sequence[Example], questions: int, names: dict[str, str], index: MemoryIndex) -> list[Asked]:
    rng = Random(SEED)  # noqa: S311 - repeatable, not secret
    whole = index.source()
    can = answerable(examples)
    asked: list[Asked] = []
    for example in rng.sample(can, min(questions, len(can))):
        hidden = (names[example.text],)
        asked.append(Asked("right", example.question, example.answers, lambda: whole))
        asked.append(Asked("wrong passage", example.question, (), lambda hidden=hidden: index.without(hidden)))  # type: ignore[misc]
    cannot = [example for example in examples if not example.answerable]
    impossible = rng.sample(cannot, min(questions // 2, len(cannot)))
    return asked + [Asked("impossible", example.question, (), lambda: whole) for example in impossible]


def _document(name: str, text: str) -> Document:
    # A made-up title would be searched and read along; a real one would make the question easier.
    return replace(document_from_text(name, text), title="")
