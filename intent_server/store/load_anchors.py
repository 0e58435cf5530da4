"""Rows to what a subject in code or a pipeline names, and the decisions tied to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from intent_server.answers import Change, NodeVersion, RunAnswer
from intent_server.store.anchors import listed
from intent_server.store.connect import Db
from intent_server.store.load import utc
from intent_server.store.rows import stamp
from intent_server.store.sql import query


@dataclass(frozen=True, slots=True)
class NodeHead:
    """A pipeline's node; `column`: lower case, where one was named with it."""

    system: str
    project: str
    unique_id: str
    kind: str
    name: str
    path: str | None
    relation: str | None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class FileNames:
    """A tracked file with all names that it ever had."""

    repository: str
    path: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TiedDecision:
    """A decision by the link that ties it to what was asked about."""

    decision_id: str
    link_id: str
    relation: str
    method: str
    evidence: str
    kind: str
    scope: str
    name: str
    path: str | None
    line_start: int
    line_end: int
    commit_sha: str | None
    text: str | None


def nodes(db: Db, name: str) -> list[NodeHead]:
    """The nodes that a name means."""
    return [NodeHead(*row) for row in db.execute(query("subject_nodes"), {"name": name.casefold()}).fetchall()]


def nodes_at(db: Db, paths: Iterable[str]) -> list[NodeHead]:
    """The nodes that files make."""
    return [NodeHead(*row) for row in db.execute(query("nodes_at"), {"paths": listed(paths)}).fetchall()]


def files(db: Db, path: str, given: str | None = None) -> list[FileNames]:
    """The tracked files that a path fits, the best fit first; and the one whose very path was `given`."""
    rows = db.execute(query("subject_files"), {"path": path, "given": given or path}).fetchall()
    return [FileNames(row[0], row[1], tuple(row[2])) for row in rows]


def commits(db: Db, prefix: str) -> list[tuple[str, str]]:
    """(repository, hash) of the commits whose hash begins so."""
    return [(row[0], row[1]) for row in db.execute(query("known_commits"), {"prefixes": listed([prefix])}).fetchall()]


def requests_with(db: Db, prefix: str) -> list[str]:
    """`repository#number` of the requests that list a commit whose hash begins so."""
    return [row[0] for row in db.execute(query("requests_with_commit"), {"prefix": prefix}).fetchall()]


def defined_in(db: Db, repository: str, path: str) -> list[tuple[str, int]]:
    """(name, line) of what a file defines, by line, as its repository was read last."""
    rows = db.execute(query("defined_in"), {"repository": repository, "path": path}).fetchall()
    return [(row[0], row[1]) for row in rows]


def repositories(db: Db) -> list[tuple[str, str]]:
    """(repository, place) of those that were read."""
    return [(row[0], row[1]) for row in db.execute(query("known_repositories")).fetchall()]


def requests(db: Db, number: str) -> list[str]:
    """The repositories that have a request or issue of this number, as far as the store knows."""
    return [row[0] for row in db.execute(query("numbered_requests"), {"number": number}).fetchall()]


def tied(
    db: Db,
    *,
    paths: Iterable[str] = (),
    shas: Iterable[str] = (),
    requests: Iterable[str] = (),
    nodes: Iterable[str] = (),
    others: Iterable[str] = (),
) -> list[TiedDecision]:
    """The decisions tied to any of these; `others`: repositories whose files are not meant."""
    given = {"paths": paths, "shas": shas, "requests": requests, "nodes": nodes, "others": others}
    rows = db.execute(query("tied_decisions"), {name: listed(values) for name, values in given.items()}).fetchall()
    return [TiedDecision(*row) for row in rows]


def changes(
    db: Db,
    *,
    repository: str = "",
    paths: Iterable[str] = (),
    shas: Iterable[str] = (),
    requests: Iterable[str] = (),
    until: datetime | None = None,
    limit: int = 5,
) -> list[Change]:
    """Commits as the store has them, newest first; `until`: those made by then."""
    given: dict[str, object] = {"paths": listed(paths), "shas": listed(shas), "requests": listed(requests)}
    given |= {"repository": repository, "limit": limit, "until": stamp(until)}
    return [_change(row) for row in db.execute(query("commits_shown"), given).fetchall()]


def _change(row: Sequence[object]) -> Change:
    return Change.model_validate(
        {
            "repository": row[0],
            "sha": row[1],
            "author": row[2],
            "authored_at": utc(row[3]) if isinstance(row[3], datetime) else None,
            "recorded_text": row[4],
            "pull_request": row[5],
        }
    )


def versions(db: Db, node: NodeHead) -> list[NodeVersion]:
    """A node's versions, oldest first."""
    rows = db.execute(query("versions_of"), _of(node)).fetchall()
    return [
        NodeVersion(
            version_id=row[0],
            fingerprint=row[1],
            fingerprint_kind=row[2],
            repository=row[3],
            git_sha=row[4],
            is_dirty=row[5],
            generated_at=utc(row[6]),
        )
        for row in rows
    ]


def runs(db: Db, node: NodeHead, limit: int = 3) -> list[RunAnswer]:
    """A node's last runs, newest first."""
    rows = db.execute(query("runs_of"), {**_of(node), "limit": limit}).fetchall()
    return [
        RunAnswer(
            native_id=row[1],
            version_id=row[2],
            status=row[3],
            started_at=utc(row[4]),
            ended_at=utc(row[5]),
            nominal_start=utc(row[6]),
            nominal_end=utc(row[7]),
            recorded_text=row[8],
            row_count=row[9],
        )
        for row in rows
    ]


def _of(node: NodeHead) -> dict[str, object]:
    return {"system": node.system, "project": node.project, "unique_id": node.unique_id}
