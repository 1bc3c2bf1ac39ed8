"""The reference generator: transformers on the CPU in float32, from a folder, a hub id or a GGUF file.

A plain greedy loop over the model's own attention cache: no thread, and whoever stops iterating stops the
work. Slower to load and to run than the default engine, but it takes any causal language model.
"""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from answer.backends.base import GeneratorSettings, Message
from answer.generator_file import ModelFile, is_gguf, open_gguf
from ingest.errors import ModelError
from retriever.model_files import cache_dir, require_sha256, sha256_file

_WEIGHTS = "model.safetensors"
_CHECKSUM = "model.safetensors.sha256"
_HUB_FILES = ["*.safetensors", "*.safetensors.index.json", "*.json", "*.jinja", "tokenizer.model", "*.txt"]
# Half a character: the bytes of one may be spread over several tokens.
_INCOMPLETE = "\ufffd"


class TransformersGenerator:
    """Greedy drafts from a transformers model. Drafts may run side by side; each has its own cache."""

    def __init__(self, settings: GeneratorSettings) -> None:
        self._settings = settings
        self._name = Path(settings.model).stem if is_gguf(settings.model) else settings.model
        self._model: Any = None
        self._tokenizer: Any = None
        self._loading = threading.Lock()

    @property
    def name(self) -> str:
        """``<model>@<12 hex>``; the hash is known once loaded, and only for weights that are one file."""
        return self._name

    def load(self) -> None:
        """Load tokenizer and weights; a second call does nothing. About 4 s, most of it importing torch.

        A GGUF file is converted once into a folder in the cache (538 MB and 17 s for the default model), with
        a progress bar on stderr.
        A hub id is taken from the local hub cache, and fetched only if it is not there.

        Raises:
            ModelError: nothing of that name, no safetensors, no chat template, or a damaged file.
        """
        with self._loading:
            if self._model is None:
                folder, self._name = _locate(self._settings.model)
                self._tokenizer, self._model = _load(folder, self._settings)

    def stream(self, messages: list[Message], max_tokens: int) -> Iterator[str]:
        """Yield pieces of a greedy draft. The time limit is looked at after each token, the prompt is one step.

        Raises:
            ModelError: ``timeout_s`` ran out, or the tokenizer refuses these messages.
        """
        self.load()
        prompt = self._prompt(messages)
        tokens: list[int] = []
        sent = 0
        for token in self._greedy(prompt, max_tokens):
            tokens.append(token)
            text = self._decode(tokens)
            if not text.endswith(_INCOMPLETE):
                yield text[sent:]
                sent = len(text)
        if rest := self._decode(tokens)[sent:]:
            yield rest

    def _prompt(self, messages: list[Message]) -> Any:
        """Token ids of the conversation in the model's own chat format, shape (1, length)."""
        from jinja2 import TemplateError

        try:
            encoded = self._tokenizer.apply_chat_template(
                [message.model_dump() for message in messages],
                add_generation_prompt=True,
                return_tensors="pt",
                return_dict=True,
            )
        except TemplateError as error:
            raise ModelError(f"The chat template of {self._name} refuses these messages: {error}") from error
        return self._fitting(encoded["input_ids"])

    def _fitting(self, prompt: Any) -> Any:
        limit = getattr(self._model.config, "max_position_embeddings", None)
        if limit is not None and prompt.shape[1] >= limit:
            raise ModelError(f"The prompt has {prompt.shape[1]} tokens, {self._name} takes fewer than {limit}")
        return prompt

    def _decode(self, tokens: list[int]) -> str:
        text: str = self._tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text

    def _greedy(self, step: Any, max_tokens: int) -> Iterator[int]:
        """The most likely token, again and again, up to the end marker or ``max_tokens``."""
        import torch

        deadline = time.monotonic() + self._settings.timeout_s
        ends = _end_tokens(self._model, self._tokenizer)
        cache = None
        for _ in range(max_tokens):
            with torch.inference_mode():
                output = self._model(input_ids=step, past_key_values=cache, use_cache=True, logits_to_keep=1)
            token = int(output.logits[0, -1].argmax())
            if token in ends:
                return
            if time.monotonic() > deadline:
                raise ModelError(
                    f"The draft was not done after {self._settings.timeout_s:g} s",
                    "raise the generator's timeout_s or lower max_tokens",
                )
            yield token
            cache = output.past_key_values
            step = torch.tensor([[token]])


def _end_tokens(model: Any, tokenizer: Any) -> set[int]:
    configured = model.generation_config.eos_token_id
    ends = configured if isinstance(configured, list) else [configured]
    return {token for token in [*ends, tokenizer.eos_token_id] if token is not None}


def _locate(model: str) -> tuple[Path, str]:
    """The folder to load and the name for receipts."""
    if is_gguf(model):
        file = open_gguf(model)
        return _converted(file), file.name
    folder = Path(model).expanduser()
    label = folder.resolve().name
    if not folder.is_dir():
        folder, label = _from_hub(model), model
    weights = folder / _WEIGHTS
    return folder, f"{label}@{sha256_file(weights)[:12]}" if weights.is_file() else label


def _from_hub(repository: str) -> Path:
    """The local snapshot of a hub id, else a fresh one: fetched only if the user's hub settings allow it."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    for local_only in (True, False):
        try:
            folder = Path(snapshot_download(repository, allow_patterns=_HUB_FILES, local_files_only=local_only))
        except HFValidationError:
            raise ModelError(
                f"{repository} is neither a folder nor a hub id", "set the generator's model to one of the two"
            ) from None
        except (OSError, RuntimeError, ValueError):  # absent, offline, unreachable, refused: all mean "not here"
            continue
        if any(folder.glob("*.safetensors")):  # a snapshot may hold the configuration alone
            return folder
    raise ModelError(
        f"{repository} is not in the local hub cache and cannot be fetched as safetensors",
        f"check the name and the network, then: hf download {repository}",
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """No loading bars or notices from transformers; its errors come through as exceptions."""
    from transformers.utils import logging as untyped

    logging: Any = untyped
    level = logging.get_verbosity()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        logging.enable_progress_bar()


def _load(folder: Path, settings: GeneratorSettings) -> tuple[Any, Any]:
    """Tokenizer and model of a folder. No code from the folder runs, nothing but safetensors is read."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if settings.threads:
        torch.set_num_threads(settings.threads)  # for the whole process; torch knows no other way
    try:
        with _quiet():
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
            model: Any = AutoModelForCausalLM.from_pretrained(
                folder, dtype=torch.float32, local_files_only=True, trust_remote_code=False, use_safetensors=True
            )
    except Exception as error:  # what a broken folder raises is not documented
        raise ModelError(
            f"transformers cannot load {folder}: {type(error).__name__}",
            "the generator needs a causal language model with safetensors and no code of its own",
        ) from error
    if not tokenizer.chat_template:
        raise ModelError(f"{folder} has no chat template", "set the generator's model to an instruction-tuned one")
    return tokenizer, model.eval()


def _converted(file: ModelFile) -> Path:
    """The transformers folder made from a GGUF file: made once, hash checked at each use."""
    folder = cache_dir() / "models" / f"gguf-{file.sha256}"
    if not folder.is_dir():
        _convert(file, folder)
    expected = (folder / _CHECKSUM).read_text(encoding="ascii").strip()
    require_sha256(folder / _WEIGHTS, expected, f"delete {folder} and try again")
    return folder


def _convert(file: ModelFile, folder: Path) -> None:
    """Unpack the weights to float32 in a folder aside, then rename it into place."""
    from safetensors import SafetensorError

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".convert-", dir=folder.parent) as aside:
            made = Path(aside) / "model"
            model, tokenizer = _unpack(file.path)
            with _quiet():
                model.save_pretrained(made, max_shard_size="1TB")
                tokenizer.save_pretrained(made)
            (made / _CHECKSUM).write_text(sha256_file(made / _WEIGHTS), encoding="ascii")
            for path in made.iterdir():
                _sync(path)
            if not folder.is_dir():  # another process may have been faster
                made.rename(folder)
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"Cannot convert {file.path} in {folder.parent}: {error}",
            "it takes room for the model in float32; FOOTNOTE_CACHE names another folder",
        ) from error


def _unpack(path: Path) -> tuple[Any, Any]:
    """Model in float32 and tokenizer of a GGUF file."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    source = {"gguf_file": path.name, "local_files_only": True, "trust_remote_code": False}
    try:
        with _quiet():
            model: Any = AutoModelForCausalLM.from_pretrained(
                path.parent, dtype=torch.float32, quantization_config=GgufConfig(dequantize=True), **source
            )
            return model, AutoTokenizer.from_pretrained(path.parent, **source)
    except Exception as error:  # as in _load
        raise ModelError(
            f"transformers cannot convert {path}: {type(error).__name__}", "use the backend xllamacpp for this file"
        ) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)  # read-write: Windows syncs no other descriptor
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
