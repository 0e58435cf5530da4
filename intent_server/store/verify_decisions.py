"""Do decisions still stand as the acts upon them and the audit say? Acts, versions, intervals and states."""

from __future__ import annotations

from collections.abc import Iterator

from intent_server.answers_record import Finding
from intent_server.store.connect import Db
from intent_server.store.review import act_fingerprint
from intent_server.store.review_state import folded, rows_of, state_fingerprint, states
from intent_server.store.rows import Row, fetched

_AT_ONCE = 1_000


def decision_findings(db: Db) -> Iterator[Finding]:
    """What does not fit of reviews and of decisions as they stand."""
    for row in fetched(db, "review_problems"):
        yield Finding(check="review", where=f"{row['kind']} {row['id']}", problem=str(row["problem"]))
    yield from _edited_reviews(db)
    told = list(fetched(db, "told_states"))
    for start in range(0, len(told), _AT_ONCE):
        yield from _edited_states(db, told[start : start + _AT_ONCE])


def _edited_reviews(db: Db) -> Iterator[Finding]:
    for row in fetched(db, "told_reviews"):
        if row.pop("told") != act_fingerprint(row):
            problem = "it is not what the audit says was done: it was edited by hand"
            yield Finding(check="review", where=f"review {row['review_id']}", problem=problem)


def _edited_states(db: Db, told: list[dict[str, object]]) -> Iterator[Finding]:
    moved = [str(row["decision_id"]) for row in told if row["told"] is not None]
    found = states(db, moved)
    for row in told:
        problem = _problem(db, row, found)
        if problem is not None:
            yield Finding(check="decision state", where=f"decision {row['decision_id']}", problem=problem)


def _problem(db: Db, told: Row, found: dict[str, dict[str, object]]) -> str | None:
    decision_id = str(told["decision_id"])
    if told["is_shifted"]:
        return "its valid times are not those it came with, and the audit tells of no change: they were edited by hand"
    if decision_id not in found:
        return None
    if state_fingerprint(found[decision_id]) != told["told"]:
        return "it is not as the audit says it stood after its last change: it was edited by hand"
    wanted = folded(db, rows_of(db, decision_id)[0])
    if any(found[decision_id][name] != value for name, value in wanted.items()):
        return "it is not what the acts upon it and its successors make of it"
    return None
