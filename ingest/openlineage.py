"""OpenLineage events as one Project: jobs, runs, datasets with their columns and what influences them.

A job is (namespace, name); the dbt node that it runs is named by its `dbt_node` facet alone, since the names of dbt's
jobs differ by integration. A run begins with its first START and ends with its last COMPLETE, ABORT or FAIL. What a job
runs is known as SQL after rendering, so every fingerprint is of the kind `rendered`: of the SQL with white space folded
and quoted dates and times left out, which a scheduler fills in anew for each run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from ingest.fingerprint import fingerprint
from ingest.json_plain import flag, kept, scalar, text_or_none
from ingest.json_source import moment
from ingest.json_values import Broken, Fields, fields, inside, printed, without_credentials, words
from ingest.openlineage_events import BadEvent, Facets, Job, Key, Run, State, Table, events
from ingest.pipelines import Column, ColumnEdge, Dataset, Node, PipelineRun, Project, qualified
from ingest.records import Rejected, Source

MESSAGE_CHARS = 2000
_DBT_META = "DBT_META"
_SPEC = re.compile(r"/spec/(\d+-\d+-\d+)/")
_SPACE = re.compile(r"\s+")
_MOMENT = re.compile(r"'\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?'")
_MOST_NESTED = 4
_SHA = re.compile(r"[0-9a-f]{7,64}\Z")


def project_of(source: Source) -> Project:
    """What the events of a file tell, taken together.

    Raises: the errors of `openlineage_events.events`.
    """
    return project_from(source, *gathered(source))


def gathered(source: Source) -> tuple[State, list[Rejected]]:
    """All events of a file taken in, and what was no event, with its place: `line 12`, or a JSON pointer.

    Raises: the errors of `openlineage_events.events`.
    """
    state, rejected = State(), list[Rejected]()
    for place, value in events(source):
        if isinstance(value, Broken):
            rejected.append(Rejected(value.problem, place or "/", value.text))
            continue
        try:
            state.take(value, place)
        except BadEvent as error:
            rejected.append(Rejected(str(error), place or "/", printed(value)))
    return state, rejected


def project_from(source: Source, state: State, rejected: Iterable[Rejected]) -> Project:
    """What the events taken in tell."""
    nodes = tuple(_node(key, job) for key, job in state.jobs.items())
    codes = [job.facets.get("sourceCodeLocation") for job in state.jobs.values()]
    at, last = state.last or (None, {})
    spec = _SPEC.search(words(last.get("schemaURL")))
    return Project(
        system="openlineage",
        name=_only({key[0] for key in state.jobs or state.tables}) or source.name,
        schema_version=spec[1] if spec else None,
        tool_version=text_or_none(last.get("producer")),
        generated_at=at,
        invocation_id=None,
        git_sha=_only({node.git_sha for node in nodes if node.git_sha}),
        repository=_only({node.repository for node in nodes if node.repository}),
        pull_request=_only({said for code in codes if (said := scalar(code.get("pullRequestNumber")))}),
        fingerprint_kind="rendered",
        nodes=nodes,
        runs=tuple(_run(run_id, run, state.jobs) for run_id, run in state.runs.items()),
        datasets=tuple(_dataset(key, table) for key, table in state.tables.items()),
        notes=tuple(_notes(nodes)),
        rejected=tuple(rejected),
    )


def _only(found: Collection[str]) -> str | None:
    return next(iter(found)) if len(found) == 1 else None


def _notes(nodes: Iterable[Node]) -> Iterator[str]:
    listed = list(nodes)
    without = sum(1 for node in listed if node.git_sha is None)
    if without:
        yield f"{without} of {len(listed)} jobs do not say which commit their code is of (facet sourceCodeLocation)"


def _node(key: Key, job: Job) -> Node:
    facets = job.facets
    code, dbt = facets.get("sourceCodeLocation"), facets.get("dbt_node", "dbt_node_metadata")
    query = text_or_none(facets.get("sql").get("query"))
    sha = (text_or_none(code.get("version")) or "").strip().casefold()
    repository = text_or_none(code.get("repoUrl")) or text_or_none(code.get("url"))
    url = text_or_none(code.get("url"))
    return Node(
        unique_id=qualified(*key),
        kind="job",
        package=key[0],
        name=key[1],
        path=text_or_none(code.get("path")) or text_or_none(dbt.get("original_file_path")),
        description=words(facets.get("documentation").get("description")).strip(),
        meta=dict(_dbt_meta(job.run_tags)),
        tags=tuple(_tags(facets)),
        materialized=text_or_none(inside(dbt, "config", "materialized")),
        owner=_owner(facets),
        fingerprint=sql_fingerprint(query) if query else None,
        compiled_fingerprint=fingerprint(query) if query else None,
        raw_code=query,
        url=without_credentials(url) if url else None,
        dbt_unique_id=text_or_none(dbt.get("unique_id")),
        git_sha=sha if _SHA.match(sha) else None,
        repository=without_credentials(repository) if repository else None,
    )


def sql_fingerprint(query: str) -> str:
    """The fingerprint of a statement as it ran, whatever its white space and the dates that its schedule put in."""
    return fingerprint({"sql": _SPACE.sub(" ", _MOMENT.sub("'…'", query)).strip()})


def _owner(facets: Facets) -> str | None:
    owners = facets.get("ownership").get("owners")
    named = (text_or_none(inside(one, "name")) for one in owners) if isinstance(owners, list) else ()
    return next((name for name in named if name), None)


def _tags(facets: Facets) -> Iterator[str]:
    tags = facets.get("tags").get("tags")
    for tag in tags if isinstance(tags, list) else ():
        name, value = text_or_none(inside(tag, "key")), text_or_none(inside(tag, "value"))
        if name is not None:
            yield name if value in (None, "true") else f"{name}={value}"


def _dbt_meta(facets: Facets) -> Iterator[tuple[str, object]]:
    """dbt's meta, which its integration sends as tags of the run: what is no text comes as compact JSON."""
    tags = facets.get("tags").get("tags")
    for tag in tags if isinstance(tags, list) else ():
        name, value = text_or_none(inside(tag, "key")), text_or_none(inside(tag, "value"))
        if name is not None and value is not None and inside(tag, "source") == _DBT_META:
            yield name, _parsed(value) if value[:1] in ("[", "{") else value


def _parsed(value: str) -> object:
    try:
        found: object = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return kept(found)


def _run(run_id: str, run: Run, jobs: Mapping[Key, Job]) -> PipelineRun:
    nominal, failure = run.facets.get("nominalTime"), run.facets.get("errorMessage")
    message = text_or_none(failure.get("message"))
    invocation = text_or_none(run.facets.get("dbt_run").get("invocation_id"))
    dbt = jobs[run.job].facets.get("dbt_node", "dbt_node_metadata") if run.job in jobs else {}
    sha = (run.git_sha or "").strip().casefold()
    return PipelineRun(
        invocation_id=invocation or run_id,
        unique_id=text_or_none(dbt.get("unique_id")),
        status=(run.end or (run.last[1] if run.last else "OTHER")).casefold(),
        started_at=run.started_at or run.first_at,
        ended_at=run.ended_at,
        nominal_start=_moment(nominal.get("nominalStartTime")),
        nominal_end=_moment(nominal.get("nominalEndTime")),
        message=message[:MESSAGE_CHARS] if message else None,
        rows=sum(run.rows.values()) if run.rows else None,
        job=qualified(*run.job),
        run_id=run_id,
        git_sha=sha if _SHA.match(sha) else None,
        parent_run_id=text_or_none(inside(run.facets.get("parent"), "run", "runId")),
    )


def _moment(value: object) -> datetime | None:
    return moment(text_or_none(value))


def _dataset(key: Key, table: Table) -> Dataset:
    facets = table.facets
    return Dataset(
        namespace=key[0],
        name=key[1],
        dataset_version=scalar(facets.get("version").get("datasetVersion")),
        description=words(facets.get("documentation").get("description")).strip(),
        owner=_owner(facets),
        columns=tuple(_columns(facets.get("schema").get("fields"))),
        lineage=tuple(_edges(facets.get("columnLineage"))),
        written_by=tuple(qualified(*job) for job in table.written_by),
        read_by=tuple(qualified(*job) for job in table.read_by),
    )


def _columns(found: object, above: str = "", depth: int = 0) -> Iterator[Column]:
    for item in found if isinstance(found, list) and depth < _MOST_NESTED else ():
        name = text_or_none(inside(item, "name"))
        if name is None:
            continue
        yield Column(above + name, words(inside(item, "description")).strip(), text_or_none(inside(item, "type")))
        yield from _columns(inside(item, "fields"), f"{above}{name}.", depth + 1)


def _edges(facet: Fields) -> Iterator[ColumnEdge]:
    for column, told in fields(facet.get("fields")).items():
        inputs = inside(told, "inputFields")
        older = (
            text_or_none(inside(told, "transformationType")),
            text_or_none(inside(told, "transformationDescription")),
        )
        for item in inputs if isinstance(inputs, list) else ():
            yield from _edge(words(column), item, older)
    whole = facet.get("dataset")
    for item in whole if isinstance(whole, list) else ():
        yield from _edge(None, item, (None, None))


def _edge(column: str | None, item: object, older: tuple[str | None, str | None]) -> Iterator[ColumnEdge]:
    """An edge for each stated transformation; before version 1-1-0 of the facet one for the whole field."""
    namespace, name = text_or_none(inside(item, "namespace")), text_or_none(inside(item, "name"))
    if namespace is None or name is None:
        return
    stated = inside(item, "transformations")
    for how in stated if isinstance(stated, list) and stated else [{}]:
        yield ColumnEdge(
            column=column,
            from_namespace=namespace,
            from_name=name,
            from_column=text_or_none(inside(item, "field")),
            kind=text_or_none(inside(how, "type")),
            subtype=text_or_none(inside(how, "subtype")) or older[0],
            description=text_or_none(inside(how, "description")) or older[1],
            is_masking=flag(inside(how, "masking")),
        )
