"""The write side: a source is read, extracted, embedded and saved; CLI and MCP both call these.

Reading, extracting and embedding happen before the lock is asked for. Each session is one transaction, the batch row
comes last, and the lock is free between sessions: a killed run loses only what it had not reported, and the same run
again completes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from ingest.pipeline import OFF_THE_RECORD
from ingest.records import Reader, Source
from intent_server.answers_record import HeldCounts, RuleCount, SourceReport
from intent_server.config import Settings
from intent_server.record_correct import index_again
from intent_server.record_hearing import forget_transcripts, transcript_folder, transcripts_of_session
from intent_server.record_linking import link_sessions
from intent_server.record_links import due_supersessions
from intent_server.record_llm import forget_answers
from intent_server.record_llm_answers import places_of_session
from intent_server.record_prepare import prepared
from intent_server.record_reading import (
    Compared,
    Recorder,
    Run,
    batch_of,
    compared,
    given_by,
    input_fingerprint,
    irregular_of,
    is_left_out,
    is_only_reader,
    read_in,
    reading_store,
    recorder,
    refused,
)
from intent_server.record_unchanged import lost_note
from intent_server.store.audit import Trail, begun
from intent_server.store.batch import batch_row, close_replaced, record_batch, words_at
from intent_server.store.change import close_decisions, supersede
from intent_server.store.connect import Db, open_reader, open_writer, transaction
from intent_server.store.forget import forget_session
from intent_server.store.index import is_sort_due, sort_postings, unindex_decision
from intent_server.store.known_decisions import doubled_decisions
from intent_server.store.quarantine import lost_words_count
from intent_server.store.review_learn import close_learned
from intent_server.store.review_moves import go_on
from intent_server.store.review_state import rows_of
from intent_server.store.rows import fetched
from intent_server.store.save import Outcome, Saved, Tally, save_session

__all__ = ["Recorder", "held_counts", "ingest_source", "input_fingerprint", "recorder", "tidy"]


_MOST_SESSIONS, _MOST_UTTERANCES = 16, 64
_Words = Counter[tuple[str, str]]
"""How often each speaker's words are held of a place."""


@dataclass(frozen=True, slots=True)
class Turns:
    """What a run changed in the turns held of a place, told apart by speaker and words."""

    before: int = 0
    added: int = 0
    gone: int = 0
    """Held before, and not as the place is read now: their rows are history."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What became of a run's sessions, in the order of `Run.ingested`."""

    saved: tuple[Saved, ...]
    replaced: int = 0
    is_new_batch: bool = False
    lost: int = 0
    """Reviewed decisions whose words are gone from the source: they wait in quarantine."""
    turns: Turns = Turns()


def ingest_source(
    recorder: Recorder, source: Source, reader: Reader, *, progress: Callable[[int, int], None] = lambda *_: None
) -> SourceReport:
    """Bring the store up to what a source says now, and tell what became of every unit of it.

    `progress`: called with (sessions done, sessions in the source).
    Raises: SourceError, and nothing of the source is stored; StoreError, and what was saved before stays.
    """
    run, allowed = read_in(recorder, source, reader)
    for session_id in sorted(allowed.unwanted):
        _forget(recorder, session_id)
    if source.hearing is not None and any(map(is_left_out, run.sessions)):
        forget_transcripts([transcript_folder(recorder.settings.store, run.input_fingerprint)])
    found = Compared(run, (None,) * len(run.ingested), is_recorded=False)
    if not allowed.is_new:
        found = compared(recorder, run)
    if found.is_recorded:
        kept = _Kept(_whole(found.held))
    else:
        kept = _save(recorder, found, progress, _Words() if allowed.is_new else _held_words(recorder, run))
    return _report(found.run, recorder, kept)


def _held_words(recorder: Recorder, run: Run) -> _Words:
    with reading_store(recorder) as db:
        return words_at(db, run.origin, is_file=is_only_reader(run.source))


def _turns(db: Db, run: Run, before: _Words) -> Turns:
    """`before`: the words held of the place before the run; of a place that held none nothing is told."""
    if not before:
        return Turns()
    now = words_at(db, run.origin, is_file=is_only_reader(run.source))
    return Turns(before.total(), added=(now - before).total(), gone=(before - now).total())


def tidy(recorder: Recorder) -> None:
    """Sort the search index when much was appended to it: to be called once at the end of a run."""
    with reading_store(recorder) as db:
        is_due = is_sort_due(db)
    if is_due:
        with _writing(recorder) as db:
            sort_postings(db)


def held_counts(settings: Settings) -> HeldCounts | None:
    """How many decisions the store holds now; None where there is no store."""
    if not settings.store.exists():
        return None
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        row = next(fetched(db, "held_counts"))
    return HeldCounts(decisions=int(str(row["delivered"])), waiting=int(str(row["waiting"])))


def _writing(recorder: Recorder) -> AbstractContextManager[Db]:
    return open_writer(recorder.settings.store, wait_s=recorder.wait_s)


def _forget(recorder: Recorder, session_id: str) -> None:
    place, now = recorder.settings.store, recorder.clock()
    with reading_store(recorder) as db:
        answers = places_of_session(db, place, session_id)
        heard = transcripts_of_session(db, place, session_id)
    forget_answers(answers)
    forget_transcripts(heard)
    forget_session(place, session_id, wait_s=recorder.wait_s, now=now, actor=recorder.actor, reason=OFF_THE_RECORD)


def _save(recorder: Recorder, found: Compared, progress: Callable[[int, int], None], before: _Words) -> _Kept:
    """Save what is not held, each session in its own transaction, and end the run in the last one's opening.

    Small sessions share an opening of the store, which takes as long as saving one of them.
    """
    run, done = found.run, list(found.held)
    due = [position for position, saved in enumerate(done) if saved is None]
    for chunk in _openings(run, due):
        ready = [prepared(run.ingested[at], run.outlines[at], recorder.embedder()) for at in chunk]
        with _writing(recorder) as db:
            for at, one in zip(chunk, ready, strict=True):
                given = frozenset(item.session_id for item in done if item is not None)
                done[at] = save_session(db, one, run.origin, now=recorder.clock(), actor=recorder.actor, given=given)
                _index_reopened(db, recorder, done[at])
                progress(len(_whole(done)), len(done))
            if chunk[-1] == due[-1]:
                return _finish(db, recorder, run, _whole(done), before)
    with _writing(recorder) as db:
        return _finish(db, recorder, run, _whole(done), before)


def _index_reopened(db: Db, recorder: Recorder, saved: Saved | None) -> None:
    """Decisions that go on as their words came again are found by their own words, not by the newer extractor's."""
    if saved is not None and saved.reopened:
        with transaction(db):
            for decision_id in saved.reopened:
                index_again(db, decision_id, recorder.embedder())


def _openings(run: Run, due: Sequence[int]) -> Iterator[list[int]]:
    """Which sessions are saved in one opening: small ones together, up to 64 utterances, so that nobody waits long."""
    chunk: list[int] = []
    size = 0
    for at in due:
        own = len(run.ingested[at].session.utterances)
        if chunk and (len(chunk) == _MOST_SESSIONS or size + own > _MOST_UTTERANCES):
            yield chunk
            chunk, size = [], 0
        chunk.append(at)
        size += own
    if chunk:
        yield chunk


def _whole(held: Sequence[Saved | None]) -> tuple[Saved, ...]:
    return tuple(item for item in held if item is not None)


def _finish(db: Db, recorder: Recorder, run: Run, saved: tuple[Saved, ...], before: _Words) -> _Kept:
    trail = begun(db, recorder.actor, recorder.clock())
    with transaction(db):
        given = given_by(run, saved)
        replaced = close_replaced(db, trail, run.origin, given)
        if replaced:
            _join_doubled(db, trail, recorder, run, saved)
        is_new = record_batch(db, trail, batch_of(recorder, run), refused(run, saved), given)
        supersede(db, trail, due_supersessions(db))
        close_learned(db, trail)
        if recorder.is_linking:
            link_sessions(db, trail.now, [item.session_id for item in saved])
        trail.write(db)
    return _Kept(saved, replaced, is_new, lost_words_count(db, run.source.uri), _turns(db, run, before))


def _join_doubled(db: Db, trail: Trail, recorder: Recorder, run: Run, saved: tuple[Saved, ...]) -> None:
    """What people said of decisions goes on in the session that has their words now; none is held twice."""
    for ingested, mark, kept in zip(run.ingested, run.outlines, saved, strict=True):
        doubled = doubled_decisions(db, ingested, mark.decisions, kept.session_id, run.origin.uri)
        for fresh, reviewed in doubled.items():
            if _is_in(db, reviewed, kept.session_id) or go_on(db, trail, reviewed, kept.session_id):
                close_decisions(db, trail, [fresh], reason="a reviewed decision says it")
                unindex_decision(db, fresh)
                index_again(db, reviewed, recorder.embedder())


def _is_in(db: Db, decision_id: str, session_id: str) -> bool:
    last = rows_of(db, decision_id)[-1]
    return last["recorded_to"] is None and last["session_id"] == session_id


def _report(run: Run, recorder: Recorder, kept: _Kept) -> SourceReport:
    batch = batch_of(recorder, run)
    bases = [session.time_basis for session in run.sessions if session.utterances]
    changes = sum((item.tally for item in kept.saved), Tally())
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
        irregular=irregular_of(run),
        sessions=batch.session_count,
        decisions=batch.decision_count - changes.waiting,
        waiting=changes.waiting,
        added=changes.added,
        gone=changes.gone,
        changed=changes.changed,
        kept_by_verdict=changes.kept,
        turns_before=kept.turns.before,
        turns_added=kept.turns.added,
        turns_gone=kept.turns.gone,
        signature=str(batch_row(batch)["signature"]),
        notes=list(_notes(run, kept)),
        date_basis="assumed" if "assumed" in bases else next(iter(bases), None),
    )


def _notes(run: Run, kept: _Kept) -> Iterator[str]:
    """What the sessions note, each once, which of them other places hold or held, and what a person must see to."""
    yield from dict.fromkeys(note for item in run.ingested for note in item.session.notes)
    yield from dict.fromkeys(_told_twice(item.elsewhere, item.outcome) for item in kept.saved if item.elsewhere)
    yield from lost_note(kept.lost)


def _told_twice(place: str, outcome: str) -> str:
    if outcome == "unchanged":
        return f"the same session is held from {place}: nothing of it was added"
    return f"the same session as in {place}, with more of it: it is held once, from here"


def _outcome(kept: _Kept) -> Outcome:
    outcomes = {item.outcome for item in kept.saved}
    if outcomes == {"unchanged"} or not outcomes:
        return "updated" if kept.replaced else ("added" if kept.is_new_batch and not outcomes else "unchanged")
    return "added" if outcomes == {"added"} and not kept.replaced else "updated"
