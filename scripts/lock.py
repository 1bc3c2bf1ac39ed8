"""Write the lock files: the exact version of every package a clean installation has.

    python3.11 scripts/lock.py        # needs the package index; about two minutes, 2 GB in a temporary folder

``requirements.lock`` holds what Footnote runs on, ``requirements-dev.lock`` what the ``dev`` extra adds. Both are
used as constraints (``pip install -c``) and, in the Dockerfile, as requirements. They are written on Linux with
Python 3.11; local version labels such as ``+cpu`` are dropped, so that each platform takes its own build.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by scripts/lock.py on Linux with Python 3.11; change pyproject.toml and run it again.\n"


def _install(python: str, requirements: list[str]) -> None:
    subprocess.run([python, "-m", "pip", "install", "--quiet", *requirements], check=True)  # noqa: S603


def _versions(python: str) -> dict[str, str]:
    """Installed distributions, name to version, without pip and local version labels."""
    command = [python, "-m", "pip", "list", "--format=json"]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    return {row["name"].lower(): row["version"].split("+")[0] for row in rows if row["name"] != "pip"}


def _write(path: Path, versions: dict[str, str]) -> None:
    lines = [f"{name}=={version}\n" for name, version in sorted(versions.items())]
    path.write_text(HEADER + "".join(lines), encoding="utf-8")


def main() -> int:
    """Install into a temporary environment, write both files, and check that nothing conflicts."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)  # noqa: S603
        python = str(Path(folder) / "bin" / "python")
        _install(python, project["dependencies"])
        runtime = _versions(python)
        _install(python, project["optional-dependencies"]["dev"])
        everything = _versions(python)
        subprocess.run([python, "-m", "pip", "check"], check=True)  # noqa: S603
    _write(ROOT / "requirements.lock", runtime)
    _write(ROOT / "requirements-dev.lock", {name: everything[name] for name in everything.keys() - runtime.keys()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
