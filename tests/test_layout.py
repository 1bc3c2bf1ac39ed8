"""The architecture and the house rules that a linter does not hold."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# What each package may import besides itself. Nobody imports api.
MAY_IMPORT = {
    "ingest": set(),
    "retriever": {"ingest"},
    "answer": {"ingest", "retriever"},
    "eval": {"ingest", "retriever", "answer"},
    "api": {"ingest", "retriever", "answer", "eval"},
}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONG_FUNCTION = 40
LONG_FUNCTION_SHARE = 0.02
HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "faiss",
    "onnxruntime",
    "onnx",
    "sklearn",
    "scipy",
    "xllamacpp",
    "fastapi",
    "uvicorn",
    "prometheus_client",
    "psycopg",
}
PICKLING = {"pickle", "cloudpickle", "dill", "marshal", "shelve", "joblib"}
UNSAFE_CALLS = {"eval", "exec", "os.system", "os.popen"}
UNSAFE_FLAGS = {"shell", "trust_remote_code", "allow_pickle"}
DEVELOPER_PATH = re.compile(r"(?<![\w.])/(?:home/\w+|Users/\w+|root/|work/)")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tracked() -> tuple[Path, ...]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for name in names.split("\0") if name and (path := ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    """Every Python file below the folders, tracked or not, so that a new file is held to the rules at once."""
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def shown(path: Path, line: int = 0) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and top package of everything a file imports, wherever it stands."""
    for node in ast.walk(tree(path)):
        for name in imported(node):
            yield node.lineno, name.split(".")[0]  # type: ignore[attr-defined]


def functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def unsafe(node: ast.AST) -> str:
    """What is unsafe about a node, or ""."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in UNSAFE_CALLS:
        return ast.unparse(node.func)
    if isinstance(node, ast.keyword) and node.arg in UNSAFE_FLAGS and ast.unparse(node.value) != "False":
        return f"{node.arg}={ast.unparse(node.value)}"
    return next((name for name in imported(node) if name.split(".")[0] in PICKLING), "")


def public_definitions(path: Path) -> Iterator[ast.ClassDef | Function]:
    """Public classes and functions of a module, and the public methods of its public classes."""
    for node in tree(path).body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            yield node
            body = node.body if isinstance(node, ast.ClassDef) else []
            yield from (item for item in body if isinstance(item, Function) and not item.name.startswith("_"))


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    refused = MAY_IMPORT.keys() - MAY_IMPORT[package] - {package}
    wrong = [
        f"{shown(path, line)} imports {name}"
        for path in python_files(package)
        for line, name in imports(path)
        if name in refused
    ]
    assert wrong == []


def test_every_package_has_its_place_in_the_order() -> None:
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} == MAY_IMPORT.keys()


def test_files_are_short() -> None:
    sizes = {
        path: path.read_text(encoding="utf-8").count("\n") for path in python_files(*MAY_IMPORT, "scripts", "tests")
    }
    assert [f"{shown(path)} {size}" for path, size in sizes.items() if size > LONGEST_FILE] == []


def test_functions_are_short() -> None:
    found = [(path, item) for path in python_files(*MAY_IMPORT, "scripts", "tests") for item in functions(path)]
    too_long = [f"{shown(path, item.lineno)} {item.name}" for path, item in found if length(item) > LONGEST_FUNCTION]
    rather_long = [f"{shown(path, item.lineno)} {item.name}" for path, item in found if length(item) > LONG_FUNCTION]
    assert too_long == []
    assert len(rather_long) <= LONG_FUNCTION_SHARE * len(found), rather_long


def test_public_names_have_docstrings() -> None:
    bare = [
        f"{shown(path, item.lineno)} {item.name}"
        for path in python_files(*MAY_IMPORT, "scripts")
        for item in public_definitions(path)
        if ast.get_docstring(item) is None
    ]
    assert bare == []


def test_nothing_is_pickled_evaluated_or_run_in_a_shell() -> None:
    found = [
        f"{shown(path, getattr(node, 'lineno', 0))} {what}"
        for path in python_files(*MAY_IMPORT, "scripts", "tests")
        for node in ast.walk(tree(path))
        if (what := unsafe(node))
    ]
    assert found == []


def test_no_file_names_a_folder_of_a_developers_machine() -> None:
    found = []
    for path in tracked():
        for number, line in enumerate(path.read_bytes().decode("utf-8", errors="replace").splitlines(), start=1):
            if DEVELOPER_PATH.search(line):
                found.append(f"{shown(path, number)} {line.strip()[:80]}")
    assert found == []


def test_help_loads_nothing_heavy() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "api.cli", "--help"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "api" in loaded
    assert loaded & HEAVY == set()
