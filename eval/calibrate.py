"""Fit the probability that the articles answer, and the threshold to answer from.

Every labelled question is examined as in production; its label is whether the chosen evidence holds an
accepted answer. Questions are asked a second time with the gold document hidden, which makes them
unanswerable from articles about the same subject: the hard case.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np

from answer.calibration import Calibration, Features
from answer.question import parse_question
from answer.reader import open_reader
from answer.service import ChatService, Examination, Source
from answer.settings import AnswerSettings, ReaderSettings
from answer.training.data import Example, load_nq, load_squad, split_examples
from answer.types import IndexRef
from eval.score import contains
from ingest.load import document_from_text
from ingest.settings import IngestSettings
from retriever.embedder import open_embedder
from retriever.search import Retriever
from retriever.settings import RetrieverSettings
from retriever.types import Retrieved


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with its accepted answers (none: unanswerable) and the source name of its gold document."""

    question: str
    answers: tuple[str, ...]
    gold: str


@dataclass(frozen=True, slots=True)
class Sample:
    """Features of one examined question and whether answering it from that evidence is right."""

    features: Features
    right: bool
    hidden: bool


class _Hidden:
    """A retriever that cannot find one document."""

    def __init__(self, source: Source, gold: str) -> None:
        self._retriever, self._gold = source.retriever, gold

    def search(self, query: str, k: int) -> list[Retrieved]:
        """As ``Retriever.search``, without the hidden document."""
        hits = self._retriever.search(query, 4 * k)
        return [hit for hit in hits if hit.document.source != self._gold][:k]


def collect(
    service: ChatService, source: Source, questions: Sequence[Labelled], progress: Callable[[int, int], None]
) -> list[Sample]:
    """Examine every question, and the answerable ones again with their gold document hidden."""
    samples: list[Sample] = []
    for done, labelled in enumerate(questions, start=1):
        question = parse_question(labelled.question)
        samples += _sample(service.examine(question, source), labelled.answers, hidden=False)
        if labelled.answers:
            without = Source(_Hidden(source, labelled.gold), source.index)  # type: ignore[arg-type]
            samples += _sample(service.examine(question, without), (), hidden=True)
        progress(done, len(questions))
    return samples


def _sample(found: Examination, answers: Sequence[str], *, hidden: bool) -> list[Sample]:
    if found.features is None:
        return []
    text = " ".join(candidate.text for candidate in found.chosen)
    return [Sample(found.features, any(contains(text, answer) for answer in answers), hidden)]


def fit(samples: Sequence[Sample], fitted_on: str) -> Calibration:
    """Logistic regression on the features; the threshold maximises right answers given plus wrong ones withheld.

    Args:
        samples: both kinds must be there.
        fitted_on: what the samples are, for the record.
    """
    from sklearn.linear_model import LogisticRegression

    x = np.array([sample.features.vector() for sample in samples])
    y = np.array([sample.right for sample in samples])
    model = LogisticRegression(class_weight="balanced", max_iter=1000).fit(x, y)
    probability = model.predict_proba(x)[:, 1]
    return Calibration(
        weights=tuple(round(float(w), 4) for w in model.coef_[0]),
        intercept=round(float(model.intercept_[0]), 4),
        threshold=round(best_threshold(probability, y), 3),
        fitted_on=fitted_on,
    )


def best_threshold(probability: np.ndarray, right: np.ndarray) -> float:
    """The threshold with the highest balanced accuracy (Youden 1950); shapes [n], [n] bool."""
    levels = np.unique(probability)
    gain = [(probability[right] >= t).mean() - (probability[~right] >= t).mean() for t in levels]
    return float(levels[int(np.argmax(gain))])


def main() -> None:
    """``python -m eval.calibrate --squad FILE --nq FILE``: print a calibration fitted on the held-out articles.

    The threshold printed is Youden's; the shipped one is lower, for the reason in docs/experiments.md.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--squad", type=Path, required=True)
    parser.add_argument("--nq", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=300, help="at most so many of each file")
    arguments = parser.parse_args()
    service = ChatService(AnswerSettings(), open_reader(ReaderSettings()), None)
    samples: list[Sample] = []
    for examples in (load_squad(arguments.squad), load_nq(arguments.nq)):
        held_out = split_examples(examples).held_out
        asked = Random(1).sample(held_out, min(arguments.questions, len(held_out)))  # noqa: S311 - no secret
        source, names = _source_of(held_out)
        labelled = [Labelled(e.question, e.answers if e.answerable else (), names[e.text]) for e in asked]
        samples += collect(service, source, labelled, _print_progress)
    print(fit(samples, f"{len(samples)} samples").model_dump_json(indent=2))  # noqa: T201 - the result


def _print_progress(done: int, total: int) -> None:
    print(f"\r{done} of {total} questions", end="\n" if done == total else "", file=sys.stderr)  # noqa: T201


def _source_of(examples: Sequence[Example]) -> tuple[Source, dict[str, str]]:
    """An index in memory over the examples' passages, and the source name of each passage text."""
    names: dict[str, str] = {}
    documents = []
    for example in examples:
        if example.text not in names:
            names[example.text] = f"passage {len(names)}"
            document = document_from_text(names[example.text], example.text)
            documents.append(replace(document, title=example.title))
    settings = RetrieverSettings()
    retriever = Retriever.from_documents(documents, open_embedder(settings), settings, IngestSettings())
    return Source(retriever, IndexRef(generation=0, corpus_sha256=retriever.corpus_sha256)), names


if __name__ == "__main__":
    main()
