import hashlib
from pathlib import Path

import pytest

from ingest.errors import ModelError
from retriever import onnx_export
from retriever.model_folder import ModelFolder
from retriever.onnx_export import Export, exported

FOLDER = ModelFolder("tiny", None, "0" * 64)


@pytest.fixture
def conversions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Replace the conversion by writing two small files; the list grows with each conversion."""
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(onnx_export, "load_reference", lambda folder, attention: None)
    done = []

    def convert(model: object, aside: Path) -> Export:
        done.append(aside)
        hashes = {}
        for name in ("model.onnx", "tokenizer.json"):
            (aside / name).write_bytes(name.encode())
            hashes[name] = hashlib.sha256(name.encode()).hexdigest()
        return Export(sha256=hashes, dimension=3, max_tokens=8, query_prompt="", passage_prompt="")

    monkeypatch.setattr(onnx_export, "_convert", convert)
    return done


def test_a_model_is_converted_once(conversions: list[Path]) -> None:
    first = exported(FOLDER)
    assert exported(FOLDER) == first
    assert len(conversions) == 1


def test_nothing_half_written_stays_behind(conversions: list[Path]) -> None:
    path, _ = exported(FOLDER)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "export.json"])
def test_a_damaged_export_is_made_again(conversions: list[Path], name: str) -> None:
    path, sidecar = exported(FOLDER)
    (path / name).write_bytes(b"damaged")
    assert exported(FOLDER) == (path, sidecar)
    assert len(conversions) == 2


def test_other_weights_are_exported_elsewhere(conversions: list[Path]) -> None:
    assert exported(FOLDER)[0] != exported(ModelFolder("tiny", None, "1" * 64))[0]


def test_a_failed_conversion_leaves_nothing(
    conversions: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(model: object, aside: Path) -> None:
        (aside / "model.onnx").write_bytes(b"half")
        raise ModelError("no parity")

    monkeypatch.setattr(onnx_export, "_convert", fail)
    with pytest.raises(ModelError, match="no parity"):
        exported(FOLDER)
    assert list((tmp_path / "cache" / "onnx").iterdir()) == []
