"""A decision as it stands: its first row, what open acts changed of it, and what replaced it.

`settle` makes the open row say so: the row is closed and another one added, and the audit row of that change holds the
fingerprints of the state before and after, so that `verify` finds an edit by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.fingerprint import fingerprint
from intent_server.store.audit import Trail
from intent_server.store.connect import Db
from intent_server.store.held import parts_of
from intent_server.store.review import Act, acts_with
from intent_server.store.rows import Row, fetched, insert, part_content, stamp
from intent_server.store.sql import query

_STATED = (
    "session_id", "subject", "choice", "status", "authority", "confidence", "extractor", "decided_at", "valid_from",
    "valid_to",
)  # fmt: skip
_TOLD = (*_STATED, "is_doubtful")
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class PartChange:
    """Versions of parts that end and that begin, with the evidence of those that are quoted anew."""

    closed: Sequence[str] = ()
    added: Sequence[Row] = ()
    evidence: Sequence[Row] = ()


def rows_of(db: Db, decision_id: str) -> list[dict[str, object]]:
    """Every row a decision has had, the first one first, the open one last."""
    return list(fetched(db, "decision_rows", decision_id=decision_id))


def states(db: Db, decision_ids: Iterable[str]) -> dict[str, dict[str, object]]:
    """The open decisions among these by id, each with its open parts, their words and the people in it."""
    found = fetched(db, "decision_states", ids=json.dumps(list(decision_ids)))
    return {str(row["decision_id"]): row for row in found}


def state_fingerprint(state: Row) -> str:
    """The fingerprint of a decision as it stands, from a row of query `decision_states`."""
    return fingerprint(
        {
            **{name: state[name] for name in _STATED},
            **({"is_doubtful": True} if state["is_doubtful"] else {}),
            "parts": [part_content(part) for part in parts_of(state)],
            "people": json.loads(str(state["people"] or "[]")),
        }
    )


def settle(db: Db, trail: Trail, decision_ids: Iterable[str], *, reason: str) -> None:
    """Make the open rows of these decisions say what their acts and successors make of them."""
    for decision_id in dict.fromkeys(decision_ids):
        rows = rows_of(db, decision_id)
        if rows and rows[-1]["recorded_to"] is None:
            put(db, trail, rows, reason=reason)


def put(
    db: Db,
    trail: Trail,
    rows: Sequence[Row],
    *,
    reason: str,
    parts: PartChange | None = None,
    session_id: str | None = None,
) -> None:
    """Bring a decision with these rows to where it stands, with changed parts, in another session, or open again."""
    last = rows[-1]
    decision_id = str(last["decision_id"])
    before = states(db, [decision_id]).get(decision_id)
    trail.now = max(trail.now, _moment(max(str(row["recorded_from"]) for row in rows)) + _TICK)
    now = stamp(trail.now)
    change_parts(db, trail, parts or PartChange())
    open_parts = {str(row["kind"]): str(row["text"]) for row in fetched(db, "open_parts", decision_id=decision_id)}
    place = session_id or str(last["session_id"])
    wanted = {**last, **folded(db, rows[0]), "choice": open_parts["choice"], "session_id": place}
    is_open = last["recorded_to"] is None
    if is_open and parts is None and all(wanted[name] == last[name] for name in _TOLD):
        return
    db.execute(query("close_decisions"), {"ids": json.dumps([decision_id]), "now": now})
    insert(db, "decisions", [{**wanted, "recorded_from": now, "recorded_to": None}])
    after = states(db, [decision_id])[decision_id]
    trail.note(
        "change",
        "decision",
        decision_id,
        before=None if before is None else state_fingerprint(before),
        after=state_fingerprint(after),
        reason=reason,
    )


def folded(db: Db, born: Row) -> dict[str, object]:
    """What acts and successors make of a decision that came as `born`: the columns that they may change."""
    decision_id = str(born["decision_id"])
    own = own_state(born, acts_with(db, [decision_id]))
    newer = list(fetched(db, "superseders", ids=json.dumps([decision_id])))
    if newer:
        ends = [own["valid_to"], *(row["valid_from"] for row in newer)]
        own |= {"status": "superseded", "valid_to": min((str(end) for end in ends if end is not None), default=None)}
    if own["valid_from"] is not None and own["valid_to"] is not None:
        own["valid_to"] = max(str(own["valid_from"]), str(own["valid_to"]))
    return own


def own_state(born: Row, acts: Sequence[Act]) -> dict[str, object]:
    """The same without its successors. Whatever a person does with a doubtful one but dismissing it ends the doubt."""
    own = {name: born[name] for name in ("subject", "status", "authority", "valid_from", "valid_to")}
    own["is_doubtful"] = bool(born["is_doubtful"]) and all(act.action == "dismissed" for act in acts)
    for act in acts:
        if act.action == "ratified" and act.decision_id == born["decision_id"]:
            own["authority"] = "ratified"
        if act.decision_id == born["decision_id"] and act.action in ("corrected", "split_off"):
            own |= {name: value for name, value in act.changes.items() if name in own}
        if act.other_decision_id == born["decision_id"] and "valid_from" in act.changes:
            own["valid_from"] = act.changes["valid_from"]
    return own


def change_parts(db: Db, trail: Trail, change: PartChange) -> None:
    """End versions of parts and begin others."""
    if change.closed:
        db.execute(query("close_parts"), {"ids": json.dumps(list(change.closed)), "now": stamp(trail.now)})
    insert(db, "parts", [{**row, "recorded_from": stamp(trail.now), "recorded_to": None} for row in change.added])
    insert(db, "evidence", change.evidence)


def part_ids(change: PartChange) -> dict[str, list[str]]:
    """A change of parts as an act keeps it."""
    return {"added": [str(row["part_id"]) for row in change.added], "closed": list(change.closed)}


def part_changes(act: Act) -> tuple[list[str], list[str]]:
    """(ids of the parts that stand since an act, ids of those that do not)."""
    parts = act.changes.get("parts")
    named: Mapping[str, list[str]] = parts if isinstance(parts, Mapping) else {}
    return list(named.get("added", [])), list(named.get("closed", []))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")
