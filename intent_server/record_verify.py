"""Part of the write side: do the sources still say what is recorded? Each is read and extracted again, saving nothing.

A batch's signature is made anew on the very way that ingestion takes, up to the point where it would save. It cannot be
where the bytes are gone (changed, missing, standard input, an older batch of the place) or where another version made
it; it need not be equal where other sources came to hold, or forgot, a part of what this one gives.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.errors import NoReader, SourceError, WhisperMissing
from ingest.pipeline import COPIED, extractor_fingerprint
from ingest.records import Source
from ingest.registry import reader_for
from intent_server.answers_record import Finding, RuleCount, Verified
from intent_server.config import Settings
from intent_server.record_again import NOWHERE, remembered, source_again
from intent_server.record_hearing import HeardNoMore, heard_again
from intent_server.record_reading import (
    FORGOTTEN,
    Compared,
    Recorder,
    batch_of,
    compared,
    input_fingerprint,
    read_in,
    recorder,
)
from intent_server.store.batch import Batch, batch_row
from intent_server.store.connect import open_reader
from intent_server.store.migrate import schema_fingerprint
from intent_server.store.verify import Recorded, recorded_places, verified

_ELSEWHERE = frozenset({COPIED, FORGOTTEN})
"""Set-aside rules that depend on what else the store holds."""
_OLDER = "its source was read again since"
_NO_FILE = "no file holds them: standard input, a statement or commit messages"
_LOST = "its source changed or is missing"
_OTHER = "made by another version"
_SHARED = "other sources hold, or forgot, a part of it since"
_UNHEARD = "a recording whose model or transcript is not on this machine any more"


@dataclass(slots=True)
class _Found:
    """What the sources tell, as far as they were looked at."""

    findings: list[Finding] = field(default_factory=list)
    unmade: Counter[str] = field(default_factory=Counter)
    """Batches whose signature was not made again, by reason."""
    made: int = 0


def verify(
    settings: Settings, *, quick: bool = False, progress: Callable[[int, int], None] = lambda *_: None
) -> Verified:
    """Whether the record holds by itself and, unless `quick`, against its sources, each read and extracted again.

    `progress`: called with (places looked at, places).
    """
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        alone = verified(db)
        places = recorded_places(db)
    if quick:
        return alone
    run_by = recorder(settings)
    found = _Found()
    now: dict[str, str | None] = {}
    for done, place in enumerate(places, start=1):
        found.unmade[_OLDER] += place.batch_count - 1
        _look_at(run_by, place, now, found)
        progress(done, len(places))
    missing = list(_missing(places, now))
    counts = {"sources": len(now), "batches made again": found.made}
    return Verified(
        checked=[*alone.checked, *(RuleCount(rule=name, count=count) for name, count in counts.items())],
        not_recomputed=[RuleCount(rule=why, count=count) for why, count in sorted(found.unmade.items()) if count],
        findings=[*alone.findings, *found.findings, *missing],
    )


def _look_at(run_by: Recorder, place: Recorded, now: dict[str, str | None], found: _Found) -> None:
    """One place: its bytes, and where they are those read then, its signature. `now` gets the place's fingerprint."""
    if place.uri.startswith(NOWHERE):
        found.unmade[_NO_FILE] += 1
        return
    if not place.is_newest and not Path(place.uri).is_dir():
        found.unmade[_OLDER] += 1
        return
    source = _source(place)
    now[place.uri] = None if source is None else input_fingerprint(source)
    if source is None or now[place.uri] != place.facts["input_fingerprint"]:
        found.unmade[_LOST] += 1
        if source is not None and place.is_held:
            found.findings.append(_changed(place))
        return
    if (why := _unmakeable(place, source)) is not None:
        found.unmade[why] += 1
        return
    _remake(run_by, place, source, found)


def _source(place: Recorded) -> Source | None:
    try:
        return source_again(place.uri, remembered(place.declared, place.given_at).declared, place.reader)
    except SourceError:
        return None


def _unmakeable(place: Recorded, source: Source) -> str | None:
    try:
        reader = reader_for(source, name=place.reader)
    except NoReader:
        return _OTHER
    now = (schema_fingerprint(), extractor_fingerprint(reader))
    return None if now == (place.facts["schema_fingerprint"], place.facts["extractor_fingerprint"]) else _OTHER


def _remake(run_by: Recorder, place: Recorded, source: Source, found: _Found) -> None:
    how = remembered(place.declared, place.given_at)
    same = replace(run_by, excluded=how.excluded, reader_name=how.reader_name)
    try:
        source = heard_again(same.settings, source, how.heard, is_kept_only=True)
        run, _ = read_in(same, source, reader_for(source, name=place.reader))
    except (HeardNoMore, WhisperMissing):
        found.unmade[_UNHEARD] += 1
        return
    except SourceError as error:
        found.findings.append(Finding(check="source", where=place.uri, problem=str(error)))
        return
    again = compared(same, run)
    batch = batch_of(same, again.run)
    if _is_shared(place.facts, batch):
        found.unmade[_SHARED] += 1
        return
    found.made += 1
    found.findings += _differing(place, batch, again)


def _is_shared(facts: Mapping[str, object], batch: Batch) -> bool:
    """Whether the rules that look at other sources set aside something else now than they did then."""
    then = json.loads(str(facts["set_aside"]))
    return any(then.get(rule, 0) != batch.set_aside.get(rule, 0) for rule in _ELSEWHERE)


def _differing(place: Recorded, batch: Batch, again: Compared) -> Iterator[Finding]:
    where = f"batch {place.batch_id} of {place.uri}"
    remedy = f"Ingest it again: `intent ingest --anew '{place.uri}'`."
    row = batch_row(batch)
    if row["signature"] != place.facts["signature"]:
        names = ("read", "kept", "quarantined", "decision")
        counts = [
            f"{name} {place.facts[f'{name}_count']} then, {row[f'{name}_count']} now"
            for name in names
            if place.facts[f"{name}_count"] != row[f"{name}_count"]
        ]
        told = "; ".join(counts) or "the words or decisions found in it are others"
        yield Finding(
            check="signature",
            where=where,
            problem=f"read again, the source gives another signature: {told}",
            remedy=remedy,
        )
    lost = sum(item is None for item in again.held)
    if lost:
        problem = f"{lost} of its {len(again.held)} sessions are not held as the source gives them"
        yield Finding(check="record", where=where, problem=problem, remedy=remedy)


def _changed(place: Recorded) -> Finding:
    return Finding(
        check="source changed",
        where=place.uri,
        problem="its bytes are not those that were read",
        remedy=f"Ingest it again: `intent ingest '{place.uri}'`, or bring the old file back.",
    )


def _missing(places: Sequence[Recorded], now: Mapping[str, str | None]) -> Iterator[Finding]:
    """The places with nothing there; none for a file that was only moved, when it was ingested from where it is now."""
    for uri in dict.fromkeys(place.uri for place in places if place.is_held):
        then = [place.facts["input_fingerprint"] for place in places if place.uri == uri]
        if uri in now and now[uri] is None and not any(mark in now.values() for mark in then):
            yield Finding(
                check="source missing",
                where=uri,
                problem="it is not there any more; what was read from it is kept",
                remedy="Bring the file back, or `intent forget` its sessions.",
            )
