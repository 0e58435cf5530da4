"""Part of the write side: refused items tried again, by reading their sources anew with today's readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.errors import SourceError
from ingest.registry import reader_for
from intent_server.answers_record import Retried, RetriedSource, SourceReport
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.errors import BadRequest
from intent_server.moments import Now, moment_of
from intent_server.record import ingest_source, tidy
from intent_server.record_again import NOWHERE, remembered, source_again
from intent_server.record_hearing import heard_again
from intent_server.record_reading import Recorder, recorder
from intent_server.store.connect import open_reader
from intent_server.store.quarantine import Waiting, refused_item, waiting


def retry(
    settings: Settings,
    item_ids: Sequence[str] | None,
    *,
    now: Now,
    by: Actor,
    source: str | None = None,
    embedder: Callable[[], Embedder] | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Retried:
    """Read the places of these items again, of all where None, and tell what is refused no longer.

    `source`: only the items of this place. `progress`: called with (places done, places).
    Raises: NotFound, AmbiguousId, BadRequest for a place without open items.
    """
    places = _places(settings, item_ids, source)
    run_by = recorder(settings, embedder=embedder, clock=lambda: moment_of(now), by=by)
    found: list[RetriedSource] = []
    for done, (place, known) in enumerate(places, start=1):
        found.append(_retried(run_by, place, known))
        progress(done, len(places))
    if any(item.report for item in found):
        tidy(run_by)
    resolved, remaining = sum(item.resolved for item in found), sum(item.remaining for item in found)
    return Retried(sources=found, resolved=resolved, remaining=remaining)


def _places(
    settings: Settings, item_ids: Sequence[str] | None, source: str | None
) -> list[tuple[Waiting, frozenset[str]]]:
    """The places to read, each with all items that wait at its uri."""
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        places = waiting(db)
        wanted = None if item_ids is None else {refused_item(db, item_id).item_id for item_id in item_ids}
    if source is not None:
        uri = source if source.startswith(NOWHERE) else Path(source).absolute().as_posix()
        places = [place for place in places if place.uri == uri]
        if not places:
            raise BadRequest(f"No open item is of '{uri}'. See `intent quarantine list`.")
    chosen = [place for place in places if wanted is None or wanted & set(place.item_ids)]
    return [(place, frozenset(id_ for at in places if at.uri == place.uri for id_ in at.item_ids)) for place in chosen]


def _retried(run_by: Recorder, place: Waiting, known: frozenset[str]) -> RetriedSource:
    if place.uri.startswith(NOWHERE):
        name = place.uri.partition(":")[2]
        again = f"`intent ingest - --name {name}`" if place.uri.startswith("stdin:") else "the statement"
        return _left(place, f"'{place.uri}' is no file that can be read again: give {again} anew. Its items stay.")
    try:
        report = _read_again(run_by, place)
    except SourceError as error:
        return _left(place, f"{error} Its items stay.")
    with open_reader(run_by.settings.store, wait_s=run_by.wait_s) as db:
        still = {item_id for other in waiting(db) if other.uri == place.uri for item_id in other.item_ids}
    before = set(place.item_ids)
    return RetriedSource(
        source=place.uri,
        resolved=len(before - still),
        remaining=len(before & still),
        fresh=len(still - known),
        report=report,
    )


def _read_again(run_by: Recorder, place: Waiting) -> SourceReport:
    how = remembered(place.declared, place.given_at)
    source = heard_again(run_by.settings, source_again(place.uri, how.declared, place.reader), how.heard)
    same = replace(run_by, excluded=how.excluded, reader_name=how.reader_name)
    return ingest_source(same, source, reader_for(source, name=how.reader_name))


def _left(place: Waiting, error: str) -> RetriedSource:
    return RetriedSource(source=place.uri, resolved=0, remaining=len(place.item_ids), error=error)
