"""One ingested session into the store, in one transaction; the same fingerprint twice changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from intent_server.store.review_learn import learn
from intent_server.store.review_moves import go_on
from intent_server.store.rows import (
    Row,
    content_fingerprint,
    decision_content,
    decision_fingerprint,
    decision_rows,
    insert,
    session_facts,
    session_fingerprint,
    stamp,
    utterance_row,
    utterances_fingerprint,
)
from intent_server.store.sql import query

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
class Saved:
    """What saving a session did."""

    outcome: Outcome
    session_id: str
    decision_ids: tuple[str, ...]
    """By candidate position; equal candidates are one decision."""


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
        return Saved("unchanged", found.held.session_id, ())
    if found.fate == "replaced" or found.held.fingerprint != known.session:
        return None
    session_id = found.held.session_id
    paired = paired_decisions(db, ingested, known.decisions, session_id, found.held.uri)
    if paired.gone or paired.again or len(paired.ids) < len(set(known.decisions)):
        return None
    return Saved("unchanged", session_id, tuple(paired.ids[mark] for mark in known.decisions))


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
    from another place never closes what is held (see `known.match`). `given`: as there.
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
    if found.held is not None and held is None:
        gone, why = found.held, "its source changed"
        close_session(db, trail, gone.session_id, fingerprint=gone.fingerprint, reason=why, successor=session_id)
        unindex_session(db, gone.session_id)
    place = held.uri if held is not None else origin.uri
    paired = paired_decisions(db, prepared.ingested, prepared.outline.decisions, session_id, place)
    decision_ids = _put_decisions(db, trail, prepared, session_id, paired)
    index_session(db, session_id, prepared.documents, decision_ids, prepared.model, kept=paired.kept)
    return Saved(outcome, session_id, decision_ids)


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


def _put_decisions(db: Db, trail: Trail, prepared: Prepared, session_id: str, paired: Paired) -> tuple[str, ...]:
    close_decisions(db, trail, paired.gone, reason="no longer found in its session")
    known = dict(paired.ids)
    for mark, decision_id in paired.again.items():
        if go_on(db, trail, decision_id, session_id):
            known[mark] = decision_id
    reviewed = {*paired.again.values(), *paired.kept}
    new, added = ids(trail.now), []
    for mark, candidate in zip(prepared.outline.decisions, prepared.ingested.candidates, strict=True):
        if mark not in known:
            rows = decision_rows(candidate, prepared.ingested.session, session_id=session_id, new=new, now=trail.now)
            known[mark] = str(rows["decisions"][0]["decision_id"])
            added.append(rows)
            trail.note("add", "decision", known[mark], after=mark)
        elif known[mark] in reviewed:
            learn(db, trail, known[mark], candidate)
    insert_decisions(db, added)
    return tuple(known[mark] for mark in prepared.outline.decisions)


def insert_decisions(db: Db, added: Sequence[Mapping[str, Sequence[Row]]]) -> None:
    """New decisions, each as `rows.decision_rows` gives it."""
    for table in ("decisions", "parts", "evidence", "people", "links"):
        insert(db, table, list(chain.from_iterable(rows[table] for rows in added)))
