"""A git repository read by the git program: what it is, and its commits with their files, oldest first.

Merges list their files against the first parent (`--diff-merges=first-parent`), so that a merged pull request shows
what it brought. Replace refs are ignored. Nothing is fetched and nothing written.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Literal

from ingest.changes import Commit, Repository
from ingest.fetch.git_errors import ObjectMissing
from ingest.fetch.git_lines import hunks, line_history, resolved, shallow_edge, text_at, tracked
from ingest.fetch.git_log import FORMAT, commits_in
from ingest.fetch.git_place import repository
from ingest.fetch.git_run import DIFF, WITHOUT_TREES, output

__all__ = ["commits", "hunks", "lacking", "line_history", "repository", "resolved", "text_at", "tracked"]

Detail = Literal["words", "files", "lines"]
"""How much of each commit is told: its words; the files it changed too; how many lines of each too."""
_A_RUN = {"words": 4_000, "files": 1_000, "lines": 1_000}
"""Commits for one run of git. Shorter ones read the packs' bases again and again: by 200 it takes 30 % more of git."""
_MOST_AT_ONCE = 8
_NO_TEXTS, _NO_TREES = "blob:none", "tree:0"
_UNCOUNTED = "changed lines are not counted"
_REFETCH = "`git fetch --refetch` or a new clone brings it; what is stored without it stays so, a new store has it all"


def commits(
    repo: Repository,
    known_heads: Collection[str] = (),
    *,
    heads: Sequence[str] = (),
    detail: Detail = "lines",
) -> Iterator[Commit]:
    """Every commit reachable from HEAD (or from `heads`, full shas) and not from a known head, oldest first.

    Parents come before children, else by commit time. Known heads that are gone (after a rebase) hold nothing back:
    what then comes again has the same shas. A commit at the edge of a shallow clone has no files, for its parents are
    not there to compare with; in a partial clone lines are not counted, and without trees there are no files at all.
    Counting lines is git's own diff of each pair of texts: 900 commits a second and core where files are long (10,000
    lines), 1,700 where they are short; the runs go side by side. Words alone come at 5,000 to 10,000.
    Raises: GitFailed when the repository is damaged; ObjectMissing, and `lacking` tells how to read the rest.
    """
    starts = tuple(heads) or ((repo.head,) if repo.head else ())
    if not starts:
        return
    wanted = (*starts, *(f"^{sha}" for sha in sorted(_held(repo, known_heads))))
    listing = ("rev-list", "--reverse", "--date-order", "--stdin")
    listed = output(repo.root, *listing, stdin="\n".join((*wanted, "")).encode("ascii")).split()
    flags, size = _flags(repo, detail), _A_RUN[detail]
    edge = shallow_edge(repo)
    runs = [listed[at : at + size] for at in range(0, len(listed), size)]
    for told in _side_by_side(repo, flags, runs):
        for commit in commits_in(told):
            yield replace(commit, files=()) if commit.sha in edge else commit


def lacking(repo: Repository, missing: ObjectMissing) -> Repository | None:
    """The repository to be read with less: without texts, then without trees; None where that would not do either."""
    if _lacks_trees(repo):
        return None
    without, told = (_NO_TREES, "the files of commits are not told") if repo.partial else (_NO_TEXTS, _UNCOUNTED)
    note = f"object {missing.sha} is missing from this clone: {told}. {_REFETCH}"
    return replace(repo, partial=without, notes=(*repo.notes, note))


def _flags(repo: Repository, detail: Detail) -> tuple[str, ...]:
    if detail == "words" or _lacks_trees(repo):
        return ("-s",)
    moved = "-M100%" if repo.partial else "-M"  # to tell likeness, git must read the texts
    counted = ("--numstat",) if detail == "lines" and not repo.partial else ()
    return ("--raw", *counted, moved, "--no-abbrev", "--root", "--diff-merges=first-parent", *DIFF)


def _lacks_trees(repo: Repository) -> bool:
    return (repo.partial or "").startswith(("tree", "combine"))


def _side_by_side(repo: Repository, flags: Sequence[str], runs: Sequence[Sequence[bytes]]) -> Iterator[bytes]:
    """What git tells of each run of commits, in order; a few are under way at a time, and no more are kept."""
    at_once = min(_MOST_AT_ONCE, os.cpu_count() or 1)
    waiting: deque[Future[bytes]] = deque()
    with ThreadPoolExecutor(at_once) as pool:
        try:
            for run in runs:
                waiting.append(pool.submit(_told, repo, flags, run))
                if len(waiting) > at_once:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()


def _told(repo: Repository, flags: Sequence[str], shas: Sequence[bytes]) -> bytes:
    walk = ("log", "-z", "--no-walk=unsorted", "--no-notes", "--no-decorate", "--stdin", FORMAT)
    before = WITHOUT_TREES if _lacks_trees(repo) else ()
    return output(repo.root, *before, *walk, *flags, stdin=b"\n".join((*shas, b"")))


def _held(repo: Repository, shas: Collection[str]) -> frozenset[str]:
    """Those of the shas that name a commit in this clone."""
    asked = "".join(f"{sha}\n" for sha in shas if sha.isalnum() and sha.isascii())
    if not asked:
        return frozenset()
    told = output(repo.root, "cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked.encode("ascii"))
    rows = (line.split(b" ") for line in told.splitlines())
    return frozenset(row[0].decode("ascii") for row in rows if len(row) == 2 and row[1] == b"commit")
