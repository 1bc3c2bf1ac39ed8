"""Training data, augmentation, encoding, losses and metrics of the reader; nothing here trains or loads a model."""

from __future__ import annotations

import json
import math
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from answer.training import augment, metrics, negatives
from answer.training.data import (
    HELD_OUT_TITLES,
    Example,
    find_answers,
    load_nq,
    load_squad,
    load_written,
    sentences,
    split_examples,
)
from answer.training.data import WRITTEN as SHIPPED
from answer.training.features import collate, decode, encode
from answer.training.model import ReaderModel, save_model
from answer.training.train import verdict_loss

TEXT = "The mill was built in 1820 by Ann Lee. It burnt down in 1851. Dr. Roe bought the land for $5 million."


def rng(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - repeatable, not secret


def example(**changes: object) -> Example:
    fields: dict[str, object] = {
        "id": "q",
        "source": "squad",
        "kind": "answerable",
        "question": "When did the mill of Ann Lee burn down?",
        "title": "Mill",
        "text": TEXT,
        "group": "Mill",
        "spans": find_answers(TEXT, ("1851",)),
        "answers": ("1851",),
    }
    return Example(**(fields | changes))  # type: ignore[arg-type]


def squad_file(path: Path, start: int) -> Path:
    asked = {"id": "1", "question": "When? ", "answers": [{"text": "1820", "answer_start": start}] * 2}
    empty = {"id": "2", "question": "Why?", "answers": [], "is_impossible": True}
    article = {"title": "Old_Mill", "paragraphs": [{"context": TEXT, "qas": [asked, empty]}]}
    path.write_text(json.dumps({"data": [article]}), encoding="utf-8")
    return path


def test_squad_offsets_and_unanswerable(tmp_path: Path) -> None:
    asked, empty = load_squad(squad_file(tmp_path / "s.json", TEXT.index("1820")))
    assert asked.spans == ((22, 26),)
    assert asked.answers == ("1820",)
    assert (asked.title, asked.question, asked.kind) == ("Old Mill", "When?", "answerable")
    assert empty.spans == ()
    assert empty.kind == "unanswerable"


def test_squad_wrong_offset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not at character 3"):
        load_squad(squad_file(tmp_path / "s.json", 3))


def test_nq_finds_every_occurrence_and_leaves_out_the_unfindable(tmp_path: Path) -> None:
    rows = [
        {"question": "who", "answers": ["ann lee"], "title": "T", "passage": "Ann Lee met Ann Leemann. ANN LEE."},
        {"question": "who", "answers": ["Bob"], "title": "T", "passage": "Nobody."},
    ]
    path = tmp_path / "nq.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (only,) = load_nq(path)
    assert only.spans == ((0, 7), (25, 32))


WRITTEN = {
    "title": "The mill",
    "sections": [
        {"heading": None, "text": "It was built in 1820. Ann ran it."},
        {"heading": "End", "text": "It burnt."},
    ],
    "questions": [
        {"q": "When was it put up?", "answerable": True, "answers": ["1820"], "evidence": ["It was built in 1820."]},
        {"q": "Who sold it?", "answerable": False, "near": "Ann ran it."},
    ],
}


def test_written_questions_stand_over_the_section_they_rest_on(tmp_path: Path) -> None:
    path = tmp_path / "w.jsonl"
    path.write_text(json.dumps(WRITTEN), encoding="utf-8")
    asked, empty = load_written(path)
    assert (asked.title, asked.group, asked.spans, asked.evidence) == ("The mill", "The mill", ((16, 20),), ((0, 21),))
    assert (empty.kind, empty.spans, empty.text) == ("unanswerable", (), asked.text)


def test_written_evidence_that_stands_nowhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.jsonl"
    path.write_text(json.dumps(WRITTEN).replace('["It was built in 1820."]', '["It fell."]'), encoding="utf-8")
    with pytest.raises(ValueError, match="no section holds"):
        load_written(path)


def test_the_articles_shipped_for_training_are_sound() -> None:
    examples = load_written(SHIPPED)
    assert all(e.answerable == bool(e.evidence) for e in examples)
    assert sum(e.answerable for e in examples) > len(examples) / 2


def test_split_keeps_an_article_on_one_side() -> None:
    held_title = sorted(HELD_OUT_TITLES)[0]
    examples = [example(title=held_title), example(title="Mill")]
    examples += [example(source="nq", title=f"Page {i % 200}", id=str(i)) for i in range(400)]
    split = split_examples(examples)
    assert len(split.train) + len(split.held_out) == len(examples)
    assert not {(e.source, e.title) for e in split.train} & {(e.source, e.title) for e in split.held_out}
    assert 10 <= len({e.title for e in split.held_out if e.source == "nq"}) <= 35


def test_sentences_respect_abbreviations_and_lines() -> None:
    assert [TEXT[a:b] for a, b in sentences(TEXT)] == [
        "The mill was built in 1820 by Ann Lee.",
        "It burnt down in 1851.",
        "Dr. Roe bought the land for $5 million.",
    ]
    assert sentences("- one\n- two\n") == ((0, 5), (6, 11))


def test_drop_answer_takes_the_answer_sentence_out() -> None:
    dropped = augment.drop_answer(example())
    assert dropped is not None
    assert dropped.spans == ()
    assert "1851" not in dropped.text
    assert "1820" in dropped.text
    assert "Roe" in dropped.text
    assert augment.drop_answer(example(text="It burnt down in 1851.", spans=((17, 21),))) is None


@pytest.mark.parametrize("seed", range(8))
def test_crop_and_bullets_keep_the_answer(seed: int) -> None:
    for changed in (augment.crop(example(), rng(seed)), augment.bulleted(example(), rng(seed))):
        assert [changed.text[a:b] for a, b in changed.spans] == ["1851"]


def test_bullets_put_every_sentence_on_a_line() -> None:
    lines = augment.bulleted(example(), rng(0)).text.splitlines()
    assert len(lines) == 3
    assert len({line[:2] for line in lines}) == 1


def test_swap_exchanges_a_shared_name() -> None:
    swapped = augment.swap_entity(example(), ["Joan Kerr"], rng(0))
    assert swapped is not None
    assert swapped.spans == ()
    assert swapped.question == "When did the mill of Joan Kerr burn down?"
    assert augment.swap_entity(example(question="when did it burn down"), ["Joan Kerr"], rng(0)) is None
    assert augment.swap_entity(example(), ["Dr. Roe"], rng(0)) is None


@pytest.mark.parametrize("seed", range(12))
def test_noise_is_lower_case_without_question_mark(seed: int) -> None:
    noisy = augment.noisy_question("Who owned the Mill?", rng(seed))
    assert noisy == noisy.lower()
    assert not noisy.endswith("?")
    assert abs(len(noisy) - len("who owned the mill")) <= 1


def test_question_mark_depends_on_chance_alone() -> None:
    for asked in ("Who owned it?", "who owned it"):
        ends = {augment.question_mark(asked, rng(seed)).endswith("?") for seed in range(20)}
        assert ends == {True, False}


def test_metrics_by_hand() -> None:
    assert metrics.exact("The Mill.", ["mill"]) == 1.0
    assert metrics.f1("old mill", ["the mill", "a barn"]) == pytest.approx(2 / 3)
    assert metrics.contains("It burnt in 1851.", ["1851"]) == 1.0
    assert metrics.contains("It burnt in 18511.", ["1851"]) == 0.0
    assert metrics.auroc([2.0, 1.0], [1.0, 0.0]) == pytest.approx(3.5 / 4)
    assert np.isnan(metrics.auroc([], [1.0]))


def tokenizer() -> Tokenizer:
    words = ["[UNK]", "when", "did", "it", "burn", "mill", "the", "built", "in", "1820", "1851", ".", "down"]
    vocabulary = {word: index for index, word in enumerate(["[PAD]", "[CLS]", "[SEP]", *words])}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token=words[0]))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.BertProcessing(("[SEP]", 2), ("[CLS]", 1))
    return made


def test_encoding_marks_the_passage_only_and_decodes_back() -> None:
    text = "Mill built in 1820. It burnt down in 1851."
    asked = example(question="when did it burn", text=text, spans=find_answers(text, ("1851",)))
    with_header, without = encode(tokenizer(), [asked, asked], ["Mill", ""])
    assert with_header.first == without.first + 1
    batch = collate([with_header, without])
    assert batch.allowed.sum(axis=1).tolist() == [11, 11]
    assert batch.mask.sum(axis=1).tolist() == [len(with_header.ids), len(without.ids)]
    logits = np.zeros(batch.ids.shape[1], dtype=np.float32)
    logits[list(with_header.starts)] = 4.0
    evidence = np.arange(len(logits), dtype=np.float32)
    prediction = decode(with_header, logits, logits, evidence, -evidence)
    assert text[slice(*prediction.span)] == "1851"
    assert prediction.margin == 8.0
    assert with_header.gold_sentences == {1}
    assert prediction.evidence == tuple(sum(range(a, b)) / (b - a) for a, b in with_header.sentences)
    assert prediction.verdicts == tuple(-of for of in prediction.evidence)


def test_an_answer_cut_off_by_truncation_has_no_tokens() -> None:
    cut = tokenizer()
    cut.enable_truncation(16, strategy="only_second")
    (feature,) = encode(cut, [example()], [""])
    assert feature.starts == ()
    assert feature.ends == ()


def test_the_verdict_loss_counts_the_sentences_that_settle_a_yes_no_question_alone() -> None:
    when = {"question": "Did the mill burn down?", "verdict": "yes"}
    features = encode(tokenizer(), [example(**when), example()], ["", ""])
    scores = torch.zeros(2, len(features[0].ids))
    low, high = features[0].sentences[1]
    scores[0, low:high] = 2.0
    assert verdict_loss(scores, features).item() == pytest.approx(math.log1p(math.exp(-2.0)))
    assert verdict_loss(-scores, features).item() == pytest.approx(math.log1p(math.exp(2.0)))
    assert verdict_loss(scores, features[1:]).item() == 0.0


def test_an_article_without_an_answerable_question_has_no_hard_negatives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(negatives, "_Embedder", lambda folder: None)
    open_ended = example(kind="unanswerable", spans=(), answers=())
    assert negatives.hard_negatives([open_ended], tmp_path, 1) == {}


def test_a_saved_run_is_read_back_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    model = ReaderModel(torch.nn.Identity(), 3)
    save_model(model, tmp_path, {"steps": 250})
    with torch.no_grad():
        model.heads.weight.fill_(7.0)
    save_model(model, tmp_path, {"steps": 500})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["reader.safetensors", "recipe.json"]
    assert load_file(tmp_path / "reader.safetensors")["heads.weight"].unique().item() == 7.0
    assert json.loads((tmp_path / "recipe.json").read_text(encoding="utf-8")) == {"steps": 500}
