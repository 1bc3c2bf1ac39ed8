"""Generations of an index on disk: publishing one as a whole, and finding the one to serve.

``<index>/<n>/`` is a generation, ``<index>/CURRENT`` holds the number of the one that serves. A generation
is written into a hidden sibling folder, synced to disk, renamed, and only then named in CURRENT, so a crash at
any moment leaves the old one serving.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import IndexStateError
from retriever.manifest import MANIFEST_FILE, DamagedError, Manifest, check_files, read_manifest, repair_hint

KEPT = 3  # generations left on disk, the serving one included
_CURRENT = "CURRENT"
_LOCK = ".lock"
_PARTIAL = ".partial-"


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation whose files have the hashes its manifest names.

    Attributes:
        number: 1 for the first.
        folder: where its files are.
        manifest: what it says about itself.
        warning: "" or why this is not the one CURRENT names.
    """

    number: int
    folder: Path
    manifest: Manifest
    warning: str = ""


@contextmanager
def write_lock(index: Path) -> Iterator[None]:
    """Hold the only right to write ``index``; the folder is made if need be. A dead process leaves no lock.

    Raises:
        IndexStateError: another process is writing, or the folder cannot be written.
    """
    import fcntl

    try:
        index.mkdir(parents=True, exist_ok=True)
        file = (index / _LOCK).open("w")
    except OSError as error:
        raise IndexStateError(
            f"the index {index} cannot be written: {error.strerror}", "name another folder with --index"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexStateError(
                f"another process is writing the index {index}", "wait until it is done, then run the command again"
            ) from error
        yield


def find_generation(index: Path) -> Generation:
    """The generation to serve: the one CURRENT names or, if that is damaged, the newest good one.

    Raises:
        IndexStateError: there is no index, or CURRENT names one of a newer format.
        DamagedError: no generation is good; the message is about the one CURRENT names.
    """
    numbers = _numbers(index)
    if not numbers:
        raise IndexStateError(f"there is no index at {index}", f"make one: footnote ingest PATH --index {index}")
    try:
        return _checked(index, _current(index))
    except DamagedError as damage:
        for number in sorted(numbers, reverse=True):
            try:
                good = _checked(index, number)
            except IndexStateError:
                continue
            warning = f"{damage}; generation {number} of {good.manifest.created} serves instead"
            return Generation(number, good.folder, good.manifest, warning)
        raise


def publish(index: Path, write: Callable[[Path], Manifest]) -> Generation:
    """Make a new generation and let it serve. Call it with ``write_lock`` held.

    Args:
        index: the index folder.
        write: fills the empty folder it is given and returns the manifest.

    Raises:
        IndexStateError: the disk refused; the generation that served still does.
    """
    number = max(_numbers(index), default=0) + 1
    _remove_partial(index)
    aside = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=index))
    try:
        manifest = write(aside)
        (aside / MANIFEST_FILE).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        aside.chmod(0o755)  # mkdtemp's 0700 would lock a server under another user out
        _sync(*aside.iterdir(), aside)
        aside.rename(index / str(number))
        _replace_file(index / _CURRENT, f"{number}\n")
    except OSError as error:
        raise IndexStateError(
            f"generation {number} of {index} could not be written: {error.strerror}", "free space or fix permissions"
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    _remove_old(index)
    return Generation(number, index / str(number), manifest)


def replace_manifest(generation: Generation, manifest: Manifest) -> Generation:
    """Store a changed manifest (a new calibration) in place. Call it with ``write_lock`` held."""
    _replace_file(generation.folder / MANIFEST_FILE, manifest.model_dump_json(indent=1))
    return Generation(generation.number, generation.folder, manifest, generation.warning)


def _numbers(index: Path) -> list[int]:
    try:
        return [int(entry.name) for entry in index.iterdir() if entry.name.isdecimal() and entry.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _current(index: Path) -> int:
    try:
        text = (index / _CURRENT).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise DamagedError(f"{index / _CURRENT} cannot be read: {error.strerror}", repair_hint(index)) from error
    except UnicodeDecodeError as error:
        raise DamagedError(f"{index / _CURRENT} names no generation", repair_hint(index)) from error
    if not text.isdecimal():
        raise DamagedError(f"{index / _CURRENT} says {text[:20]!r}, expected a number", repair_hint(index))
    return int(text)


def _checked(index: Path, number: int) -> Generation:
    folder = index / str(number)
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    return Generation(number, folder, manifest)


def _sync(*paths: Path) -> None:
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _replace_file(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old content or the new, and a crash loses neither."""
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(text, encoding="utf-8")
    _sync(path.parent, aside)
    aside.replace(path)
    _sync(path.parent)


def _remove_partial(index: Path) -> None:
    """What a writer that died left behind; the lock says none is alive."""
    for entry in index.glob(f"{_PARTIAL}*"):
        shutil.rmtree(entry, ignore_errors=True)


def _remove_old(index: Path) -> None:
    """Keep the newest; the one CURRENT names was published a moment ago and is the first of them."""
    for number in sorted(_numbers(index), reverse=True)[KEPT:]:
        shutil.rmtree(index / str(number), ignore_errors=True)
