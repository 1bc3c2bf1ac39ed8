import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.errors import IndexStateError
from retriever.generation_files import KEPT, find_generation, publish, write_lock
from retriever.manifest import FORMAT_VERSION, DamagedError, Manifest, Recipe, hash_files

RECIPE = Recipe(embedder="e", dimension=2, passage_words=120, overlap_sentences=1)


def write(folder: Path) -> Manifest:
    (folder / "data").write_text("content")
    files = hash_files(folder, ["data"])
    return Manifest(recipe=RECIPE, files=files, corpus_sha256="0", documents=0, passages=0, vectors=0)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    publish(tmp_path, write)
    publish(tmp_path, write)
    return tmp_path


def test_generations_are_numbered_and_the_newest_serves(index: Path) -> None:
    assert (index / "CURRENT").read_text() == "2\n"
    assert (find_generation(index).number, find_generation(index).warning) == (2, "")


def test_the_newest_generations_are_kept(index: Path) -> None:
    for _ in range(KEPT):
        publish(index, write)
    assert sorted(int(path.name) for path in index.iterdir() if path.is_dir()) == [3, 4, 5]
    assert find_generation(index).number == 5


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_write_leaves_the_old_generation_serving(index: Path, error: type[BaseException]) -> None:
    def interrupted(folder: Path) -> None:
        (folder / "data").write_text("half")
        raise error

    with pytest.raises(error):
        publish(index, interrupted)
    assert sorted(path.name for path in index.iterdir()) == ["1", "2", "CURRENT"]
    assert find_generation(index).number == 2


def test_what_a_dead_writer_left_is_removed(index: Path) -> None:
    (index / ".partial-dead").mkdir()
    publish(index, write)
    assert not (index / ".partial-dead").exists()


def test_a_full_disk_is_told_in_one_line(index: Path) -> None:
    def full(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(IndexStateError, match=r"generation 3 of .* could not be written: No space left on device"):
        publish(index, full)


def damage_file(index: Path) -> None:
    (index / "2" / "data").write_text("Content")


def remove_file(index: Path) -> None:
    (index / "2" / "data").unlink()


def damage_manifest(index: Path) -> None:
    (index / "2" / "manifest.json").write_text("{")


def remove_generation(index: Path) -> None:
    shutil.rmtree(index / "2")


def remove_current(index: Path) -> None:
    (index / "CURRENT").unlink()


def damage_current(index: Path) -> None:
    (index / "CURRENT").write_bytes(b"\xff")


@pytest.mark.parametrize("damage", [damage_file, remove_file, damage_manifest, remove_generation])
def test_the_last_good_generation_serves_with_a_warning(index: Path, damage: Callable[[Path], None]) -> None:
    damage(index)
    found = find_generation(index)
    assert found.number == 1
    assert "generation 1 of" in found.warning
    assert f"footnote ingest PATH --index {index}" in found.warning


@pytest.mark.parametrize("damage", [remove_current, damage_current])
def test_without_a_readable_current_the_newest_good_generation_serves(
    index: Path, damage: Callable[[Path], None]
) -> None:
    damage(index)
    found = find_generation(index)
    assert found.number == 2
    assert "CURRENT" in found.warning


def test_damage_names_both_hashes_when_nothing_else_can_serve(index: Path) -> None:
    shutil.rmtree(index / "1")
    expected = json.loads((index / "2" / "manifest.json").read_text())["files"]["data"]
    damage_file(index)
    with pytest.raises(
        DamagedError, match=rf"data is damaged: SHA-256 \w{{12}}\.\.\., the manifest says {expected[:12]}"
    ):
        find_generation(index)


def test_a_newer_format_is_refused_even_though_an_older_generation_is_good(index: Path) -> None:
    manifest = json.loads((index / "2" / "manifest.json").read_text())
    (index / "2" / "manifest.json").write_text(json.dumps({**manifest, "format_version": 99, "new": 1}))
    with pytest.raises(IndexStateError, match=f"format 99, this footnote reads format {FORMAT_VERSION}"):
        find_generation(index)


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_no_index_is_told_with_the_command_that_makes_one(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(IndexStateError, match=f"no index at .* footnote ingest PATH --index .*{name}"):
        find_generation(tmp_path / name)


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    with write_lock(tmp_path), pytest.raises(IndexStateError, match="another process is writing"), write_lock(tmp_path):
        pass


def test_the_lock_is_free_again_afterwards(tmp_path: Path) -> None:
    with write_lock(tmp_path):
        pass
    with write_lock(tmp_path):
        pass


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, signal, sys\n"
        "from retriever.generation_files import write_lock\n"
        "with write_lock(pathlib.Path(sys.argv[1])):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False).returncode == -9
    with write_lock(tmp_path):
        pass


def test_an_index_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexStateError, match="cannot be written"), write_lock(tmp_path / "file" / "index"):
        pass
