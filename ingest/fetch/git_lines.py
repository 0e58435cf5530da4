"""Texts and lines at a revision: a file's text, the lines a commit wrote, the commits that touched some lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ingest.changes import Commit, Hunk, Repository
from ingest.fetch.git_errors import LinesMissing, PathUnknown, RevisionUnknown
from ingest.fetch.git_log import FORMAT, commits_in
from ingest.fetch.git_run import DIFF, attempt, output, path_bytes, path_text
from ingest.records import MAX_WHOLE_BYTES

_HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+(?P<start>\d+)(?:,(?P<count>\d+))? @@")
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_FILES = ("100644", "100755", "100664")
_BINARY_LOOK = 8_000
"""Git's own rule: a NUL byte within so many first bytes makes a file binary."""


@dataclass(frozen=True, slots=True)
class _Blob:
    sha: str
    size_bytes: int


def commit_of(repo: Repository, revision: str) -> str:
    """The full sha of a revision. Raises: RevisionUnknown."""
    sha = resolved(repo, revision)
    if sha is None:
        raise RevisionUnknown(str(repo.root), revision, is_shallow=repo.is_shallow)
    return sha


def resolved(repo: Repository, text: str) -> str | None:
    """The full sha of the one commit that a text names (sha, its beginning, branch, tag); None for none or several."""
    if not text.isprintable() or not text.strip() or text.startswith(("-", ":")) or "^{/" in text:
        return None  # an option, or a search through all messages
    told = attempt(repo.root, "rev-parse", "--verify", "--quiet", f"{text}^{{commit}}") or b""
    sha = told.decode("ascii").strip()
    return sha if _SHA.fullmatch(sha) else None


_AWAY = frozenset((b"..", b".", b"", b".git"))
"""Parts of a path that no work tree can have; a tree that was made by hand can."""


def tracked(repo: Repository, revision: str = "HEAD") -> tuple[str, ...]:
    """The paths of all files in a revision, in git's order. Raises: RevisionUnknown.

    Submodules and links are left out, and paths that would lead out of the repository.
    """
    listed = output(repo.root, "ls-tree", "-r", "-z", "--full-tree", commit_of(repo, revision))
    entries = (entry.partition(b"\t") for entry in listed.split(b"\0")[:-1])
    return tuple(
        path_text(path)
        for facts, _, path in entries
        if not facts.startswith((b"160000", b"120000")) and not _AWAY.intersection(path.split(b"/"))
    )


def text_at(repo: Repository, revision: str, path: str) -> str | None:
    """A file's text at a revision, NFC, line ends `\\n`; its secrets are not masked, whoever stores it must.

    None where the revision has no such file, or it is binary, a link, a submodule, over 64 MiB, or not in this clone.
    Raises: RevisionUnknown.
    """
    data = _blob_bytes(repo, _blob(repo, commit_of(repo, revision), path))
    return None if data is None else _text(data)


def _blob(repo: Repository, sha: str, path: str) -> _Blob | None:
    entry = attempt(repo.root, "ls-tree", "-z", "-l", "--full-tree", sha, "--", path_bytes(path)) if path else None
    facts = (entry or b"").partition(b"\t")[0].decode("ascii", "replace").split()
    if len(facts) != 4 or facts[0] not in _FILES or not facts[3].isdecimal():
        return None
    return _Blob(facts[2], int(facts[3]))


def _blob_bytes(repo: Repository, blob: _Blob | None) -> bytes | None:
    if blob is None or blob.size_bytes > MAX_WHOLE_BYTES:
        return None
    data = attempt(repo.root, "cat-file", "blob", blob.sha)
    return None if data is None or b"\0" in data[:_BINARY_LOOK] else data


def _text(data: bytes) -> str:
    """Lines as git counts them: only `\\n` ends one, so a U+2028 or a lone `\\r` inside stays."""
    text = data.decode("utf-8", "replace").replace("\0", "\ufffd").replace("\r\n", "\n")
    return unicodedata.normalize("NFC", text)


def hunks(repo: Repository, revision: str, path: str) -> tuple[Hunk, ...]:
    """The lines that a commit wrote in a file, as they stand after it, top to bottom; none for what it only removed.

    A merge is compared with its first parent; a renamed file with what it was; a root commit wrote every line.
    Nothing for a file it did not change, that is binary, or whose former text is not in this clone.
    Raises: RevisionUnknown.
    """
    sha = commit_of(repo, revision)
    before, after = _sides(repo, sha, path)
    data = _blob_bytes(repo, after)
    if data is None or after is None:
        return ()
    if before is None:
        text = _text(data)
        count = _line_count(data)
        return (Hunk(path, 1, count, text.removesuffix("\n")),) if count else ()
    patch = attempt(repo.root, "diff", "-U0", *DIFF, before, after.sha)
    return tuple(_hunks(path, patch)) if patch is not None else ()


def _sides(repo: Repository, sha: str, path: str) -> tuple[str | None, _Blob | None]:
    """(sha of the file's former blob, its new one); no new one where the commit left the file alone or removed it.

    A shallow clone's edge has no former side to compare with: nothing is said to be written there.
    """
    changes = ("--raw", "-z", "-M", "--no-abbrev", "--diff-merges=first-parent", "--format=", "--max-count=1")
    tokens = iter((attempt(repo.root, "log", *changes, *DIFF, sha) or b"").split(b"\0"))
    if repo.is_shallow and sha in shallow_edge(repo):
        return None, None
    wanted = path_bytes(path)
    for token in tokens:
        if not token.lstrip(b"\n").startswith(b":"):
            continue
        facts = token.lstrip(b"\n")[1:].decode("ascii", "replace").split()
        new = old = next(tokens)
        if facts[4][0] in "RC":
            new = next(tokens)
        if new == wanted:
            before = facts[2] if facts[0] in _FILES and old else None
            return before, _blob(repo, sha, path)
    return None, None


def _hunks(path: str, patch: bytes) -> Iterator[Hunk]:
    start, kept = 0, list[bytes]()
    for line in (*patch.split(b"\n"), b"@@ -0,0 +0,0 @@"):
        found = _HUNK.match(line)
        if not found:
            if start and line.startswith(b"+"):
                kept.append(line[1:])
            continue
        if start and kept:
            text = _text(b"\n".join(kept)).removesuffix("\r")
            yield Hunk(path, start, start + len(kept) - 1, text)
        start, kept = int(found["start"]), []


def _line_count(data: bytes) -> int:
    return data.count(b"\n") + (bool(data) and not data.endswith(b"\n"))


def shallow_edge(repo: Repository) -> frozenset[str]:
    """The commits at the edge of a shallow clone, whose parents are not in it."""
    if not repo.is_shallow:
        return frozenset()
    place = output(repo.root, "rev-parse", "--path-format=absolute", "--git-path", "shallow").decode(
        "utf-8", "surrogateescape"
    )
    return frozenset(Path(place.removesuffix("\n")).read_text(encoding="ascii").split())


def line_history(repo: Repository, path: str, start: int, end: int, limit: int) -> tuple[Commit, ...]:
    """The commits that wrote or changed lines `[start, end]` of a file at HEAD, newest first, at most `limit`.

    The lines are followed back through edits, moves within the file and renames (`git log -L`). Their files are left
    out: what a commit did elsewhere says nothing of these lines.
    Raises: PathUnknown, LinesMissing; RevisionUnknown before the first commit.
    """
    sha = commit_of(repo, repo.head or "HEAD")
    data = _blob_bytes(repo, _blob(repo, sha, path))
    if data is None:
        raise PathUnknown(str(repo.root), path, sha[:12])
    count = _line_count(data)
    if not 1 <= start <= end <= count:
        raise LinesMissing(str(repo.root), path, start=start, end=end, line_count=count)
    lines = f"-L{start},{end}:".encode() + path_bytes(path)
    told = output(repo.root, "log", "-z", "-s", f"--max-count={max(1, limit)}", FORMAT, *DIFF, lines, sha)
    return tuple(islice(commits_in(told), limit))
