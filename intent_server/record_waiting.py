"""Part of the write side: what waits for a person, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import combinations
from typing import TypeAlias

from ingest.text import folded
from intent_server.answers import Decision
from intent_server.answers_record import Review, Waiting
from intent_server.config import Settings
from intent_server.errors import BadRequest
from intent_server.link_conflict import conflict
from intent_server.search import query_terms
from intent_server.store import load, load_sessions
from intent_server.store.connect import Db, open_reader
from intent_server.store.review_learn import is_said_since
from intent_server.store.rows import fetched
from intent_server.store.sql import query

MAX_LIMIT = 100
_COMPARED = 40
"""Of the decisions about one subject so many, the newest, are compared with each other."""
_CONTRADICTS, _LOST, _UNSEEN = range(3)
_Due: TypeAlias = tuple[int, str]
"""The rank of a reason to wait, and the reason."""
_SEEN_BY_NOBODY: _Due = (_UNSEEN, "Found by the extractor; nobody has looked at it yet.")
_COLUMNS = (
    "decision_id", "subject", "status", "authority", "confidence", "decided_at", "session_id", "session",
    "recorded_text",
)  # fmt: skip


def waiting(settings: Settings, *, session: str | None = None, limit: int = 20, cursor: str | None = None) -> Review:
    """What waits: contradictions first, then what lost its words, then what the extractor found and nobody looked at.

    Newest sessions first. `session`: only decisions of this one, by id or title.
    Raises: BadRequest, NotFound, AmbiguousId; the errors of the store.
    """
    start = _start(limit, cursor)
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        session_id = load_sessions.session_id(db, session) if session else None
        due = _lost(db) | _contradictions(db)
        rows = db.execute(query("waiting"), {"ids": list(due), "session_id": session_id}).fetchall()
    rows.sort(key=lambda row: due.get(row[0], _SEEN_BY_NOBODY)[0])
    shown = rows[start : start + limit]
    return Review(
        action="list",
        waiting=[_waiting(row, due.get(row[0], _SEEN_BY_NOBODY)[1]) for row in shown],
        total=len(rows),
        next_cursor=str(start + limit) if start + limit < len(rows) else None,
    )


def _start(limit: int, cursor: str | None) -> int:
    if not 1 <= limit <= MAX_LIMIT:
        raise BadRequest(f"limit={limit} is not between 1 and {MAX_LIMIT}.")
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise BadRequest(f"cursor='{cursor[:40]}' is none that an answer gave. Leave it out to start anew.")
    return int(cursor)


def _lost(db: Db) -> dict[str, _Due]:
    """Reviewed decisions whose words are gone from their source, or whose source says another status, by id."""
    return {str(row["decision_id"]): (_LOST, _why_lost(str(row["reason"]))) for row in fetched(db, "lost_words")}


def _why_lost(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:]}." if is_said_since(reason) else f"Lost its words: {reason}."


def _contradictions(db: Db) -> dict[str, _Due]:
    """Decisions that cannot both hold, by id, each with the one it contradicts."""
    groups: dict[frozenset[str], list[str]] = defaultdict(list)
    for core in load.cores(db).values():
        if core.status == "accepted":
            groups[frozenset(query_terms(core.subject))].append(core.decision_id)
    linked = [str(row["decision_id"]) for row in fetched(db, "contradicting")]
    due: dict[str, _Due] = {}
    for ids in (*(ids for ids in groups.values() if len(ids) > 1), linked):
        for one, other in combinations(load.decisions(db, ids[-_COMPARED:]), 2):
            if conflict(one, other):
                due[one.decision_id] = (_CONTRADICTS, _contradicts(other))
                due[other.decision_id] = (_CONTRADICTS, _contradicts(one))
    return due


def _contradicts(other: Decision) -> str:
    return f"Contradicts decision {other.decision_id} (“{folded(other.choice.text, 60)}”): both are accepted."


def _waiting(row: Sequence[object], why: str) -> Waiting:
    """From a row of queries/waiting.sql."""
    decided_at = load.utc(row[5]) if isinstance(row[5], datetime) else None
    facts = dict(zip(_COLUMNS, (*row[:5], decided_at, *row[6:]), strict=True))
    return Waiting.model_validate({**facts, "why_waiting": why})
