"""A clone that lacks objects: what can be told without them is stored; a note tells what is missing, and the remedy."""

from pathlib import Path

import pytest

from ingest.fetch.git_errors import ObjectMissing
from intent_server import record, record_git
from intent_server.config import Settings
from intent_server.record_git import ingest_git
from intent_server.store.connect import open_reader
from tests.intent_server.test_record_git import DECIDED, commit, git

PATH = "payments/retry.py"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Three commits of one file; the second one's message states a decision."""
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "remote", "add", "origin", "git@github.com:lumen-goods/shop.git")
    for at, words in enumerate(("A client", DECIDED, "Tidy up")):
        commit(folder, words, {PATH: f"def charge():\n    return {at}\n"})
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "intent.duckdb")


def lose(folder: Path, name: str) -> str:
    """Take an object away; its sha."""
    sha = git(folder, "rev-parse", name)
    (folder / ".git" / "objects" / sha[:2] / sha[2:]).unlink()
    return sha


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with open_reader(settings.store, wait_s=5) as db:
        return db.execute(query).fetchall()


def test_without_a_text_all_but_the_count_of_lines_is_stored_and_a_note_says_so(shop: Path, settings: Settings) -> None:
    sha = lose(shop, f"HEAD~1:{PATH}")
    report = ingest_git(record.recorder(settings), shop)
    assert (report.outcome, report.commits, report.commits_added) == ("added", 3, 3)
    [note] = [note for note in report.notes if sha in note]
    assert "changed lines are not counted" in note
    assert "git fetch --refetch" in note
    assert rows(settings, "SELECT count(*), count(added_lines) FROM intent.commit_files") == [(3, 0)]
    assert report.messages is not None
    assert report.messages.kept == 1


def test_without_a_tree_the_commits_are_stored_without_their_files(shop: Path, settings: Settings) -> None:
    sha = lose(shop, "HEAD~1^{tree}")
    report = ingest_git(record.recorder(settings), shop)
    assert (report.commits, report.commits_added) == (3, 3)
    assert any(sha in note and "the files of commits are not told" in note for note in report.notes)
    assert rows(settings, "SELECT count(*) FROM intent.commit_files") == [(0,)]


def test_without_a_commit_the_error_names_it_and_the_remedy(shop: Path, settings: Settings) -> None:
    sha = lose(shop, "HEAD~1")
    with pytest.raises(ObjectMissing, match=rf"object {sha} is missing.*git fetch --refetch.*--unshallow"):
        ingest_git(record.recorder(settings), shop)


def test_what_was_saved_before_an_object_was_missed_is_saved_once(
    shop: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_git, "_CHUNK", 1)
    monkeypatch.setattr("ingest.fetch.git._A_RUN", {"words": 1, "files": 1, "lines": 1})
    lose(shop, f"HEAD:{PATH}")
    report = ingest_git(record.recorder(settings), shop)
    assert (report.outcome, report.commits, report.commits_added) == ("added", 3, 3)
    counts = "SELECT count(*), count(DISTINCT sha), count(added_lines) FROM intent.commit_files"
    assert rows(settings, counts) == [(3, 3, 2)]
