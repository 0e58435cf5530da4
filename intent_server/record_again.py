"""Part of the write side: a place that was read before, read again as it was declared then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest.errors import SourceMissing
from ingest.pipeline import sources_in
from ingest.records import Source
from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server.config import Settings
from intent_server.record_hearing import Wanted, wanted_before
from intent_server.store.connect import open_reader
from intent_server.store.rows import fetched

NOWHERE = ("stdin:", "stated:", "git:")
"""How the uri of a source begins that is no place: what came through it cannot be read again."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """How a place was declared when it was read last."""

    declared: Declared
    reader_name: str | None = None
    """From --reader; None where the content chose the reader."""
    excluded: frozenset[str] = frozenset()
    """What stands for the sessions that were left out by name."""
    heard: Wanted | None = None
    """How it was heard; None for what is no recording."""


def remembered(declared: str | None, given_at: str | None = None) -> Remembered:
    """From a batch's JSON; where there is none, `given_at` is the date, if its sessions were given one."""
    if declared is None:
        return Remembered(Declared(date=_moment(given_at)))
    facts = json.loads(declared)
    how = Declared(encoding=str(facts["encoding"]), date=_moment(facts["date"]))
    left_out = frozenset(map(str, facts["excluded"]))
    return Remembered(how, facts["reader"], left_out, wanted_before(facts.get("hearing")))


def declarations(settings: Settings) -> Mapping[str, Remembered]:
    """By uri, how the places in the store were declared when they were read last; none where there is no store."""
    if not settings.store.exists():
        return {}
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        rows = [row for row in fetched(db, "read_places") if row["is_newest"]]
    return {str(row["uri"]): remembered(_text(row["declared"]), _text(row["given_at"])) for row in rows}


def as_before(source: Source, before: Declared | None, *, is_encoding_given: bool) -> Source:
    """The source with what was declared of its place before, where nothing is declared of it now."""
    if before is None:
        return source
    return replace(
        source,
        date=source.date or before.date,
        encoding=source.encoding if is_encoding_given else before.encoding,
        members=tuple(as_before(one, before, is_encoding_given=is_encoding_given) for one in source.members),
    )


def source_again(uri: str, declared: Declared, reader_name: str) -> Source:
    """What is at a place now; of a folder, the export that this reader finds in it.

    Raises: SourceError.
    """
    path = Path(uri)
    if not path.is_dir():
        return file_source(path, declared)
    found = [item for item in sources_in(path, declared) if isinstance(item, Source)]
    exports = [item for item in found if item.members and item.uri == uri]
    if len(exports) > 1:
        exports = [item for item in exports if reader_for(item).name == reader_name]
    if not exports:
        raise SourceMissing(uri)
    return exports[0]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _moment(text: object) -> datetime | None:
    return None if text is None else datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
