"""OpenLineage event files: JSON Lines, a list, or one event, of runs, jobs and datasets.

Unit: an event (a line that is not blank, an item of a list). An event is kept, or rejected with its place: no JSON, no
time, neither a job nor a dataset, a run without its id. The events of a file are one session, whose words are what
documentation facets, descriptions of columns and dbt's meta say; the same words on several things stand once. It has
no words where the events have none. Jobs, runs and datasets are stored beside it.

Locator: what is described, `documentation of job etl/orders`; of a rejected event `line 12` or the JSON pointer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.json_source import shape
from ingest.openlineage import gathered, project_from
from ingest.openlineage_events import events
from ingest.openlineage_words import session_of
from ingest.records import Reader, Rejected, Session, Source

_SPEC = re.compile(r'"https?://[^"]*openlineage\.io/', re.IGNORECASE)
_OF = ("/job/namespace", "/dataset/namespace")


def accepts(source: Source) -> int:
    """90 for events that name OpenLineage's schema, 62 for what has an event's time, producer and job or dataset."""
    found = shape(source)
    top = "/*" if "/*" in found else ""
    if f"{top}/eventTime" not in found or not any(top + key in found for key in _OF):
        return 0
    return 90 if _SPEC.match(found.get(f"{top}/schemaURL", "")) else 62 if f"{top}/producer" in found else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The file's session, after the items that are no events.

    Raises: the errors of `openlineage_events.events`.
    """
    state, rejected = gathered(source)
    yield from rejected
    if state.events:
        yield session_of(project_from(source, state, ()), state.events)


def count(source: Source) -> int:
    """The events, broken ones included."""
    return sum(1 for _ in events(source))


READER = Reader(
    name="openlineage",
    suffixes=frozenset({".json", ".jsonl", ".ndjson"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="events",
)
