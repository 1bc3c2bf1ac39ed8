"""Write licenses/dependencies.md: every Python package Footnote runs on, and its licence as the package states it.

.venv/bin/python scripts/dependency_licenses.py      # in an environment that `make` has installed
"""

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "licenses" / "dependencies.md"
INTRODUCTION = """# Licences of the Python packages

Written by scripts/dependency_licenses.py from the packages' own metadata. None of them is copied into this
repository; pip fetches them. Packages marked "yes" are named in pyproject.toml, the others come with those.

| package | licence | direct |
|---|---|---|
"""
_UNSTATED = "not stated"
_LONGEST = 120


def normal(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def direct_dependencies() -> dict[str, str]:
    """Packages named in pyproject.toml without extras: normal name to pinned version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return _pins(project["dependencies"])


def locked(file: str = "requirements.lock") -> dict[str, str]:
    """Packages of a lock file: normal name to version."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return _pins([line for line in lines if not line.startswith("#")])


def licence(distribution: str) -> str:
    """The licence an installed package states: its SPDX expression, else its classifiers, else its free text.

    Raises:
        importlib.metadata.PackageNotFoundError: it is not installed here.
    """
    fields = metadata.metadata(distribution)

    def values(field: str) -> list[str]:
        return fields.get_all(field) or []

    classifiers = [row.split(" :: ")[-1] for row in values("Classifier") if row.startswith("License :: ")]
    stated = [row.strip().split("\n")[0] for row in values("License")]
    texts = [*values("License-Expression"), ", ".join(classifiers), *stated]
    return next((text for text in texts if text), _UNSTATED)[:_LONGEST]


def table() -> str:
    """The whole text of licenses/dependencies.md."""
    direct = direct_dependencies()
    rows = [f"| {name} | {licence(name)} | {'yes' if name in direct else ''} |\n" for name in sorted(locked())]
    return INTRODUCTION + "".join(rows)


def _pins(requirements: list[str]) -> dict[str, str]:
    pairs = (requirement.split("==") for requirement in requirements)
    return {normal(name.split("[")[0]): version for name, version in pairs}


def main() -> int:
    """Write the table."""
    TABLE.write_text(table(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
