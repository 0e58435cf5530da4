"""The frozen types of a pipeline: what dbt's artifacts and OpenLineage's events say, before it is stored.

A Project is one reading: nodes with their columns and fingerprints, runs with their times, datasets. Values come from
other programs: every text has passed `text.normalise`, every time is aware UTC, and what had the wrong type is absent
or, where it was a whole item, in `rejected`. Secrets are not masked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ingest.records import Rejected

FingerprintKind = Literal["parsed", "rendered"]
"""`rendered`: nodes were compiled, which asks the warehouse and changes which macros count. Compare within a kind."""
Meta = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Column:
    """A column as described, typed by the catalog where that knows it."""

    name: str
    """As written; two names are one column where they are equal after `casefold`."""
    description: str = ""
    data_type: str | None = None
    meta: Meta = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """What a generic test asserts: `accepted_values` with its arguments, and when it fails."""

    name: str
    namespace: str | None = None
    kwargs: Meta = field(default_factory=dict)
    severity: str | None = None
    warn_if: str | None = None
    error_if: str | None = None
    is_storing_failures: bool | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One thing of a pipeline: a dbt resource of any kind, or an OpenLineage job."""

    unique_id: str
    """dbt's own; of an OpenLineage job `qualified(namespace, name)`. Unique within one Project."""
    kind: str
    """dbt's `resource_type` (`model`, `test`, `source`, `exposure`, `macro`, `group`…) or `job`."""
    package: str
    """The dbt package, or the namespace of a job."""
    name: str
    alias: str | None = None
    relation: str | None = None
    """The table or view as the warehouse quotes it."""
    path: str | None = None
    """From the root of the package (dbt) or of the repository (a job's source code), in POSIX form."""
    patch_path: str | None = None
    """Where its YAML stands, from the root of `package`."""
    description: str = ""
    columns: tuple[Column, ...] = ()
    meta: Meta = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    """unique ids of nodes; macros are in the fingerprint."""
    checksum: str | None = None
    """dbt's checksum of the file: `sha256:…`; None for what has no file of its own."""
    contract_checksum: str | None = None
    is_enforced: bool = False
    """Whether a contract on its columns is enforced."""
    version: str | None = None
    """The published version that people chose (`.v2`), never a version of the code."""
    latest_version: str | None = None
    materialized: str | None = None
    attached_node: str | None = None
    """Of a generic test: the node that it tests."""
    column_name: str | None = None
    test: Check | None = None
    owner: str | None = None
    """Its own owner, else that of its group, else what `meta.owner` says."""
    fingerprint: str | None = None
    """`b2:…`, see `dbt_fingerprint`; None where nothing that decides its output is known."""
    compiled_fingerprint: str | None = None
    """Of one rendering of its SQL: evidence, never identity."""
    raw_code: str | None = None
    url: str | None = None
    """Of an exposure: the dashboard; of a job: its source code."""
    group: str | None = None
    dbt_unique_id: str | None = None
    """Of a job that runs a dbt node: that node's unique id, the only safe join."""
    git_sha: str | None = None
    """Of a job: the commit of its code, which may be another one for each; a dbt project has one for all."""
    repository: str | None = None


@dataclass(frozen=True, slots=True)
class PipelineRun:
    """One execution of a node or a job. Times are half-open, aware UTC."""

    invocation_id: str | None
    """dbt's invocation, also of a job that dbt ran; else the run's own id."""
    unique_id: str | None
    """The dbt node, where it is known."""
    status: str
    """dbt's own word (`success`, `error`, `skipped`, `pass`, `warn`…) or OpenLineage's last event in lower case."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    nominal_start: datetime | None = None
    """The window of data that the run is about, where the source says so; not when it ran."""
    nominal_end: datetime | None = None
    message: str | None = None
    rows: int | None = None
    job: str | None = None
    """`qualified(namespace, name)` of an OpenLineage run."""
    run_id: str | None = None
    """OpenLineage's `runId`."""
    git_sha: str | None = None
    failures: int | None = None
    """Of a test: how many rows failed."""
    parent_run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old a source's rows were when dbt looked."""

    unique_id: str
    status: str
    max_loaded_at: datetime | None = None
    snapshotted_at: datetime | None = None
    age_s: float | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnEdge:
    """One stated influence: a column of another dataset on `column`, or on the whole dataset where that is None."""

    column: str | None
    from_namespace: str
    from_name: str
    from_column: str | None
    kind: str | None = None
    """`DIRECT` or `INDIRECT`."""
    subtype: str | None = None
    """`IDENTITY`, `AGGREGATION`, `FILTER`, `JOIN`…"""
    description: str | None = None
    is_masking: bool | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table, file or topic by the name that lineage gives it."""

    namespace: str
    name: str
    dataset_version: str | None = None
    description: str = ""
    owner: str | None = None
    columns: tuple[Column, ...] = ()
    lineage: tuple[ColumnEdge, ...] = ()
    written_by: tuple[str, ...] = ()
    """`qualified` names of the jobs whose output it is."""
    read_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """Everything one set of artifacts or one file of events says."""

    system: Literal["dbt", "openlineage"]
    name: str
    schema_version: str | None
    tool_version: str | None
    generated_at: datetime | None
    invocation_id: str | None
    git_sha: str | None
    repository: str | None
    """As the environment gave it, without credentials; the store normalises it."""
    pull_request: str | None
    fingerprint_kind: FingerprintKind
    nodes: tuple[Node, ...]
    runs: tuple[PipelineRun, ...]
    datasets: tuple[Dataset, ...]
    notes: tuple[str, ...]
    """What a reader of the answers should know: missing files, disabled nodes, a dirty tree."""
    rejected: tuple[Rejected, ...]
    is_dirty: bool | None = None
    """Whether the code had changes that no commit holds; None where nothing says."""
    freshness: tuple[Freshness, ...] = ()
    adapter: str | None = None


def qualified(namespace: str, name: str) -> str:
    """One text for a job's or dataset's (namespace, name): the last slash parts them, the name's own are `%2F`."""
    return f"{namespace}/{name.replace('%', '%25').replace('/', '%2F')}"
