"""Part of the write side: dbt's artifacts and OpenLineage's events as nodes, versions, runs, words and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest import dbt, openlineage
from ingest.dbt_words import decision_refs
from ingest.errors import SourceError
from ingest.extract.redact import mask
from ingest.fetch import git
from ingest.pipelines import Column, Dataset, Node, PipelineRun, Project, qualified
from ingest.records import Reader, Source
from ingest.registry import readers
from ingest.repository import identity_of
from ingest.sources import Declared, file_source, folder_source
from intent_server.answers_record import PipelineReport, SourceReport
from intent_server.record import Recorder, ingest_source, tidy
from intent_server.record_linking import counts, planned
from intent_server.record_linking import put as put_links
from intent_server.store.audit import begun
from intent_server.store.connect import open_reader, open_writer, transaction
from intent_server.store.pipelines import PipelineRows, Put, put_pipeline
from intent_server.store.rows import Row, stamp

READERS = frozenset({"dbt_manifest", "openlineage"})
"""Readers whose sources hold a pipeline beside words."""


OLDER = "newer artifacts of this project are held: only its versions and runs were added"


@dataclass(frozen=True, slots=True)
class Origin:
    """The code that a pipeline was read from. `note`: how its commit is known, where the source does not say."""

    repository: str | None = None
    git_sha: str | None = None
    is_dirty: bool | None = None
    note: str | None = None


def ingest_dbt(recorder: Recorder, target: Path) -> PipelineReport:
    """Bring the store up to what a dbt target folder says now; twice changes nothing.

    Raises: SourceError (no manifest, a version that is not known); StoreError.
    """
    paths = dbt.artifacts_in(target)
    members = [file_source(path, Declared()) for path in sorted(paths)]
    source = members[0] if len(members) == 1 else folder_source(paths[0].parent, members)
    reader = next(one for one in readers() if one.name == "dbt_manifest")
    return ingest_pipeline(recorder, source, reader)


def ingest_pipeline(recorder: Recorder, source: Source, reader: Reader) -> PipelineReport:
    """The pipeline of a source, and then its words; the links of all decisions anew where something changed."""
    project = _project(source, reader)
    origin = _origin(source, project)
    store, wait_s = recorder.settings.store, recorder.wait_s
    with open_writer(store, wait_s=wait_s) as db, transaction(db):
        trail = begun(db, recorder.actor, recorder.clock())
        put = put_pipeline(db, trail, _rows(project, origin))
        trail.write(db)
    words = None if put.is_older else ingest_source(replace(recorder, is_linking=False), source, reader)
    tidy(recorder)
    with open_reader(store, wait_s=wait_s) as db:
        plan = planned(db)
    with open_writer(store, wait_s=wait_s) as db, transaction(db):
        linked = put_links(db, recorder.clock(), plan)
    return _report(recorder, project, origin, put, words, counts(linked))


def _project(source: Source, reader: Reader) -> Project:
    if reader.name == "openlineage":
        return openlineage.project_of(source)
    return dbt.project_of(source.members or (source,))


def _origin(source: Source, project: Project) -> Origin:
    """As the artifacts say; else the repository in which they lie, as it stands now."""
    stated = identity_of(project.repository) if project.repository else None
    if project.git_sha is not None or project.system == "openlineage":
        return Origin(stated or project.repository, project.git_sha, project.is_dirty)
    place = source.path if source.path is None or source.path.is_dir() else source.path.parent
    try:
        repo = git.repository(place) if place is not None else None
    except SourceError:
        repo = None
    if repo is None:
        return Origin(stated, note="the commit is not known: set DBT_ENV_CUSTOM_ENV_GIT_SHA when dbt runs")
    dirty = ", with changes that no commit holds" if repo.is_dirty else ""
    note = (
        f"the manifest names no commit: taken as the repository's HEAD now, {(repo.head or 'none')[:10]}{dirty}; "
        "DBT_ENV_CUSTOM_ENV_GIT_SHA says it"
    )
    return Origin(stated or repo.identity, repo.head, repo.is_dirty, note)


def _rows(project: Project, origin: Origin) -> PipelineRows:
    refs: dict[str, list[dict[str, object]]] = defaultdict(list)
    for ref in decision_refs(project) if project.system == "dbt" else ():
        refs[ref.unique_id].append({"column": ref.column, "target": mask(ref.target).text})
    nodes = [_node_row(project, one, refs.get(one.unique_id, ())) for one in project.nodes]
    nodes += [_dataset_row(project, one) for one in project.datasets]
    described = [(_scope(project, one), one.unique_id, one.columns) for one in project.nodes]
    described += [(one.namespace, qualified(one.namespace, one.name), one.columns) for one in project.datasets]
    columns = {
        (str(_masked(scope)), str(_masked(unique_id))): [
            _whole(_column_row(project, scope, unique_id, column)) for column in held
        ]
        for scope, unique_id, held in described
        if held
    }
    scopes = {one.unique_id: _scope(project, one) for one in project.nodes}
    return PipelineRows(
        system=project.system,
        nodes=list({(str(row["project"]), str(row["unique_id"])): row for row in map(_whole, nodes)}.values()),
        columns=columns,
        versions=[_whole(_version_row(project, origin, one)) for one in project.nodes if one.fingerprint],
        runs=[_whole(row) for row in _run_rows(project, scopes)],
        is_whole=project.system == "dbt",
        generated_at=stamp(project.generated_at),
        repository=origin.repository,
        git_sha=origin.git_sha,
    )


def _scope(project: Project, node: Node) -> str:
    return project.name if project.system == "dbt" else node.package


def _node_row(project: Project, node: Node, refs: Sequence[Row]) -> dict[str, object]:
    facts = {
        "decision_refs": list(refs),
        "package": node.package,
        "alias": node.alias,
        "patch_path": node.patch_path,
        "meta": _masked(node.meta),
        "tags": list(node.tags),
        "depends_on": list(node.depends_on),
        "materialized": node.materialized,
        "published_version": node.version,
        "attached_node": node.attached_node,
        "column_name": node.column_name,
        "owner": node.owner,
        "url": _masked(node.url),
        "dbt_unique_id": node.dbt_unique_id,
    }
    return {
        "system": project.system,
        "project": _scope(project, node),
        "unique_id": node.unique_id,
        "kind": node.kind,
        "name": node.name,
        "relation": node.relation,
        "path": node.path,
        "description": _masked(node.description) or None,
        "facts": {name: value for name, value in facts.items() if value},
    }


def _dataset_row(project: Project, table: Dataset) -> dict[str, object]:
    facts = {"owner": table.owner, "written_by": list(table.written_by), "read_by": list(table.read_by)}
    return {
        "system": project.system,
        "project": table.namespace,
        "unique_id": qualified(table.namespace, table.name),
        "kind": "dataset",
        "name": table.name,
        "relation": table.name,
        "path": None,
        "description": _masked(table.description) or None,
        "facts": {name: value for name, value in facts.items() if value},
    }


def _column_row(project: Project, scope: str, unique_id: str, column: Column) -> dict[str, object]:
    return {
        "system": project.system,
        "project": scope,
        "unique_id": unique_id,
        "column_name": column.name,
        "data_type": column.data_type,
        "description": _masked(column.description) or None,
    }


def _version_row(project: Project, origin: Origin, node: Node) -> dict[str, object]:
    return {
        "system": project.system,
        "project": _scope(project, node),
        "unique_id": node.unique_id,
        "fingerprint": node.fingerprint,
        "fingerprint_kind": project.fingerprint_kind,
        "checksum": node.checksum,
        "contract_checksum": node.contract_checksum,
        "compiled_fingerprint": node.compiled_fingerprint,
        "repository": node.repository or origin.repository,
        "git_sha": node.git_sha or origin.git_sha,
        "is_dirty": origin.is_dirty,
        "generated_at": stamp(project.generated_at),
    }


def _run_rows(project: Project, scopes: Mapping[str, str]) -> Iterator[Row]:
    for run in project.runs:
        unique_id = run.job if project.system == "openlineage" else run.unique_id
        native_id = run.run_id or run.invocation_id
        if unique_id is not None and native_id is not None:
            yield _run_row(project, run, scopes.get(unique_id, project.name), unique_id, native_id)


def _run_row(project: Project, run: PipelineRun, scope: str, unique_id: str, native_id: str) -> dict[str, object]:
    return {
        "system": project.system,
        "project": scope,
        "unique_id": unique_id,
        "native_id": native_id,
        "status": run.status,
        "started_at": stamp(run.started_at),
        "ended_at": stamp(run.ended_at),
        "nominal_start": stamp(run.nominal_start),
        "nominal_end": stamp(run.nominal_end),
        "message": _masked(run.message),
        "row_count": run.rows,
        "git_sha": run.git_sha,
    }


_HASHED = frozenset({"fingerprint", "checksum", "contract_checksum", "compiled_fingerprint", "git_sha", "native_id"})
"""Columns that hold hashes and ids, which look like secrets and are none."""


def _whole(row: Row) -> dict[str, object]:
    """A row with secrets masked wherever a name or a text may hold one: the same name is masked the same way."""
    return {name: value if name in _HASHED else _masked(value) for name, value in row.items()}


def _masked(value: object) -> object:
    """The same with secrets masked, however deep they stand."""
    if isinstance(value, str):
        return mask(value).text
    if isinstance(value, Mapping):
        return {str(_masked(str(key))): _masked(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(one) for one in value]
    return value


def _report(
    recorder: Recorder, project: Project, origin: Origin, put: Put, words: SourceReport | None, links: object
) -> PipelineReport:
    is_same = replace(put, is_older=False) == Put() and (words is None or words.outcome == "unchanged")
    notes = [*project.notes, *([origin.note] if origin.note else []), *([OLDER] if put.is_older else [])]
    return PipelineReport.model_validate(
        {
            "store": recorder.settings.store.as_posix(),
            "system": project.system,
            "project": project.name,
            "outcome": "unchanged" if is_same else "added" if words and words.outcome == "added" else "updated",
            "schema_version": project.schema_version,
            "fingerprint_kind": project.fingerprint_kind,
            "repository": origin.repository,
            "git_sha": origin.git_sha,
            "is_dirty": origin.is_dirty,
            "nodes": len(project.nodes) + len(project.datasets),
            "nodes_added": put.nodes_added,
            "nodes_changed": put.nodes_changed,
            "nodes_closed": put.nodes_closed,
            "versions_added": put.versions_added,
            "runs_added": put.runs_added,
            "words": words,
            "links": links,
            "notes": notes,
        }
    )
