import json
from pathlib import Path

import pytest

from api.keys import KeyFileError, KeyRing
from ingest.errors import UsageError


def test_a_key_is_found_by_its_secret_alone(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys.json")
    made = ring.add("reader")
    assert ring.find(made.secret) == made.stored
    assert ring.find(made.stored.sha256) is None
    assert ring.find(made.secret[:-1]) is None


def test_the_secret_is_not_in_the_file_which_its_owner_alone_can_read(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    secret = KeyRing(path).add("reader").secret
    assert secret not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_revoked_key_is_refused_by_a_ring_that_knew_it(tmp_path: Path) -> None:
    running = KeyRing(tmp_path / "keys.json")
    secret = running.add("reader").secret
    assert running.find(secret)
    KeyRing(tmp_path / "keys.json").revoke("reader")
    assert running.find(secret) is None


def test_names_are_unique(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys.json")
    ring.add("reader")
    with pytest.raises(UsageError, match="there is a key named 'reader' already"):
        ring.add("reader")
    with pytest.raises(UsageError, match="there is no key named 'writer'"):
        ring.revoke("writer")


@pytest.mark.parametrize("text", ["", "[]", json.dumps({"keys": [{"name": "x"}]})])
def test_a_damaged_file_lets_nobody_in(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KeyFileError, match="is not a file of keys"):
        KeyRing(path).find("fn_x")
