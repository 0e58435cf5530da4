"""Closing and changing rows: history stays, and each change leaves its audit row."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from intent_server.store.audit import Trail
from intent_server.store.connect import Db
from intent_server.store.ids import ids
from intent_server.store.review_moves import go_on, is_whole_in, tell_lost
from intent_server.store.review_state import rows_of, settle
from intent_server.store.rows import Row, fetched, insert, stamp
from intent_server.store.sql import query


@dataclass(frozen=True, slots=True)
class Supersession:
    """`newer` replaces `older`, by the words of one of the two sources or of a person."""

    newer: str
    older: str


def close_session(
    db: Db, trail: Trail, session_id: str, *, fingerprint: str, reason: str, successor: str | None = None
) -> None:
    """End a session and its decisions: it is no longer what its source says.

    Decisions that people or agents reviewed here go on in the session that came in its place where their choice stands,
    else in the only other one of the same source where all of their words stand; without those they end too, and
    quarantine says so.
    """
    held = list(fetched(db, "held_decisions", session_id=session_id))
    close_decisions(db, trail, [str(row["decision_id"]) for row in held if not row["is_kept"]], reason=reason)
    siblings = [str(row["session_id"]) for row in fetched(db, "sibling_sessions", session_id=session_id)]
    for row in (row for row in held if row["is_kept"]):
        decision_id = str(row["decision_id"])
        fits = [one for one in siblings if is_whole_in(db, decision_id, one)] if successor is None else [successor]
        if len(fits) != 1 or not go_on(db, trail, decision_id, fits[0]):
            tell_lost(db, trail, decision_id, "a reviewed decision: its words are gone from the source", row)
            close_decisions(db, trail, [decision_id], reason=reason)
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
    _close_links(db, trail, links, reason=reason)


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
    settle(db, trail, [item.older for item in found], reason="superseded")


def drop_void_supersessions(db: Db, trail: Trail, stated: Collection[tuple[str, str]]) -> None:
    """End the links between decisions that hold no longer: taken back, or one of the two was dismissed.

    `stated`: pairs that the words of sources give; those stand though a person who said so too took it back.
    """
    void = [
        row
        for row in fetched(db, "void_supersessions")
        if not (row["is_standing"] and (str(row["decision_id"]), str(row["target"])) in stated)
    ]
    _close_links(db, trail, void, reason="taken back")


def replaced_by(db: Db, decision_id: str) -> list[str]:
    """The decisions that one replaced."""
    links = fetched(db, "links_of_decisions", ids=json.dumps([decision_id]))
    return [str(row["target"]) for row in links if _is_supersession(row) and row["decision_id"] == decision_id]


def _close_links(db: Db, trail: Trail, links: Sequence[Row], *, reason: str) -> None:
    """End links; what they replaced holds again, as far as nothing else replaced it."""
    db.execute(query("close_links"), {"ids": json.dumps([row["link_id"] for row in links]), "now": stamp(trail.now)})
    for row in links:
        trail.note("close", "link", str(row["link_id"]), reason=reason)
    settle(db, trail, [str(row["target"]) for row in links if _is_supersession(row)], reason="holds again")


def _is_supersession(row: Row) -> bool:
    return row["relation"] == "supersedes" and row["target_kind"] == "decision"


def _fingerprint(db: Db, decision_id: str) -> str:
    return str(rows_of(db, decision_id)[-1]["fingerprint"])
