"""The folders in which stores are made."""

import subprocess
from pathlib import Path

from intent_server.store.workplace import make_home


def test_a_new_store_folder_is_left_out_of_git(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    make_home(tmp_path / ".intent" / "intent.duckdb")
    (tmp_path / ".intent" / "intent.duckdb").touch()
    status = subprocess.run(["git", "-C", str(tmp_path), "status", "--short"], check=True, capture_output=True)
    assert status.stdout == b""


def test_a_folder_of_somebody_else_or_one_that_was_there_gets_no_file(tmp_path: Path) -> None:
    (tmp_path / ".intent").mkdir()
    make_home(tmp_path / ".intent" / "intent.duckdb")
    make_home(tmp_path / "ours" / "team.duckdb")
    assert not list(tmp_path.rglob(".gitignore"))
