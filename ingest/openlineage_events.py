"""OpenLineage events as the latest state of what they tell of: jobs, runs, datasets. Any value may be of any type.

A facet replaces the earlier one of its name by the time of its event, not by the order of the file; `_deleted` removes
it. Of events of one time the later in the file wins.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ingest.json_plain import text_or_none
from ingest.json_source import Item, documents, moment
from ingest.json_values import QUOTED_CHARS, Broken, Fields, fields, inside
from ingest.records import Source
from ingest.text import decode, lines

READER = "OpenLineage events"
_DECODER = json.JSONDecoder(strict=False)
Key = tuple[str, str]
"""(namespace, name) of a job or a dataset."""
_ENDS = frozenset({"COMPLETE", "ABORT", "FAIL"})
_MOST_FACETS = 200
"""Of one thing: a producer that invents a name for each event does not fill the memory."""


class BadEvent(ValueError):
    """Not an event; its text is the reason for the quarantine."""


@dataclass(slots=True)
class Facets:
    """The facets of one thing, each with the time of the event it came with."""

    latest: dict[str, tuple[datetime, object]] = field(default_factory=dict)

    def take(self, value: object, at: datetime) -> None:
        """Take in an event's facets."""
        for name, facet in fields(value).items():
            held = self.latest.get(name)
            if (held is None and len(self.latest) < _MOST_FACETS) or (held is not None and held[0] <= at):
                self.latest[name] = at, facet

    def get(self, *names: str) -> Fields:
        """The facet of the first of these names that stands; empty where none does."""
        for name in names:
            found = fields(self.latest.get(name, (None, None))[1])
            if found and found.get("_deleted") is not True:
                return found
        return {}


@dataclass(slots=True)
class Job:
    """A job's facets, and where it was first seen."""

    place: str
    facets: Facets = field(default_factory=Facets)
    run_tags: Facets = field(default_factory=Facets)
    """The `tags` facet of its latest run: dbt's meta arrives there."""


@dataclass(slots=True)
class Run:
    """A run between its first and last event."""

    job: Key
    facets: Facets = field(default_factory=Facets)
    started_at: datetime | None = None
    first_at: datetime | None = None
    ended_at: datetime | None = None
    end: str | None = None
    last: tuple[datetime, str] | None = None
    rows: dict[Key, int] = field(default_factory=dict)
    git_sha: str | None = None


@dataclass(slots=True)
class Table:
    """A dataset's facets, and the jobs that read and write it."""

    place: str
    facets: Facets = field(default_factory=Facets)
    written_by: dict[Key, None] = field(default_factory=dict)
    read_by: dict[Key, None] = field(default_factory=dict)


@dataclass(slots=True)
class State:
    """What the events so far tell."""

    jobs: dict[Key, Job] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    tables: dict[Key, Table] = field(default_factory=dict)
    last: tuple[datetime, Fields] | None = None
    events: int = 0

    def take(self, event: object, place: str) -> None:
        """Take in one event.

        Raises: BadEvent for what is none.
        """
        record = fields(event)
        if not record:
            raise BadEvent("not an object")
        at = moment(text_or_none(record.get("eventTime")))
        if at is None:
            raise BadEvent("eventTime is no time")
        job, table = _key(record.get("job")), _key(record.get("dataset"))
        run_id = text_or_none(inside(record, "run", "runId"))
        if job is None and table is None:
            raise BadEvent("neither a job nor a dataset with namespace and name")
        if job is not None and "run" in record and run_id is None:
            raise BadEvent("a run without a runId")
        if job is not None:
            self._job(record, job, at, place, run_id)
        if table is not None:
            self._table(record.get("dataset"), at, place)
        if self.last is None or self.last[0] <= at:
            self.last = at, {name: record.get(name) for name in ("producer", "schemaURL")}
        self.events += 1

    def _job(self, record: Fields, key: Key, at: datetime, place: str, run_id: str | None) -> None:
        job = self.jobs.setdefault(key, Job(place))
        job.facets.take(inside(record, "job", "facets"), at)
        run = self.runs.setdefault(run_id, Run(key)) if run_id is not None else None
        if run is not None:
            facets = inside(record, "run", "facets")
            run.facets.take(facets, at)
            job.run_tags.take({"tags": inside(facets, "tags")} if inside(facets, "tags") else {}, at)
            _timed(run, text_or_none(record.get("eventType")) or "OTHER", at)
            run.git_sha = text_or_none(inside(record, "job", "facets", "sourceCodeLocation", "version")) or run.git_sha
        for item in _items(record.get("inputs")):
            if (found := self._table(item, at, place)) is not None:
                found.read_by[key] = None
        for item in _items(record.get("outputs")):
            if (found := self._table(item, at, place)) is not None:
                found.written_by[key] = None
                count = inside(item, "outputFacets", "outputStatistics", "rowCount")
                if run is not None and isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 2**62:
                    run.rows[_key(item) or key] = count

    def _table(self, value: object, at: datetime, place: str) -> Table | None:
        key = _key(value)
        if key is None:
            return None
        table = self.tables.setdefault(key, Table(place))
        table.facets.take(inside(value, "facets"), at)
        return table


def _timed(run: Run, kind: str, at: datetime) -> None:
    run.first_at = min(run.first_at or at, at)
    if kind == "START":
        run.started_at = min(run.started_at or at, at)
    if kind in _ENDS and (run.ended_at is None or run.ended_at <= at):
        run.ended_at, run.end = at, kind
    if run.last is None or run.last[0] <= at:
        run.last = at, kind


def _key(value: object) -> Key | None:
    namespace, name = text_or_none(inside(value, "namespace")), text_or_none(inside(value, "name"))
    return (namespace, name) if namespace is not None and name is not None else None


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def events(source: Source) -> Iterator[Item]:
    """(place, value) of each event: the lines of JSON Lines, streamed; else the items of a list, or the one there is.

    A stretch that is no JSON comes as Broken.
    Raises: the errors of `json_source.documents` for what is not JSON Lines in UTF-8; WrongEncoding.
    """
    if not _is_lined(source):
        yield from documents(source, reader=READER)
        return
    for number, offset, raw in lines(source):
        if raw.strip():
            yield f"line {number}", _line(decode(raw, uri=source.uri, offset=offset or 1))


def _is_lined(source: Source) -> bool:
    """Whether the first line is a whole object and not all there is."""
    if (
        source.encoding.lower() not in ("utf-8", "utf8")
        or source.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"{"
    ):
        return False
    found = (raw for _, _, raw in lines(source) if raw.strip())
    first, second = next(found, b""), next(found, None)
    return (
        second is not None
        and first.rstrip().endswith(b"}")
        and isinstance(_line(first.decode("utf-8", "replace")), dict)
    )


def _line(text: str) -> object:
    try:
        value: object = _DECODER.decode(text.strip())
    except RecursionError:
        return Broken(text[:QUOTED_CHARS], "JSON nested too deep")
    except ValueError as error:
        return Broken(text[:QUOTED_CHARS], f"not JSON ({error})")
    return value
