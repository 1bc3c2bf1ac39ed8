"""Where model files are found, and the hash check every one of them passes before it is parsed.

Models arrive inside Python packages; the packages' own code is never imported. Files we derive from
them (an ONNX export, a GGUF taken out of a wheel) live in the user's cache directory.
"""

import hashlib
import os
from importlib import metadata
from pathlib import Path

from platformdirs import user_cache_path

from ingest.errors import ModelError


def cache_dir() -> Path:
    """Folder for derived model files: ``$FOOTNOTE_CACHE`` or the platform's cache folder. Not created here."""
    override = os.environ.get("FOOTNOTE_CACHE")
    return Path(override) if override else user_cache_path("footnote", appauthor=False)


def package_file(distribution: str, relative: str) -> Path | None:
    """Path of ``relative`` inside an installed distribution, or None when either is absent."""
    try:
        path = Path(str(metadata.distribution(distribution).locate_file(relative)))
    except metadata.PackageNotFoundError:
        return None
    return path if path.exists() else None


def sha256_file(path: Path) -> str:
    """SHA-256 of a file, hex. About 1 GB/s."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_sha256(path: Path, expected: str, repair: str) -> None:
    """Refuse a file whose hash is not ``expected``.

    Raises:
        ModelError: names both hashes; ``repair`` is the command that puts it right.
    """
    actual = sha256_file(path)
    if actual != expected:
        raise ModelError(f"{path} has SHA-256 {actual[:12]}..., expected {expected[:12]}...", repair)
