"""What a repository made by somebody else may not do: run its programs, or lead out of its folder."""

import os
import subprocess
from pathlib import Path

import pytest

from ingest.fetch.git import repository, tracked
from intent_server import questions, record
from intent_server.cli.main import run
from intent_server.config import Settings
from intent_server.record_git import ingest_git
from intent_server.store.connect import open_reader

ENVIRONMENT = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def git(folder: Path, *words: str, stdin: bytes = b"") -> str:
    command = ["git", "-C", str(folder), *words]
    return (
        subprocess.run(command, check=True, env=ENVIRONMENT, input=stdin, capture_output=True).stdout.decode().strip()
    )


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "a.txt").write_text("a\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "A file")
    return folder


def test_its_filters_do_not_run_and_a_change_is_still_seen(repo: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (repo / ".gitattributes").write_text("* filter=evil\n")
    for what in ("clean", "smudge", "process"):
        git(repo, "config", f"filter.evil.{what}", f'sh -c "echo x >> {ran}; cat"')
    (repo / "a.txt").write_text("b\n")
    assert repository(repo).is_dirty
    assert not ran.exists()


def test_a_tree_that_leads_out_of_its_folder_gives_no_paths(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("a secret line\n")
    (repo / "link.txt").symlink_to(tmp_path / "secret.txt")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "A link")
    blob = git(repo, "hash-object", "-w", "--stdin", stdin=b"x\n")
    inner = git(repo, "mktree", stdin=f"100644 blob {blob}\tsecret.txt\n".encode())
    tree = git(repo, "mktree", stdin=f"040000 tree {inner}\t..\n100644 blob {blob}\tb.txt\n".encode())
    assert tracked(repository(repo)) == ("a.txt",)
    assert tracked(repository(repo), git(repo, "commit-tree", tree, "-m", "Away")) == ("b.txt",)


def test_a_line_number_without_end_is_a_question_like_any_other(repo: Path, tmp_path: Path) -> None:
    settings = Settings(store=tmp_path / "intent.duckdb")
    ingest_git(record.recorder(settings), repo)
    for subject in (f"a.txt#L{'9' * 5000}", f"a.txt:{'9' * 5000}", "a.txt#L1-L٣"):
        assert questions.why(questions.asker(settings), "why", subject=subject).decisions == []


def test_a_forgotten_commit_leaves_no_words(repo: Path, tmp_path: Path) -> None:
    settings = Settings(store=tmp_path / "intent.duckdb")
    (repo / "a.txt").write_text("c\n")
    git(repo, "commit", "-q", "-am", "Use one file\n\nWhy: two of them drifted apart in zanzibar.\n")
    ingest_git(record.recorder(settings), repo)
    assert b"zanzibar" in settings.store.read_bytes()
    with open_reader(settings.store, wait_s=5) as db:
        (session_id,) = db.execute("SELECT session_id FROM sessions WHERE source_kind = 'commit'").fetchone() or ("",)
    assert run(["forget", session_id, "--store", str(settings.store)]) == 0
    assert b"zanzibar" not in settings.store.read_bytes()
    assert run(["verify", "--quick", "--store", str(settings.store)]) == 0
