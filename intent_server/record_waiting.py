"""Part of the write side: what waits for a person, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from itertools import combinations
from typing import TypeAlias

from ingest.text import folded
from intent_server.answers import Decision
from intent_server.answers_record import Review, RuleCount, Waiting
from intent_server.config import Settings
from intent_server.errors import BadRequest
from intent_server.link_conflict import conflict
from intent_server.search import query_terms
from intent_server.store import load, load_sessions
from intent_server.store.connect import Db, open_reader
from intent_server.store.review_learn import is_said_since
from intent_server.store.rows import Row, fetched, stamp

MAX_LIMIT = 100
_COMPARED = 40
"""Of the decisions about one subject so many, the newest, are compared with each other."""
_CONTRADICTS, _LOST, _DOUBTFUL, _UNSEEN = range(4)
_CALLED = ("contradict another", "lost their words", "not delivered until reviewed", "delivered, not yet reviewed")
"""What the counts call each reason, by its rank."""
_Due: TypeAlias = tuple[int, str]
"""The rank of a reason to wait, and the reason."""
_TOO_WEAK: _Due = (_DOUBTFUL, "Too weak to be delivered: it is in no answer until somebody has looked at it.")
_SEEN_BY_NOBODY: _Due = (_UNSEEN, "Found by the extractor; nobody has looked at it yet.")


def waiting(
    settings: Settings,
    *,
    session: str | None = None,
    since: datetime | None = None,
    doubtful: bool = False,
    limit: int = 20,
    cursor: str | None = None,
) -> Review:
    """What waits: contradictions first, then what lost its words, then what is not delivered, then what nobody saw.

    Of each the most confident first; `counts` has how many wait for each reason. `session`: only decisions of this one,
    by id or title. `since`: only what came into the record since then. `doubtful`: only what is not delivered.
    Raises: BadRequest, NotFound, AmbiguousId; the errors of the store.
    """
    start = _start(limit, cursor)
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        session_id = load_sessions.session_id(db, session) if session else None
        due = _due(db)
        given = {"ids": list(due), "session_id": session_id, "since": stamp(since)}
        rows = list(fetched(db, "waiting", **given))
    found = [(row, _why(row, due)) for row in rows if row["is_doubtful"] or not doubtful]
    found.sort(key=lambda one: one[1][0])
    counts = Counter(rank for _, (rank, _) in found)
    return Review(
        action="list",
        waiting=[_waiting(row, why) for row, (_, why) in found[start : start + limit]],
        counts=[RuleCount(rule=_CALLED[rank], count=counts[rank]) for rank in sorted(counts)],
        total=len(found),
        next_cursor=str(start + limit) if start + limit < len(found) else None,
    )


def why_waiting(db: Db, decision_id: str) -> str | None:
    """Why a decision waits for a person; None where it does not."""
    due = _due(db)
    rows = fetched(db, "waiting", ids=list(due), session_id=None, since=None)
    return next((_why(row, due)[1] for row in rows if row["decision_id"] == decision_id), None)


def _start(limit: int, cursor: str | None) -> int:
    if not 1 <= limit <= MAX_LIMIT:
        raise BadRequest(f"limit={limit} is not between 1 and {MAX_LIMIT}.")
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise BadRequest(f"cursor='{cursor[:40]}' is none that an answer gave. Leave it out to start anew.")
    return int(cursor)


def _due(db: Db) -> dict[str, _Due]:
    """Decisions that wait for another reason than that nobody has looked at them, by id."""
    return _lost(db) | _contradictions(db)


def _why(row: Row, due: Mapping[str, _Due]) -> _Due:
    return due.get(str(row["decision_id"]), _TOO_WEAK if row["is_doubtful"] else _SEEN_BY_NOBODY)


def _lost(db: Db) -> dict[str, _Due]:
    """Reviewed decisions whose words are gone from their source, or whose source says another status, by id."""
    return {str(row["decision_id"]): (_LOST, _why_lost(str(row["reason"]))) for row in fetched(db, "lost_words")}


def _why_lost(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:]}." if is_said_since(reason) else f"Lost its words: {reason}."


def _contradictions(db: Db) -> dict[str, _Due]:
    """Decisions that cannot both hold, by id, each with the one it contradicts."""
    groups: dict[frozenset[str], list[str]] = defaultdict(list)
    known = load.cores(db)
    for core in known.values():
        if core.status == "accepted":
            groups[frozenset(query_terms(core.subject))].append(core.decision_id)
    linked = [str(row["decision_id"]) for row in fetched(db, "contradicting") if row["decision_id"] in known]
    due: dict[str, _Due] = {}
    for ids in (*(ids for ids in groups.values() if len(ids) > 1), linked):
        for one, other in combinations(load.decisions(db, ids[-_COMPARED:]), 2):
            if conflict(one, other):
                due[one.decision_id] = (_CONTRADICTS, _contradicts(other))
                due[other.decision_id] = (_CONTRADICTS, _contradicts(one))
    return due


def _contradicts(other: Decision) -> str:
    return f"Contradicts decision {other.decision_id} (“{folded(other.choice.text, 60)}”): both are accepted."


def _waiting(row: Row, why: str) -> Waiting:
    """From a row of queries/waiting.sql."""
    said = None if row["decided_at"] is None else load.utc(datetime.fromisoformat(str(row["decided_at"])))
    names = ("decision_id", "subject", "status", "authority", "confidence", "session_id", "session")
    facts = {name: row[name] for name in names}
    doubt = bool(row["is_doubtful"]) or None
    told = {"decided_at": said, "recorded_text": row["choice"], "why_waiting": why, "is_doubtful": doubt}
    return Waiting.model_validate({**facts, **told})
