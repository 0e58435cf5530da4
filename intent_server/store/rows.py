"""Records to rows and their fingerprints; rows into tables.

A row is a mapping of column to plain value; times are UTC text without a zone. A fingerprint is made from the row's
own columns, so that `verify` makes the same one from what is stored. Dates that only the file's time stands for are
left out of it: copying a file is no change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from ingest.fingerprint import fingerprint, fingerprint_of_bytes
from ingest.records import Candidate, Part, Reference, Session, Span, Utterance
from intent_server.store.connect import Db
from intent_server.store.sql import query

Row: TypeAlias = Mapping[str, object]

_CHUNK_ROWS = 10_000
"""Rows a statement: the JSON text of 10,000 utterances takes some 3 MB, and larger ones are no faster."""
_DATED = ("started_at", "ended_at")
_PLACED = ("native_id", "project")


def insert(db: Db, name: str, rows: Sequence[Row]) -> None:
    """Append rows by query `add_<name>`, as one JSON text a statement.

    80,000 rows a second on DuckDB 2.0 and 50,000 on 1.5; executemany makes 900, list parameters 850 on 1.5.
    """
    statement = query(f"add_{name}")
    for start in range(0, len(rows), _CHUNK_ROWS):
        chunk = rows[start : start + _CHUNK_ROWS]
        db.execute(statement, {"rows": json.dumps(chunk, ensure_ascii=False, separators=(",", ":"))})


def fetched(db: Db, name: str, **parameters: object) -> Iterator[dict[str, object]]:
    """The rows of a query, each as column to value; times as in rows to insert."""
    cursor = db.execute(query(name), parameters)
    columns = [str(column[0]) for column in cursor.description or ()]
    while batch := cursor.fetchmany(_CHUNK_ROWS):
        for values in batch:
            yield dict(zip(columns, map(_plain, values), strict=True))


def tell_language(db: Db, session_id: str, language: str | None) -> None:
    """Tell an open session's language where none is told: it is derived, so no fingerprint knows of it."""
    if language is not None:
        db.execute(query("tell_language"), {"session_id": session_id, "language": language})


def stamp(moment: datetime | None) -> str | None:
    """A time as it is stored: UTC without a zone, whole microseconds."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def session_facts(session: Session) -> dict[str, object]:
    """The columns of a session that come from its source."""
    return {
        "source_kind": session.kind,
        "native_id": session.native_id,
        "identity": session.identity,
        "title": session.title,
        "project": session.project,
        "branch": session.branch,
        "started_at": stamp(session.started_at),
        "ended_at": stamp(session.ended_at),
        "time_basis": session.time_basis,
        "parent_native_id": session.parent_id,
        "notes": list(session.notes),
    }


def utterance_row(utterance: Utterance) -> dict[str, object]:
    """An utterance as stored, but for its session."""
    return {
        "utterance_index": utterance.index,
        "speaker": utterance.speaker,
        "role": utterance.role,
        "said_at": stamp(utterance.said_at),
        "start_ms": utterance.start_ms,
        "end_ms": utterance.end_ms,
        "text": utterance.text,
        "locator": utterance.locator,
        "native_id": utterance.native_id,
        "parent_native_id": utterance.parent_id,
        "topic": utterance.topic,
        "doubt": utterance.doubt,
    }


def lasting(row: Row, time_basis: object) -> dict[str, object]:
    """An utterance's row as it is compared: without a time that is only assumed, and without its session.

    A doubt counts where there is one: what was recorded before doubts were told keeps its fingerprint.
    """
    gone = {"session_id"}
    if time_basis == "assumed":
        gone.add("said_at")
    if row["doubt"] is None:
        gone.add("doubt")
    return {name: value for name, value in row.items() if name not in gone}


def utterances_fingerprint(rows: Iterable[Row], time_basis: object) -> str:
    """The fingerprint of a session's utterances, in order."""
    return fingerprint_of_bytes(_line(lasting(row, time_basis)) for row in rows)


def session_fingerprint(facts: Row, utterances: str) -> str:
    """The fingerprint of a session from its columns and its utterances' fingerprint."""
    gone = _DATED if facts["time_basis"] == "assumed" else ()
    return fingerprint({"facts": _without(facts, gone), "utterances": utterances})


def content_fingerprint(facts: Row, utterances: str) -> str:
    """The same without what depends on where the file lies: equal on every machine."""
    return session_fingerprint(_without(facts, _PLACED), utterances)


def decided_at(candidate: Candidate, session: Session) -> datetime | None:
    """When the words were said: as the source says, else with the choice's utterance, else with the session.

    A session given without its utterances tells its own date only.
    """
    if candidate.decided_at is not None:
        return candidate.decided_at
    choice = next((part for part in candidate.parts if part.kind == "choice"), None)
    if choice is None or not choice.spans or not session.utterances:
        return session.started_at
    said = session.utterances[choice.spans[0].utterance_index].said_at
    return said or session.started_at


def decision_content(candidate: Candidate, session: Session) -> dict[str, object]:
    """What a decision's fingerprint is made of; `verify` makes the same from rows."""
    doubt = {"is_doubtful": True} if candidate.is_doubtful else {}
    assumed = session.time_basis == "assumed"
    return {
        "subject": candidate.subject,
        "status": candidate.status,
        "authority": candidate.authority,
        "confidence": float(candidate.confidence),
        "extractor": candidate.extractor,
        "decided_at": None if assumed else stamp(decided_at(candidate, session)),
        "parts": [part_content(part) for part in candidate.parts],
        "people": sorted([person.name, person.role] for person in candidate.people),
        "links": sorted(
            [item.relation, _kind(item.target_kind), item.target, item.method] for item in candidate.references
        ),
        **doubt,
    }


def decision_fingerprint(content: Row) -> str:
    """The fingerprint of a decision as its session gave it."""
    return fingerprint(content)


def decision_rows(
    candidate: Candidate, session: Session, *, session_id: str, new: Iterator[str], now: datetime
) -> dict[str, list[dict[str, object]]]:
    """The rows of one new decision, by table; the first one of `decisions` holds its new id."""
    decision_id, made = next(new), stamp(now)
    when = stamp(decided_at(candidate, session))
    choice = next(part for part in candidate.parts if part.kind == "choice")
    part_ids = [next(new) for _ in candidate.parts]
    decision: dict[str, object] = {
        "decision_id": decision_id,
        "session_id": session_id,
        "subject": candidate.subject,
        "choice": choice.spans[0].quote,
        "status": candidate.status,
        "authority": candidate.authority,
        "confidence": float(candidate.confidence),
        "extractor": candidate.extractor,
        "decided_at": when,
        "valid_from": when,
        "valid_to": None,
        "fingerprint": decision_fingerprint(decision_content(candidate, session)),
        "recorded_from": made,
        "is_doubtful": candidate.is_doubtful,
    }
    rows: dict[str, list[dict[str, object]]] = {"decisions": [decision], "parts": [], "evidence": []}
    for position, (part_id, part) in enumerate(zip(part_ids, candidate.parts, strict=True)):
        about = None if part.about is None else part_ids[part.about]
        rows["parts"].append(
            {
                "part_id": part_id,
                "decision_id": decision_id,
                "position": position,
                "kind": part.kind,
                "about_part_id": about,
                "text": part.spans[0].quote,
                "recorded_from": made,
            }
        )
        for span in part.spans:
            rows["evidence"].append(evidence_row(span, next(new), part_id, decision_id, session_id))
    rows["people"] = [
        {"decision_id": decision_id, "person": person.name, "role": person.role, "recorded_from": made}
        for person in candidate.people
    ]
    rows["links"] = [link_row(item, next(new), decision_id, made) for item in candidate.references]
    return rows


def link_row(item: Reference, link_id: str, decision_id: str, made: str | None) -> dict[str, object]:
    """A link to what a decision's source names."""
    return {
        "link_id": link_id,
        "decision_id": decision_id,
        "relation": item.relation,
        "target_kind": _kind(item.target_kind),
        "target": item.target,
        "method": item.method,
        "recorded_from": made,
    }


def evidence_row(span: Span, evidence_id: str, part_id: str, decision_id: str, session_id: str) -> dict[str, object]:
    """The words behind a part of a decision, where they stand in a session."""
    return {
        "evidence_id": evidence_id,
        "part_id": part_id,
        "decision_id": decision_id,
        "session_id": session_id,
        "utterance_index": span.utterance_index,
        "start_char": span.start_char,
        "end_char": span.end_char,
        "quote": span.quote,
    }


def part_content(part: Part) -> dict[str, object]:
    """What a part gives to its decision's fingerprint."""
    spans = [[span.utterance_index, span.start_char, span.end_char, span.quote] for span in part.spans]
    return {"kind": part.kind, "about": part.about, "spans": spans}


def _kind(target_kind: str) -> str:
    """In a table `decision` means a decision_id; what a source states of another record is a `record`."""
    return "record" if target_kind == "decision" else target_kind


def _line(row: Row) -> bytes:
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8") + b"\n"


def _without(row: Row, gone: Iterable[str]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in set(gone)}


def _plain(value: object) -> object:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value
