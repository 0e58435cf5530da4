"""Sessions and decisions as the store holds them, back as records: what the search index is made anew from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from ingest.records import Authority, Candidate, Part, PartKind, Role, Span, Status, Utterance
from intent_server.store.connect import Db
from intent_server.store.rows import Row, decision_fingerprint, fetched, part_content


@dataclass(frozen=True, slots=True)
class Held:
    """An open session: its utterances, its open decisions, and their ids by position."""

    session_id: str
    utterances: tuple[Utterance, ...]
    candidates: tuple[Candidate, ...]
    decision_ids: tuple[str, ...]


def held_count(db: Db) -> int:
    """How many sessions are open."""
    return sum(1 for _ in fetched(db, "open_sessions"))


def held_sessions(db: Db) -> Iterator[Held]:
    """Every open session, oldest first, one at a time."""
    for session_id in [str(row["session_id"]) for row in fetched(db, "open_sessions")]:
        yield held_session(db, session_id)


def held_session(db: Db, session_id: str) -> Held:
    """One open session."""
    utterances = tuple(_utterance(row) for row in fetched(db, "held_utterances", session_id=session_id))
    held = [row["decision_id"] for row in fetched(db, "held_decisions", session_id=session_id)]
    contents = list(fetched(db, "decision_states", ids=json.dumps(held)))
    ids = tuple(str(row["decision_id"]) for row in contents)
    return Held(session_id, utterances, tuple(candidate_of(row) for row in contents), ids)


def parts_of(row: Row) -> tuple[Part, ...]:
    """The parts of a row of query `decision_contents` or `decision_states`, with their spans."""
    parts = _listed(row["parts"])
    positions = {part["part_id"]: position for position, part in enumerate(parts)}
    spans: dict[object, list[Span]] = {part_id: [] for part_id in positions}
    for item in _listed(row["evidence"]):
        spans.setdefault(item["part_id"], []).append(_span(item))
    return tuple(
        Part(
            kind=cast(PartKind, part["kind"]),
            spans=tuple(spans[part["part_id"]]),
            about=positions.get(part["about_part_id"]),
        )
        for part in parts
    )


def born_fingerprint(row: Row) -> str:
    """The fingerprint of a decision as its session gave it, from a row of query `decision_contents`."""
    return decision_fingerprint(
        {
            "subject": row["subject"],
            "status": row["status"],
            "authority": row["authority"],
            "confidence": row["confidence"],
            "extractor": row["extractor"],
            "decided_at": None if row["time_basis"] == "assumed" else row["decided_at"],
            "parts": [part_content(part) for part in parts_of(row)],
            "people": sorted(json.loads(str(row["people"] or "[]"))),
            "links": sorted(json.loads(str(row["links"] or "[]"))),
            **({"is_doubtful": True} if row["is_doubtful"] else {}),
        }
    )


def candidate_of(row: Row) -> Candidate:
    """A decision as it stands, from a row of query `decision_states`."""
    return Candidate(
        subject=str(row["subject"]),
        status=cast(Status, row["status"]),
        authority=cast(Authority, row["authority"]),
        confidence=float(str(row["confidence"])),
        parts=parts_of(row),
        extractor=str(row["extractor"]),
        is_doubtful=bool(row["is_doubtful"]),
    )


def _utterance(row: Row) -> Utterance:
    topic, speaker = row["topic"], row["speaker"]
    return Utterance(
        index=int(str(row["utterance_index"])),
        text=str(row["text"]),
        role=cast(Role, row["role"]),
        locator=str(row["locator"]),
        speaker=None if speaker is None else str(speaker),
        topic=None if topic is None else str(topic),
    )


def _span(item: Row) -> Span:
    index, start, end = (int(str(item[name])) for name in ("utterance_index", "start_char", "end_char"))
    return Span(index, start, end, str(item["quote"]))


def _listed(text: object) -> list[Mapping[str, object]]:
    found: list[Mapping[str, object]] = json.loads(str(text or "[]"))
    return found
