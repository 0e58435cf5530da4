"""The write side: a source is read, extracted, embedded and saved; CLI and MCP both call these.

Reading, extracting and embedding happen before the lock is asked for. Each session is one transaction, the batch row
comes last, and the lock is free between sessions: a killed run loses only what it had not reported, and the same run
again completes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ingest.fingerprint import fingerprint, fingerprint_of_bytes
from ingest.pipeline import OFF_THE_RECORD, Reading, excluded, extract, extractor_fingerprint, read, without
from ingest.records import Ingested, IrregularKind, Reader, Session, Source
from intent_server.answers import IrregularCount, RuleCount, SourceReport
from intent_server.config import Settings
from intent_server.embed import Embedder, bundled
from intent_server.record_links import due_supersessions
from intent_server.record_prepare import prepared
from intent_server.store.audit import Trail
from intent_server.store.batch import (
    Batch,
    Given,
    Refused,
    batch_row,
    close_replaced,
    content_sessions,
    is_recorded,
    record_batch,
    refused_fingerprints,
)
from intent_server.store.change import supersede
from intent_server.store.connect import Db, open_reader, open_writer, transaction
from intent_server.store.forget import forget_session
from intent_server.store.ids import ids
from intent_server.store.index import is_sort_due, sort_postings
from intent_server.store.known import Match, known_as, match
from intent_server.store.migrate import schema_fingerprint
from intent_server.store.save import (
    Origin,
    Outcome,
    Outline,
    Saved,
    copied,
    outline,
    save_session,
    standing,
    was_forgotten,
)

FORGOTTEN = "forgotten"
"""Set-aside rule of a session that `intent forget` removed: it does not come back by itself."""
_CHUNK_BYTES = 1 << 20
_WAITS = 6
"""How many times as long as a question a run waits for the store (30 s by default): nobody waits for its answer, and
with four runs and ten readers on two busy cores the last in line was seen to wait 2.6 s."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Recorder:
    """What one ingest run needs: where to, by what model, when, and which sessions to leave out."""

    settings: Settings
    run_id: str
    embedder: Callable[[], Embedder] = bundled
    clock: Callable[[], datetime] = _utc_now
    excluded: frozenset[str] = frozenset()
    """Native ids from --exclude-session."""


def recorder(
    settings: Settings,
    *,
    embedder: Callable[[], Embedder] = bundled,
    clock: Callable[[], datetime] = _utc_now,
    exclude: Iterable[str] = (),
) -> Recorder:
    """A recorder for one run."""
    return Recorder(settings, next(ids(clock())), embedder, clock, frozenset(exclude))


@dataclass(frozen=True, slots=True)
class _Run:
    """One source, read and extracted."""

    source: Source
    reader: Reader
    reading: Reading
    sessions: tuple[Session, ...]
    """All of them, those left out emptied."""
    ingested: tuple[Ingested, ...]
    """Those with words."""
    outlines: tuple[Outline, ...]
    input_fingerprint: str

    @property
    def origin(self) -> Origin:
        """The source as the store names it."""
        return Origin(self.source.uri, self.reader.name)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What became of a run's sessions, in the order of `_Run.ingested`."""

    saved: tuple[Saved, ...]
    replaced: int = 0
    is_new_batch: bool = False


def ingest_source(
    recorder: Recorder, source: Source, reader: Reader, *, progress: Callable[[int, int], None] = lambda *_: None
) -> SourceReport:
    """Bring the store up to what a source says now, and tell what became of every unit of it.

    `progress`: called with (sessions done, sessions in the source).
    Raises: SourceError, and nothing of the source is stored; StoreError, and what was saved before stays.
    """
    reading = read(source, reader)
    origin = Origin(source.uri, reader.name)
    sessions, is_new = _admitted(recorder, origin, reading.sessions)
    ingested = tuple(extract(session) for session in sessions if session.utterances)
    marks = tuple(outline(item) for item in ingested)
    run = _Run(source, reader, reading, sessions, ingested, marks, input_fingerprint(source))
    held: list[Saved | None] = [None] * len(ingested)
    kept = None
    if not is_new:
        run, held, kept = _compared(recorder, run)
    kept = kept or _save(recorder, run, held, progress)
    return _report(run, kept, _batch(recorder, run, kept.saved))


def input_fingerprint(source: Source) -> str:
    """The fingerprint of a source's bytes; of a folder that is one export, of its files by name."""
    if source.members:
        return fingerprint([[member.name, input_fingerprint(member)] for member in source.members])
    with source.open() as stream:
        return fingerprint_of_bytes(iter(lambda: stream.read(_CHUNK_BYTES), b""))


def tidy(recorder: Recorder) -> None:
    """Sort the search index when much was appended to it: to be called once at the end of a run."""
    with _reading(recorder) as db:
        is_due = is_sort_due(db)
    if is_due:
        with _writing(recorder) as db:
            sort_postings(db)


def _reading(recorder: Recorder) -> AbstractContextManager[Db]:
    return open_reader(recorder.settings.store, wait_s=recorder.settings.wait_s * _WAITS)


def _writing(recorder: Recorder) -> AbstractContextManager[Db]:
    return open_writer(recorder.settings.store, wait_s=recorder.settings.wait_s * _WAITS)


def _admitted(recorder: Recorder, origin: Origin, sessions: Sequence[Session]) -> tuple[tuple[Session, ...], bool]:
    """The sessions, those to be left out emptied, without what others hold already; and whether all are new.

    One that is held from a time before it asked to be left out is forgotten, under a content's id too.
    """
    if not recorder.settings.store.exists():
        with _writing(recorder):
            pass
    named = [excluded(item) if item.native_id in recorder.excluded else item for item in sessions]
    with _reading(recorder) as db:
        admitted = tuple(_admit(db, session) for session in named)
        held = [frozenset(one.session_id for one in known_as(db, item.kind, item.native_id)) for item in named]
        before = content_sessions(db, origin)
    leaving = [position for position, session in enumerate(named) if _is(session, OFF_THE_RECORD)]
    unwanted = frozenset[str]().union(*(held[position] for position in leaving))
    if any(named[position].identity == "content" for position in leaving):
        unwanted |= before.difference(*held)
    for session_id in sorted(unwanted):
        _forget(recorder, session_id)
    return admitted, bool(held) and not any(held) and not before


def _forget(recorder: Recorder, session_id: str) -> None:
    settings, now = recorder.settings, recorder.clock()
    wait_s = settings.wait_s * _WAITS
    forget_session(settings.store, session_id, wait_s=wait_s, now=now, actor=settings.actor, reason=OFF_THE_RECORD)


def _admit(db: Db, session: Session) -> Session:
    if not session.utterances:
        return session
    if was_forgotten(db, session.kind, session.native_id):
        aside = dict(excluded(session).set_aside)
        aside[FORGOTTEN] = aside.pop(OFF_THE_RECORD)
        return replace(excluded(session), set_aside=tuple(sorted(aside.items())))
    return without(session, copied(db, session)) if session.kind == "agent_session" else session


def _is(session: Session, rule: str) -> bool:
    """Whether the session was set aside as a whole."""
    return not session.utterances and rule in dict(session.set_aside)


def _compared(recorder: Recorder, run: _Run) -> tuple[_Run, list[Saved | None], _Kept | None]:
    """The run without what other parts of its conversations hold; what of it is held; and its result, where all is."""
    with _reading(recorder) as db:
        found = _matches(db, run)
        if not any(one.copied for one in found):
            return run, *_settled(db, recorder, run, found)
    run = _apart(run, found)
    with _reading(recorder) as db:
        return run, *_settled(db, recorder, run, _matches(db, run))


def _matches(db: Db, run: _Run) -> list[Match]:
    found: list[Match] = []
    given: set[str] = set()
    for ingested, mark in zip(run.ingested, run.outlines, strict=True):
        one = match(db, ingested.session, run.source.uri, mark.session, given=frozenset(given))
        found.append(one)
        given |= {one.held.session_id} if one.held is not None and one.fate != "replaced" else set()
    return found


def _apart(run: _Run, found: Sequence[Match]) -> _Run:
    """The run with only the part of each session that it adds to what other sources hold of the conversation."""
    worded = [position for position, session in enumerate(run.sessions) if session.utterances]
    sessions = list(run.sessions)
    known = {}
    for position, ingested, mark, one in zip(worded, run.ingested, run.outlines, found, strict=True):
        known[position] = (ingested, mark)
        if one.copied:
            sessions[position] = without(sessions[position], one.copied)
            rest = extract(sessions[position])
            known[position] = (rest, outline(rest))
    left = [known[position] for position in worded if sessions[position].utterances]
    ingested_left = tuple(ingested for ingested, _ in left)
    return replace(run, sessions=tuple(sessions), ingested=ingested_left, outlines=tuple(mark for _, mark in left))


def _settled(db: Db, recorder: Recorder, run: _Run, found: Sequence[Match]) -> tuple[list[Saved | None], _Kept | None]:
    """What of the run is held; and its result where the store holds exactly that already."""
    held = [standing(db, *one) for one in zip(run.ingested, run.outlines, found, strict=True)]
    saved = tuple(item for item in held if item is not None)
    if len(saved) < len(held) or due_supersessions(db):
        return held, None
    is_held = is_recorded(db, _batch(recorder, run, saved), _given(run, saved))
    return held, _Kept(saved) if is_held else None


def _save(recorder: Recorder, run: _Run, held: Sequence[Saved | None], progress: Callable[[int, int], None]) -> _Kept:
    """Save what is not held, each session in its own transaction, and end the run in the last one's opening."""
    due = [position for position, saved in enumerate(held) if saved is None]
    done = list(held)
    for count, position in enumerate(due, start=1):
        ready = prepared(run.ingested[position], run.outlines[position], recorder.embedder())
        with _writing(recorder) as db:
            now, actor = recorder.clock(), recorder.settings.actor
            given = frozenset(item.session_id for item in done if item is not None)
            done[position] = save_session(db, ready, run.origin, now=now, actor=actor, given=given)
            progress(len(held) - len(due) + count, len(held))
            if count == len(due):
                return _finish(db, recorder, run, done)
    with _writing(recorder) as db:
        return _finish(db, recorder, run, done)


def _finish(db: Db, recorder: Recorder, run: _Run, done: Sequence[Saved | None]) -> _Kept:
    saved = tuple(item for item in done if item is not None)
    trail = Trail(recorder.settings.actor, recorder.clock())
    with transaction(db):
        replaced = close_replaced(db, trail, run.origin, _given(run, saved))
        is_new = record_batch(db, trail, _batch(recorder, run, saved), _refused(run, saved))
        supersede(db, trail, due_supersessions(db))
        trail.write(db)
    return _Kept(saved, replaced, is_new)


def _given(run: _Run, saved: Sequence[Saved]) -> Given:
    """What the source gave; one that was forgotten or is off the record says nothing about what is held."""
    left_out = (session for session in run.sessions if _is(session, FORGOTTEN) or _is(session, OFF_THE_RECORD))
    unknown = {(session.kind, session.native_id) for session in left_out}
    keys = {(session.kind, session.native_id) for session in run.sessions}
    return Given(frozenset(item.session_id for item in saved), frozenset(keys - unknown))


def _refused(run: _Run, saved: Sequence[Saved]) -> list[Refused]:
    """Refused while reading, then while extracting."""
    found = [Refused("read", item.reason, item.where, item.text, item.units) for item in run.reading.rejected]
    for ingested, kept in zip(run.ingested, saved, strict=True):
        found += [
            Refused("extract", item.reason, item.where, item.text, item.units, kept.session_id)
            for item in ingested.rejected
        ]
    return found


def _batch(recorder: Recorder, run: _Run, saved: Sequence[Saved]) -> Batch:
    decisions = sorted({mark for item in run.outlines for mark in item.decisions})
    refused = _refused(run, saved)
    output = {
        "sessions": sorted(item.content for item in run.outlines),
        "decisions": decisions,
        "refused": sorted(refused_fingerprints(refused)),
    }
    return Batch(
        run_id=recorder.run_id,
        origin=run.origin,
        unit=run.reader.unit,
        input_fingerprint=run.input_fingerprint,
        schema_fingerprint=schema_fingerprint(),
        extractor_fingerprint=extractor_fingerprint(run.reader),
        output_fingerprint=fingerprint(output),
        read_count=run.reading.read,
        kept_count=sum(session.kept for session in run.sessions),
        set_aside=_summed(session.set_aside for session in run.sessions),
        quarantined_count=sum(item.units for item in run.reading.rejected),
        masked=_summed(item.masked for item in run.ingested),
        irregular=[item.model_dump() for item in _irregular(run)],
        session_count=len(run.ingested),
        decision_count=sum(len(set(item.decisions)) for item in run.outlines),
    )


def _report(run: _Run, kept: _Kept, batch: Batch) -> SourceReport:
    bases = [session.time_basis for session in run.sessions if session.utterances]
    return SourceReport(
        source=batch.origin.uri,
        reader=batch.origin.reader,
        unit=batch.unit,
        outcome=_outcome(kept),
        read=batch.read_count,
        kept=batch.kept_count,
        set_aside=sum(batch.set_aside.values()),
        quarantined=batch.quarantined_count,
        set_aside_by_rule=[RuleCount(rule=rule, count=count) for rule, count in batch.set_aside.items()],
        masked=[RuleCount(rule=rule, count=count) for rule, count in batch.masked.items()],
        irregular=_irregular(run),
        sessions=batch.session_count,
        decisions=batch.decision_count,
        signature=str(batch_row(batch)["signature"]),
        date_basis="assumed" if "assumed" in bases else next(iter(bases), None),
    )


def _outcome(kept: _Kept) -> Outcome:
    outcomes = {item.outcome for item in kept.saved}
    if outcomes == {"unchanged"} or not outcomes:
        return "updated" if kept.replaced else ("added" if kept.is_new_batch and not outcomes else "unchanged")
    return "added" if outcomes == {"added"} and not kept.replaced else "updated"


def _summed(counts: Iterable[Iterable[tuple[str, int]]]) -> dict[str, int]:
    total = Counter[str]()
    for count in counts:
        total.update(dict(count))
    return dict(sorted(total.items()))


def _irregular(run: _Run) -> list[IrregularCount]:
    found: dict[IrregularKind, IrregularCount] = {}
    for item in run.ingested:
        for one in item.irregular:
            before = found.get(one.kind)
            count = one.count + (before.count if before else 0)
            found[one.kind] = IrregularCount(kind=one.kind, count=count, first=before.first if before else one.first)
    return list(found.values())
