"""API keys: made here, shown once, kept as hashes in a file.

A key is 256 random bits, so a plain SHA-256 of it cannot be turned back by trying; a slow password hash would only
slow each request down.
"""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import FootnoteError, UsageError

PREFIX = "fn_"
ID_CHARS = 8


class KeyFileError(FootnoteError):
    """The file of the keys cannot be read or written."""


class StoredKey(BaseModel):
    """One key as it is kept; ``created`` is ISO 8601 in UTC."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    created: str

    @property
    def id(self) -> str:
        """What the key's sessions belong to and logs show."""
        return self.sha256[:ID_CHARS]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    keys: tuple[StoredKey, ...] = ()


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made; ``secret`` is kept nowhere."""

    stored: StoredKey
    secret: str


class KeyRing:
    """The keys in a file. Reading it again costs one ``stat`` while it has not changed.

    Args:
        path: the file; made when the first key is added, readable by its owner alone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._keys: tuple[StoredKey, ...] = ()

    def all(self) -> tuple[StoredKey, ...]:
        """All keys, as the file is now. Raises KeyFileError."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._unusable(error.strerror or "") from error
        if (seen := (status.st_ino, status.st_mtime_ns)) != self._seen:
            self._keys, self._seen = self._read(), seen
        return self._keys

    def find(self, secret: str) -> StoredKey | None:
        """The key that ``secret`` is, or None; takes the same time whichever it is not."""
        digest = _digest(secret)
        found = None
        for key in self.all():
            if hmac.compare_digest(key.sha256, digest):
                found = key
        return found

    def add(self, name: str) -> NewKey:
        """Make a key. Raises UsageError when the name is taken, KeyFileError."""
        if any(key.name == name for key in self.all()):
            raise UsageError(f"there is a key named {name!r} already", f"footnote keys revoke {name}")
        secret = PREFIX + secrets.token_urlsafe(32)
        stored = StoredKey(name=name, sha256=_digest(secret), created=datetime.now(UTC).isoformat(timespec="seconds"))
        self._write((*self.all(), stored))
        return NewKey(stored, secret)

    def revoke(self, name: str) -> None:
        """Delete a key; a running service refuses it from the next request on. Raises UsageError, KeyFileError."""
        kept = tuple(key for key in self.all() if key.name != name)
        if len(kept) == len(self.all()):
            raise UsageError(f"there is no key named {name!r}", "footnote keys list")
        self._write(kept)

    def _read(self) -> tuple[StoredKey, ...]:
        try:
            return _File.model_validate_json(self._path.read_bytes()).keys
        except OSError as error:
            raise self._unusable(error.strerror or "") from error
        except ValidationError as error:
            raise self._unusable("it is not a file of keys") from error

    def _write(self, keys: tuple[StoredKey, ...]) -> None:
        text = json.dumps(_File(keys=keys).model_dump(), indent=1)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, aside = tempfile.mkstemp(dir=self._path.parent, prefix=".keys-")  # mode 0600
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            Path(aside).replace(self._path)
        except OSError as error:
            raise self._unusable(error.strerror or "") from error

    def _unusable(self, reason: str) -> KeyFileError:
        return KeyFileError(f"the API keys in {self._path} cannot be used: {reason}", "see the setting keys")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
