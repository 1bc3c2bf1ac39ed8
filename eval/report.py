"""The record of a run: where it was made, what was measured, and every row. Written as JSON, read back to compare."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from answer.types import Models
from eval.measures import MEASURES, Estimate, estimate
from eval.rows import Row
from ingest.errors import UsageError

PACKAGES = ("footnote", "numpy", "onnxruntime", "faiss-cpu", "bm25s", "scikit-learn", "xllamacpp")
MAIN = "footnote"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KindFigures(_Frozen):
    """The figures of one kind of question, by measure name; "all" is the last kind."""

    kind: str
    questions: int
    figures: tuple[Estimate, ...]

    def get(self, name: str) -> Estimate:
        """The figure of this name. Raises StopIteration for an unknown one."""
        return next(figure for figure in self.figures if figure.name == name)


class SystemResult(_Frozen):
    """One system's run; ``missing`` says why there is none."""

    name: str
    title: str
    kinds: tuple[KindFigures, ...] = ()
    rows: tuple[Row, ...] = ()
    missing: str = ""

    @property
    def all(self) -> KindFigures:
        """Over all questions."""
        return self.kinds[-1]


class Provenance(_Frozen):
    """What one needs to know to run it again.

    Attributes:
        created: UTC, ISO 8601.
        commit: of the checkout the code is in, with "+" when files differ from it; "" outside a checkout.
        corpus_sha256: of the documents; "" when every question brings its own passages.
        questions: name of the question file.
        questions_sha256: of its bytes.
        split: "dev", "test" or "all".
        models: that took part.
        settings: in force, secrets hidden.
        versions: of Python and the packages that matter.
        machine: operating system, processor and its cores.
    """

    created: str
    commit: str
    corpus_sha256: str
    questions: str
    questions_sha256: str
    split: Literal["dev", "test", "all"]
    models: Models
    settings: dict[str, JsonValue]
    versions: dict[str, str]
    machine: str


class Report(_Frozen):
    """A whole run; the first system is Footnote, the others are baselines."""

    format: Literal[1] = 1
    provenance: Provenance
    systems: tuple[SystemResult, ...]

    @property
    def main(self) -> SystemResult:
        """Footnote's own result."""
        return self.systems[0]


def kinds_of(rows: Sequence[Row]) -> tuple[KindFigures, ...]:
    """All measures for every kind of question, by name, and a last one over all. Cost: about 0.2 s a kind."""
    kinds = sorted({row.question.kind for row in rows})
    per_kind = [_figures(kind, [row for row in rows if row.question.kind == kind]) for kind in kinds]
    return (*per_kind, overall(rows))


def overall(rows: Sequence[Row]) -> KindFigures:
    """All measures over all rows, as kind "all"."""
    return _figures("all", rows)


def _figures(kind: str, rows: Sequence[Row]) -> KindFigures:
    figures = tuple(estimate(measure, rows) for measure in MEASURES)
    return KindFigures(kind=kind, questions=len(rows), figures=figures)


def provenance(
    rows: Iterable[Row], questions: Path, split: Literal["dev", "test", "all"], settings: Mapping[str, JsonValue]
) -> Provenance:
    """The provenance of rows that were just measured, of which there is at least one."""
    rows = tuple(rows)
    corpora = {row.answer.index.corpus_sha256 for row in rows if not row.question.passages}
    # Small talk and other early answers name the same models; any row will do.
    return Provenance(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=commit(Path(__file__).parent),
        corpus_sha256=next(iter(corpora), ""),
        questions=str(questions),
        questions_sha256=sha256(questions.read_bytes()).hexdigest(),
        split=split,
        models=rows[0].answer.models,
        settings=dict(settings),
        versions={"python": platform.python_version(), **_versions()},
        machine=_machine(),
    )


def commit(folder: Path) -> str:
    """The commit a folder is checked out at, "+" behind it when tracked files differ; "" when there is none."""
    git = shutil.which("git")
    if git is None:
        return ""

    def run(*arguments: str) -> str | None:
        command = [git, "-C", str(folder), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)  # noqa: S603 - fixed words
        return done.stdout.strip() if done.returncode == 0 else None

    # An installed package inside somebody else's checkout is not that checkout's code.
    if not run("ls-files", "report.py"):
        return ""
    changed = run("status", "--porcelain", "--untracked-files=no")
    return f"{run('rev-parse', 'HEAD')}{'+' if changed else ''}"


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def read_report(path: Path) -> Report:
    """Read what ``write_report`` wrote.

    Raises:
        UsageError: it cannot be read or is no report.
    """
    try:
        return Report.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read the report {path}: {error.strerror}", "footnote eval --out DIR") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise UsageError(
            f"{path} is no report of this version: {where}: {first['msg']}", "footnote eval --out DIR"
        ) from error
