"""The only deletion: a session's words, its decisions and all that was derived from them; a tombstone stays.

DuckDB leaves deleted text in blocks of the file that it has not used again, so the store is written anew afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.records import Session
from intent_server.answers_record import Forgotten
from intent_server.errors import NotFound
from intent_server.store.audit import Trail, begun
from intent_server.store.change import close_decisions
from intent_server.store.connect import Db, open_writer, rewrite, transaction
from intent_server.store.held import born_fingerprint
from intent_server.store.index import unindex_session
from intent_server.store.review_state import settle
from intent_server.store.rows import Row, fetched, stamp
from intent_server.store.save import tombstone_id
from intent_server.store.sql import query

_ERASED = {
    "reviews": ("ids",),
    "evidence": ("ids", "sessions"),
    "parts": ("ids",),
    "people": ("ids",),
    "links": ("ids",),
    "anchor_links": ("ids",),
    "unresolved": ("ids",),
    "anchors": (),
    "decisions": ("ids",),
    "utterances": ("sessions",),
    "quarantine": ("ids", "sessions"),
    "sessions": ("sessions",),
}
"""What is deleted, by table: rows of decisions (`ids`) and of sessions."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is forgotten together."""

    session_ids: tuple[str, ...]
    """The session last; before it what its place said earlier."""
    gone: tuple[str, ...]
    """Decisions that ever stood there and stand nowhere else."""
    living: Mapping[str, str]
    """Those that stand in another session now, with that session."""

    @property
    def sessions(self) -> str:
        """The session ids as a query takes them."""
        return json.dumps(self.session_ids)


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
    """Delete the rows of a session, and of those that its place gave before it; within a transaction.

    All of every decision that ever stood there goes too; one that stands elsewhere now keeps the words it has there.
    The bytes stay until the file is written anew.
    One that was forgotten before is left as it is, so that a run cut short before the rewriting can be repeated.
    """
    rows = list(fetched(db, "session_rows", session_id=session_id))
    if not rows:
        raise NotFound("session", session_id, 'List them with `intent sql "SELECT * FROM intent.sessions"`.')
    if rows[-1]["identity"] == "forgotten":
        return Forgotten(session_id=session_id, utterances=0, decisions=0)
    unit = _unit(db, session_id)
    held = [str(row["decision_id"]) for row in fetched(db, "held_decisions", session_id=session_id)]
    close_decisions(db, trail, held, reason=reason)
    utterances = int(str(next(fetched(db, "session_extent", sessions=unit.sessions))["utterances"]))
    last = {one: list(fetched(db, "session_rows", session_id=one))[-1] for one in unit.session_ids}
    records = {one: _record_marks(fetched(db, "held_utterances", session_id=one)) for one in unit.session_ids}
    unindex_session(db, session_id)
    db.execute(query("forget_terms"))
    _erase_rows(db, trail, unit, reason=reason)
    for row in last.values():
        _blank(db, row)
    for one, row in last.items():
        _put_tombstone(db, trail, row, records[one])
        trail.note("forget", "session", one, before=str(row["fingerprint"]), reason=reason)
    return Forgotten(session_id=session_id, utterances=utterances, decisions=len(unit.gone))


def _blank(db: Db, row: Row) -> None:
    """Take away the words of a commit or a pipeline that are kept beside its session."""
    repository, _, sha = str(row["native_id"]).rpartition("@")
    if row["source_kind"] == "commit":
        db.execute(query("blank_commits"), {"repository": repository, "sha": sha})
    elif row["source_kind"] == "pipeline" and row["project"] is not None:
        db.execute(query("blank_nodes"), {"project": row["project"]})
        db.execute(query("blank_node_columns"), {"project": row["project"]})


def _unit(db: Db, session_id: str) -> _Unit:
    before = [str(row["session_id"]) for row in fetched(db, "predecessors", session_id=session_id)]
    session_ids = (*before, session_id)
    stood = list(fetched(db, "decisions_of_sessions", sessions=json.dumps(session_ids)))
    return _Unit(
        session_ids,
        gone=tuple(str(row["decision_id"]) for row in stood if row["lives_in"] is None),
        living={str(row["decision_id"]): str(row["lives_in"]) for row in stood if row["lives_in"] is not None},
    )


def _erase_rows(db: Db, trail: Trail, unit: _Unit, *, reason: str) -> None:
    given = {"ids": json.dumps(unit.gone), "sessions": unit.sessions}
    acts = list(fetched(db, "reviews_naming", ids=given["ids"]))
    for act in acts:
        trail.note("forget", "review", str(act["review_id"]), reason=reason)
    for item in fetched(db, "quarantine_of_sessions", **given):
        trail.note("forget", "quarantine", str(item["item_id"]), before=str(item["fingerprint"]), reason=reason)
    for table, named in _ERASED.items():
        db.execute(query(f"erase_{table}"), {name: given[name] for name in named})
    _retell(db, unit)
    named_by = [act[name] for act in acts for name in ("decision_id", "other_decision_id")]
    settle(db, trail, [str(one) for one in named_by if one is not None], reason=reason)


def _retell(db: Db, unit: _Unit) -> None:
    """Leave to decisions that go on elsewhere only words that stand there."""
    if not unit.living:
        return
    given = {"ids": json.dumps(list(unit.living))}
    db.execute(query("drop_unquoted_parts"), given)
    db.execute(query("retell_parts"), given)
    db.execute(query("retell_decisions"), {**given, "sessions": unit.sessions})
    for session_id in sorted(set(unit.living.values())):
        for row in list(fetched(db, "decision_contents", session_id=session_id)):
            if row["decision_id"] in unit.living:
                mark = {"decision_id": row["decision_id"], "fingerprint": born_fingerprint(row)}
                db.execute(query("mark_decision"), mark)


def _put_tombstone(db: Db, trail: Trail, row: Row, records: Sequence[str]) -> None:
    tombstone = {
        "session_id": row["session_id"],
        "source_id": row["source_id"],
        "source_kind": row["source_kind"],
        "native_id": tombstone_id(str(row["native_id"])),
        "records": json.dumps(records),
        "now": stamp(trail.now),
    }
    db.execute(query("add_tombstone"), tombstone)


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
