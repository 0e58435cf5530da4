"""Repositories made here with fixed dates, read back by the git program."""

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.changes import ChangedFile
from ingest.errors import SourceError, SourceMissing
from ingest.fetch.git import commits, hunks, line_history, repository, resolved, text_at, tracked
from ingest.fetch.git_errors import (
    GitMissing,
    LinesMissing,
    NoCommits,
    NotARepository,
    OwnerRefused,
    PathUnknown,
    RevisionUnknown,
)

Git = Callable[..., str]
DATE = "2026-03-02T10:00:00+02:00"


def run(root: Path, *arguments: str | bytes, date: str = DATE, data: bytes = b"") -> str:
    known = {"HOME": str(root), "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    who = {f"GIT_{one}_{part}": value for one in ("AUTHOR", "COMMITTER") for part, value in _who(date)}
    command = ("git", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", "-C", str(root), *arguments)
    done = subprocess.run(command, env={**known, **who}, input=data, capture_output=True, check=True)
    return done.stdout.decode().strip()


def _who(date: str) -> tuple[tuple[str, str], ...]:
    return (("NAME", "Ada Example"), ("EMAIL", "ada@example.org"), ("DATE", date))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "shop"
    place.mkdir()
    run(place, "init", "-q")
    return place


def commit(root: Path, message: str, files: dict[str, str] | None = None, *, date: str = DATE) -> str:
    for name, text in (files or {}).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    run(root, "add", "-A")
    run(root, "commit", "-q", "--allow-empty", "--allow-empty-message", "-F", "-", date=date, data=message.encode())
    return run(root, "rev-parse", "HEAD")


def test_a_commit_has_its_words_times_files_and_number_and_no_address(root: Path) -> None:
    first = commit(root, "Start (#1)", {"a.sql": "one\ntwo\n", "b b.txt": "x\n"})
    (root / "b b.txt").unlink()
    second = commit(
        root,
        "Keep raw events\n\nBecause audits ask.\n\nCo-authored-by: Bo <bo@example.org>\n",
        {"a.sql": "one\n2\nthree\n"},
        date="2026-03-03T10:00:00+02:00",
    )
    one, two = commits(repository(root))
    assert (one.sha, two.sha, two.parents) == (first, second, (first,))
    assert one.pull_request == 1
    assert two.author == "Ada Example"
    assert two.authored_at == two.committed_at == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    assert two.subject == "Keep raw events"
    assert two.body == "Because audits ask.\n\nCo-authored-by: Bo <[masked:email]>"
    assert two.trailers == (("Co-authored-by", "Bo"),)
    assert two.masked == (("email", 1),)
    assert one.files == (
        ChangedFile("a.sql", None, "added", 2, 0),
        ChangedFile("b b.txt", None, "added", 1, 0),
    )
    assert two.files == (
        ChangedFile("a.sql", None, "modified", 2, 1),
        ChangedFile("b b.txt", None, "deleted", 0, 1),
    )
    assert [one.files for one in commits(repository(root), detail="words")] == [(), ()]
    assert [file.added for one in commits(repository(root), detail="files") for file in one.files] == [None] * 4


def test_odd_paths_renames_and_binary_files_are_told_apart(root: Path) -> None:
    text = "".join(f"line {n}\n" for n in range(30))
    odd = 'q"uote\nnew\tline é.txt'
    commit(root, "Start", {"old name.txt": text, odd: "x\n", "run.sh": "a\n"})
    (root / "old name.txt").rename(root / "new\nname.txt")
    (root / "pic.bin").write_bytes(b"\0\1\2")
    (root / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"latin\n")
    (root / "run.sh").unlink()
    (root / "run.sh").symlink_to("pic.bin")
    commit(root, "Move", {odd: "x\ny\n"})
    repo = repository(root)
    files = {file.path: file for file in list(commits(repo))[1].files}
    assert files["new\nname.txt"] == ChangedFile("new\nname.txt", "old name.txt", "renamed", 0, 0)
    assert files["pic.bin"] == ChangedFile("pic.bin", None, "added", None, None)
    assert files["run.sh"].change == "type"
    assert files[odd] == ChangedFile(odd, None, "modified", 1, 0)
    assert "caf\\xe9.txt" in files
    assert text_at(repo, "HEAD", "caf\\xe9.txt") == "latin\n"
    assert text_at(repo, "HEAD", odd) == "x\ny\n"
    assert text_at(repo, "HEAD", "pic.bin") is text_at(repo, "HEAD", "run.sh") is text_at(repo, "HEAD", "gone") is None
    assert set(tracked(repo)) == set(files) - {"run.sh"}  # a link now


def test_a_merge_lists_what_it_brought_and_an_empty_commit_nothing(root: Path) -> None:
    commit(root, "Start", {"a": "1\n"})
    run(root, "checkout", "-q", "-b", "side")
    commit(root, "Side", {"b": "1\n2\n"})
    run(root, "checkout", "-q", "main")
    commit(root, "Main", {"c": "1\n"})
    run(root, "merge", "-q", "--no-ff", "-m", "Merge pull request #7 from x/side", "side")
    commit(root, "Empty")
    *_, merge, empty = commits(repository(root))
    assert merge.pull_request == 7
    assert len(merge.parents) == 2
    assert merge.files == (ChangedFile("b", None, "added", 2, 0),)
    assert empty.files == ()


def test_only_what_is_new_comes_and_heads_that_are_gone_hold_nothing_back(root: Path) -> None:
    shas = [commit(root, f"Step {n}", {"a": f"{n}\n"}) for n in range(5)]
    repo = repository(root)
    assert [one.sha for one in commits(repo)] == shas
    assert [one.sha for one in commits(repo, [shas[2]])] == shas[3:]
    assert list(commits(repo, [shas[-1]])) == []
    assert [one.sha for one in commits(repo, ["0" * 40, "not a sha"])] == shas
    assert [one.sha for one in commits(repo, ["f" * 40, shas[3]])] == shas[4:]
    assert [one.sha for one in commits(repo, heads=[shas[1]])] == shas[:2]


def test_more_commits_than_one_run_takes_come_once_in_order(root: Path) -> None:
    stream = b"".join(
        b"commit refs/heads/main\ncommitter A <a@b.c> %d +0000\ndata 5\nc%04d\nM 644 inline f\ndata 4\n%04d\n\n"
        % (n, n, n)
        for n in range(1, 2051)
    )
    run(root, "fast-import", "--quiet", data=stream)
    found = list(commits(repository(root)))
    assert [one.subject for one in found] == [f"c{n:04d}" for n in range(1, 2051)]
    assert all(len(one.files) == 1 for one in found)
    walk = commits(repository(root))
    assert next(walk).subject == "c0001"
    walk.close()


def test_a_message_of_any_bytes_and_a_date_of_any_size_is_read(root: Path) -> None:
    tree = run(root, "mktree", data=b"")
    messages = (
        (b"author A <a@b.c> 99999999999999 +9999\ncommitter A <a@b.c> 1772445600 -0730\n", b"caf\xe9\x1e: 1\t2\tx"),
        (b"author  <> 0 +0000\ncommitter A <a@b.c> 0 +0000\nencoding ISO-8859-1\n", b"caf\xe9\r\n\r\nb\xf6dy"),
    )
    shas = [
        run(
            root,
            "hash-object",
            "--literally",
            "-t",
            "commit",
            "-w",
            "--stdin",
            data=b"tree %b\n%b\n%b" % (tree.encode(), *one),
        )
        for one in messages
    ]
    repo = repository_with(root, shas[0])
    strange, latin = (next(commits(repo, heads=[sha])) for sha in shas)
    assert strange.subject == "caf\ufffd\x1e: 1\t2\tx"
    assert strange.authored_at is None
    assert strange.committed_at == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert latin.subject == "café"
    assert latin.body == "bödy"
    assert latin.author is None
    assert latin.authored_at == datetime(1970, 1, 1, tzinfo=UTC)


def repository_with(root: Path, sha: str):  # type: ignore[no-untyped-def] # a fixture's step
    run(root, "update-ref", "refs/heads/main", sha)
    return repository(root)


def test_secrets_in_words_are_masked_before_anyone_has_them(root: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    commit(root, f"Rotate {token}\n\nThe old one was {token}.")
    (one,) = commits(repository(root))
    assert token not in one.message
    assert sum(count for _, count in one.masked) == 2


def test_clones_worktrees_bare_ones_and_subfolders_share_an_identity(root: Path, tmp_path: Path) -> None:
    commit(root, "Start", {"deep/er/a": "1\n"})
    own = repository(root)
    assert own.identity == f"root:{own.head}"
    assert "no remote" in own.notes[0]
    run(root, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "other")
    run(tmp_path, "clone", "-q", "shop", "copy")
    run(tmp_path, "clone", "-q", "--bare", "shop", "bare.git")
    places = (root / "deep", root / "deep/er/a", tmp_path / "tree", tmp_path / "copy", tmp_path / "bare.git")
    assert {repository(place).identity for place in places} == {own.identity}
    assert repository(root / "deep/er/a").root == root
    assert repository(tmp_path / "tree").branch == "other"
    run(root, "remote", "add", "upstream", "git@GitHub.com:org/shop.git")
    assert {repository(place).identity for place in places} == {"github.com/org/shop"}
    run(root, "remote", "add", "fork", "https://github.com/me/shop")
    run(root, "config", "branch.main.remote", "fork")
    assert repository(root).identity == "github.com/me/shop"
    run(root, "remote", "add", "origin", "https://user:pw@github.com:443/org/origin.git/")
    assert repository(root).identity == "github.com/org/origin"


def test_a_short_form_of_a_remote_is_spelled_out(root: Path) -> None:
    commit(root, "Start")
    run(root, "config", "url.https://github.com/.insteadOf", "gh:")
    run(root, "remote", "add", "origin", "gh:org/shop")
    assert repository(root).identity == "github.com/org/shop"


def test_a_shallow_clone_says_so_and_its_edge_names_no_files(root: Path, tmp_path: Path) -> None:
    for n in range(4):
        commit(root, f"Step {n}", {"a": f"{n}\n"})
    run(tmp_path, "clone", "-q", "--depth", "2", f"file://{root}", "short")
    short = repository(tmp_path / "short")
    assert short.is_shallow
    assert any("shallow" in note for note in short.notes)
    edge, last = commits(short)
    assert (edge.parents, edge.files) == ((), ())
    assert last.files == (ChangedFile("a", None, "modified", 1, 1),)
    assert hunks(short, edge.sha, "a") == ()


def test_a_partial_clone_is_read_without_fetching(root: Path, tmp_path: Path) -> None:
    run(root, "config", "uploadpack.allowFilter", "true")
    commit(root, "One", {"a": "1\n"})
    commit(root, "Two", {"a": "2\n", "b": "x\n"})
    for how in ("blob:none", "tree:0"):
        place = tmp_path / how.replace(":", "-")
        run(tmp_path, "clone", "-q", "--bare", f"--filter={how}", f"file://{root}", str(place))
        repo = repository(place)
        assert repo.partial == how
        found = list(commits(repo))
        assert [one.subject for one in found] == ["One", "Two"]
        paths = [[file.path for file in one.files] for one in found]
        assert paths == ([["a"], ["a", "b"]] if how == "blob:none" else [[], []])
        assert all(file.added is None for one in found for file in one.files)
    assert text_at(repository(tmp_path / "blob-none"), "HEAD~1", "a") is None


def test_a_submodule_counts_no_lines_and_is_no_tracked_file(root: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    run(inner, "init", "-q")
    commit(inner, "Inner", {"x": "1\n"})
    run(root, "submodule", "--quiet", "add", str(inner), "vendor")
    commit(root, "Vendor it")
    repo = repository(root)
    files = {file.path: file for file in next(commits(repo)).files}
    assert files["vendor"] == ChangedFile("vendor", None, "added", None, None)
    assert tracked(repo) == (".gitmodules",)


def test_a_dirty_tree_is_told_and_untracked_files_do_not_count(root: Path) -> None:
    commit(root, "Start", {"a": "1\n"})
    (root / "new").write_text("x", encoding="utf-8")
    assert not repository(root).is_dirty
    (root / "a").write_text("2\n", encoding="utf-8")
    assert repository(root).is_dirty


def test_before_the_first_commit_a_remote_is_needed(root: Path) -> None:
    with pytest.raises(NoCommits, match="git remote add origin"):
        repository(root)
    run(root, "remote", "add", "origin", "https://github.com/org/shop")
    repo = repository(root)
    assert (repo.identity, repo.head, repo.branch) == ("github.com/org/shop", None, "main")
    assert list(commits(repo)) == []
    with pytest.raises(RevisionUnknown):
        tracked(repo)


def test_what_cannot_be_read_says_what_to_do(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "plain").mkdir()
    with pytest.raises(NotARepository, match="git init"):
        repository(tmp_path / "plain")
    with pytest.raises(SourceMissing):
        repository(tmp_path / "nowhere")
    commit(root, "Start", {"a": "1\n"})
    repo = repository(root)
    with pytest.raises(RevisionUnknown, match="nothing"):
        text_at(repo, "nothing", "a")
    with pytest.raises(PathUnknown, match="git ls-files"):
        line_history(repo, "b", 1, 1, 5)
    with pytest.raises(LinesMissing, match="1 lines"):
        line_history(repo, "a", 2, 3, 5)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(OwnerRefused, match=r"safe\.directory"):
        repository(root)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitMissing, match="Install git"):
        repository(root)


def test_a_hook_s_variables_and_programs_in_the_configuration_do_nothing(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(root, "Start", {"a.x": "1\n", ".gitattributes": "*.x diff=evil\n"})
    commit(root, "Next", {"a.x": "1\n2\n"})
    bait = tmp_path / "ran"
    for name in ("diff.external", "diff.evil.command", "diff.evil.textconv", "core.fsmonitor", "core.pager"):
        run(root, "config", name, f"touch {bait}; cat")
    run(root, "config", "log.showSignature", "true")
    run(root, "config", "color.ui", "always")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", f"touch {bait}")
    repo = repository(root)
    assert [len(one.files) for one in commits(repo)] == [2, 1]
    assert [hunk.text for hunk in hunks(repo, "HEAD", "a.x")] == ["2"]
    assert len(line_history(repo, "a.x", 1, 2, 9)) == 2
    assert not bait.exists()


def test_hunks_are_the_lines_a_commit_wrote_with_their_text(root: Path) -> None:
    commit(root, "Start", {"a.py": "".join(f"{n}\n" for n in range(1, 21))})
    text = "".join(f"{n}\n" for n in (1, "two", "2b", *range(3, 10), *range(11, 20), "last"))
    sha = commit(root, "Edit", {"a.py": text.removesuffix("\n")})
    repo = repository(root)
    found = hunks(repo, sha, "a.py")
    assert [(one.line_start, one.line_end, one.text) for one in found] == [(2, 3, "two\n2b"), (20, 20, "last")]
    lines = (text_at(repo, sha, "a.py") or "").split("\n")
    assert all("\n".join(lines[one.line_start - 1 : one.line_end]) == one.text for one in found)
    (whole,) = hunks(repo, "HEAD~1", "a.py")
    assert (whole.line_start, whole.line_end) == (1, 20)
    assert hunks(repo, sha, "other.py") == ()
    run(root, "mv", "a.py", "b.py")
    moved = commit(root, "Move", {"b.py": text + "more\n"})
    (tail,) = hunks(repository(root), moved, "b.py")
    assert (tail.line_start, tail.line_end, tail.text) == (20, 21, "last\nmore")  # its last line now ends


def test_line_ends_and_odd_separators_leave_line_numbers_alone(root: Path) -> None:
    commit(root, "Start", {"a": "one\r\ntwo\u2028still two\r\nthree\r\n"})
    repo = repository(root)
    assert (text_at(repo, "HEAD", "a") or "").split("\n") == ["one", "two\u2028still two", "three", ""]
    assert hunks(repo, "HEAD", "a")[0].line_end == 3


def test_the_history_of_lines_follows_them_newest_first_through_a_rename(root: Path) -> None:
    lines = [f"line {n}\n" for n in range(1, 31)]
    commit(root, "Start", {"a.py": "".join(lines)})
    commit(root, "Touch five", {"a.py": "".join([*lines[:4], "FIVE\n", *lines[5:]])}, date="2026-03-03T10:00:00Z")
    commit(
        root, "Elsewhere", {"a.py": "".join(["top\n", *lines[:4], "FIVE\n", *lines[5:]])}, date="2026-03-04T10:00:00Z"
    )
    run(root, "mv", "a.py", "b.py")
    commit(root, "Move", date="2026-03-05T10:00:00Z")
    repo = repository(root)
    assert [one.subject for one in line_history(repo, "b.py", 6, 6, 9)] == ["Touch five", "Start"]
    assert [one.subject for one in line_history(repo, "b.py", 6, 6, 1)] == ["Touch five"]
    assert [one.subject for one in line_history(repo, "b.py", 1, 1, 9)] == ["Elsewhere"]


def test_a_name_is_resolved_to_the_one_commit_it_means(root: Path) -> None:
    sha = commit(root, "Start", {"a": "1\n"})
    run(root, "tag", "-a", "v1", "-m", "one")
    repo = repository(root)
    assert [resolved(repo, text) for text in ("HEAD", "main", "v1", sha, sha[:8])] == [sha] * 5
    odd = ("", " ", "--all", ":/Start", "HEAD:a", "^main", "HEAD^{/Start}", "a\nb", "\0", "dead" * 10, "main..main")
    assert [resolved(repo, text) for text in odd] == [None] * len(odd)


def test_every_refusal_is_about_a_source() -> None:
    refused = (NotARepository("x"), OwnerRefused("x"), NoCommits("x"), GitMissing("x"))
    assert all(isinstance(error, SourceError) and "x" in str(error) for error in refused)
