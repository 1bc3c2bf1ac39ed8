"""SQuAD 2.0 (Rajpurkar et al. 2018): many paragraphs indexed together, the question alone finds its own.

Every answerable question is asked again with its paragraph hidden, where others of the same article remain; of its
paragraph alone; and of one sibling alone, a paragraph of the same article without the answer: the hard cases for
abstention.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from answer.service import ChatService, Source
from answer.training import metrics as reading
from answer.training.data import Example, load_squad, split_examples
from eval.corpus import Advance, MemoryIndex
from eval.public import Asked, Case, answerable, ask_all, load_file
from ingest.errors import UsageError
from ingest.load import document_from_text
from ingest.settings import IngestSettings
from ingest.types import Document
from retriever.embedder import open_embedder
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
        questions: at most so many answerable ones, each asked in the four ways above; at most half as many
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
    embedder = open_embedder(retriever)
    index = MemoryIndex([_document(name, text) for text, name in names.items()], retriever, ingest, embedder)
    rng = Random(SEED)  # noqa: S311 - repeatable, not secret
    asked: list[Asked] = []

    def single(text: str) -> Callable[[], Source]:
        return lambda: MemoryIndex([_document("paragraph", text)], retriever, ingest, embedder).source()

    for example in rng.sample(answerable(chosen), min(questions, len(answerable(chosen)))):
        asked += _together(example, names[example.text], index)
        asked.append(Asked("alone", example.question, example.answers, single(example.text)))
        if other := sibling(example, examples, rng):
            asked.append(Asked("sibling", example.question, (), single(other)))
    cannot = [example for example in chosen if not example.answerable]
    for example in rng.sample(cannot, min(questions // 2, len(cannot))):
        asked.append(Asked("impossible", example.question, (), index.source))
    return list(ask_all(service, asked, advance))


def sample_paragraphs(examples: Sequence[Example], paragraphs: int) -> list[Example]:
    """The examples of a repeatable random choice of paragraphs, in the order of the file."""
    texts = list(dict.fromkeys(example.text for example in examples))
    chosen = set(Random(SEED).sample(texts, min(paragraphs, len(texts))))  # noqa: S311 - repeatable, not secret
    return [example for example in examples if example.text in chosen]


def sibling(example: Example, everything: Sequence[Example], rng: Random) -> str:
    """Another paragraph of the article, in which no accepted answer stands; "" when there is none."""
    texts = dict.fromkeys(other.text for other in everything if other.group == example.group)
    fitting = [text for text in texts if text != example.text and not reading.contains(text, example.answers)]
    return rng.choice(fitting) if fitting else ""


def _together(example: Example, name: str, index: MemoryIndex) -> Iterator[Asked]:
    """Of all paragraphs, and of all but its own."""
    yield Asked("right", example.question, example.answers, index.source)
    yield Asked("wrong passage", example.question, (), partial(index.without, (name,)))


def _document(name: str, text: str) -> Document:
    # A made-up title would be searched and read along; a real one would make the question easier.
    return replace(document_from_text(name, text), title="")
