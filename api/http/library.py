"""The documents of the index: adding uploads and deleting, each as a new generation.

An upload is parsed, indexed and published while the old generation serves. The file itself is kept in the folder
``http.uploads``; its source in the index is ``uploads/NAME``, so that `footnote ingest uploads`, run in the folder
above, reads it anew.
"""

import logging
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from api.http.generations import Generations, Serving
from api.http.pool import WorkerPool
from api.http.problems import ProblemError, unavailable
from api.settings import Settings
from ingest.errors import IndexStateError, SourceError
from ingest.formats import EXTENSIONS, SUPPORTED, Content
from ingest.load import document_from_content
from ingest.types import Document
from retriever.embedder import Embedder
from retriever.generations import stored_documents
from retriever.indexer import IndexUpdate, update_index

FOLDER = "uploads"
_LONGEST_STEM = 150  # bytes; file systems allow 255 for a name
_log = logging.getLogger("footnote.http")
_NOT_A_NAME = re.compile(r"[^\w .()+-]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a client sent it; the name is the client's word and may be anything."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be read, and why."""

    name: str
    problem: str


@dataclass(frozen=True, slots=True)
class Added:
    """What became of uploads."""

    generation: int
    added: tuple[Document, ...]
    updated: tuple[Document, ...]
    unchanged: tuple[Document, ...]
    refused: tuple[Refused, ...]


class Library:
    """Changes the index, one change at a time. Used from the event loop alone.

    Args:
        settings: the whole tree.
        embedder: shared with the search.
        writer: a pool of one thread.
        generations: told about each new generation, so that the client finds what it added.
    """

    def __init__(self, settings: Settings, embedder: Embedder, writer: WorkerPool, generations: Generations) -> None:
        self._settings, self._embedder = settings, embedder
        self._writer, self._generations = writer, generations

    async def add(self, uploads: Sequence[Upload]) -> Added:
        """Index files, replacing those of the same name.

        Raises:
            ProblemError: 429, too many changes are waiting; 503, another process is writing the index.
        """
        added = await self._writer.run(lambda: self._add(uploads))
        await self._generations.refresh()
        return added

    async def remove(self, document_id: str) -> None:
        """Drop a document and, if it was uploaded, its file.

        Raises:
            ProblemError: 404, there is no such document; otherwise as ``add``.
        """
        await self._writer.run(lambda: self._remove(document_id))
        await self._generations.refresh()

    def _add(self, uploads: Sequence[Upload]) -> Added:
        documents: dict[str, Document] = {}
        contents: dict[str, bytes] = {}
        refused: list[Refused] = []
        for upload in uploads:
            try:
                document = self._read(upload)
            except SourceError as error:
                refused.append(Refused(display_name(upload.name), str(error)))
            else:
                documents[document.source], contents[document.source] = document, upload.data
        before = {d.source: d for d in self._stored().values()}
        for source, data in contents.items():
            self._keep(source, data)
        generation = self._update(tuple(documents.values()), ()).generation if documents else self._number()
        return _sorted(generation, documents, before, refused)

    def _read(self, upload: Upload) -> Document:
        name = stored_name(upload.name)
        named = EXTENSIONS[PurePosixPath(name).suffix]
        return document_from_content(f"{FOLDER}/{name}", Content(upload.data, named), self._settings.ingest)

    def _remove(self, document_id: str) -> None:
        document = self._stored().get(document_id)
        if document is None:
            raise ProblemError(404, "no-document", "there is no document of this id")
        self._update((), (document.source,))
        folder, _, name = document.source.partition("/")
        if folder == FOLDER and name == _safe(name):
            (self._settings.http.uploads / name).unlink(missing_ok=True)

    def _stored(self) -> dict[str, Document]:
        try:
            return stored_documents(self._settings.index)
        except IndexStateError:
            return {}

    def _update(self, documents: Sequence[Document], dropped: Sequence[str]) -> IndexUpdate:
        try:
            return update_index(self._settings.index, documents, self._embedder, self._settings.ingest, dropped=dropped)
        except IndexStateError as error:
            raise unavailable("index-busy", "the index cannot be changed now", "try again in a moment") from error

    def _keep(self, source: str, data: bytes) -> None:
        path = self._settings.http.uploads / source.partition("/")[2]
        aside = path.with_name(f".{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(data)
            aside.replace(path)
        except OSError as error:
            _log.error("the upload cannot be kept in %s: %s", path.parent, error.strerror)
            raise unavailable("uploads", "uploads cannot be kept now", "see the log of the service") from error

    def _number(self) -> int:
        serving: Serving | None = self._generations.serving
        return serving.source.index.generation if serving else 0


def stored_name(name: str) -> str:
    """The name a file is kept under: letters, digits and a little more, one level, with a known extension.

    Raises:
        SourceError: the extension is not one we read.
    """
    safe = _safe(name)
    stem, dot, suffix = safe.rpartition(".")
    extension = f".{suffix.lower()}"
    if not dot or extension not in EXTENSIONS:
        raise SourceError(f"{display_name(name)!r} has no extension that is read", f"supported: {SUPPORTED}")
    return f"{_cut(stem).strip(' .') or 'article'}{extension}"


def display_name(name: str) -> str:
    """A client's file name as it may be shown."""
    return _cut(_safe(name)) or "unnamed"


def _cut(text: str) -> str:
    return text.encode()[:_LONGEST_STEM].decode("utf-8", "ignore")


def _safe(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1].encode("utf-8", "replace").decode()
    return _NOT_A_NAME.sub("_", unicodedata.normalize("NFC", last)).strip(" .")


def _sorted(
    generation: int, documents: dict[str, Document], before: dict[str, Document], refused: list[Refused]
) -> Added:
    def chosen(*kinds: str) -> tuple[Document, ...]:
        return tuple(d for d in documents.values() if _kind(d, before.get(d.source)) in kinds)

    return Added(generation, chosen("added"), chosen("updated"), chosen("unchanged"), tuple(refused))


def _kind(document: Document, before: Document | None) -> str:
    if before is None:
        return "added"
    return "unchanged" if before == document else "updated"
