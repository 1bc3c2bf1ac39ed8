"""Converts a sentence-transformers model once to an ONNX file in the cache folder, int8 where that is near enough.

The folder of an export holds ``model.onnx``, ``tokenizer.json`` and ``export.json``, which names the hashes
of both and what a caller must know to use them. It appears in one rename, whole or not at all.
"""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.errors import ModelError
from retriever.embed_reference import load_reference, quiet
from retriever.model_files import cache_dir, sha256_file
from retriever.model_folder import ModelFolder

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

    from retriever.embedder import Vectors

_SIDECAR = "export.json"
_MODEL = "model.onnx"
_TOKENIZER = "tokenizer.json"
_VERSION = 1  # raise it when the export itself changes
_TOOLS = ("onnxruntime", "sentence-transformers", "torch", "transformers")
_EXACT = 0.9999  # least cosine of the fp32 graph to torch, on any sample
_QUANTISED = 0.96  # least cosine of the int8 graph, or fp32 is kept; the default model has 0.98 here
_PASSAGE_PROMPTS = ("document", "passage", "corpus")  # the names sentence-transformers looks for, in this order
_SAMPLES = (
    "",
    "Which river runs through Rouen?",
    "The Normans gave their name to Normandy, a region in the north of France.",
    "A longer text, so that more than a few positions are in use. " * 12,
)


class Export(BaseModel):
    """The sidecar of an export.

    Attributes:
        sha256: of model.onnx and tokenizer.json, by file name.
        dimension: length of a vector.
        max_tokens: the model's window; longer texts are cut.
        query_prompt: put before a question.
        passage_prompt: put before a passage.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: dict[str, str]
    dimension: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str


def exported(folder: ModelFolder) -> tuple[Path, Export]:
    """The folder of a model's export and its sidecar; converts first when there is none or it is damaged.

    Cost: 0.05 s to check the hashes of an existing export; some 25 s to convert, which loads torch.

    Raises:
        ModelError: the model cannot be loaded or converted.
    """
    target = cache_dir() / "onnx" / f"{folder.name}-{folder.sha256[:12]}-{_tool_versions()}"
    found = _read_intact(target)
    if found is None:
        _export(folder, target)
        found = _read_intact(target)
    if found is None:
        raise ModelError(f"the export in {target} does not match its own hashes", "check the disk")
    return target, found


def _tool_versions() -> str:
    versions = ",".join(f"{tool}={metadata.version(tool)}" for tool in _TOOLS)
    return sha256(f"{_VERSION},{versions}".encode()).hexdigest()[:8]


def _read_intact(target: Path) -> Export | None:
    """The sidecar if every file it names has the hash it names."""
    try:
        found = Export.model_validate_json((target / _SIDECAR).read_bytes())
        intact = all(sha256_file(target / name) == found.sha256[name] for name in (_MODEL, _TOKENIZER))
    except (OSError, ValidationError, KeyError):
        return None
    return found if intact else None


def _export(folder: ModelFolder, target: Path) -> None:
    """Write the export aside and rename it into place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        sidecar = _convert(load_reference(folder, attention="eager"), aside)
        aside.chmod(0o755)  # mkdtemp's 0700 would lock other users of the cache out
        (aside / _SIDECAR).write_text(sidecar.model_dump_json(indent=1), encoding="utf-8")
        if _read_intact(target) is None:  # another process may have been faster
            shutil.rmtree(target, ignore_errors=True)
            aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _convert(model: "SentenceTransformer", aside: Path) -> Export:
    exact = aside / "fp32.onnx"
    model.tokenizer.backend_tokenizer.save(str(aside / _TOKENIZER))
    with quiet(), _no_log():
        _trace(model, exact)
        if (cosine := _parity(model, exact)) < _EXACT:
            raise ModelError(
                f"the model's ONNX export has cosine {cosine:.4f} to torch, {_EXACT} is needed",
                "choose the embedder_backend sentence-transformers for this model",
            )
        _quantise(exact, aside / _MODEL)
        if _parity(model, aside / _MODEL) < _QUANTISED:
            exact.replace(aside / _MODEL)
    exact.unlink(missing_ok=True)
    prompts = {name: prompt for name, prompt in model.prompts.items() if prompt}
    fallback = prompts.get(model.default_prompt_name or "", "")
    return Export(
        sha256={name: sha256_file(aside / name) for name in (_MODEL, _TOKENIZER)},
        dimension=int(model.get_embedding_dimension() or 0),
        max_tokens=int(model.max_seq_length or 512),
        query_prompt=prompts.get("query", fallback),
        passage_prompt=next((prompts[name] for name in _PASSAGE_PROMPTS if name in prompts), fallback),
    )


@contextmanager
def _no_log() -> Iterator[None]:
    """The exporters log to the root logger, which would set up handlers for the whole program."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _trace(model: "SentenceTransformer", path: Path) -> None:
    """Token ids and mask [texts, tokens] -> vectors [texts, dimension], pooling included, both sizes free.

    The TorchScript exporter is used because the graph the newer one makes of this model gives wrong
    vectors (cosine about 0; torch 2.13, transformers 5.23); ``_EXACT`` would refuse it.
    """
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: "torch.Tensor", attention_mask: "torch.Tensor") -> "torch.Tensor":
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            vectors: torch.Tensor = self.model(features)["sentence_embedding"]
            return vectors

    ids = torch.ones(2, 16, dtype=torch.long)
    free = {0: "texts", 1: "tokens"}
    torch.onnx.export(
        Whole(),
        (ids, torch.ones_like(ids)),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["vectors"],
        dynamic_axes={"input_ids": free, "attention_mask": free, "vectors": {0: "texts"}},
        dynamo=False,
    )


def _quantise(source: Path, target: Path) -> None:
    """int8 weights, one scale a column: a quarter of the size, 2.3 times the speed, the same recall as fp32."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=True)


def _parity(model: "SentenceTransformer", path: Path) -> float:
    """The worst cosine of the graph's vectors to torch's, over the samples."""
    from retriever.embedder import normalised

    expected = normalised(np.asarray(model.encode(list(_SAMPLES), show_progress_bar=False)))
    return float((expected * normalised(_run(model, path))).sum(axis=1).min())


def _run(model: "SentenceTransformer", path: Path) -> "Vectors":
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    rows = []
    for text in _SAMPLES:
        features = model.tokenize([text])
        feed = {name: features[name].numpy() for name in ("input_ids", "attention_mask")}
        rows.append(session.run(None, feed)[0][0])
    return np.asarray(rows, dtype=np.float32)
