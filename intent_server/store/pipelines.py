"""Pipelines as rows: nodes and columns as they are now with what they were, versions and runs, which are only added."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.fingerprint import fingerprint
from intent_server.store.anchors import listed
from intent_server.store.audit import Trail
from intent_server.store.connect import Db
from intent_server.store.ids import ids
from intent_server.store.repositories import made_at
from intent_server.store.rows import Row, fetched, insert, stamp
from intent_server.store.sql import query

_RUN = ("system", "project", "unique_id", "native_id")
_TOLD = ("status", "started_at", "ended_at", "nominal_start", "nominal_end", "message", "row_count")


@dataclass(frozen=True, slots=True)
class PipelineRows:
    """What one reading says, as rows. `columns`: by (project, unique_id). `is_whole`: what it does not name is gone."""

    system: str
    nodes: Sequence[Row]
    columns: Mapping[tuple[str, str], Sequence[Row]]
    versions: Sequence[Row]
    runs: Sequence[Row]
    is_whole: bool
    generated_at: str | None = None
    repository: str | None = None
    git_sha: str | None = None


@dataclass(frozen=True, slots=True)
class Put:
    """What changed. `is_older`: newer artifacts are held, so that only versions and runs were looked at."""

    nodes_added: int = 0
    nodes_changed: int = 0
    nodes_closed: int = 0
    versions_added: int = 0
    runs_added: int = 0
    is_older: bool = False


def put_pipeline(db: Db, trail: Trail, given: PipelineRows) -> Put:
    """Bring what is held of a pipeline to what a reading says. Within a transaction."""
    projects = {str(row["project"]) for row in given.nodes}
    is_older = _is_older(db, given, projects)
    changed = Put() if is_older else _nodes(db, trail, given, projects)
    versions, known = _versions(db, trail, given, projects)
    runs = _runs(db, trail, given, known)
    done = replace(changed, versions_added=versions, runs_added=runs, is_older=is_older)
    if done not in (Put(), Put(is_older=True)):
        for project in sorted(projects):
            trail.note("change", "pipeline", f"{given.system} {project}", reason=_told(done))
    return done


def _is_older(db: Db, given: PipelineRows, projects: Collection[str]) -> bool:
    """Whether newer code is held: by its commit's time where that is known, else by when the artifacts were made."""
    found = next(fetched(db, "newest_manifest", system=given.system, projects=listed(projects)))["made_at"]
    own = made_at(db, given.repository, given.git_sha) or given.generated_at
    return given.is_whole and None not in (found, own) and str(own) < str(found)


def _nodes(db: Db, trail: Trail, given: PipelineRows, projects: Collection[str]) -> Put:
    held = {
        (str(row["project"]), str(row["unique_id"])): str(row["fingerprint"])
        for row in fetched(db, "held_nodes", system=given.system, projects=listed(projects))
    }
    marks = {_node(row): _mark(row, given.columns.get(_node(row), ())) for row in given.nodes}
    fresh = [row for row in given.nodes if held.get(_node(row)) != marks[_node(row)]]
    changed = [_node(row) for row in fresh if _node(row) in held]
    gone = [key for key in held if given.is_whole and key not in marks]
    _close(db, trail, given.system, [*changed, *gone])
    made = stamp(trail.now)
    insert(db, "nodes", [{**row, "fingerprint": marks[_node(row)], "recorded_from": made} for row in fresh])
    columns = [column for row in fresh for column in given.columns.get(_node(row), ())]
    insert(db, "node_columns", [{**column, "recorded_from": made} for column in columns])
    return Put(len(fresh) - len(changed), len(changed), len(gone))


def _told(done: Put) -> str:
    return (
        f"{done.nodes_added} nodes added, {done.nodes_changed} changed, {done.nodes_closed} closed; "
        f"{done.versions_added} versions and {done.runs_added} runs added"
    )


def _node(row: Row) -> tuple[str, str]:
    return str(row["project"]), str(row["unique_id"])


def _mark(row: Row, columns: Sequence[Row]) -> str:
    return fingerprint([dict(row), [dict(column) for column in columns]])


def _close(db: Db, trail: Trail, system: str, keys: Collection[tuple[str, str]]) -> None:
    by_project: dict[str, list[str]] = defaultdict(list)
    for project, unique_id in keys:
        by_project[project].append(unique_id)
    for project, unique_ids in by_project.items():
        parameters = {"system": system, "project": project, "ids": json.dumps(unique_ids), "now": stamp(trail.now)}
        db.execute(query("close_nodes"), parameters)
        db.execute(query("close_node_columns"), parameters)


def _versions(
    db: Db, trail: Trail, given: PipelineRows, projects: Collection[str]
) -> tuple[int, Mapping[tuple[str, str, object], str]]:
    """How many versions are new, and the id of each by (project, unique_id, commit); the reading's own without one."""
    before = _held_versions(db, given.system, projects)
    held = {_version(row): str(row["version_id"]) for row in before}
    last = {_node(row): row for row in sorted(before, key=lambda row: str(row["generated_at"] or ""))}
    new, made = ids(trail.now), stamp(trail.now)
    fresh = {
        _version(row): row for row in given.versions if _version(row) not in held or _is_back(row, last.get(_node(row)))
    }
    added = [{**row, "version_id": next(new), "recorded_from": made} for row in fresh.values()]
    insert(db, "pipeline_versions", added)
    held |= {_version(row): str(row["version_id"]) for row in added}
    known: dict[tuple[str, str, object], str] = {(key[0], key[1], key[4]): one for key, one in held.items()}
    known |= {(*_node(row), None): held[_version(row)] for row in given.versions}
    return len(added), known


def _is_back(row: Row, last: Row | None) -> bool:
    """Whether a node was another one in between and is now again what it was, by artifacts that are newer."""
    if last is None or row["generated_at"] is None:
        return False
    is_other = (last["fingerprint"], last["fingerprint_kind"]) != (row["fingerprint"], row["fingerprint_kind"])
    is_alike = last["fingerprint_kind"] == row["fingerprint_kind"]
    return is_other and is_alike and str(row["generated_at"]) > str(last["generated_at"] or "")


def _held_versions(db: Db, system: str, projects: Collection[str]) -> Sequence[Row]:
    return list(fetched(db, "held_versions", system=system, projects=listed(projects)))


def _version(row: Row) -> tuple[str, str, str, str, object]:
    return (*_node(row), str(row["fingerprint"]), str(row["fingerprint_kind"]), row["git_sha"])


def _runs(db: Db, trail: Trail, given: PipelineRows, known: Mapping[tuple[str, str, object], str]) -> int:
    """Adds runs, and those that are told otherwise now anew; a run's `git_sha` names its version."""
    names = listed(str(row["native_id"]) for row in given.runs)
    held = {tuple(row[name] for name in _RUN): row for row in fetched(db, "held_runs", native_ids=names)}
    new, made = ids(trail.now), stamp(trail.now)
    added: list[Row] = []
    closed: list[str] = []
    for row in given.runs:
        before = held.get(tuple(row[name] for name in _RUN))
        if before is not None and all(before[name] == row.get(name) for name in _TOLD):
            continue
        if before is not None:
            closed.append(str(before["run_id"]))
        facts = {name: value for name, value in row.items() if name != "git_sha"}
        version = known.get((*_node(row), row.get("git_sha")))
        added.append({**facts, "run_id": next(new), "version_id": version, "recorded_from": made})
    db.execute(query("close_runs"), {"ids": json.dumps(closed), "now": made})
    insert(db, "runs", added)
    return len(added)
