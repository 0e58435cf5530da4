"""Does the record still hold? Spans, fingerprints, signatures, the audit chain and the sources, checked anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from intent_server.answers import Finding, RuleCount, Verified
from intent_server.store.audit import broken_links, store_version
from intent_server.store.batch import signature
from intent_server.store.connect import Db
from intent_server.store.held import parts_of
from intent_server.store.rows import (
    Row,
    decision_fingerprint,
    fetched,
    part_content,
    session_fingerprint,
    utterances_fingerprint,
)
from intent_server.store.sql import query

_KEYS = frozenset({"session_id", "utterance_count", "fingerprint"})


def verified(db: Db, input_of: Callable[[str], str | None]) -> Verified:
    """What was looked at, how much of it, and what no longer holds.

    `input_of`: the fingerprint of the bytes now at a source's uri, None where nothing is there any more.
    """
    sessions = list(fetched(db, "open_sessions"))
    batches = list(fetched(db, "batch_fields"))
    sources = [row for row in fetched(db, "source_inputs") if not str(row["uri"]).startswith("stdin:")]
    spans = int((db.execute(query("evidence_count")).fetchone() or (0,))[0])
    findings = [
        *_bad_spans(db),
        *_rows_told_by(db, "bad_texts", check="text"),
        *_rows_told_by(db, "orphans", check="orphan"),
        *_rows_told_by(db, "unaudited", check="audit"),
        *(finding for session in sessions for finding in _changed_session(db, session)),
        *_changed_batches(batches),
        *(Finding(check="audit chain", where=where, problem=problem) for where, problem in broken_links(db)),
        *_changed_sources(sources, input_of),
    ]
    counts = {
        "spans": spans,
        "sessions": len(sessions),
        "batches": len(batches),
        "audit rows": store_version(db),
        "sources": sum(bool(row["is_held"]) for row in sources),
    }
    return Verified(checked=[RuleCount(rule=name, count=count) for name, count in counts.items()], findings=findings)


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


def _changed_session(db: Db, session: Row) -> Iterator[Finding]:
    session_id, basis = str(session["session_id"]), session["time_basis"]
    facts = {name: value for name, value in session.items() if name not in _KEYS}
    facts["notes"] = json.loads(str(facts["notes"]))
    words = utterances_fingerprint(fetched(db, "held_utterances", session_id=session_id), basis)
    if session_fingerprint(facts, words) != session["fingerprint"]:
        problem = "its rows do not give its fingerprint: they were edited by hand, or some are missing"
        yield Finding(check="session fingerprint", where=f"session {session_id}", problem=problem)
    for row in fetched(db, "decision_contents", session_id=session_id):
        if _decision_mark(row) != row["fingerprint"]:
            problem = "its rows do not give its fingerprint: they were edited by hand"
            yield Finding(check="decision fingerprint", where=f"decision {row['decision_id']}", problem=problem)


def _decision_mark(row: Row) -> str:
    content = {
        "subject": row["subject"],
        "status": row["status"],
        "authority": row["authority"],
        "confidence": row["confidence"],
        "extractor": row["extractor"],
        "decided_at": None if row["time_basis"] == "assumed" else row["decided_at"],
        "parts": [part_content(part) for part in parts_of(row)],
        "people": sorted(json.loads(str(row["people"] or "[]"))),
        "links": sorted(json.loads(str(row["links"] or "[]"))),
    }
    return decision_fingerprint(content)


def _changed_batches(batches: list[dict[str, object]]) -> Iterator[Finding]:
    for row in batches:
        where = f"batch {row['batch_id']}"
        if signature(row) != row["signature"]:
            yield Finding(check="batch signature", where=where, problem="its columns do not give its signature")
        counts = [int(str(row[f"{name}_count"])) for name in ("read", "kept", "set_aside", "quarantined")]
        if counts[0] != sum(counts[1:]):
            problem = f"read {counts[0]} is not kept {counts[1]} + set aside {counts[2]} + quarantined {counts[3]}"
            yield Finding(check="batch counts", where=where, problem=problem)


def _changed_sources(sources: list[dict[str, object]], input_of: Callable[[str], str | None]) -> Iterator[Finding]:
    """One finding a place; none for a file that was only moved, when it was ingested again from where it is now."""
    now = {str(row["uri"]): input_of(str(row["uri"])) for row in sources}
    for row in sources:
        uri, then = str(row["uri"]), row["input_fingerprint"]
        if not row["is_held"] or now[uri] == then:
            continue
        if now[uri] is not None:
            yield Finding(check="source changed", where=uri, problem="it changed since it was read; ingest it again")
        elif then not in now.values():
            problem = "it is not there any more; what was read from it is kept"
            yield Finding(check="source missing", where=uri, problem=problem)
