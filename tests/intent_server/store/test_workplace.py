"""The folders in which stores are made."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

from ingest.extract.llm_answer import PageAnswer
from ingest.extract.llm_pages import Page
from intent_server import record_llm_answers
from intent_server.config import Settings
from intent_server.mcp.tokens import add_token
from intent_server.record_hearing import Wanted, hearing
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


def test_what_is_put_beside_a_store_before_there_is_one_makes_its_folder_alike(tmp_path: Path) -> None:
    homes = [tmp_path / name / ".intent" for name in ("token", "model", "recording")]
    add_token(homes[0] / "tokens.json", "mara", may_write=True, now=datetime(2026, 3, 3, tzinfo=UTC))
    answers = record_llm_answers.place_of(homes[1] / "intent.duckdb", "meeting", "one")
    record_llm_answers.keep(answers, "scripted", Page(1, 1, "", (0,), "b2:page"), PageAnswer(decisions=[]), (1, 1))
    hearing(Settings(store=homes[2] / "intent.duckdb"), Wanted())
    assert [(home / ".gitignore").read_text(encoding="utf-8") for home in homes] == ["*\n"] * 3
