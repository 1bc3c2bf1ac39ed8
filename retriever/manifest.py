"""What a generation says about itself, and the checks it passes before anything in it is parsed."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from ingest.errors import IndexStateError
from ingest.settings import IngestSettings
from ingest.types import Document
from retriever.model_files import sha256_file

FORMAT_VERSION = 2
MANIFEST_FILE = "manifest.json"


class DamagedError(IndexStateError):
    """A generation is not what was written; an older one may still serve."""


class Recipe(BaseModel):
    """What an index was made with. Two indexes with the same recipe can be searched by the same program."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    embedder: str
    dimension: int
    normalised: bool = True
    passage_words: int
    overlap_sentences: int

    @classmethod
    def of(cls, embedder: str, dimension: int, ingest: IngestSettings) -> "Recipe":
        """The recipe the current settings ask for."""
        return cls(
            embedder=embedder,
            dimension=dimension,
            passage_words=ingest.passage_words,
            overlap_sentences=ingest.overlap_sentences,
        )


class Manifest(BaseModel):
    """The facts about one generation.

    Attributes:
        format_version: of the folder's layout; another one is not searched, an older one is remade by an update.
        recipe: embedder and splitter settings.
        files: SHA-256 of every other file of the folder, by name.
        corpus_sha256: of the documents, see ``corpus_hash``.
        calibration: what ``footnote eval calibrate`` stored; its owner knows the fields.
        created: UTC, ISO 8601.
        footnote_version: of the program that wrote it.
        documents: their number.
        passages: their number.
        vectors: their number; a passage has several.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int = FORMAT_VERSION
    recipe: Recipe
    files: dict[str, str]
    corpus_sha256: str
    calibration: dict[str, JsonValue] | None = None
    created: str = Field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    footnote_version: str = Field(default_factory=lambda: _own_version())
    documents: int = Field(ge=0)
    passages: int = Field(ge=0)
    vectors: int = Field(ge=0)


def _own_version() -> str:
    try:
        return metadata.version("footnote")
    except metadata.PackageNotFoundError:
        return "not installed"


class _Format(BaseModel):
    """The one field every format has, read first."""

    format_version: int


def corpus_hash(documents: Iterable[Document]) -> str:
    """SHA-256 over the documents' ids and hashes, sorted: equal for the same texts from the same sources."""
    lines = sorted(f"{document.id} {document.sha256}\n" for document in documents)
    return sha256("".join(lines).encode()).hexdigest()


def hash_files(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of each named file."""
    return {name: sha256_file(folder / name) for name in sorted(names)}


def repair_hint(index: Path) -> str:
    """The command that makes a good generation again."""
    return f"make it again: footnote ingest PATH --index {index}"


def read_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest.

    Raises:
        IndexStateError: a newer format, which is not ours to judge.
        DamagedError: it is missing or is no manifest.
    """
    hint = repair_hint(folder.parent)
    try:
        data = (folder / MANIFEST_FILE).read_bytes()
        version = _Format.model_validate_json(data).format_version
        if version > FORMAT_VERSION:
            raise IndexStateError(
                f"{folder} has index format {version}, this footnote reads format {FORMAT_VERSION}",
                f"update footnote, or {hint}",
            )
        return Manifest.model_validate_json(data)
    except OSError as error:
        raise DamagedError(f"{folder / MANIFEST_FILE} cannot be read: {error.strerror}", hint) from error
    except ValidationError as error:
        raise DamagedError(f"{folder / MANIFEST_FILE} is no manifest: {error.errors()[0]['msg']}", hint) from error


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with the hash the manifest gives. Cost: about 0.1 s per 100 MB.

    Raises:
        DamagedError: names the file and both hashes.
    """
    for name, expected in manifest.files.items():
        try:
            actual = sha256_file(folder / name)
        except OSError as error:
            raise DamagedError(
                f"{folder / name} cannot be read: {error.strerror}", repair_hint(folder.parent)
            ) from error
        if actual != expected:
            raise DamagedError(
                f"{folder / name} is damaged: SHA-256 {actual[:12]}..., the manifest says {expected[:12]}...",
                repair_hint(folder.parent),
            )


def check_recipe(index: Path, manifest: Manifest, wanted: Recipe) -> None:
    """Refuse an index in an older format or made with other settings than the ones in force.

    Raises:
        IndexStateError: names the first thing that differs, both values and the repair.
    """
    if manifest.format_version != FORMAT_VERSION:
        raise IndexStateError(
            f"the index {index} has format {manifest.format_version}, this footnote reads format {FORMAT_VERSION}",
            repair_hint(index),
        )
    for name in Recipe.model_fields:
        made, asked = getattr(manifest.recipe, name), getattr(wanted, name)
        if made != asked:
            raise IndexStateError(
                f"the index {index} was made with {name} {made}, the settings say {asked}", repair_hint(index)
            )
