"""Acts of people and agents upon decisions: recorded, ratified, dismissed, corrected, split…; and their undoing.

An act is a row; what it changed is in `changes`. A decision as it stands is its first row with the changes of its open
acts on it (`review_state`), so that closing an act's row gives back exactly what was there before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from ingest.fingerprint import fingerprint
from intent_server.config import Actor
from intent_server.store.audit import Trail
from intent_server.store.connect import Db
from intent_server.store.ids import ids
from intent_server.store.rows import Row, fetched, insert, stamp
from intent_server.store.sql import query

ActionName = Literal["recorded", "ratified", "dismissed", "corrected", "superseded", "split", "split_off", "merged"]


_WHEN_UNDONE = frozenset({"recorded_to", "undone_by", "undone_reason"})


@dataclass(frozen=True, slots=True)
class Act:
    """An act that stands."""

    review_id: str
    decision_id: str
    action: ActionName
    actor: str
    client: str | None
    reason: str | None
    other_decision_id: str | None
    """Of `superseded`, what replaced the decision; of `split_off`, what it was a part of."""
    mark: str
    recorded_from: str
    changes: Mapping[str, object] = field(default_factory=dict)
    """Column to what it set; `parts` to the ids that stand since (`added`) and that do not (`closed`); of `recorded`
    and `merged`, `gave_way` to the decisions that ended for it; of `split`, `became` to what it was split into."""

    @property
    def who(self) -> str:
        """As a message names it: `dismissed by mara on 2026-03-03`."""
        return f"{self.action} by {Actor(self.actor, self.client).label} on {self.recorded_from[:10]}"


@dataclass(frozen=True, slots=True)
class Done:
    """What an act is to record."""

    action: ActionName
    reason: str | None = None
    other_decision_id: str | None = None
    changes: Mapping[str, object] = field(default_factory=dict)


def acts_on(db: Db, decision_id: str) -> list[Act]:
    """The acts upon a decision that stand, the first one first."""
    return [act for act in acts_with(db, [decision_id]) if act.decision_id == decision_id]


def acts_with(db: Db, decision_ids: Sequence[str]) -> list[Act]:
    """The acts upon these decisions that stand, and those by which they replaced others; the first one first."""
    return [_act(row) for row in fetched(db, "reviews_of", ids=json.dumps(list(decision_ids)))]


def gave_way_to(act: Act) -> list[str]:
    """The decisions that ended when one was recorded in the same words, or when they were merged into it."""
    return _ids(act, "gave_way")


def became(act: Act) -> list[str]:
    """The decisions that one was split into."""
    return _ids(act, "became")


def _ids(act: Act, name: str) -> list[str]:
    named = act.changes.get(name)
    return [str(one) for one in named] if isinstance(named, list) else []


def add_act(db: Db, trail: Trail, by: Actor, decision_id: str, done: Done) -> str:
    """Record an act upon a decision; its id."""
    review_id = next(ids(trail.now))
    row: dict[str, object] = {
        "review_id": review_id,
        "decision_id": decision_id,
        "action": done.action,
        "actor": by.name,
        "client": by.client,
        "reason": done.reason,
        "other_decision_id": done.other_decision_id,
        "mark": mark_of(db, decision_id),
        "changes": dict(done.changes) or None,
        "recorded_from": stamp(trail.now),
    }
    insert(db, "reviews", [row])
    trail.note("add", "review", review_id, after=act_fingerprint(row), reason=f"{done.action} decision {decision_id}")
    return review_id


def close_acts(db: Db, trail: Trail, acts: Sequence[Act], *, by: Actor, reason: str | None) -> None:
    """End acts: they are undone, by whom and why. What the audit keeps of them says neither: it cannot be forgotten."""
    given = {"ids": json.dumps([act.review_id for act in acts]), "now": stamp(trail.now)}
    db.execute(query("close_reviews"), {**given, "by": by.label, "reason": reason})
    for act in acts:
        trail.note("close", "review", act.review_id, reason=f"{act.action} undone for decision {act.decision_id}")


def act_fingerprint(row: Row) -> str:
    """What the audit keeps of an act: all of its row but its undoing."""
    changes = row["changes"]
    told = {**row, "changes": json.loads(changes) if isinstance(changes, str) else changes}
    return fingerprint({name: value for name, value in told.items() if name not in _WHEN_UNDONE})


def is_dismissed(acts: Sequence[Act]) -> bool:
    """Whether a dismissal is among the acts."""
    return any(act.action == "dismissed" for act in acts)


def mark_of(db: Db, decision_id: str) -> str:
    """What a decision is known by when its source is read anew: where it comes from and the words first chosen."""
    row = next(fetched(db, "decision_origin", decision_id=decision_id))
    is_native = row["identity"] == "native"
    place = row["native_id"] if is_native else row["uri"]
    return review_mark(str(row["source_kind"]), str(place), str(row["choice"]))


def review_mark(kind: str, place: str, choice: str) -> str:
    """The mark of a decision; `place` is its session's own id, or its source where the session has none."""
    return fingerprint([kind, place, same_words(choice)])


def same_words(text: str) -> str:
    """The words as they are compared: case and white space do not count."""
    return " ".join(text.casefold().split())


def _act(row: Row) -> Act:
    def text(name: str) -> str | None:
        return None if row[name] is None else str(row[name])

    return Act(
        review_id=str(row["review_id"]),
        decision_id=str(row["decision_id"]),
        action=cast(ActionName, row["action"]),
        actor=str(row["actor"]),
        client=text("client"),
        reason=text("reason"),
        other_decision_id=text("other_decision_id"),
        mark=str(row["mark"]),
        recorded_from=str(row["recorded_from"]),
        changes=json.loads(str(row["changes"] or "{}")),
    )
