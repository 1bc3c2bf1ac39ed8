"""Read the Dockerfile, and run its steps in a folder on a machine that has no Docker engine.

    python scripts/dockerfile_steps.py FOLDER                    # as docker build would: installs everything
    python scripts/dockerfile_steps.py --reuse-packages FOLDER   # libraries come from the interpreter that runs this

FOLDER stands for ``/`` of the image: every path below /opt or /srv is moved under it, and a RUN that names any other
absolute path is refused. ARG, ENV, WORKDIR, COPY and RUN are carried out; the finished first stage is set aside, so
that the last one holds only what it copies. Then the entry point's ``--help`` and the health check are run.

What this cannot show: that the base image exists and holds what we think, what apt-get and useradd do (both are
skipped, and said to be), file ownership, the switch to USER, layer caching, and that nothing outside FOLDER is read.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parent.parent
SKIPPED_COMMANDS = ("apt-get ", "useradd ")
PASSED_THROUGH = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_")
STEP_LIMIT_S = 1800
CHECK_LIMIT_S = 60
_MOVED = re.compile(r"(?<![\w./-])/(?=(?:opt|srv)\b)")
_OTHER_ABSOLUTE = re.compile(r"(?<![\w./:-])/(?!(?:opt|srv)\b)\w+")


class DockerfileError(Exception):
    """The Dockerfile holds something this reader does not know, or a step failed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: its first line in the file, its keyword in capitals, and the rest with continuations joined."""

    line: int
    keyword: str
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One FROM: the base image, the name after AS ("" without), and the steps that follow."""

    image: str
    name: str
    steps: tuple[Step, ...]

    def last(self, keyword: str) -> str:
        """Text of the last step with ``keyword``, which is the one that counts; "" when there is none."""
        return next((step.text for step in reversed(self.steps) if step.keyword == keyword), "")


@dataclass(frozen=True, slots=True)
class Copy:
    """A COPY: ``origin`` is the stage it takes from, "" for the build context."""

    origin: str
    sources: tuple[str, ...]
    target: str


@dataclass(slots=True)
class Surroundings:
    """What a stage's steps have set so far."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)


def read_steps(text: str) -> list[Step]:
    """Instructions of a Dockerfile, in order. Comments and empty lines are dropped; here-documents are refused."""
    steps: list[Step] = []
    parts: list[str] = []
    first = 0
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        first = first if parts else number
        parts.append(stripped.removesuffix("\\").strip())
        if not stripped.endswith("\\"):
            keyword, _, rest = " ".join(parts).partition(" ")
            steps.append(Step(first, keyword.upper(), rest.strip()))
            parts = []
    if any("<<" in step.text for step in steps):
        raise DockerfileError("here-documents are not understood")
    return steps


def read_stages(text: str) -> tuple[Stage, ...]:
    """The stages of a Dockerfile.

    Raises:
        DockerfileError: an instruction stands before the first FROM, or a FROM is written in another way.
    """
    found: list[tuple[str, str, list[Step]]] = []
    for step in read_steps(text):
        if step.keyword == "FROM":
            words = step.text.split()
            if len(words) not in (1, 3):
                raise DockerfileError(f"line {step.line}: expected FROM image [AS name], got {step.text!r}")
            found.append((words[0], words[2] if len(words) == 3 else "", []))
        elif found:
            found[-1][2].append(step)
        else:
            raise DockerfileError(f"line {step.line}: {step.keyword} stands before the first FROM")
    return tuple(Stage(image, name, tuple(steps)) for image, name, steps in found)


def read_copy(text: str) -> Copy:
    """Take a COPY apart; of its options only ``--from`` matters here."""
    words = shlex.split(text)
    origin = next((word.removeprefix("--from=") for word in words if word.startswith("--from=")), "")
    paths = [word for word in words if not word.startswith("--")]
    return Copy(origin, tuple(paths[:-1]), paths[-1])


def read_command(text: str) -> list[str]:
    """The command of ``ENTRYPOINT [...]``, ``CMD [...]`` or ``HEALTHCHECK ... CMD [...]``, written as a JSON list."""
    return [str(word) for word in json.loads(text[text.index("[") :])]


class Builder:
    """Carries the steps of all stages out under one folder.

    Args:
        context: the folder that COPY takes from.
        folder: an empty folder that stands for the image's ``/``.
        reuse_packages: put the running interpreter's libraries on PYTHONPATH, so that pip finds them installed.
    """

    def __init__(self, context: Path, folder: Path, reuse_packages: bool) -> None:
        self._context = context
        self._root = folder / "image"
        self._stages = folder / "stages"
        self._base = folder / "base"
        self._reuse_packages = reuse_packages

    def build(self, stages: tuple[Stage, ...]) -> Surroundings:
        """Run every stage; returns the working folder and variables of the last one."""
        self._make_base()
        for stage in stages[:-1]:
            self._run_stage(stage)
            self._root.rename(self._stages / stage.name)
        return self._run_stage(stages[-1])

    def run(self, command: list[str], around: Surroundings, limit_s: float = STEP_LIMIT_S) -> None:
        """Run one command as the finished image would, except for the user.

        Raises:
            DockerfileError: it is not there, exits with another code than 0, or takes longer than ``limit_s``.
        """
        path = around.variables["PATH"]
        program = shutil.which(command[0], path=path)
        if program is None:
            raise DockerfileError(f"{command[0]} is not on the image's PATH {path}")
        whole = [program, *command[1:]]
        try:
            subprocess.run(whole, cwd=around.folder, env=around.variables, check=True, timeout=limit_s)  # noqa: S603
        except subprocess.CalledProcessError as error:
            raise DockerfileError(f"{shlex.join(command)} exited with {error.returncode}") from None
        except subprocess.TimeoutExpired:
            raise DockerfileError(f"{shlex.join(command)} was not done after {limit_s:g} s") from None

    def _make_base(self) -> None:
        """What the base image gives: ``python`` on the PATH, and a home."""
        self._stages.mkdir(parents=True)
        (self._base / "bin").mkdir(parents=True)
        (self._base / "home").mkdir()
        interpreter = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
        wrapper = self._base / "bin" / "python"
        wrapper.write_text(f'#!/bin/sh\nexec {shlex.quote(str(interpreter))} "$@"\n', encoding="utf-8")
        wrapper.chmod(0o755)

    def _first_variables(self) -> dict[str, str]:
        variables = {name: value for name, value in os.environ.items() if name.startswith(PASSED_THROUGH)}
        variables["PATH"] = f"{self._base / 'bin'}:/usr/local/bin:/usr/bin:/bin"
        variables["HOME"] = str(self._base / "home")
        if self._reuse_packages:
            variables["PYTHONPATH"] = sysconfig.get_path("purelib")
        return variables

    def _run_stage(self, stage: Stage) -> Surroundings:
        self._root.mkdir()
        around = Surroundings(self._root, self._first_variables())
        for step in stage.steps:
            self._run_step(step, around)
        return around

    def _run_step(self, step: Step, around: Surroundings) -> None:
        if step.keyword == "RUN":
            self._run_command(step, around)
        elif step.keyword == "COPY":
            self._copy(read_copy(step.text), around)
        elif step.keyword == "WORKDIR":
            around.folder = Path(self._moved(step.text))
            around.folder.mkdir(parents=True, exist_ok=True)
        elif step.keyword == "ENV":
            self._set_variables(step, around)
        elif step.keyword not in {"ARG", "LABEL", "USER", "HEALTHCHECK", "ENTRYPOINT", "CMD"}:
            raise DockerfileError(f"line {step.line}: {step.keyword} is not understood")

    def _run_command(self, step: Step, around: Surroundings) -> None:
        if step.text.startswith(SKIPPED_COMMANDS):
            _say(f"line {step.line}: skipped here: {step.text}")
            return
        if foreign := _OTHER_ABSOLUTE.search(step.text):
            raise DockerfileError(f"line {step.line}: RUN names {foreign.group()}, outside /opt and /srv")
        _say(f"line {step.line}: RUN {step.text}")
        self.run(["sh", "-c", self._moved(step.text)], around)

    def _set_variables(self, step: Step, around: Surroundings) -> None:
        for word in shlex.split(step.text):
            name, _, value = word.partition("=")
            around.variables[name] = self._moved(Template(value).safe_substitute(around.variables))

    def _copy(self, copy: Copy, around: Surroundings) -> None:
        origin = self._stages / copy.origin if copy.origin else self._context
        target = around.folder / self._moved(copy.target)
        for source in copy.sources:
            path = origin / source.lstrip("/")
            if path.is_dir():
                shutil.copytree(path, target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(path, target / path.name if copy.target.endswith("/") else target)

    def _moved(self, text: str) -> str:
        """``text`` with /opt and /srv moved under the folder that stands for ``/``."""
        return _MOVED.sub(f"{self._root}/", text)


def check_image(dockerfile: Path, folder: Path, reuse_packages: bool) -> None:
    """Build the image in ``folder``, then run its entry point with --help and its health check.

    Takes as long as the steps do: about a minute with ``reuse_packages``, several without.

    Raises:
        DockerfileError: a step, the entry point or the health check failed.
    """
    stages = read_stages(dockerfile.read_text(encoding="utf-8"))
    builder = Builder(dockerfile.parent, folder, reuse_packages)
    around = builder.build(stages)
    builder.run([*read_command(stages[-1].last("ENTRYPOINT")), "--help"], around, CHECK_LIMIT_S)
    builder.run(read_command(stages[-1].last("HEALTHCHECK")), around, CHECK_LIMIT_S)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def main() -> int:
    """Command line; see the top of the file."""
    parser = argparse.ArgumentParser(description="Run the Dockerfile's steps in a folder.")
    parser.add_argument("folder", type=Path, help="an empty folder to build in")
    parser.add_argument("--reuse-packages", action="store_true", help="take libraries from this interpreter")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    try:
        check_image(ROOT / "Dockerfile", arguments.folder.resolve(), arguments.reuse_packages)
    except DockerfileError as error:
        _say(f"dockerfile_steps: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
