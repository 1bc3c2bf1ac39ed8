"""What is installed, under which versions and licences."""

import hashlib
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from dependency_licenses import TABLE, direct_dependencies, licence, locked

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
# The standard text as apache.org publishes it.
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
COPYLEFT = re.compile(r"\bA?GPL|General Public", re.IGNORECASE)


@pytest.mark.parametrize("requirement", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"])
def test_dependencies_are_pinned_exactly(requirement: str) -> None:
    assert re.fullmatch(r"[\w.-]+(\[[\w,]+\])?==[\w.]+", requirement)


def test_the_lock_has_every_direct_dependency_at_its_pin() -> None:
    assert direct_dependencies().items() <= locked().items()


def test_the_build_backend_is_the_locked_one() -> None:
    assert PYPROJECT["build-system"]["requires"] == [f"setuptools=={locked()['setuptools']}"]


@pytest.mark.parametrize("file", LOCKS)
def test_locks_hold_plain_versions_that_any_index_and_platform_can_serve(file: str) -> None:
    lines = [line for line in (ROOT / file).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


@pytest.mark.parametrize("file", LOCKS)
def test_no_cuda_package_is_locked(file: str) -> None:
    assert [name for name in locked(file) if name.startswith(("nvidia-", "cuda-", "triton"))] == []


def test_the_installed_packages_are_the_locked_ones() -> None:
    installed = {name: metadata.version(name).split("+")[0] for name in direct_dependencies()}
    assert installed == direct_dependencies()


def test_the_changelog_knows_the_version() -> None:
    assert f"## [{PROJECT['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_our_licence_is_the_unchanged_apache_text() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2
    assert PROJECT["license"] == "Apache-2.0"


def test_the_licence_table_is_right_about_direct_dependencies() -> None:
    rows = TABLE.read_text(encoding="utf-8").splitlines()
    missing = [name for name in direct_dependencies() if f"| {name} | {licence(name)} | yes |" not in rows]
    assert missing == [], "run scripts/dependency_licenses.py"


def test_no_dependency_is_bound_to_the_gpl() -> None:
    """A licence that offers another choice (``MPL-1.1 OR GPL-2.0-only``) is fine; we take the other."""
    bound = {name: text for name in locked() if COPYLEFT.search(text := licence(name)) and " OR " not in text}
    assert bound == {}


def test_every_licence_file_is_listed() -> None:
    text = (ROOT / "licenses" / "README.md").read_text(encoding="utf-8")
    names = [path.name for path in (ROOT / "licenses").iterdir() if path.name != "README.md"]
    assert [name for name in names if name not in text] == []
