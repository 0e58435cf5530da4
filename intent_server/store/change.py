"""Closing and changing rows: history stays, and each change leaves its audit row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from intent_server.store.audit import Trail
from intent_server.store.connect import Db
from intent_server.store.ids import ids
from intent_server.store.rows import Row, fetched, insert, stamp
from intent_server.store.sql import query


@dataclass(frozen=True, slots=True)
class Supersession:
    """`newer` replaces `older`, by the words of one of the two sources."""

    newer: str
    older: str
    valid_to: datetime | None = None
    """When the newer one began to hold; None where no source says."""


def close_session(db: Db, trail: Trail, session_id: str, *, fingerprint: str, reason: str) -> None:
    """End a session and all its decisions: it is no longer what its source says."""
    held = [str(row["decision_id"]) for row in fetched(db, "held_decisions", session_id=session_id)]
    close_decisions(db, trail, held, reason=reason)
    db.execute(query("close_session"), {"session_id": session_id, "now": stamp(trail.now)})
    trail.note("close", "session", session_id, before=fingerprint, reason=reason)


def close_decisions(db: Db, trail: Trail, decision_ids: Sequence[str], *, reason: str) -> None:
    """End decisions with their links; what they had replaced holds again."""
    if not decision_ids:
        return
    given, now = {"ids": json.dumps(list(decision_ids))}, stamp(trail.now)
    links = list(fetched(db, "links_of_decisions", **given))
    for decision_id in decision_ids:
        trail.note("close", "decision", decision_id, before=_fingerprint(db, decision_id), reason=reason)
    db.execute(query("close_decisions"), {**given, "now": now})
    db.execute(query("close_links"), {"ids": json.dumps([row["link_id"] for row in links]), "now": now})
    for row in links:
        trail.note("close", "link", str(row["link_id"]), reason=reason)
        older = str(row["target"])
        if row["relation"] == "supersedes" and row["target_kind"] == "decision" and older not in decision_ids:
            _reopen(db, trail, older)


def supersede(db: Db, trail: Trail, found: Sequence[Supersession]) -> None:
    """Record that newer decisions replace older ones: a link, and the older one's row closed and added again."""
    new, now = ids(trail.now), stamp(trail.now)
    for item in found:
        link_id = next(new)
        link = {
            "link_id": link_id,
            "decision_id": item.newer,
            "relation": "supersedes",
            "target_kind": "decision",
            "target": item.older,
            "method": "explicit",
            "recorded_from": now,
        }
        insert(db, "links", [link])
        trail.note("add", "link", link_id, reason=f"{item.newer} supersedes {item.older}")
        current = _rows(db, item.older)[-1]
        ends = max(filter(None, (stamp(item.valid_to), current["valid_from"])), key=str, default=None)
        _change(db, trail, current, status="superseded", valid_to=ends if item.valid_to else current["valid_to"])


def _reopen(db: Db, trail: Trail, decision_id: str) -> None:
    """Give a decision back the status and validity it came with."""
    rows = _rows(db, decision_id)
    if rows[-1]["recorded_to"] is None:
        _change(db, trail, rows[-1], status=rows[0]["status"], valid_to=rows[0]["valid_to"])


def _change(db: Db, trail: Trail, current: Row, *, status: object, valid_to: object) -> None:
    if (current["status"], current["valid_to"]) == (status, valid_to):
        return
    decision_id, now = str(current["decision_id"]), stamp(trail.now)
    db.execute(query("close_decisions"), {"ids": json.dumps([decision_id]), "now": now})
    insert(db, "decisions", [{**current, "status": status, "valid_to": valid_to, "recorded_from": now}])
    mark = str(current["fingerprint"])
    trail.note("change", "decision", decision_id, before=mark, after=mark, reason=f"{current['status']} -> {status}")


def _fingerprint(db: Db, decision_id: str) -> str:
    return str(_rows(db, decision_id)[-1]["fingerprint"])


def _rows(db: Db, decision_id: str) -> list[dict[str, object]]:
    return list(fetched(db, "decision_rows", decision_id=decision_id))
