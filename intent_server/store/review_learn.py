"""What the source of a reviewed decision says since: people's word stands, and what is new is told beside it.

Other records that the source names now are linked. A status that differs waits in quarantine for a person, until the
decision has it or the source says something else again.
"""

from __future__ import annotations

import json

from ingest.records import Candidate
from intent_server.store.audit import Trail
from intent_server.store.connect import Db
from intent_server.store.ids import ids
from intent_server.store.review import acts_on, is_dismissed
from intent_server.store.review_moves import tell_lost
from intent_server.store.review_state import rows_of
from intent_server.store.rows import Row, fetched, insert, link_row, stamp
from intent_server.store.sql import query

_SAYS = "the source now says: "


def learn(db: Db, trail: Trail, decision_id: str, candidate: Candidate) -> None:
    """Take over what a decision's source states now; nothing of one that was dismissed."""
    if is_dismissed(acts_on(db, decision_id)):
        return
    rows = rows_of(db, decision_id)
    _add_links(db, trail, decision_id, candidate)
    said = f"{_SAYS}{candidate.status}"
    waiting = [row for row in fetched(db, "said_since", says=_SAYS) if row["decision_id"] == decision_id]
    _close(db, trail, [row for row in waiting if row["reason"] != said])
    is_told = any(row["reason"] == said for row in waiting)
    if candidate.status not in (rows[0]["status"], rows[-1]["status"]) and not is_told:
        tell_lost(db, trail, decision_id, said, rows[-1])


def close_learned(db: Db, trail: Trail) -> None:
    """End what waits because a source says another status, where the decision has that status now."""
    _close(db, trail, [row for row in fetched(db, "said_since", says=_SAYS) if row["is_so"]])


def is_said_since(reason: object) -> bool:
    """Whether this is why an item waits."""
    return str(reason).startswith(_SAYS)


def _add_links(db: Db, trail: Trail, decision_id: str, candidate: Candidate) -> None:
    links = fetched(db, "links_of_decisions", ids=json.dumps([decision_id]))
    held = {(row["relation"], row["target_kind"], row["target"]) for row in links if row["decision_id"] == decision_id}
    new = ids(trail.now)
    stated = [
        link_row(item, next(new), decision_id, stamp(trail.now))
        for item in candidate.references
        if item.method == "explicit"
    ]
    insert(db, "links", [row for row in stated if (row["relation"], row["target_kind"], row["target"]) not in held])


def _close(db: Db, trail: Trail, items: list[Row]) -> None:
    given = {"ids": json.dumps([row["item_id"] for row in items]), "now": stamp(trail.now)}
    db.execute(query("close_quarantine"), given)
    for row in items:
        mark = str(row["fingerprint"])
        trail.note("close", "quarantine", str(row["item_id"]), before=mark, reason="settled")
