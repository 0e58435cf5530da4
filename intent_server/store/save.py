"""One ingested session into the store, in one transaction; the same fingerprint twice changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Literal

from ingest.fingerprint import fingerprint
from ingest.records import Ingested, Session
from intent_server.store.audit import Trail, begun
from intent_server.store.change import close_decisions, close_session
from intent_server.store.connect import Db, transaction
from intent_server.store.ids import ids
from intent_server.store.index import IndexDocument, Model, index_session, unindex_session
from intent_server.store.known import Held, Match, match
from intent_server.store.known_decisions import Paired, paired_decisions
from intent_server.store.review import same_words
from intent_server.store.review_learn import learn
from intent_server.store.review_moves import go_on
from intent_server.store.review_state import rows_of
from intent_server.store.rows import (
    Row,
    content_fingerprint,
    decision_content,
    decision_fingerprint,
    decision_rows,
    fetched,
    insert,
    session_facts,
    session_fingerprint,
    stamp,
    utterance_row,
    utterances_fingerprint,
)
from intent_server.store.sql import query
from intent_server.store.verdicts import choice_spans

Outcome = Literal["added", "unchanged", "updated"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a session comes from."""

    uri: str
    reader: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The fingerprints by which a session is known again."""

    session: str
    content: str
    """Without its place: equal on every machine."""
    decisions: tuple[str, ...]
    """By candidate position."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An ingested session, ready to be saved: nothing slow is left to do under the lock."""

    ingested: Ingested
    outline: Outline
    documents: tuple[IndexDocument, ...]
    model: Model


@dataclass(frozen=True, slots=True)
class Tally:
    """What reading a session anew did to its decisions, each counted once."""

    added: int = 0
    """Found for the first time."""
    gone: int = 0
    """Found no longer."""
    changed: int = 0
    """Found again with other words, parts, confidence or status: the old row is closed, a new one added."""
    kept: int = 0
    """As a person left them, though the source read now would have them otherwise."""
    waiting: int = 0
    """Found, and waiting for a person's review."""

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.added + other.added,
            self.gone + other.gone,
            self.changed + other.changed,
            self.kept + other.kept,
            self.waiting + other.waiting,
        )


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a session did."""

    outcome: Outcome
    session_id: str
    decision_ids: tuple[str, ...]
    """By candidate position; equal candidates, and those of one that a person judged, are one decision."""
    tally: Tally = field(default_factory=Tally)
    reopened: tuple[str, ...] = ()
    """Decisions whose words came again: they go on with their own, which the index is to be told."""
    elsewhere: str | None = None
    """The other place that the same session was read from before, where it is held or was until now."""


def outline(ingested: Ingested) -> Outline:
    """The fingerprints of a session and its candidates."""
    session = ingested.session
    facts = session_facts(session)
    words = utterances_fingerprint(map(utterance_row, session.utterances), session.time_basis)
    return Outline(
        session=session_fingerprint(facts, words),
        content=content_fingerprint(facts, words),
        decisions=tuple(decision_fingerprint(decision_content(item, session)) for item in ingested.candidates),
    )


def standing(db: Db, ingested: Ingested, known: Outline, found: Match) -> Saved | None:
    """What is held, where that is exactly this session with these decisions; None where saving would change rows."""
    if found.held is None or found.copied:
        return None
    if found.fate == "held":
        return Saved("unchanged", found.held.session_id, (), elsewhere=found.held.uri)
    if found.fate == "replaced" or found.held.fingerprint != known.session:
        return None
    session_id = found.held.session_id
    paired = paired_decisions(db, ingested, known.decisions, session_id, found.held.uri)
    if paired.gone or paired.again or paired.back or len(paired.ids) < len(set(known.decisions)):
        return None
    tally = Tally(kept=len(paired.judged), waiting=_waiting(ingested, known, paired.ids, paired))
    return Saved("unchanged", session_id, tuple(paired.ids[mark] for mark in known.decisions), tally)


def copied(db: Db, session: Session) -> frozenset[int]:
    """The positions of utterances whose record another open session of this kind already holds: a fork copies them."""
    own = [utterance.native_id for utterance in session.utterances if utterance.native_id is not None]
    if not own:
        return frozenset()
    given = {"ids": json.dumps(own), "source_kind": session.kind, "native_id": session.native_id}
    held = {row[0] for row in db.execute(query("copied_records"), given).fetchall()}
    return frozenset(utterance.index for utterance in session.utterances if utterance.native_id in held)


def was_forgotten(db: Db, kind: str, native_id: str) -> bool:
    """Whether `intent forget` removed the session, so that it must not come back by itself."""
    given = {"source_kind": kind, "native_id": tombstone_id(native_id)}
    return db.execute(query("forgotten_session"), given).fetchone() is not None


def tombstone_id(native_id: str) -> str:
    """What stands for the native id of a forgotten session."""
    return fingerprint({"forgotten": native_id})


def save_session(
    db: Db, prepared: Prepared, origin: Origin, *, now: datetime, actor: str, given: frozenset[str] = frozenset()
) -> Saved:
    """Add the session, or bring what is held of it up to what its source says now.

    Grown (what is held is a beginning of it): the same session_id, new utterances appended, decisions kept where
    their fingerprint is. Otherwise changed: the held session and its decisions are closed and a new one is added. One
    from another place does so only where it tells all that is held and more (see `known.match`). `given`: as there.
    """
    with transaction(db):
        session, mark = prepared.ingested.session, prepared.outline
        found = match(db, session, origin.uri, mark.session, given=given)
        saved = standing(db, prepared.ingested, mark, found)
        if saved is not None:
            return saved
        trail = begun(db, actor, now)
        saved = _saved(db, trail, prepared, origin, found)
        trail.write(db)
        return saved


def source_id(db: Db, trail: Trail, origin: Origin) -> str:
    """The id of a source, added when it is met for the first time."""
    row = db.execute(query("source_by_uri"), {"uri": origin.uri, "reader": origin.reader}).fetchone()
    if row is not None:
        return str(row[0])
    made = next(ids(trail.now))
    facts = {"source_id": made, "uri": origin.uri, "reader": origin.reader, "recorded_from": stamp(trail.now)}
    insert(db, "sources", [facts])
    trail.note("add", "source", made, after=fingerprint([origin.uri, origin.reader]))
    return made


def _saved(db: Db, trail: Trail, prepared: Prepared, origin: Origin, found: Match) -> Saved:
    outcome: Outcome = "added" if found.held is None else "updated"
    held = found.held if found.fate == "kept" else None
    session_id = held.session_id if held is not None else next(ids(trail.now))
    if held is None or held.fingerprint != prepared.outline.session:
        source = held.source_id if held is not None and held.uri == origin.uri else source_id(db, trail, origin)
        _put_session(db, trail, prepared, held, {"session_id": session_id, "source_id": source})
    fresh = prepared.ingested.session.utterances[held.utterance_count if held is not None else 0 :]
    insert(db, "utterances", [{**utterance_row(utterance), "session_id": session_id} for utterance in fresh])
    before: Mapping[str, str] = {}
    if found.held is not None and held is None:
        gone, why = found.held, "its source changed"
        before = _unjudged(db, gone.session_id)
        close_session(db, trail, gone.session_id, fingerprint=gone.fingerprint, reason=why, successor=session_id)
        unindex_session(db, gone.session_id)
    place = held.uri if held is not None else origin.uri
    paired = paired_decisions(db, prepared.ingested, prepared.outline.decisions, session_id, place)
    known = _put_decisions(db, trail, prepared, session_id, paired)
    decision_ids = tuple(known[mark] for mark in prepared.outline.decisions)
    index_session(db, session_id, prepared.documents, decision_ids, prepared.model, kept=paired.kept)
    held_again = tuple(one for one in dict.fromkeys((*paired.again.values(), *paired.back)) if _is_held(db, one))
    elsewhere = found.held.uri if found.held is not None and found.held.uri != origin.uri else None
    return Saved(outcome, session_id, decision_ids, _tally(prepared, paired, known, before), held_again, elsewhere)


def _is_held(db: Db, decision_id: str) -> bool:
    return rows_of(db, decision_id)[-1]["recorded_to"] is None


def _tally(prepared: Prepared, paired: Paired, known: Mapping[str, str], before: Mapping[str, str]) -> Tally:
    """`before`: what the session that this one replaced held, as `_unjudged` gives it."""
    candidates = dict(zip(prepared.outline.decisions, prepared.ingested.candidates, strict=True))
    new = {
        mark: one
        for mark, one in candidates.items()
        if mark not in paired.ids and known[mark] not in paired.again.values()
    }
    moved = {mark for mark in new if mark in before}
    words = {same_words(choice_spans(one)[0].quote): mark for mark, one in new.items() if mark not in moved}
    reworded = {mark for mark, choice in before.items() if mark not in moved and choice in words}
    changed = len(paired.changed) + len(reworded)
    return Tally(
        added=len(new) - len(moved) - len({*paired.changed.values()}) - len(reworded),
        gone=len(paired.gone) + len(before) - len(moved) - changed,
        changed=changed,
        kept=len(paired.judged),
        waiting=_waiting(prepared.ingested, prepared.outline, known, paired),
    )


def _unjudged(db: Db, session_id: str) -> dict[str, str]:
    """What a session holds that nobody reviewed: the words chosen, by fingerprint."""
    held = fetched(db, "held_decisions", session_id=session_id)
    return {str(row["fingerprint"]): same_words(str(row["choice"])) for row in held if not row["is_reviewed"]}


def _waiting(ingested: Ingested, known: Outline, ids: Mapping[str, str], paired: Paired) -> int:
    """How many decisions of a session wait for a person's review."""
    pairs = zip(known.decisions, ingested.candidates, strict=True)
    return len({ids[mark] for mark, one in pairs if one.is_doubtful and ids[mark] not in paired.delivered})


def _put_session(db: Db, trail: Trail, prepared: Prepared, held: Held | None, key: Row) -> None:
    session, session_id, now = prepared.ingested.session, str(key["session_id"]), stamp(trail.now)
    if held is not None:
        db.execute(query("close_session"), {"session_id": session_id, "now": now})
    facts = {
        **session_facts(session),
        **key,
        "language": session.language,
        "utterance_count": len(session.utterances),
        "fingerprint": prepared.outline.session,
        "recorded_from": now,
    }
    insert(db, "sessions", [facts])
    before = held.fingerprint if held is not None else None
    action: Literal["add", "append"] = "add" if held is None else "append"
    trail.note(action, "session", session_id, before=before, after=prepared.outline.session)


def _put_decisions(db: Db, trail: Trail, prepared: Prepared, session_id: str, paired: Paired) -> dict[str, str]:
    """The decision that each candidate is, by its fingerprint."""
    close_decisions(db, trail, paired.gone, reason="no longer found in its session")
    known = dict(paired.ids)
    closed = dict.fromkeys((*paired.again.values(), *sorted(paired.back)))
    opened = {one for one in closed if go_on(db, trail, one, session_id)}
    known |= {mark: one for mark, one in paired.again.items() if one in opened}
    new, added = ids(trail.now), []
    for mark, candidate in zip(prepared.outline.decisions, prepared.ingested.candidates, strict=True):
        if mark not in known:
            rows = decision_rows(candidate, prepared.ingested.session, session_id=session_id, new=new, now=trail.now)
            known[mark] = str(rows["decisions"][0]["decision_id"])
            added.append(rows)
            trail.note("add", "decision", known[mark], after=mark)
        elif mark in paired.told:
            learn(db, trail, known[mark], candidate)
    insert_decisions(db, added)
    return known


def insert_decisions(db: Db, added: Sequence[Mapping[str, Sequence[Row]]]) -> None:
    """New decisions, each as `rows.decision_rows` gives it."""
    for table in ("decisions", "parts", "evidence", "people", "links"):
        insert(db, table, list(chain.from_iterable(rows[table] for rows in added)))
