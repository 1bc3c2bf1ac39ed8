"""Natural search questions (Kwiatkowski et al. 2019), each with the passage that answers it, as JSON lines.

A line is ``{"question", "answers", "title", "passage"}``. Every other question gets the passage of another one, in
which none of its answers stands, so half of them cannot be answered.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from answer.service import ChatService, Source
from answer.training import metrics as reading
from answer.training.data import Example, load_nq, split_examples
from eval.corpus import Advance, MemoryIndex
from eval.public import Asked, Case, ask_all, load_file
from ingest.errors import UsageError
from ingest.load import document_from_text
from ingest.settings import IngestSettings
from retriever.embedder import Embedder, open_embedder
from retriever.settings import RetrieverSettings

SEED = 1


def run_nq(
    service: ChatService,
    path: Path,
    questions: int,
    held_out: bool,
    retriever: RetrieverSettings,
    ingest: IngestSettings,
    advance: Advance,
) -> list[Case]:
    """Ask a random choice of questions, each of one passage.

    Args:
        service: answers.
        path: JSON lines, gzipped or not.
        questions: at most so many, half of them with a passage that does not answer.
        held_out: only articles the shipped reader was not trained on.
        retriever: settings of the search.
        ingest: settings of the splitting.
        advance: called with (questions asked, questions to ask).

    Raises:
        UsageError: the file is not of that format or has fewer than two questions.
    """
    examples = load_file(load_nq, path, "file of questions with gold passages")
    if held_out:
        examples = list(split_examples(examples).held_out)
    if len(examples) < 2:
        raise UsageError(f"{path} has {len(examples)} questions whose answer stands in their passage, two are needed")
    rng = Random(SEED)  # noqa: S311 - repeatable, not secret
    chosen = rng.sample(examples, min(questions, len(examples)))
    opened = partial(_source, retriever=retriever, ingest=ingest, embedder=open_embedder(retriever))
    asked = []
    for number, example in enumerate(chosen):
        if number % 2 == 0:
            asked.append(Asked("right", example.question, example.answers, partial(opened, example)))
        else:
            other = other_passage(example, examples, rng)
            asked.append(Asked("wrong passage", example.question, (), partial(opened, other)))
    return list(ask_all(service, asked, advance))


def other_passage(example: Example, examples: Sequence[Example], rng: Random) -> Example:
    """An example whose passage has none of the answers of ``example``.

    Raises:
        UsageError: there is none.
    """
    for other in rng.sample(examples, len(examples)):
        if not reading.contains(other.text, example.answers):
            return other
    raise UsageError(f"every passage of the file has an answer to {example.question!r}")


def _source(example: Example, retriever: RetrieverSettings, ingest: IngestSettings, embedder: Embedder) -> Source:
    document = replace(document_from_text("passage", example.text), title=example.title)
    return MemoryIndex([document], retriever, ingest, embedder).source()
