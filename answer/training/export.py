"""Turn a trained folder into the shipped reader: `python -m answer.training.export --reader DIR --out DIR ...`.

Several --reader folders are averaged weight by weight first. Weights of matrix products become int8 in
blocks, embedding tables int8 with one scale per row. Writes model.onnx, tokenizer.json and reader.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

from answer.reader import SCORES
from answer.training.data import WRITTEN, load_nq, load_squad, load_written, split_examples
from answer.training.evaluate import build_suite, load_reader, report, score_suite
from answer.training.features import MAX_LENGTH, load_tokenizer
from answer.training.model import ReaderModel, open_model

FORMAT_VERSION = 3
BLOCK = 128
INT8_ACTIVATIONS = 4  # onnxruntime's accuracy_level: multiply in int8
MAX_BYTES = 25_000_000
PARITY_PARTS = ("right", "unanswerable")
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class _Scores(torch.nn.Module):
    """The model with a plain tuple out, one float [batch, length] a score."""

    def __init__(self, model: ReaderModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        scores = self.model(input_ids, attention_mask, token_type_ids)
        return tuple(scores[..., at] for at in range(len(SCORES)))


def averaged(folders: Sequence[Path], base: Path) -> ReaderModel:
    """One model holding the mean of the folders' weights; they must share a starting point."""
    models = [open_model(folder, base) for folder in folders]
    states = [model.state_dict() for model in models]
    mean = {
        name: torch.stack([state[name] for state in states]).mean(0) if value.is_floating_point() else value
        for name, value in states[0].items()
    }
    models[0].load_state_dict(mean)
    return models[0].eval()


def export_float(model: ReaderModel, path: Path) -> None:
    """Write the float32 graph with dynamic batch and length."""
    sample = tuple(torch.ones((2, 16), dtype=torch.int64) for _ in INPUTS)
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=512)
    torch.onnx.export(
        _Scores(model),
        sample,
        str(path),
        input_names=list(INPUTS),
        output_names=list(SCORES),
        dynamic_shapes=tuple({0: batch, 1: length} for _ in INPUTS),
        external_data=False,
        dynamo=True,
    )


def quantise(source: Path, target: Path) -> None:
    """Int8 weights in blocks of a column, activations int8 per row and block at run time; int8 embedding tables.

    Plain dynamic quantisation (one scale for a whole activation tensor) changed one span in six.
    """
    quantiser = MatMulNBitsQuantizer(
        onnx.load(str(source)), bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=INT8_ACTIVATIONS
    )
    quantiser.process()
    model = quantiser.model.model
    quantise_tables(model.graph)
    strip_traces(model)
    onnx.save(model, str(target))


def quantise_tables(graph: onnx.GraphProto) -> None:
    """Replace `Gather(table, i)` by `Cast(Gather(int8, i)) * Gather(scale, i)` for every float table."""
    tables = {
        tensor.name: tensor
        for tensor in graph.initializer
        if tensor.data_type == onnx.TensorProto.FLOAT and len(tensor.dims) == 2
    }
    nodes: list[onnx.NodeProto] = []
    used: set[str] = set()
    for node in graph.node:
        if node.op_type != "Gather" or node.input[0] not in tables:
            nodes.append(node)
            continue
        name, index, out = node.input[0], node.input[1], node.output[0]
        used.add(name)
        nodes += [
            helper.make_node("Gather", [f"{name}.int8", index], [f"{out}.int8"]),
            helper.make_node("Cast", [f"{out}.int8"], [f"{out}.float"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Gather", [f"{name}.scale", index], [f"{out}.scale"]),
            helper.make_node("Mul", [f"{out}.float", f"{out}.scale"], [out]),
        ]
    for name in sorted(used):
        table = numpy_helper.to_array(tables[name])
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True) / 127, 1e-9).astype(np.float32)
        graph.initializer.remove(tables[name])
        graph.initializer.append(numpy_helper.from_array(np.rint(table / scale).astype(np.int8), f"{name}.int8"))
        graph.initializer.append(numpy_helper.from_array(scale, f"{name}.scale"))
    del graph.node[:]
    graph.node.extend(nodes)


def strip_traces(model: onnx.ModelProto) -> None:
    """Take out what the exporter notes about source files, so that equal weights give equal bytes."""
    for item in (
        model,
        model.graph,
        *model.graph.node,
        *model.graph.value_info,
        *model.graph.input,
        *model.graph.output,
    ):
        item.doc_string = ""
        del item.metadata_props[:]


def write_card(out: Path, base_model: str, trained_on: Sequence[str]) -> None:
    """Write reader.json: what the files are and their hashes. Raises ValueError if they are too large."""
    files = [out / "model.onnx", out / "tokenizer.json"]
    size = sum(file.stat().st_size for file in files)
    if size > MAX_BYTES:
        raise ValueError(f"the reader takes {size} bytes, at most {MAX_BYTES} are allowed")
    card = {
        "format": FORMAT_VERSION,
        "max_length": MAX_LENGTH,
        "sha256": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
        "base_model": base_model,
        "trained_on": list(trained_on),
    }
    (out / "reader.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Average, export, quantise, write the card and print some held-out figures of float32 and int8."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", type=Path, nargs="+", required=True, help="trained folder; several are averaged")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--squad", type=Path, required=True)
    parser.add_argument("--nq", type=Path, required=True)
    parser.add_argument("--written", type=Path, default=WRITTEN)
    parser.add_argument("--base", type=Path, required=True, help="folder of the sentence encoder")
    parser.add_argument("--base-model", default="sentence-transformers/all-MiniLM-L6-v2")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(str(args.reader[0] / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.save(str(args.out / "tokenizer.json"))
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "model.onnx"
        export_float(averaged(args.reader, args.base), whole)
        quantise(whole, args.out / "model.onnx")
        tokenizer.save(str(whole.parent / "tokenizer.json"))
        write_card(args.out, args.base_model, (args.squad.name, args.nq.name, args.written.name))
        held_out = split_examples(load_squad(args.squad) + load_nq(args.nq) + load_written(args.written)).held_out
        suite = {part: pairs for part, pairs in build_suite(held_out, args.base).items() if part in PARITY_PARTS}
        for name, path in (("float32", whole), ("int8", args.out / "model.onnx")):
            logits, tokenizer_path = load_reader(path, args.base)
            figures = report(score_suite(suite, tokenizer_path, logits))
            sys.stdout.write(json.dumps({name: figures}) + "\n")


if __name__ == "__main__":
    main()
