"""Fine-tune a sentence encoder into the reader: `python -m answer.training.train --squad F --nq F --out DIR`.

Every epoch is drawn anew: each answerable question with its passage (cropped, bulleted, misspelt at times)
and one wrong passage, some questions with a name exchanged, a share of the unanswerable ones. A question's
right and wrong passage stay in one batch, because part of the loss normalises over both.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random

import torch
from tokenizers import Tokenizer

from answer.training import augment
from answer.training.data import WRITTEN, Example, load_nq, load_squad, load_written, split_examples
from answer.training.features import Feature, collate, encode, load_tokenizer
from answer.training.model import Logits, ReaderModel, open_model, save_model
from answer.training.negatives import Passage, hard_negatives, passages_of, put_to

log = logging.getLogger(__name__)

Group = tuple[Feature, ...]

SAVED_EVERY = 250
"""Steps between two savings of a run: about nine minutes of work. `--start` goes on from one."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything a run depends on besides data and base model. Shares are probabilities per example.

    `answerable` and `unanswerable` are the shares of SQuAD's questions in an epoch, `searched` that of the search
    questions; our own are all taken.
    """

    seed: int = 1
    epochs: int = 4
    minutes: float = 60.0
    batch: int = 24
    learning_rate: float = 1.5e-4
    warm_up: float = 0.06
    weight_decay: float = 0.01
    shared_loss: float = 0.5
    evidence_loss: float = 1.0
    verdict_loss: float = 0.5
    answerable: float = 1.0
    unanswerable: float = 0.6
    searched: float = 0.5
    swapped: float = 0.3
    dropped: float = 0.15
    random_passage: float = 0.15
    hard_pool: int = 5
    header: float = 0.8
    noise: float = 0.25
    cropped: float = 0.45
    bulleted: float = 0.05


class Sampler:
    """Draws one epoch of question groups from the training examples."""

    def __init__(
        self, examples: Sequence[Example], hard: Mapping[str, tuple[Passage, ...]], recipe: Recipe, rng: Random
    ) -> None:
        self._examples = examples
        self._hard = hard
        self._recipe = recipe
        self._rng = rng
        self._passages = passages_of(examples)
        self._names = sorted({name for passage in self._passages for name in augment.entities(passage.text)})

    def epoch(self) -> list[tuple[Example, ...]]:
        """Groups of one question: (right, wrong) or a single unanswerable one."""
        groups: list[tuple[Example, ...]] = []
        for example in self._examples:
            if not self._chance(self._share(example)):
                continue
            if example.answerable:
                groups += self._answerable(example)
            else:
                asked = replace(example, question=self._question(example.question))
                groups.append((self._shown(asked),))
        return groups

    def _share(self, example: Example) -> float:
        if example.source == "nq":
            return self._recipe.searched
        if example.source == "squad":
            return self._recipe.answerable if example.answerable else self._recipe.unanswerable
        return 1.0

    def _answerable(self, example: Example) -> Iterator[tuple[Example, ...]]:
        asked = replace(example, question=self._question(example.question))
        yield self._shown(asked), self._shown(self._wrong(asked))
        if self._chance(self._recipe.swapped):
            swapped = augment.swap_entity(example, self._names, self._rng)
            if swapped is not None:
                yield (self._shown(replace(swapped, question=self._question(swapped.question))),)

    def _wrong(self, example: Example) -> Example:
        if self._chance(self._recipe.dropped):
            dropped = augment.drop_answer(example)
            if dropped is not None:
                return dropped
        hard = self._hard[example.id][: self._recipe.hard_pool]
        if hard and not self._chance(self._recipe.random_passage):
            passage = hard[min(self._rng.randrange(len(hard)), self._rng.randrange(len(hard)))]
        else:
            passage = self._rng.choice(self._passages)
        return put_to(example, passage)

    def _question(self, question: str) -> str:
        if self._chance(self._recipe.noise):
            return augment.noisy_question(question, self._rng)
        return augment.question_mark(question, self._rng)

    def _shown(self, example: Example) -> Example:
        if self._chance(self._recipe.cropped) and example.kind != "unanswerable":
            example = augment.crop(example, self._rng)
        if self._chance(self._recipe.bulleted):
            example = augment.bulleted(example, self._rng)
        return example

    def _chance(self, share: float) -> bool:
        return self._rng.random() < share


def encode_groups(
    groups: Sequence[tuple[Example, ...]], tokenizer: Tokenizer, recipe: Recipe, rng: Random
) -> list[Group]:
    """Encode every group under one choice of header or none; an answer cut off by truncation is cropped to."""
    encoded: list[Group] = []
    for group in groups:
        with_header = rng.random() < recipe.header
        headers = [example.title if with_header else "" for example in group]
        features = encode(tokenizer, group, headers)
        if group[0].answerable and not features[0].starts:
            features = encode(tokenizer, (augment.crop(group[0], rng), *group[1:]), headers)
        if features[0].starts or not group[0].answerable:
            encoded.append(tuple(features))
    return encoded


def batches(groups: Sequence[Group], size: int, rng: Random) -> list[list[Group]]:
    """Groups of like length together, about `size` features a batch, batches in random order."""
    ordered = sorted(groups, key=lambda group: max(len(f.ids) for f in group) + rng.random() * 16)
    made: list[list[Group]] = [[]]
    for group in ordered:
        if sum(map(len, made[-1])) + len(group) > size:
            made.append([])
        made[-1].append(group)
    rng.shuffle(made)
    return made


def batch_loss(model: ReaderModel, groups: Sequence[Group], recipe: Recipe) -> torch.Tensor:
    """Span loss plus `evidence_loss` times the evidence loss plus `verdict_loss` times the verdict loss.

    Each of the first two is a mean per passage plus `shared_loss` times the mean over right passages against wrong
    ones. Spans, per passage: minus the log of the probability mass on the gold starts (ends), no-answer being
    position 0. Shared: the same without position 0 and normalised over all passages of one question.
    """
    features = [feature for group in groups for feature in group]
    batch = collate(features, multiple=8)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = model.logits(*(torch.from_numpy(part) for part in (batch.ids, batch.mask, batch.type_ids)))
    allowed = torch.from_numpy(batch.allowed)
    sizes = [len(group) for group in groups]
    total = torch.zeros(())
    for logits, side in ((out.start, "starts"), (out.end, "ends")):
        gold = torch.zeros_like(allowed)
        for row, feature in enumerate(features):
            gold[row, list(getattr(feature, side))] = True
        total = total + _side_loss(logits, allowed, gold, sizes, recipe.shared_loss)
    evidence = _evidence_loss(out, groups, recipe.shared_loss)
    return total / 2 + recipe.evidence_loss * evidence + recipe.verdict_loss * verdict_loss(out.verdict, features)


def _evidence_loss(out: Logits, groups: Sequence[Group], shared_weight: float) -> torch.Tensor:
    """Binary cross-entropy of every sentence, and softmax over all sentences put to one question."""
    single: list[torch.Tensor] = []
    shared: list[torch.Tensor] = []
    row = 0
    for group in groups:
        scores, gold = _group_sentences(out.evidence[row : row + len(group)], group)
        row += len(group)
        if not len(scores):
            continue
        single.append(torch.nn.functional.binary_cross_entropy_with_logits(scores, gold.float()))
        if gold.any() and not gold.all():
            shared.append(torch.logsumexp(scores, dim=0) - torch.logsumexp(scores[gold], dim=0))
    total = torch.stack(single).mean()
    return total + shared_weight * torch.stack(shared).mean() if shared else total


def verdict_loss(verdict: torch.Tensor, features: Sequence[Feature]) -> torch.Tensor:
    """Binary cross-entropy (yes is 1) of the sentences that settle a yes/no question; 0 without any."""
    scores: list[torch.Tensor] = []
    yes: list[bool] = []
    for row, feature in enumerate(features):
        if feature.example.verdict:
            settled = [feature.sentences[at] for at in sorted(feature.gold_sentences)]
            scores += [verdict[row, low:high].mean() for low, high in settled]
            yes += [feature.example.verdict == "yes"] * len(settled)
    if not scores:
        return torch.zeros(())
    return torch.nn.functional.binary_cross_entropy_with_logits(torch.stack(scores), torch.tensor(yes).float())


def _group_sentences(evidence: torch.Tensor, group: Group) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean evidence logit of each sentence of a group, float [sentences], and whether it is gold."""
    means = [evidence[row, a:b].mean() for row, feature in enumerate(group) for a, b in feature.sentences]
    gold = [at in feature.gold_sentences for feature in group for at in range(len(feature.sentences))]
    return torch.stack(means) if means else torch.zeros(0), torch.tensor(gold, dtype=torch.bool)


def _side_loss(
    logits: torch.Tensor, allowed: torch.Tensor, gold: torch.Tensor, sizes: Sequence[int], shared_weight: float
) -> torch.Tensor:
    """`logits`, `allowed`, `gold`: [batch, length]; `sizes`: rows per group, in order."""
    empty = ~gold.any(dim=1)
    open_to = allowed.clone()
    open_to[:, 0] = True
    target = gold.clone()
    target[:, 0] = empty
    single = (_log_mass(logits, open_to) - _log_mass(logits, target)).mean()
    spans, golds = _log_mass(logits, allowed), _log_mass(logits, gold | empty[:, None])
    shared: list[torch.Tensor] = []
    row = 0
    for size in sizes:
        if size > 1 and not empty[row]:
            shared.append(torch.logsumexp(spans[row : row + size], dim=0) - golds[row])
        row += size
    return single + shared_weight * torch.stack(shared).mean() if shared else single


def _log_mass(logits: torch.Tensor, where: torch.Tensor) -> torch.Tensor:
    return torch.logsumexp(logits.masked_fill(~where, -1e4), dim=1)


def schedule(progress: float, warm_up: float) -> float:
    """The factor on the learning rate at `progress` (0 to 1): linear warm-up, then linear to zero."""
    return max(0.0, min(1.0, (progress + 1e-3) / warm_up, (1 - progress) / (1 - warm_up)))


class Trainer:
    """Runs epochs of batches through AdamW until they, or the minutes allowed, are used up."""

    def __init__(self, model: ReaderModel, recipe: Recipe, save: Callable[[int], None]) -> None:
        self._save = save
        self._model = model.train()
        self._recipe = recipe
        decayed = [p for p in model.parameters() if p.dim() > 1]
        plain = [p for p in model.parameters() if p.dim() <= 1]
        self._optimizer = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": plain, "weight_decay": 0.0}],
            lr=recipe.learning_rate,
            fused=True,
        )
        self._began = time.monotonic()
        self._smooth = 0.0
        self.steps = 0

    def run(self, epochs: Iterable[list[list[Group]]]) -> None:
        """Train; the learning rate reaches zero with the last epoch or with the last minute."""
        for number, epoch in enumerate(epochs):
            for index, groups in enumerate(epoch):
                minutes = (time.monotonic() - self._began) / 60
                progress = max((number + index / len(epoch)) / self._recipe.epochs, minutes / self._recipe.minutes)
                if progress >= 1:
                    return
                self._step(groups, progress)
                if self.steps % 50 == 0:
                    log.info("step %d, %.0f %% done, loss %.3f", self.steps, 100 * progress, self._smooth)
                if self.steps % SAVED_EVERY == 0:
                    self._save(self.steps)

    def _step(self, groups: Sequence[Group], progress: float) -> None:
        for setting in self._optimizer.param_groups:
            setting["lr"] = self._recipe.learning_rate * schedule(progress, self._recipe.warm_up)
        loss = batch_loss(self._model, groups, self._recipe)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self._smooth = 0.97 * self._smooth + 0.03 * loss.item() if self.steps else loss.item()
        self.steps += 1


def main() -> None:
    """Train on everything but the held-out articles and write the weights with the recipe beside them."""
    args = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", force=True)
    recipe = Recipe(**{name: getattr(args, name) for name in asdict(Recipe())})
    torch.manual_seed(recipe.seed)
    rng = Random(recipe.seed)  # noqa: S311 - repeatable, not secret
    examples = split_examples(load_squad(args.squad) + load_nq(args.nq) + load_written(args.written)).train
    sampler = Sampler(examples, hard_negatives(examples, args.base, recipe.hard_pool), recipe, rng)
    tokenizer = load_tokenizer(str(args.base / "tokenizer.json"))
    epochs = (
        batches(encode_groups(sampler.epoch(), tokenizer, recipe, rng), recipe.batch, rng) for _ in range(recipe.epochs)
    )
    model = open_model(args.start or args.base, args.base)
    log.info("training on %d examples", len(examples))
    args.out.mkdir(parents=True, exist_ok=True)
    shutil.copy(args.base / "tokenizer.json", args.out)  # so that every saved state can be measured and exported

    def save(steps: int) -> None:
        """The state after so many steps, in place of the one before."""
        save_model(model, args.out, asdict(recipe) | {"steps": steps})

    trainer = Trainer(model, recipe, save)
    trainer.run(epochs)
    save(trainer.steps)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--squad", type=Path, required=True, help="SQuAD 2.0 JSON, .gz allowed")
    parser.add_argument("--nq", type=Path, required=True, help="question/answers/title/passage JSON lines, .gz allowed")
    parser.add_argument("--written", type=Path, default=WRITTEN, help="our own articles, JSON lines")
    parser.add_argument("--base", type=Path, required=True, help="folder of the sentence encoder")
    parser.add_argument("--start", type=Path, help="an earlier run's folder or model.onnx to go on from")
    parser.add_argument("--out", type=Path, required=True)
    for name, value in asdict(Recipe()).items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)
    return parser.parse_args()


if __name__ == "__main__":
    main()
