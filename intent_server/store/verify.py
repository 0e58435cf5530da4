"""Does the record still hold by itself? Spans, fingerprints, signatures and the audit chain, checked anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from intent_server.answers_record import Finding, RuleCount, Verified
from intent_server.store.audit import broken_links, store_version
from intent_server.store.batch import signature
from intent_server.store.connect import Db
from intent_server.store.held import born_fingerprint
from intent_server.store.rows import Row, fetched, session_fingerprint, utterances_fingerprint
from intent_server.store.sql import query
from intent_server.store.verify_decisions import decision_findings

_KEYS = frozenset({"session_id", "utterance_count", "fingerprint"})
_RESTORE = "Restore a backup, or `intent forget` the session and ingest its source again."


def verified(db: Db) -> Verified:
    """What the store alone tells: what was looked at, how much of it, and what does not hold. No source is opened."""
    sessions = list(fetched(db, "open_sessions"))
    batches = list(fetched(db, "batch_fields"))
    spans = int((db.execute(query("evidence_count")).fetchone() or (0,))[0])
    findings = [
        *_bad_spans(db),
        *_rows_told_by(db, "bad_texts", check="text"),
        *_rows_told_by(db, "orphans", check="orphan"),
        *_rows_told_by(db, "unaudited", check="audit"),
        *decision_findings(db),
        *(finding for session in sessions for finding in _changed_session(db, session)),
        *_changed_batches(batches),
        *(Finding(check="audit chain", where=where, problem=problem) for where, problem in broken_links(db)),
    ]
    counts = {
        "spans": spans,
        "sessions": len(sessions),
        "batches": len(batches),
        "audit rows": store_version(db),
    }
    return Verified(
        checked=[RuleCount(rule=name, count=count) for name, count in counts.items()],
        findings=[item.model_copy(update={"remedy": _RESTORE}) for item in findings],
    )


@dataclass(frozen=True, slots=True)
class Recorded:
    """A place as one reader read it last: what its newest batch says of it."""

    uri: str
    reader: str
    batch_id: str
    batch_count: int
    is_newest: bool
    """Whether no other reader read the place later."""
    is_held: bool
    """Whether an open session is from there."""
    facts: Row
    """The batch's columns."""
    declared: str | None
    given_at: str | None


def recorded_places(db: Db) -> list[Recorded]:
    """Every place that was read, by uri and reader."""
    return [
        Recorded(
            uri=str(row["uri"]),
            reader=str(row["reader"]),
            batch_id=str(row["batch_id"]),
            batch_count=int(str(row["batch_count"])),
            is_newest=bool(row["is_newest"]),
            is_held=bool(row["is_held"]),
            facts=row,
            declared=None if row["declared"] is None else str(row["declared"]),
            given_at=None if row["given_at"] is None else str(row["given_at"]),
        )
        for row in fetched(db, "read_places")
    ]


def _bad_spans(db: Db) -> list[Finding]:
    return [
        Finding(
            check="span",
            where=f"evidence {row['evidence_id']}",
            problem=(
                f"utterance {row['utterance_index']} of session {row['session_id']} is not there"
                if row["is_lost"]
                else f"its quote does not stand in utterance {row['utterance_index']} of session {row['session_id']}"
            ),
        )
        for row in fetched(db, "bad_spans")
    ]


def _rows_told_by(db: Db, name: str, *, check: str) -> list[Finding]:
    """One finding a row of a query that gives kind, id and problem."""
    return [
        Finding(check=check, where=f"{row['kind']} {row['id']}", problem=str(row["problem"]))
        for row in fetched(db, name)
    ]


def session_columns(session: Row) -> dict[str, object]:
    """What a session's fingerprint is made from, of a row of query `open_sessions` or `sessions_at`."""
    facts = {name: value for name, value in session.items() if name not in _KEYS}
    facts["notes"] = json.loads(str(facts["notes"]))
    return facts


def _changed_session(db: Db, session: Row) -> Iterator[Finding]:
    session_id, basis = str(session["session_id"]), session["time_basis"]
    facts = session_columns(session)
    words = utterances_fingerprint(fetched(db, "held_utterances", session_id=session_id), basis)
    if session_fingerprint(facts, words) != session["fingerprint"]:
        problem = "its rows do not give its fingerprint: they were edited by hand, or some are missing"
        yield Finding(check="session fingerprint", where=f"session {session_id}", problem=problem)
    for row in fetched(db, "decision_contents", session_id=session_id):
        if born_fingerprint(row) != row["fingerprint"]:
            problem = "its rows do not give its fingerprint: they were edited by hand"
            yield Finding(check="decision fingerprint", where=f"decision {row['decision_id']}", problem=problem)


def _changed_batches(batches: list[dict[str, object]]) -> Iterator[Finding]:
    for row in batches:
        where = f"batch {row['batch_id']}"
        if signature(row) != row["signature"]:
            yield Finding(check="batch signature", where=where, problem="its columns do not give its signature")
        counts = [int(str(row[f"{name}_count"])) for name in ("read", "kept", "set_aside", "quarantined")]
        if counts[0] != sum(counts[1:]):
            problem = f"read {counts[0]} is not kept {counts[1]} + set aside {counts[2]} + quarantined {counts[3]}"
            yield Finding(check="batch counts", where=where, problem=problem)
