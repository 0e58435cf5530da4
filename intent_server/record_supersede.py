"""Part of the write side: whether one decision may be said to have replaced another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from intent_server.errors import BadRequest
from intent_server.store.connect import Db
from intent_server.store.review_state import rows_of
from intent_server.store.rows import fetched, stamp


def check_supersession(db: Db, newer: str, older: str, *, valid_from: datetime | None = None) -> None:
    """Nothing where `newer`, from `valid_from` or from when it holds, may replace `older`.

    Raises: BadRequest where it did already, where that closes a circle, or where it held before the older one began.
    """
    if newer == older:
        raise BadRequest(f"Decision {older} cannot replace itself. Name the newer one.")
    after = superseders(db, older)
    if newer in after:
        raise BadRequest(f"Decision {newer} replaces {older} already; nothing is to be done.")
    if older in _later(db, newer):
        raise BadRequest(
            f"Decision {older} came after {newer} and replaced it: that would close a circle. Undo that first."
        )
    begins, ends = _interval(db, newer)
    start = stamp(valid_from) or begins
    began, _ = _interval(db, older)
    if start is not None and began is not None and start < began:
        raise BadRequest(
            f"Decision {newer} would hold from {_day(start)}, before {older} began ({_day(began)}). "
            "Are the two the wrong way round? Else give the date from which the newer one holds."
        )
    if valid_from is not None and ends is not None and str(stamp(valid_from)) > ends:
        raise BadRequest(
            f"Decision {newer} held until {_day(ends)}: it cannot begin on {_day(str(stamp(valid_from)))}."
        )


def check_interval(db: Db, decision_id: str, own: Mapping[str, object]) -> None:
    """Nothing where a decision may hold for the time in `own`, given what it replaced and what replaced it.

    Raises: BadRequest.
    """
    begins, ends = own["valid_from"], own["valid_to"]
    for newer, since in superseders(db, decision_id).items():
        if begins is not None and since is not None and since < str(begins):
            raise BadRequest(f"valid_from {_day(str(begins))} is after {newer} replaced it ({_day(since)}).")
    if begins is not None and ends is not None and str(ends) < str(begins):
        raise BadRequest(f"valid_to {_day(str(ends))} is before valid_from {_day(str(begins))}.")
    for row in fetched(db, "superseded_ones", decision_id=decision_id):
        began = row["valid_from"]
        if begins is not None and began is not None and str(begins) < str(began):
            problem = f"is before {row['decision_id']}, which it replaced, began ({_day(str(began))})"
            raise BadRequest(f"valid_from {_day(str(begins))} {problem}. Correct that one first.")


def superseders(db: Db, decision_id: str) -> dict[str, str | None]:
    """What replaced a decision, with the moment since which each holds."""
    found = fetched(db, "superseders", ids=json.dumps([decision_id]))
    return {str(row["newer_id"]): None if row["valid_from"] is None else str(row["valid_from"]) for row in found}


def _later(db: Db, decision_id: str) -> set[str]:
    """All that came after a decision, one replacing the other."""
    found: set[str] = set()
    due = [decision_id]
    while due:
        fresh = [one for one in superseders(db, due.pop()) if one not in found]
        found.update(fresh)
        due += fresh
    return found


def _interval(db: Db, decision_id: str) -> tuple[str | None, str | None]:
    last = rows_of(db, decision_id)[-1]
    begins, ends = last["valid_from"], last["valid_to"]
    return None if begins is None else str(begins), None if ends is None else str(ends)


def _day(text: str) -> str:
    return text.removesuffix(".000000").removesuffix("T00:00:00")
