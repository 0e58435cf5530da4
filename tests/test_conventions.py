"""House rules that no linter knows."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.registry import readers

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for package in ("ingest", "intent_server") for path in (ROOT / package).rglob("*.py"))
SQL_WORDS = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|VIEW))\b", re.S
)
FORBIDDEN_NAMES = {"manager", "helper", "helpers", "util", "utils", "service", "handler", "base", "common", "misc"}


def strings(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


SQLITE_READERS = frozenset({"opencode_store.py"})
"""Readers of sources that are SQLite files themselves: what they ask of them is about the source, not of our store."""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_sql_lives_in_sql_files_only(path: Path) -> None:
    if path.name in SQLITE_READERS:
        return
    shown = [text for text in strings(path) if SQL_WORDS.search(text) and "`intent sql" not in text]
    assert not shown


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_is_named_for_nothing(path: Path) -> None:
    assert not set(path.stem.split("_")) & FORBIDDEN_NAMES


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_catches_everything_or_outgrows_a_reader(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "except Exception" not in text
    assert "except:" not in text
    assert len(text.splitlines()) <= 400


def test_the_command_line_starts_without_the_protocol_or_a_model() -> None:
    heavy = "mcp whisper faster_whisper sentence_transformers torch duckdb numpy tokenizers"
    script = f"import sys, intent_server.cli.main; print([m for m in '{heavy}'.split() if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.strip() == "[]"


def test_the_repository_names_no_machine() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    for name in filter(None, tracked.split("\0")):
        path = ROOT / name
        if path == Path(__file__) or path.suffix in {".safetensors", ".lock"} or not path.is_file():
            continue
        assert "/work/" + "main" not in path.read_text(encoding="utf-8", errors="replace"), name


def test_no_reader_imports_another_reader_or_its_parts() -> None:
    names = {reader.name for reader in readers()}
    for path in sorted((ROOT / "ingest/readers").glob("*.py")):
        owner = max((name for name in names if path.stem.startswith(name)), key=len, default="")
        imported = re.findall(r"^from ingest\.readers\.(\w+) import", path.read_text(encoding="utf-8"), re.M)
        assert all(name.startswith(owner) and owner for name in imported), path.name
