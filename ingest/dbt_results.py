"""What dbt writes beside a manifest: run_results.json, catalog.json and sources.json. Any value may have any type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ingest.dbt_documents import entries
from ingest.json_plain import scalar, text_or_none
from ingest.json_source import moment, number
from ingest.json_values import Fields, fields, inside, printed
from ingest.pipelines import Freshness, PipelineRun
from ingest.records import Rejected, Source

MESSAGE_CHARS = 2000
"""Some adapters print whole statements into an error message."""
_RUNS_NOTHING = frozenset({"compile", "generate", "list", "ls", "parse", "show"})
"""dbt commands that write run results of status `success` without having executed anything."""
_ROWS = ("rows_affected", "num_rows_inserted", "rows")


@dataclass(slots=True)
class Results:
    """What the files beside a manifest say."""

    runs: list[PipelineRun] = field(default_factory=list)
    freshness: list[Freshness] = field(default_factory=list)
    types: dict[str, dict[str, tuple[str, str | None]]] = field(default_factory=dict)
    """unique id -> column name casefolded -> (name as the warehouse has it, type)."""
    rejected: list[Rejected] = field(default_factory=list)
    metadata: dict[str, Fields] = field(default_factory=dict)
    """File name -> its metadata."""
    idle_command: str | None = None
    """The command that wrote run_results.json, where it is one that executes nothing."""

    def read_runs(self, source: Source) -> None:
        """Take in run_results.json.

        Raises: the errors of `dbt_documents.entries`.
        """
        metadata, results = self._parts(source)
        if self.idle_command is not None:
            return
        invocation, git_sha = text_or_none(metadata.get("invocation_id")), sha_of(metadata)[0]
        for place, item in results:
            unique_id = text_or_none(inside(item, "unique_id"))
            if unique_id is None:
                self._refuse("no result with a unique_id", place, item)
                continue
            self.runs.append(_run(fields(item), unique_id, invocation, git_sha))

    def read_freshness(self, source: Source) -> None:
        """Take in sources.json.

        Raises: the errors of `dbt_documents.entries`.
        """
        _, results = self._parts(source)
        for place, item in results:
            unique_id = text_or_none(inside(item, "unique_id"))
            if unique_id is None:
                self._refuse("no result with a unique_id", place, item)
                continue
            self.freshness.append(_freshness(fields(item), unique_id))

    def read_types(self, source: Source) -> None:
        """Take in catalog.json.

        Raises: the errors of `dbt_documents.entries`.
        """
        metadata: dict[str, object] = {}
        for section, key, value in entries(source):
            if section == "metadata" and key is not None:
                metadata[key] = value
            elif section in ("nodes", "sources") and key is not None:
                columns = inside(value, "columns")
                if not isinstance(columns, dict):
                    self._refuse("no columns", f"{source.name}#/{section}/{key}", value)
                    continue
                self.types[key] = dict(_typed(columns))
        self.metadata[source.name] = metadata

    def _parts(self, source: Source) -> tuple[Fields, Iterator[tuple[str, object]]]:
        metadata: dict[str, object] = {}
        results: object = None
        for section, key, value in entries(source):
            if section == "metadata" and key is not None:
                metadata[key] = value
            elif section == "results":
                results = value
            elif (section, key) == ("args", "which") and value in _RUNS_NOTHING:
                self.idle_command = str(value)
        self.metadata[source.name] = metadata
        found = results if isinstance(results, list) else []
        return metadata, ((f"{source.name}#/results/{at}", item) for at, item in enumerate(found))

    def _refuse(self, reason: str, place: str, item: object) -> None:
        self.rejected.append(Rejected(reason, place, printed(item), units=0))


def sha_of(metadata: Mapping[str, object]) -> tuple[str | None, bool | None]:
    """The commit that `metadata.env` names (GIT_SHA), and whether it says that the tree was dirty; None: unsaid."""
    env = fields(metadata.get("env"))
    named = (scalar(env.get("GIT_SHA")) or "").strip().casefold()
    said = next((word for key in ("GIT_DIRTY", "DIRTY") if (word := scalar(env.get(key)) or _true(env.get(key)))), None)
    bare = named.removesuffix("-dirty").removesuffix("+dirty")
    is_sha = 7 <= len(bare) <= 64 and not bare.strip("0123456789abcdef")
    dirty = True if bare != named else None if said is None else said.strip().casefold() not in _CLEAN
    return (bare if is_sha else None), dirty


_CLEAN = frozenset({"", "0", "false", "no", "clean"})


def _true(value: object) -> str | None:
    return str(value).casefold() if isinstance(value, bool) else None


def _run(item: Fields, unique_id: str, invocation: str | None, git_sha: str | None) -> PipelineRun:
    times = list(_times(item.get("timing")))
    message = text_or_none(item.get("message"))
    answer = fields(item.get("adapter_response"))
    rows = next((found for name in _ROWS if (found := number(answer.get(name))) is not None), None)
    failures = number(item.get("failures"))
    return PipelineRun(
        invocation_id=invocation,
        unique_id=unique_id,
        status=(text_or_none(item.get("status")) or "unknown").casefold(),
        started_at=min((start for start, _ in times if start), default=None),
        ended_at=max((end for _, end in times if end), default=None),
        message=message[:MESSAGE_CHARS] if message else None,
        rows=int(rows) if rows is not None and rows >= 0 else None,
        failures=int(failures) if failures is not None else None,
        git_sha=git_sha,
    )


def _times(timing: object) -> Iterator[tuple[datetime | None, datetime | None]]:
    """(start, end) of what was executed; of compiling only where nothing was."""
    phases = [fields(item) for item in timing] if isinstance(timing, list) else []
    executed = [phase for phase in phases if phase.get("name") == "execute"]
    for phase in executed or phases:
        yield moment(phase.get("started_at")), moment(phase.get("completed_at"))


def _freshness(item: Fields, unique_id: str) -> Freshness:
    message = text_or_none(item.get("error"))
    return Freshness(
        unique_id=unique_id,
        status=(text_or_none(item.get("status")) or "unknown").casefold(),
        max_loaded_at=moment(item.get("max_loaded_at")),
        snapshotted_at=moment(item.get("snapshotted_at")),
        age_s=number(item.get("max_loaded_at_time_ago_in_s")),
        message=message[:MESSAGE_CHARS] if message else None,
    )


def _typed(columns: Fields) -> Iterable[tuple[str, tuple[str, str | None]]]:
    for key, column in columns.items():
        name = text_or_none(inside(column, "name")) or text_or_none(key)
        if name is not None:
            yield name.casefold(), (name, text_or_none(inside(column, "type")))
