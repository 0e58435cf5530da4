"""A repository in the store: commits once, decisions in messages, links that follow what is read."""

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.fetch.git_errors import NotARepository
from intent_server import questions, record
from intent_server.config import Settings
from intent_server.record_git import ingest_git
from intent_server.record_upkeep import verify
from intent_server.store.connect import open_reader

WHO = {"GIT_AUTHOR_NAME": "Mara", "GIT_AUTHOR_EMAIL": "m@x.example", "GIT_CONFIG_GLOBAL": os.devnull}
ENVIRONMENT = {**os.environ, **WHO, **{name.replace("AUTHOR", "COMMITTER"): value for name, value in WHO.items()}}
DECIDED = "Retry payments three times\n\nWhy: endless retries hid an outage for a week.\n"


def git(folder: Path, *arguments: str, made: str | None = None) -> str:
    environment = {**ENVIRONMENT, "GIT_COMMITTER_DATE": made} if made else ENVIRONMENT
    shown = subprocess.run(["git", "-C", str(folder), *arguments], check=True, env=environment, capture_output=True)
    return shown.stdout.decode().strip()


def commit(folder: Path, words: str, files: Mapping[str, str], made: str | None = None) -> str:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "add", "-A")
    count = len(git(folder, "rev-list", "--all").split())
    day = f"2026-03-{count + 1:02}T09:00:00Z"
    git(folder, "commit", "-q", "--allow-empty", "--date", day, "-m", words, made=made)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "remote", "add", "origin", "git@github.com:lumen-goods/shop.git")
    commit(folder, "A client", {"payments/retry.py": "def charge():\n    pass\n"})
    commit(folder, DECIDED, {"payments/retry.py": "def charge():\n    for _ in range(3):\n        pass\n"})
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "intent.duckdb")


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with open_reader(settings.store, wait_s=5) as db:
        return db.execute(query).fetchall()


def test_commits_files_and_the_decision_in_a_message_are_kept(shop: Path, settings: Settings) -> None:
    report = ingest_git(record.recorder(settings), shop)
    assert (report.repository, report.outcome) == ("github.com/lumen-goods/shop", "added")
    assert (report.commits, report.commits_added) == (2, 2)
    assert report.messages is not None
    assert (report.messages.read, report.messages.kept, report.messages.set_aside) == (2, 1, 1)
    answer = questions.why(questions.asker(settings), "", subject="payments/retry.py")
    assert [one.choice.text for one in answer.decisions] == ["Retry payments three times"]
    assert answer.decisions[0].came_by is not None
    assert answer.decisions[0].came_by.method == "same_change"
    assert [one.recorded_text for one in answer.changes] == ["Retry payments three times", "A client"]
    assert verify(settings).findings == []


def test_the_same_repository_again_changes_nothing(shop: Path, settings: Settings) -> None:
    ingest_git(record.recorder(settings), shop)
    before = rows(settings, "SELECT count(*), max(audit_no) FROM audit")
    again = ingest_git(record.recorder(settings), shop)
    assert (again.outcome, again.commits_added, again.messages) == ("unchanged", 0, None)
    assert rows(settings, "SELECT count(*), max(audit_no) FROM audit") == before


def test_only_new_commits_are_read_the_next_time(shop: Path, settings: Settings) -> None:
    ingest_git(record.recorder(settings), shop)
    commit(shop, "Typo", {"README.md": "x\n"})
    report = ingest_git(record.recorder(settings), shop)
    assert (report.outcome, report.commits, report.commits_added) == ("updated", 3, 1)
    assert [one[0] for one in rows(settings, "SELECT path FROM files ORDER BY 1")] == ["README.md", "payments/retry.py"]
    assert questions.why(questions.asker(settings), "", subject="payments/retry.py").verdict == "decided"


def test_a_run_that_ended_before_its_messages_were_saved_is_completed(
    shop: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr("intent_server.record_git._sessions", killed)
        ingest_git(record.recorder(settings), shop)
    assert rows(settings, "SELECT count(*) FROM commits") == [(2,)]
    report = ingest_git(record.recorder(settings), shop)
    assert report.messages is not None
    assert (report.commits, report.messages.decisions) == (2, 1)
    assert rows(settings, "SELECT count(*) FROM commits") == [(2,)]


def test_a_history_that_was_rewritten_is_read_again_without_doubling(shop: Path, settings: Settings) -> None:
    ingest_git(record.recorder(settings), shop)
    git(shop, "commit", "-q", "--amend", "-m", DECIDED.replace("three", "four"))
    report = ingest_git(record.recorder(settings), shop)
    assert (report.commits, report.commits_added) == (3, 1)
    choices = {str(one[0]) for one in rows(settings, "SELECT choice FROM decisions WHERE recorded_to IS NULL")}
    assert "Retry payments four times" in choices


def test_a_renamed_file_is_reached_by_both_names(shop: Path, settings: Settings) -> None:
    git(shop, "mv", "payments/retry.py", "payments/attempts.py")
    commit(shop, "A better name", {})
    ingest_git(record.recorder(settings), shop)
    ask = questions.asker(settings)
    for name in ("payments/attempts.py", "payments/retry.py"):
        assert [one.choice.text for one in questions.why(ask, "", subject=name).decisions] == [
            "Retry payments three times"
        ], name


def test_a_file_nobody_decided_about_has_history_and_no_record(shop: Path, settings: Settings) -> None:
    commit(shop, "Notes", {"notes.txt": "x\n"})
    ingest_git(record.recorder(settings), shop)
    answer = questions.why(questions.asker(settings), "", subject="notes.txt")
    assert (answer.verdict, answer.decisions) == ("no record", [])
    assert [one.recorded_text for one in answer.changes] == ["Notes"]


def test_a_file_whose_name_ends_like_a_line_is_that_file(shop: Path, settings: Settings) -> None:
    commit(shop, "Alone", {"notes:12": "x\n"})
    commit(shop, "Odd", {"notes": "y\n"})
    commit(shop, "Plain", {"notes": "z\n"})
    ingest_git(record.recorder(settings), shop)
    ask = questions.asker(settings)
    assert [one.recorded_text for one in questions.why(ask, "", subject="notes:12").changes] == ["Alone"]
    assert [one.recorded_text for one in questions.why(ask, "", subject="notes:1").changes] == ["Plain", "Odd"]


def test_a_link_to_a_commit_made_later_is_not_there_yet(shop: Path, settings: Settings) -> None:
    words = DECIDED.replace("payments", "refunds")
    sha = commit(shop, words, {"refunds.py": "def refund():\n    pass\n"}, made="2026-03-10T09:00:00Z")
    ingest_git(record.recorder(settings), shop)
    ask = questions.asker(settings)

    def tied(day: int) -> set[tuple[str, str]]:
        answer = questions.why(ask, "", subject="refunds.py", as_of=datetime(2026, 3, day, tzinfo=UTC))
        return {(link.target_kind, link.target) for one in answer.decisions for link in one.links}

    assert tied(5) == {("file", "refunds.py")}
    assert tied(11) == {("file", "refunds.py"), ("commit", sha)}


def test_lines_beyond_the_end_of_the_file_are_said_to_be(shop: Path, settings: Settings) -> None:
    ingest_git(record.recorder(settings), shop)
    ask = questions.asker(settings)
    told = "payments/retry.py:2-40 goes beyond the file's end: it has 3 lines."
    assert questions.why(ask, "", subject="payments/retry.py:3").note is None
    assert questions.why(ask, "", subject="payments/retry.py:2-40").note == told
    past = questions.why(ask, "", subject="payments/retry.py:2-40", as_of=datetime(2026, 3, 4, tzinfo=UTC))
    assert told not in (past.note or "")


def test_nothing_is_decided_of_a_line_that_is_not_there(shop: Path, settings: Settings) -> None:
    ingest_git(record.recorder(settings), shop)
    answer = questions.why(questions.asker(settings), "payments/retry.py:9999")
    assert (answer.verdict, answer.decisions) == ("no record", [])
    assert answer.note == "payments/retry.py:9999 goes beyond the file's end: it has 3 lines."
    assert answer.left_out == ("Elsewhere in this file, not tied to this line: 1 decision (the file as a whole).")


def test_a_dirty_tree_is_said_so(shop: Path, settings: Settings) -> None:
    (shop / "payments" / "retry.py").write_text("changed\n")
    assert any("differ from HEAD" in note for note in ingest_git(record.recorder(settings), shop).notes)


def test_a_folder_that_is_no_repository_is_an_error(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(NotARepository, match="git"):
        ingest_git(record.recorder(settings), tmp_path)


def test_the_history_of_lines_is_as_the_record_knew_it(shop: Path, settings: Settings) -> None:
    ingest_git(record.recorder(settings), shop)
    known = datetime.now(UTC)
    commit(shop, "Later", {"payments/retry.py": "def charge():\n    later()\n"})
    ingest_git(record.recorder(settings), shop)
    ask = questions.asker(settings)
    lines = "payments/retry.py:1-2"
    assert next(one.recorded_text for one in questions.why(ask, "", subject=lines).changes) == "Later"
    past = questions.why(ask, "", subject=lines, known_at=known)
    assert [one.recorded_text for one in past.changes] == ["Retry payments three times", "A client"]
