import hashlib
import json
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from answer.backends.base import GeneratorSettings, Message
from answer.backends.transformers import TransformersGenerator
from answer.generator_file import find_generator
from ingest.errors import ModelError

END = "<end>"
ASK = [Message(role="user", content="Sentence: It rained.")]
TEMPLATE = "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\n' }}{% endfor %}assistant:"


def save_tiny_model(folder: Path, template: str | None = TEMPLATE) -> Path:
    """A Llama with one layer and random weights over the 256 bytes."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: number for number, letter in enumerate([*letters, END])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer_class: Any = PreTrainedTokenizerFast
    fast = tokenizer_class(tokenizer_object=tokenizer, eos_token=END, chat_template=template)
    fast.save_pretrained(folder)
    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=256,
        initializer_range=0.5,
        bos_token_id=None,
        eos_token_id=vocabulary[END],
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


def open_tiny(folder: Path, timeout_s: float = 60) -> TransformersGenerator:
    return TransformersGenerator(GeneratorSettings(backend="transformers", model=str(folder), timeout_s=timeout_s))


def reference(folder: Path, count: int) -> str:
    """What transformers' own greedy generation says."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    model: Any = AutoModelForCausalLM.from_pretrained(folder)
    prompt = tokenizer("user: Sentence: It rained.\nassistant:", return_tensors="pt")["input_ids"]
    output = model.generate(prompt, max_new_tokens=count, do_sample=False, pad_token_id=0)
    text: str = tokenizer.decode(output[0, prompt.shape[1] :], skip_special_tokens=True)
    return text


@pytest.mark.model
def test_says_what_greedy_generation_says_behind_the_chat_template(tiny: Path) -> None:
    text = "".join(open_tiny(tiny).stream(ASK, 24))
    assert text
    assert text == reference(tiny, 24)


@pytest.mark.model
def test_stops_at_any_of_the_end_markers(tiny: Path) -> None:
    generator = open_tiny(tiny)
    generator.load()
    prompt = generator._prompt(ASK)
    tokens = list(generator._greedy(prompt, 24))
    generator._model.generation_config.eos_token_id = [256, tokens[5]]
    assert list(generator._greedy(prompt, 24)) == tokens[: tokens.index(tokens[5])]


@pytest.mark.model
def test_is_named_after_its_folder_and_weights(tiny: Path) -> None:
    generator = open_tiny(tiny)
    generator.load()
    digest = hashlib.sha256((tiny / "model.safetensors").read_bytes()).hexdigest()
    assert generator.name == f"tiny@{digest[:12]}"


@pytest.mark.model
def test_closing_the_iterator_computes_no_further_token(tiny: Path) -> None:
    generator = open_tiny(tiny)
    generator.load()
    steps = 0
    forward: Callable[..., Any] = generator._model.forward

    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal steps
        steps += 1
        return forward(*args, **kwargs)

    generator._model.forward = counted
    with closing(generator.stream(ASK, 200)) as stream:  # type: ignore[type-var]
        next(stream)
        taken = steps
    assert steps == taken
    assert taken < 10


@pytest.mark.model
def test_a_draft_that_takes_too_long_is_given_up(tiny: Path) -> None:
    generator = open_tiny(tiny, timeout_s=0.001)
    generator.load()
    forward: Callable[..., Any] = generator._model.forward

    def slow(*args: Any, **kwargs: Any) -> Any:
        time.sleep(0.01)
        return forward(*args, **kwargs)

    generator._model.forward = slow
    with pytest.raises(ModelError, match=r"not done after 0\.001 s"):
        list(generator.stream(ASK, 24))


@pytest.mark.model
def test_a_prompt_longer_than_the_model_takes_is_refused(tiny: Path) -> None:
    with pytest.raises(ModelError, match="takes fewer than 256"):
        list(open_tiny(tiny).stream([Message(role="user", content="word " * 100)], 8))


@pytest.mark.model
def test_a_model_without_a_chat_template_is_refused(tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path / "bare", template=None)
    with pytest.raises(ModelError, match="has no chat template"):
        open_tiny(folder).load()


@pytest.mark.model
def test_a_folder_with_code_of_its_own_is_refused(tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path / "custom")
    config = json.loads((folder / "config.json").read_text())
    config |= {
        "model_type": "homemade",
        "auto_map": {"AutoConfig": "code.Config", "AutoModelForCausalLM": "code.Model"},
    }
    (folder / "config.json").write_text(json.dumps(config))
    mark = tmp_path / "ran"
    (folder / "code.py").write_text(f"open({str(mark)!r}, 'w')\n")
    with pytest.raises(ModelError, match="cannot load"):
        open_tiny(folder).load()
    assert not mark.exists()


@pytest.mark.model
def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    import torch

    folder = save_tiny_model(tmp_path / "pickled")
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="cannot load"):
        open_tiny(folder).load()


@pytest.mark.model
def test_a_hub_id_that_is_not_here_is_named_when_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match="someone/something is not in the local hub cache"):
        TransformersGenerator(GeneratorSettings(backend="transformers", model="someone/something")).load()


@pytest.mark.model
def test_what_is_neither_a_folder_nor_an_id_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="neither a folder nor a hub id"):
        open_tiny(tmp_path / "absent").load()


@pytest.mark.model
@pytest.mark.slow
def test_the_default_model_is_converted_once_and_checked_at_each_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gguf = find_generator()
    assert gguf is not None, "run `footnote setup` first"
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path))
    monkeypatch.setattr("answer.generator_file.find_generator", lambda *_: gguf)
    settings = GeneratorSettings(backend="transformers", timeout_s=300)
    question = [Message(role="user", content="Question: When?\nSentence: The bridge was opened on 24 May 1883.")]
    generator = TransformersGenerator(settings)
    assert "1883" in "".join(generator.stream(question, 16))
    assert generator.name == "SmolLM2-135M-Instruct.Q4_1@b179c9523d0e"
    (weights,) = tmp_path.rglob("model.safetensors")
    assert [path.name for path in (tmp_path / "models").iterdir()] == [weights.parent.name]
    made = weights.stat().st_mtime_ns
    TransformersGenerator(settings).load()
    assert weights.stat().st_mtime_ns == made
    with weights.open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"damage")
    with pytest.raises(ModelError, match="expected") as caught:
        TransformersGenerator(settings).load()
    assert caught.value.hint == f"delete {weights.parent} and try again"
