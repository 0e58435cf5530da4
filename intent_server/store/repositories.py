"""Repositories as rows: their commits, which are only added, and their files as they are now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.changes import Commit, Repository
from intent_server.store.audit import Trail
from intent_server.store.connect import Db
from intent_server.store.rows import Row, fetched, insert, stamp
from intent_server.store.sql import query


@dataclass(frozen=True, slots=True)
class HeldRepository:
    """What is held of a repository: its commits, the heads up to which it was read, and where it stood last.

    `head_at`: when the commit was made at which it stood last, as text.
    """

    shas: frozenset[str]
    heads: frozenset[str]
    now: Row | None
    head_at: str | None


def held_repository(db: Db, identity: str) -> HeldRepository:
    """What is held of a repository, whichever of its clones was read."""
    rows = list(fetched(db, "held_repositories", repository=identity))
    now = next((row for row in rows if row["recorded_to"] is None), None)
    shas = frozenset(str(row["sha"]) for row in fetched(db, "held_commits", repository=identity))
    heads = frozenset(str(row["head"]) for row in rows if row["head"] is not None)
    return HeldRepository(shas, heads & shas, now, made_at(db, identity, now["head"]) if now is not None else None)


def made_at(db: Db, identity: str | None, sha: object) -> str | None:
    """When a commit was made, as rows have it; None where it is not held."""
    row = next(fetched(db, "commit_time", repository=identity, sha=sha), None)
    return None if row is None or row["committed_at"] is None else str(row["committed_at"])


def set_requests(db: Db, identity: str, brought: Mapping[str, int]) -> None:
    """Tell of commits which pull request brought them, where their own words do not."""
    rows = [{"sha": sha, "number": number} for sha, number in brought.items()]
    if rows:
        db.execute(query("set_requests"), {"repository": identity, "rows": json.dumps(rows)})


def add_commits(db: Db, trail: Trail, identity: str, commits: Sequence[Commit]) -> None:
    """Add commits that are not held, with the files they changed. Within a transaction."""
    made = stamp(trail.now)
    insert(db, "commits", [{**_row(commit), "repository": identity, "recorded_from": made} for commit in commits])
    insert(
        db,
        "commit_files",
        [
            {
                "repository": identity,
                "sha": commit.sha,
                "path": file.path,
                "old_path": file.old_path,
                "change": file.change,
                "added_lines": file.added,
                "removed_lines": file.removed,
            }
            for commit in commits
            for file in commit.files
        ],
    )
    trail.note("add", "commits", f"{identity}@{commits[-1].sha}", reason=f"{len(commits)} commits")


def put_repository(db: Db, trail: Trail, repo: Repository) -> None:
    """Tell where a repository stands now. Within a transaction."""
    place = repo.root.as_posix()
    row = {
        "repository": repo.identity,
        "place": place,
        "branch": repo.branch,
        "head": repo.head,
        "is_shallow": repo.is_shallow,
        "is_dirty": repo.is_dirty,
        "recorded_from": stamp(trail.now),
    }
    db.execute(query("close_repositories"), {"repository": repo.identity, "now": stamp(trail.now)})
    insert(db, "repositories", [row])
    trail.note("add", "repository", repo.identity, reason=f"read at {repo.head or 'no commit'}")


def put_files(db: Db, identity: str, paths: Iterable[str], symbols: Sequence[Row]) -> None:
    """The files of a repository and what they define, in place of those it had. Within a transaction."""
    db.execute(query("drop_files"), {"repository": identity})
    db.execute(query("drop_symbols"), {"repository": identity})
    rows = [{"repository": identity, "path": path, "file_name": path.rpartition("/")[2]} for path in paths]
    insert(db, "files", rows)
    insert(db, "symbols", [{**row, "repository": identity} for row in symbols])


def _row(commit: Commit) -> dict[str, object]:
    return {
        "sha": commit.sha,
        "author": commit.author or "",
        "authored_at": stamp(commit.authored_at),
        "committed_at": stamp(commit.committed_at),
        "subject": commit.subject,
        "body": commit.body,
        "pull_request": commit.pull_request,
        "parents": list(commit.parents),
        "trailers": [list(one) for one in commit.trailers],
    }
