"""Measure a reader on the held-out articles: `python -m answer.training.evaluate --reader DIR_OR_ONNX ...`.

Takes a folder of a run or an exported model.onnx (tokenizer.json beside it). Every question is put under
its title as header as written, most also in lower case without question mark and with a typo. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np

from answer.reader import SCORES
from answer.training import augment, metrics
from answer.training.data import WRITTEN, Example, load_nq, load_squad, load_written, sentences, split_examples
from answer.training.features import Batch, Feature, Floats, Prediction, collate, decode, encode, load_tokenizer
from answer.training.negatives import Passage, hard_negatives, passages_of, put_to

Logits = Callable[[Batch], tuple[Floats, Floats, Floats, Floats]]
Suite = Mapping[str, Sequence[Example]]
Figures = dict[str, float]

SEED = 7
NOISY_PARTS = ("right", "hard", "unanswerable")
QUANTILES = (5, 10, 25, 50, 75, 90, 95)


@dataclass(frozen=True, slots=True)
class Score:
    """One scored pair: which part of the suite it is from and what the reader made of it."""

    part: str
    noisy: bool
    feature: Feature
    prediction: Prediction

    @property
    def example(self) -> Example:
        """What was asked and of which passage."""
        return self.feature.example

    @property
    def evidence(self) -> float:
        """The best evidence logit of a sentence."""
        return max(self.prediction.evidence, default=float("-inf"))

    @property
    def finds_evidence(self) -> bool:
        """Whether the sentence with the best evidence logit is a right one."""
        return int(np.argmax(self.prediction.evidence)) in self.feature.gold_sentences

    @property
    def verdict_right(self) -> bool:
        """Whether the sentence with the best evidence logit has the right verdict."""
        best = int(np.argmax(self.prediction.evidence))
        return (self.prediction.verdicts[best] > 0) == (self.example.verdict == "yes")

    @property
    def said(self) -> str:
        """The text of the best span."""
        return self.example.text[slice(*self.prediction.span)]

    @property
    def sentence(self) -> str:
        """The sentence or sentences the best span touches."""
        start, end = self.prediction.span
        touched = [part for part in sentences(self.example.text) if part[0] < end and start < part[1]]
        return self.example.text[touched[0][0] : touched[-1][1]] if touched else self.said


def limited(held_out: Sequence[Example], limit: int) -> tuple[Example, ...]:
    """At most `limit` examples of each source and kind, drawn at random, always the same."""
    rng = Random(SEED)  # noqa: S311 - repeatable, not secret
    kinds: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in held_out:
        kinds[example.source, example.kind].append(example)
    return tuple(e for found in kinds.values() for e in rng.sample(found, min(limit, len(found))))


def build_suite(held_out: Sequence[Example], base: Path) -> dict[str, list[Example]]:
    """Held-out questions with their own passage (`right`) and with passages that do not answer them.

    `sibling`: another passage of the article at random (SQuAD) or of the set (NQ); `hard`: the one retrieval
    ranks first; `dropped`: answer sentence taken out; `swapped`: a name or number of the question exchanged;
    `unanswerable`: SQuAD 2.0's own.
    """
    rng = Random(SEED)  # noqa: S311 - repeatable, not secret
    hard = hard_negatives(held_out, base, 1)
    passages = passages_of(held_out)
    names = sorted({name for passage in passages for name in augment.entities(passage.text)})
    suite: dict[str, list[Example]] = defaultdict(list)
    for example in held_out:
        if not example.answerable:
            suite["unanswerable"].append(example)
            continue
        suite["right"].append(example)
        siblings = _siblings(example, passages)
        wrong = {"sibling": rng.sample(siblings, min(1, len(siblings))), "hard": hard[example.id]}
        for part, found in wrong.items():
            suite[part] += [put_to(example, passage) for passage in found]
        made = {"dropped": augment.drop_answer(example), "swapped": augment.swap_entity(example, names, rng)}
        for part, changed in made.items():
            if changed is not None:
                suite[part].append(changed)
    return dict(suite)


def _siblings(example: Example, passages: Sequence[Passage]) -> list[Passage]:
    near = [p for p in passages if p.source == example.source and (p.source == "nq" or p.group == example.group)]
    return [p for p in near if not metrics.contains(p.text, example.answers)]


def score_suite(suite: Suite, tokenizer_path: Path, logits: Logits) -> list[Score]:
    """Read every pair of the suite as written, and the pairs of NOISY_PARTS once more with noise."""
    rng = Random(SEED)  # noqa: S311 - repeatable, not secret
    scores: list[Score] = []
    for part, examples in suite.items():
        for noisy in (False, True) if part in NOISY_PARTS else (False,):
            asked = [replace(e, question=_noisy(e.question, rng)) for e in examples] if noisy else list(examples)
            scores += [
                Score(part, noisy, f, p) for f, p in read(asked, [e.title for e in asked], tokenizer_path, logits)
            ]
    return scores


def read(
    examples: Sequence[Example], headers: Sequence[str], tokenizer_path: Path, logits: Logits, size: int = 32
) -> list[tuple[Feature, Prediction]]:
    """Each example as it was encoded and what the reader makes of it, in order."""
    features = encode(load_tokenizer(str(tokenizer_path)), examples, headers)
    order = sorted(range(len(features)), key=lambda index: len(features[index].ids))
    found: dict[int, tuple[Feature, Prediction]] = {}
    for at in range(0, len(order), size):
        chosen = order[at : at + size]
        rows = logits(collate([features[index] for index in chosen]))
        for index, *row in zip(chosen, *rows, strict=True):
            found[index] = features[index], decode(features[index], *row)
    return [found[index] for index in range(len(features))]


def report(scores: Sequence[Score]) -> dict[str, Figures]:
    """Figures by source and condition, for example `squad` and `squad noisy`."""
    figures: dict[str, Figures] = {}
    for source in ("squad", "nq", "written"):
        for noisy in (False, True):
            chosen = [s for s in scores if s.example.source == source and s.noisy is noisy]
            figures[source + " noisy" * noisy] = _figures(chosen)
    return figures


def margins(scores: Sequence[Score]) -> dict[str, Figures]:
    """Quantiles of the margin by source and part, questions as written."""
    grouped: dict[str, list[float]] = defaultdict(list)
    for score in scores:
        if not score.noisy:
            grouped[f"{score.example.source} {score.part}"].append(score.prediction.margin)
    return {
        name: {f"p{q}": round(float(np.percentile(values, q)), 2) for q in QUANTILES}
        for name, values in grouped.items()
    }


def _figures(scores: Sequence[Score]) -> Figures:
    parts: dict[str, list[Score]] = defaultdict(list)
    for score in scores:
        parts[score.part].append(score)
    right = parts.pop("right")
    figures = {
        "questions": float(len(right)),
        "f1": _mean([metrics.f1(s.said, s.example.answers) for s in right]),
        "em": _mean([metrics.exact(s.said, s.example.answers) for s in right]),
        "sentence_contains": _mean([metrics.contains(s.sentence, s.example.answers) for s in right]),
        "evidence_found": _mean([float(s.finds_evidence) for s in right]),
    }
    if asked := [s for s in right if s.example.verdict]:
        figures["verdict_right"] = _mean([float(s.verdict_right) for s in asked])
    for part, wrong in parts.items():
        margin = metrics.auroc([s.prediction.margin for s in right], [s.prediction.margin for s in wrong])
        evidence = metrics.auroc([s.evidence for s in right], [s.evidence for s in wrong])
        figures |= {f"auroc_{part}": round(margin, 4), f"auroc_{part}_by_evidence": round(evidence, 4)}
    return figures


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)


def _noisy(question: str, rng: Random) -> str:
    return augment.misspell(question.lower().rstrip(" ?"), rng)


def torch_logits(folder: Path, base: Path) -> Logits:
    """Run the weights of a training run in float32."""
    import torch

    from answer.training.model import open_model

    model = open_model(folder, base).eval()

    def run(batch: Batch) -> tuple[Floats, Floats, Floats, Floats]:
        with torch.inference_mode():
            out = model.logits(*(torch.from_numpy(part) for part in (batch.ids, batch.mask, batch.type_ids)))
        return out.start.numpy(), out.end.numpy(), out.evidence.numpy(), out.verdict.numpy()

    return run


def onnx_logits(path: Path) -> Logits:
    """Run an exported model with onnxruntime."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def run(batch: Batch) -> tuple[Floats, Floats, Floats, Floats]:
        feed = {"input_ids": batch.ids, "attention_mask": batch.mask, "token_type_ids": batch.type_ids}
        start, end, evidence, verdict = session.run(list(SCORES), feed)
        return start, end, evidence, verdict

    return run


def load_reader(path: Path, base: Path) -> tuple[Logits, Path]:
    """The reader at `path` (folder or .onnx file) and its tokenizer file."""
    if path.suffix == ".onnx":
        return onnx_logits(path), path.parent / "tokenizer.json"
    return torch_logits(path, base), path / "tokenizer.json"


def write_scores(scores: Sequence[Score], path: Path) -> None:
    """One JSON line per scored pair."""
    with path.open("w", encoding="utf-8") as file:
        for score in scores:
            row = {
                "id": score.example.id,
                "source": score.example.source,
                "part": score.part,
                "noisy": score.noisy,
                "question": score.example.question,
                "title": score.example.title,
                "answers": score.example.answers,
                "span": score.said,
                "sentence": score.sentence,
                "margin": round(score.prediction.margin, 3),
                "evidence": round(score.evidence, 3),
                "f1": round(metrics.f1(score.said, score.example.answers), 3) if score.part == "right" else None,
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def main() -> None:
    """Score one reader and print its figures and margin quantiles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--squad", type=Path, required=True)
    parser.add_argument("--nq", type=Path, required=True)
    parser.add_argument("--written", type=Path, default=WRITTEN)
    parser.add_argument("--base", type=Path, required=True, help="encoder folder that ranks the hard negatives")
    parser.add_argument("--reader", type=Path, required=True, help="folder of a run, or model.onnx")
    parser.add_argument(
        "--limit", type=int, help="measure on at most so many held-out questions of each source and kind"
    )
    parser.add_argument("--scores", type=Path, help="write every scored pair to this JSON lines file")
    args = parser.parse_args()
    held_out = split_examples(load_squad(args.squad) + load_nq(args.nq) + load_written(args.written)).held_out
    if args.limit:
        held_out = limited(held_out, args.limit)
    logits, tokenizer = load_reader(args.reader, args.base)
    scores = score_suite(build_suite(held_out, args.base), tokenizer, logits)
    if args.scores:
        write_scores(scores, args.scores)
    sys.stdout.write(json.dumps({"figures": report(scores), "margins": margins(scores)}, indent=1) + "\n")


if __name__ == "__main__":
    main()
