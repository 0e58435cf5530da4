"""Part of the write side: one source read and extracted, and what of it the store holds already; no row is written.

`intent ingest` goes on from here to saving; `intent verify` stops here and compares signatures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ingest.fingerprint import fingerprint, fingerprint_of_bytes
from ingest.pipeline import OFF_THE_RECORD, Reading, excluded, extract, extractor_fingerprint, read, without
from ingest.records import Ingested, IrregularKind, Reader, Session, Source
from intent_server.answers_record import IrregularCount
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder, bundled
from intent_server.embed_models import chosen_model
from intent_server.record_hearing import declared_hearing
from intent_server.record_links import due_supersessions
from intent_server.record_llm import Extract, with_answers
from intent_server.store.batch import Batch, Given, Refused, content_sessions, is_recorded, refused_fingerprints
from intent_server.store.connect import Db, open_reader, open_writer
from intent_server.store.forget import forgotten_records
from intent_server.store.ids import ids
from intent_server.store.known import Match, known_as, match
from intent_server.store.migrate import schema_fingerprint
from intent_server.store.rows import stamp
from intent_server.store.save import Origin, Outline, Saved, copied, outline, standing, tombstone_id, was_forgotten

FORGOTTEN = "forgotten"
"""Set-aside rule of what `intent forget` removed: it does not come back by itself, nor as a fork's copy."""
_CHUNK_BYTES = 1 << 20
_WAITS = 6
"""How many times as long as a question a run waits for the store (30 s by default): nobody waits for its answer, and
with four runs and ten readers on two busy cores the last in line was seen to wait 2.6 s."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Recorder:
    """What one ingest run needs: where to, by whom, by what model, when, and what was asked for."""

    settings: Settings
    run_id: str
    actor: str
    """Who runs it, as the audit table names them."""
    embedder: Callable[[], Embedder] = bundled
    clock: Callable[[], datetime] = _utc_now
    excluded: frozenset[str] = frozenset()
    """What stands for the native ids from --exclude-session: `save.tombstone_id` of each."""
    reader_name: str | None = None
    """From --reader."""
    extract: Callable[[Session], Ingested] = extract
    """What finds the decisions: the passes alone, or a language model beside them."""
    is_linking: bool = True
    """Whether the decisions of each source are tied at once; not where all links are planned right after."""

    @property
    def wait_s(self) -> float:
        """How long the run waits for the store."""
        return self.settings.wait_s * _WAITS


def recorder(
    settings: Settings,
    *,
    embedder: Callable[[], Embedder] | None = None,
    clock: Callable[[], datetime] = _utc_now,
    exclude: Iterable[str] = (),
    reader_name: str | None = None,
    by: Actor | None = None,
    extract: Extract | None = None,
) -> Recorder:
    """A recorder for one run, by the settings' actor where nobody else is named.

    `extract`: the passes, with what a language model answered before, where nothing else is given.
    """
    actor = by or Actor(settings.actor)
    left_out = frozenset(map(tombstone_id, exclude))
    find = extract or with_answers(settings)
    model = embedder or chosen_model(settings)
    return Recorder(settings, next(ids(clock())), actor.label, model, clock, left_out, reader_name, find)


@dataclass(frozen=True, slots=True)
class Run:
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
class Admitted:
    """The sessions of a source, those to be left out emptied, without what other sessions hold already."""

    sessions: tuple[Session, ...]
    unwanted: frozenset[str]
    """Ids of held sessions that are off the record now: to be forgotten."""
    is_new: bool
    """The store holds nothing of the source."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A run without what other parts of its conversations hold, and what the store holds of it."""

    run: Run
    held: tuple[Saved | None, ...]
    """In the order of `run.ingested`; None where saving would change rows."""
    is_recorded: bool
    """Whether the store holds exactly this and the newest batch says so: nothing is left to do."""


def reading_store(run_by: Recorder) -> AbstractContextManager[Db]:
    """A reading connection, with the patience of a run."""
    return open_reader(run_by.settings.store, wait_s=run_by.wait_s)


def admitted(db: Db, run_by: Recorder, origin: Origin, sessions: Sequence[Session]) -> Admitted:
    """What of the sessions may be kept.

    One that is held from a time before it asked to be left out is unwanted, under a content's id too.
    """
    named = [excluded(item) if tombstone_id(item.native_id) in run_by.excluded else item for item in sessions]
    kept = tuple(_admit(db, session) for session in named)
    held = [frozenset(one.session_id for one in known_as(db, item.kind, item.native_id)) for item in named]
    before = content_sessions(db, origin)
    leaving = [position for position, session in enumerate(named) if _is(session, OFF_THE_RECORD)]
    unwanted = frozenset[str]().union(*(held[position] for position in leaving))
    if any(named[position].identity == "content" for position in leaving):
        unwanted |= before.difference(*held)
    return Admitted(kept, unwanted, bool(held) and not any(held) and not before)


def run_of(run_by: Recorder, source: Source, reader: Reader, reading: Reading, sessions: tuple[Session, ...]) -> Run:
    """The admitted sessions extracted; slow, so not to be called while the store is open."""
    ingested = tuple(run_by.extract(session) for session in sessions if session.utterances)
    return Run(source, reader, reading, sessions, ingested, tuple(map(outline, ingested)), input_fingerprint(source))


def compared(run_by: Recorder, run: Run) -> Compared:
    """The run beside the store; opens it once, and once more where parts of a conversation are left to others."""
    with reading_store(run_by) as db:
        found = _matches(db, run)
        if not any(one.copied for one in found):
            return _settled(db, run_by, run, found)
    run = _apart(run_by, run, found)
    with reading_store(run_by) as db:
        return _settled(db, run_by, run, _matches(db, run))


def batch_of(run_by: Recorder, run: Run) -> Batch:
    """The batch that stands for a run."""
    decisions = sorted({mark for item in run.outlines for mark in item.decisions})
    output = {
        "sessions": sorted(item.content for item in run.outlines),
        "decisions": decisions,
        "refused": sorted(refused_fingerprints(refused(run))),
    }
    return Batch(
        run_id=run_by.run_id,
        origin=run.origin,
        unit=run.reader.unit,
        input_fingerprint=run.input_fingerprint,
        schema_fingerprint=schema_fingerprint(),
        extractor_fingerprint=_extractors(run),
        output_fingerprint=fingerprint(output),
        read_count=run.reading.read,
        kept_count=sum(session.kept for session in run.sessions),
        set_aside=_summed(session.set_aside for session in run.sessions),
        quarantined_count=sum(item.units for item in run.reading.rejected),
        masked=_summed(item.masked for item in run.ingested),
        irregular=[item.model_dump() for item in irregular_of(run)],
        session_count=len(run.ingested),
        decision_count=sum(len(set(item.decisions)) for item in run.outlines),
        declared=declared_of(run_by, run.source, _left_out(run_by, run)),
    )


def given_by(run: Run, saved: Sequence[Saved]) -> Given:
    """What the source gave; one that was forgotten or is off the record says nothing about what is held."""
    left_out = filter(is_left_out, run.sessions)
    unknown = {(session.kind, session.native_id) for session in left_out}
    keys = {(session.kind, session.native_id) for session in run.sessions}
    session_ids = frozenset(item.session_id for item in saved)
    return Given(session_ids, frozenset(keys - unknown), is_only_reader(run.source))


def is_only_reader(source: Source) -> bool:
    """Whether nobody but the reader of a source reads its place: it is a file."""
    return source.path is not None and not source.members


def refused(run: Run, saved: Sequence[Saved | None] = ()) -> list[Refused]:
    """Refused while reading, then while extracting; `saved` tells the sessions' ids, in the order of `run.ingested`."""
    found = [Refused("read", item.reason, item.where, item.text, item.units) for item in run.reading.rejected]
    for ingested, kept in zip(run.ingested, saved or [None] * len(run.ingested), strict=True):
        session_id = kept.session_id if kept is not None else None
        found += [
            Refused("extract", item.reason, item.where, item.text, item.units, session_id) for item in ingested.rejected
        ]
    return found


def irregular_of(run: Run) -> list[IrregularCount]:
    """Invisible and look-alike characters by kind, over all sessions."""
    found: dict[IrregularKind, IrregularCount] = {}
    for item in run.ingested:
        for one in item.irregular:
            before = found.get(one.kind)
            count = one.count + (before.count if before else 0)
            found[one.kind] = IrregularCount(kind=one.kind, count=count, first=before.first if before else one.first)
    return list(found.values())


def input_fingerprint(source: Source) -> str:
    """The fingerprint of a source's bytes; of a folder that is one export, of its files by name."""
    if source.members:
        return fingerprint([[member.name, input_fingerprint(member)] for member in source.members])
    with source.open() as stream:
        return fingerprint_of_bytes(iter(lambda: stream.read(_CHUNK_BYTES), b""))


def read_in(run_by: Recorder, source: Source, reader: Reader) -> tuple[Run, Admitted]:
    """A source read, admitted and extracted, in that order; an empty store is made where there is none.

    Raises: SourceError, StoreError.
    """
    reading = read(source, reader)
    if not run_by.settings.store.exists():
        with open_writer(run_by.settings.store, wait_s=run_by.wait_s):
            pass
    with reading_store(run_by) as db:
        allowed = admitted(db, run_by, Origin(source.uri, reader.name), reading.sessions)
    return run_of(run_by, source, reader, reading, allowed.sessions), allowed


def _admit(db: Db, session: Session) -> Session:
    if not session.utterances:
        return session
    if was_forgotten(db, session.kind, session.native_id):
        aside = dict(excluded(session).set_aside)
        aside[FORGOTTEN] = aside.pop(OFF_THE_RECORD)
        return replace(excluded(session), set_aside=tuple(sorted(aside.items())))
    if session.kind != "agent_session":  # elsewhere a record's id (`u1`) may be that of a record of another session
        return session
    session = without(session, forgotten_records(db, session), FORGOTTEN)
    return without(session, copied(db, session))


def is_left_out(session: Session) -> bool:
    """Whether the session is off the record, or was forgotten."""
    return _is(session, FORGOTTEN) or _is(session, OFF_THE_RECORD)


def _is(session: Session, rule: str) -> bool:
    """Whether the session was set aside as a whole."""
    return not session.utterances and rule in dict(session.set_aside)


def _matches(db: Db, run: Run) -> list[Match]:
    found: list[Match] = []
    given: set[str] = set()
    for ingested, mark in zip(run.ingested, run.outlines, strict=True):
        one = match(db, ingested.session, run.source.uri, mark.session, given=frozenset(given))
        found.append(one)
        given |= {one.held.session_id} if one.held is not None and one.fate != "replaced" else set()
    return found


def _apart(run_by: Recorder, run: Run, found: Sequence[Match]) -> Run:
    """The run with only the part of each session that it adds to what other sources hold of the conversation."""
    worded = [position for position, session in enumerate(run.sessions) if session.utterances]
    sessions = list(run.sessions)
    known = {}
    for position, ingested, mark, one in zip(worded, run.ingested, run.outlines, found, strict=True):
        known[position] = (ingested, mark)
        if one.copied:
            sessions[position] = without(sessions[position], one.copied)
            rest = run_by.extract(sessions[position])
            known[position] = (rest, outline(rest))
    left = [known[position] for position in worded if sessions[position].utterances]
    ingested_left = tuple(ingested for ingested, _ in left)
    return replace(run, sessions=tuple(sessions), ingested=ingested_left, outlines=tuple(mark for _, mark in left))


def _settled(db: Db, run_by: Recorder, run: Run, found: Sequence[Match]) -> Compared:
    held = tuple(standing(db, *one) for one in zip(run.ingested, run.outlines, found, strict=True))
    saved = tuple(item for item in held if item is not None)
    if len(saved) < len(held) or due_supersessions(db):
        return Compared(run, held, is_recorded=False)
    return Compared(run, held, is_recorded(db, batch_of(run_by, run), given_by(run, saved)))


def _extractors(run: Run) -> str:
    """What stands behind the run's output: the reader and the passes, and the models whose answers are in it."""
    names = {name for item in run.ingested for one in item.candidates for name in one.extractor.split("+")}
    models = sorted(name for name in names if name.startswith("llm/"))
    passes = extractor_fingerprint(run.reader)
    return fingerprint([passes, *models]) if models else passes


def _left_out(run_by: Recorder, run: Run) -> frozenset[str]:
    return run_by.excluded.intersection(tombstone_id(session.native_id) for session in run.sessions)


def declared_of(run_by: Recorder, source: Source, left_out: Iterable[str] = ()) -> Mapping[str, object]:
    """What was said of the source when it was read, so that it can be read so again."""
    return {
        "encoding": source.encoding,
        "date": stamp(source.date),
        "reader": run_by.reader_name,
        "excluded": sorted(left_out),
        **declared_hearing(source.hearing),
    }


def _summed(counts: Iterable[Iterable[tuple[str, int]]]) -> dict[str, int]:
    total = Counter[str]()
    for count in counts:
        total.update(dict(count))
    return dict(sorted(total.items()))
