"""The reader as a network: an encoder with four scores a token (answer starts, answer ends, evidence, verdict).

The evidence score is averaged over a sentence's tokens; it says whether that sentence settles the question,
also where no span answers (yes or no, comparisons). The verdict score, averaged likewise, says whether the
sentence means yes (above 0) or no to a yes/no question. Three tasks from one forward pass.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModel

from answer.reader import SCORES

_GRAPH_PREFIX = "model."


@dataclass(frozen=True, slots=True)
class Logits:
    """One score a token each, float [batch, length]; position 0 of start and end means "no answer"."""

    start: torch.Tensor
    end: torch.Tensor
    evidence: torch.Tensor
    verdict: torch.Tensor


class ReaderModel(torch.nn.Module):
    """Encoder and heads. ``encoder`` is any BERT-like model of transformers without a pooler."""

    def __init__(self, encoder: torch.nn.Module, hidden: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = torch.nn.Linear(hidden, len(SCORES))
        torch.nn.init.normal_(self.heads.weight, std=0.02)
        torch.nn.init.zeros_(self.heads.bias)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, type_ids: torch.Tensor) -> torch.Tensor:
        """Scores, float [batch, length, 4], for int64 [batch, length] inputs."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=type_ids).last_hidden_state
        scores: torch.Tensor = self.heads(hidden)
        return scores

    def logits(self, ids: torch.Tensor, mask: torch.Tensor, type_ids: torch.Tensor) -> Logits:
        """The scores apart and in float32."""
        return Logits(*self(ids, mask, type_ids).float().unbind(-1))


def open_model(start: Path, base: Path) -> ReaderModel:
    """The network to train or export.

    Args:
        start: a folder that ``save_model`` wrote, an exported ``model.onnx`` (int8 weights read back to float; a
            head it lacks starts at random), or the folder of the sentence encoder itself.
        base: folder of the sentence encoder, for its configuration.
    """
    config = AutoConfig.from_pretrained(base, attention_probs_dropout_prob=0.0)
    if start.suffix != ".onnx" and not (start / "reader.safetensors").exists():
        encoder = AutoModel.from_pretrained(
            start, config=config, add_pooling_layer=False, dtype=torch.float32, attn_implementation="sdpa"
        )
        return ReaderModel(encoder, config.hidden_size)
    encoder = AutoModel.from_config(config, attn_implementation="sdpa", add_pooling_layer=False)  # type: ignore[no-untyped-call]
    model = ReaderModel(encoder, config.hidden_size)
    if start.suffix == ".onnx":
        _take(model, graph_weights(start))
    else:
        model.load_state_dict(load_file(start / "reader.safetensors"))
    return model


def save_model(model: ReaderModel, folder: Path, recipe: Mapping[str, object]) -> None:
    """Write reader.safetensors and recipe.json; weights saved before stay whole until the new ones are."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / "reader.safetensors.part"
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, unfinished)
    unfinished.replace(folder / "reader.safetensors")
    (folder / "recipe.json").write_text(json.dumps(dict(recipe), indent=2) + "\n", encoding="utf-8")


def graph_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """Parameters of an exported reader by name, float32; matrices in blocks and int8 tables are read back.

    A matrix has no name of its own in the graph: it takes that of the bias added to its product.
    """
    graph = onnx.load(str(path)).graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    found = {name: value for name, value in tensors.items() if value.dtype == np.float32 and "scale" not in name}
    for name in [name for name in tensors if name.endswith(".int8")]:
        table = name.removesuffix(".int8")
        found[table] = tensors[name].astype(np.float32) * tensors[f"{table}.scale"]
    added = {
        source: other
        for node in graph.node
        if node.op_type == "Add"
        for source, other in (node.input, node.input[::-1])
    }
    for node in graph.node:
        bias = added.get(node.output[0], "")
        if node.op_type == "MatMulNBits":
            found[bias.removesuffix("bias") + "weight"] = _from_blocks(tensors[node.input[1]], tensors[node.input[2]])
        elif node.op_type == "MatMul" and node.input[1] in tensors:
            found[bias.removesuffix("bias") + "weight"] = tensors[node.input[1]].T
    return {name.removeprefix(_GRAPH_PREFIX): value for name, value in found.items()}


def _from_blocks(packed: NDArray[np.uint8], scales: NDArray[np.float32]) -> NDArray[np.float32]:
    """uint8 [rows, blocks, size] around 128 with a scale a block, to float32 [rows, blocks * size]."""
    rows, blocks, size = packed.shape
    values = (packed.astype(np.float32) - 128.0) * scales.reshape(rows, blocks, 1)
    return np.asarray(values.reshape(rows, blocks * size), dtype=np.float32)


def _take(model: ReaderModel, weights: Mapping[str, NDArray[np.float32]]) -> None:
    """Copy graph weights in; the head may have fewer scores. Raises ValueError when one is missing."""
    renamed = {name.replace("bert.", "encoder.", 1): value for name, value in weights.items()}
    state = model.state_dict()
    for name, value in state.items():
        if name.startswith("heads."):
            head = renamed.get(name, renamed.get(name.replace("heads", "qa_outputs")))
            if head is not None:
                value[: len(head)] = torch.from_numpy(np.array(head))
        elif value.is_floating_point():
            if name not in renamed:
                raise ValueError(f"the exported reader has no weights {name}")
            value.copy_(torch.from_numpy(np.array(renamed[name])))
    model.load_state_dict(state)
