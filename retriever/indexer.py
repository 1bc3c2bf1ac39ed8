"""Bringing the index on disk up to date."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.settings import IngestSettings
from ingest.types import Document
from retriever.embedder import Embedder
from retriever.generation_files import Generation, find_generation, publish, write_lock
from retriever.manifest import FORMAT_VERSION, DamagedError, Manifest, Recipe, corpus_hash, hash_files
from retriever.passage_index import (
    IndexProgress,
    build_passage_index,
    load_documents,
    load_passage_index,
    save_passage_index,
)


@dataclass(frozen=True, slots=True)
class IndexUpdate:
    """What an update did, in documents.

    Attributes:
        generation: the one that serves now.
        published: False when nothing differed and the old generation goes on serving.
        added: given, and new to the index.
        updated: given, and replacing another text from the same source.
        unchanged: given, and already there.
        removed: dropped from the index.
        documents: in the index now.
        passages: in the index now.
        warning: "" or what was wrong with the index found.
    """

    generation: int
    published: bool
    added: int
    updated: int
    unchanged: int
    removed: int
    documents: int
    passages: int
    warning: str = ""

    def counts(self) -> dict[str, int]:
        """The four counts by name, in the order they are reported."""
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "removed": self.removed,
        }

    def summary(self) -> str:
        """One line for people: "2 added, 0 updated, 5 unchanged, 0 removed; generation 3"."""
        counts = ", ".join(f"{count} {name}" for name, count in self.counts().items())
        return f"{counts}; generation {self.generation}{'' if self.published else ' stays, nothing changed'}"


def update_index(
    path: Path,
    documents: Sequence[Document],
    embedder: Embedder,
    ingest: IngestSettings,
    *,
    prune: bool = False,
    failed: Collection[str] = (),
    dropped: Collection[str] = (),
    progress: IndexProgress | None = None,
) -> IndexUpdate:
    """Add documents to the index at ``path``, replacing those that came from the same source.

    The index is made if there is none, and remade from its stored texts when the embedder, the splitter
    settings or the index format changed. Only texts without a vector are embedded; BM25 is counted anew
    (10 s for 13,000 passages). An interrupt or a crash leaves the old generation serving.

    Args:
        path: the index folder.
        documents: what was loaded, one for each source.
        embedder: makes the vectors; loaded here.
        ingest: how documents are split.
        prune: drop the documents whose source is neither among ``documents`` nor in ``failed``.
        failed: sources that exist but could not be loaded this time; what the index has of them stays.
        dropped: sources whose documents leave the index.
        progress: called with (texts embedded, texts to embed).

    Raises:
        IndexStateError: another process is writing, the disk refuses, or the index has a newer format.
        ModelError: the embedder cannot be loaded.
    """
    with write_lock(path):
        embedder.load()
        recipe = Recipe.of(embedder.name, embedder.dimension, ingest)
        previous, warning = _previous(path)
        before = {document.source: document for document in _documents(previous)}
        given = {document.source: document for document in documents}
        kept = {source: document for source, document in before.items() if not prune or source in failed}
        after = {source: document for source, document in (kept | given).items() if source not in dropped}
        if previous and not warning and _made_like_this(previous.manifest, recipe) and before == after:
            generation = previous
        else:
            generation = _publish(path, list(after.values()), previous, recipe, embedder, ingest, progress)
        unchanged = sum(before.get(source) == document for source, document in given.items())
        return IndexUpdate(
            generation=generation.number,
            published=generation is not previous,
            added=len(given.keys() - before.keys()),
            updated=len(given.keys() & before.keys()) - unchanged,
            unchanged=unchanged,
            removed=len(before.keys() - after.keys()),
            documents=generation.manifest.documents,
            passages=generation.manifest.passages,
            warning=warning,
        )


def _previous(path: Path) -> tuple[Generation | None, str]:
    """The generation an update starts from, and what to tell the user about it."""
    if not any(entry.name.isdecimal() for entry in path.iterdir()):
        return None, ""
    try:
        generation = find_generation(path)
    except DamagedError as damage:
        return None, f"{damage.message}; nothing of the old index could be kept"
    return generation, generation.warning


def _made_like_this(manifest: Manifest, recipe: Recipe) -> bool:
    return manifest.format_version == FORMAT_VERSION and manifest.recipe == recipe


def _documents(generation: Generation | None) -> Sequence[Document]:
    return list(load_documents(generation.folder).values()) if generation else []


def _publish(
    path: Path,
    documents: Sequence[Document],
    previous: Generation | None,
    recipe: Recipe,
    embedder: Embedder,
    ingest: IngestSettings,
    progress: IndexProgress | None,
) -> Generation:
    old = previous.manifest if previous else None
    readable = old is not None and old.format_version == FORMAT_VERSION and old.recipe.embedder == recipe.embedder
    reuse = load_passage_index(previous.folder) if previous and readable else None
    index = build_passage_index(documents, embedder, ingest, reuse, progress)
    # A calibration was fitted to scores of this embedder over passages of this size.
    calibration = old.calibration if old and old.recipe == recipe else None

    def write(folder: Path) -> Manifest:
        names = save_passage_index(index, folder)
        return Manifest(
            recipe=recipe,
            files=hash_files(folder, names),
            corpus_sha256=corpus_hash(documents),
            calibration=calibration,
            documents=len(index.documents),
            passages=len(index.passages),
            vectors=index.store.size,
        )

    return publish(path, write)
