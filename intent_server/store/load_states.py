"""How decisions stand, as columns; their words and their sessions' names for those that are asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from intent_server.store.connect import Db
from intent_server.store.load import Core, utc
from intent_server.store.sql import query

STATUSES = ("proposed", "accepted", "declined", "superseded")
AUTHORITIES = ("ratified", "recorded", "structured", "extracted")


@dataclass(frozen=True, slots=True)
class States:
    """How decisions held now stand, by id.

    `session_nos`: positions in `session_ids`. `status_nos`, `authority_nos`: positions in STATUSES and AUTHORITIES.
    `is_unclear`: some of its words were hard to hear.
    The utterances that decision i quotes: `utterances[first[i] : first[i + 1]]`, rising.
    """

    decision_ids: npt.NDArray[np.bytes_]
    session_nos: npt.NDArray[np.int32]
    session_ids: Sequence[str]
    status_nos: npt.NDArray[np.int8]
    authority_nos: npt.NDArray[np.int8]
    is_doubtful: npt.NDArray[np.bool_]
    is_unclear: npt.NDArray[np.bool_]
    first: npt.NDArray[np.int64]
    utterances: npt.NDArray[np.int32]


def states(db: Db, ids: Collection[str] | None = None) -> States:
    """How these decisions stand, or all; without those that were dismissed or are held no longer."""
    only = None if ids is None else list(ids)
    given = {"decision_ids": only, "statuses": list(STATUSES), "authorities": list(AUTHORITIES)}
    found = db.execute(query("decisions_standing"), given).fetchnumpy()
    sessions = [row[0] for row in db.execute(query("open_session_ids")).fetchall()]
    known = _ids(found["decision_id"])
    first, utterances = _places(db, only, known)
    unclear = db.execute(query("unclear_decisions"), {"decision_ids": only}).fetchnumpy()["decision_id"]
    return States(
        known,
        np.asarray(found["session_no"], dtype=np.int32),
        sessions,
        np.asarray(found["status_no"], dtype=np.int8) - np.int8(1),
        np.asarray(found["authority_no"], dtype=np.int8) - np.int8(1),
        np.asarray(found["is_doubtful"], dtype=np.bool_),
        np.isin(known, _ids(unclear)),
        first,
        utterances,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """How one decision stands and where it was said. `utterances`: the indexes of those it quotes, rising."""

    decision_id: str
    session_id: str
    status: str
    authority: str
    is_doubtful: bool
    is_unclear: bool
    utterances: Sequence[int]


def cores_of(db: Db, places: Collection[Place]) -> dict[str, Core]:
    """What these decisions are about, by id; those not held now are left out."""
    if not places:
        return {}
    by_id = {one.decision_id: one for one in places}
    rows = db.execute(query("cores_of"), {"decision_ids": list(by_id)}).fetchall()
    return {row[0]: _core(by_id[row[0]], row) for row in rows}


def _core(place: Place, row: tuple[str, str, str, float, datetime | None]) -> Core:
    _, subject, choice, confidence, decided_at = row
    return Core(
        place.decision_id,
        place.session_id,
        subject,
        choice,
        place.status,
        place.authority,
        confidence,
        utc(decided_at),
        place.utterances,
        place.is_doubtful,
        place.is_unclear,
    )


def changed(db: Db, since: datetime) -> list[str]:
    """The decisions of which anything was recorded or ended after a moment, without a zone as it is stored."""
    return [row[0] for row in db.execute(query("changed_decisions"), {"since": since}).fetchall()]


def last_moment(db: Db) -> datetime | None:
    """When the last change of the record was recorded, without a zone as it is stored; None for an empty store."""
    row = db.execute(query("audit_end")).fetchone()
    return None if row is None else row[2]


def heard_until(db: Db) -> datetime | None:
    """The newest moment that anything in the store speaks of."""
    return utc((db.execute(query("heard_until")).fetchone() or (None,))[0])


def _ids(column: npt.NDArray[np.object_]) -> npt.NDArray[np.bytes_]:
    return np.array([one.encode() for one in column.tolist()], dtype=np.bytes_)


def _places(
    db: Db, only: list[str] | None, known: npt.NDArray[np.bytes_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Where the utterances of each known decision begin, and all of them."""
    given = {"decision_ids": only}
    open_ids = _ids(db.execute(query("open_decision_ids"), given).fetchnumpy()["decision_id"])
    found = db.execute(query("decision_places"), given).fetchnumpy()
    numbers = np.asarray(found["decision_no"], dtype=np.int64)
    kept = np.isin(open_ids, known) if len(known) < len(open_ids) else np.ones(len(open_ids), dtype=np.bool_)
    here = kept[numbers]
    counts = np.bincount(numbers[here], minlength=len(open_ids))[kept]
    first = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))
    return first, np.asarray(found["utterance_index"], dtype=np.int32)[here]
