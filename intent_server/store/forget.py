"""The only deletion: a session's words, its decisions and all that was derived from them; a tombstone stays.

DuckDB leaves deleted text in blocks of the file that it has not used again, so the store is written anew afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from ingest.records import Session
from intent_server.answers_record import Forgotten
from intent_server.errors import NotFound
from intent_server.store.audit import Trail, begun
from intent_server.store.change import close_decisions
from intent_server.store.connect import Db, open_writer, rewrite, transaction
from intent_server.store.index import unindex_session
from intent_server.store.rows import Row, fetched, stamp
from intent_server.store.save import tombstone_id
from intent_server.store.sql import query

_ERASED = ("reviews", "evidence", "parts", "people", "links", "decisions", "utterances", "quarantine", "sessions")


def forget_session(place: Path, session_id: str, *, wait_s: float, now: datetime, actor: str, reason: str) -> Forgotten:
    """Remove a session from the store at `place`, from the file's bytes too.

    Refused items of its source that no other session accounts for go with it: they may hold its words.
    Raises: NotFound, and as open_writer.
    """
    with open_writer(place, wait_s=wait_s) as db, transaction(db):
        trail = begun(db, actor, now)
        forgotten = erase(db, trail, session_id, reason=reason)
        trail.write(db)
    rewrite(place, wait_s=wait_s)
    return forgotten


def erase(db: Db, trail: Trail, session_id: str, *, reason: str) -> Forgotten:
    """Delete the rows of a session; within a transaction. The bytes stay until the file is written anew.

    One that was forgotten before is left as it is, so that a run cut short before the rewriting can be repeated.
    """
    rows = list(fetched(db, "session_rows", session_id=session_id))
    if not rows:
        raise NotFound("session", session_id, 'List them with `intent sql "SELECT * FROM intent.sessions"`.')
    if rows[-1]["identity"] == "forgotten":
        return Forgotten(session_id=session_id, utterances=0, decisions=0)
    held = [str(row["decision_id"]) for row in fetched(db, "held_decisions", session_id=session_id)]
    close_decisions(db, trail, held, reason=reason)
    for act in fetched(db, "reviews_of_session", session_id=session_id):
        trail.note("forget", "review", str(act["review_id"]), reason=reason)
    records = _record_marks(fetched(db, "held_utterances", session_id=session_id))
    counts = next(fetched(db, "session_extent", session_id=session_id))
    unindex_session(db, session_id)
    db.execute(query("forget_terms"))
    for item in fetched(db, "quarantine_of_session", session_id=session_id):
        trail.note("forget", "quarantine", str(item["item_id"]), before=str(item["fingerprint"]), reason=reason)
    for table in _ERASED:
        db.execute(query(f"erase_{table}"), {"session_id": session_id})
    last = rows[-1]
    tombstone = {
        "session_id": session_id,
        "source_id": last["source_id"],
        "source_kind": last["source_kind"],
        "native_id": tombstone_id(str(last["native_id"])),
        "records": json.dumps(records),
        "now": stamp(trail.now),
    }
    db.execute(query("add_tombstone"), tombstone)
    trail.note("forget", "session", session_id, before=str(last["fingerprint"]), reason=reason)
    return Forgotten(
        session_id=session_id, utterances=int(str(counts["utterances"])), decisions=int(str(counts["decisions"]))
    )


def forgotten_records(db: Db, session: Session) -> frozenset[int]:
    """The positions of utterances whose record was in a session that was forgotten: a fork brings copies of them."""
    own = {u.index: tombstone_id(u.native_id) for u in session.utterances if u.native_id is not None}
    if not own:
        return frozenset()
    given = {"marks": json.dumps(sorted(set(own.values()))), "source_kind": session.kind}
    gone = {row["mark"] for row in fetched(db, "forgotten_records", **given)}
    return frozenset(index for index, mark in own.items() if mark in gone)


def _record_marks(utterances: Iterable[Row]) -> list[str]:
    """What stands for the source's own ids of a session's records."""
    return sorted({tombstone_id(str(row["native_id"])) for row in utterances if row["native_id"] is not None})
