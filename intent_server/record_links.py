"""Part of the write side: which decisions in the store replace which, as far as that is not recorded yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from intent_server.link import Record, Stated, supersessions
from intent_server.store.change import Supersession
from intent_server.store.connect import Db
from intent_server.store.rows import fetched


def due_supersessions(db: Db) -> tuple[Supersession, ...]:
    """What the sources' own words say and no link holds yet."""
    stated = [_stated(row) for row in fetched(db, "stated_supersessions")]
    if not stated:
        return ()
    records = [_record(row) for row in fetched(db, "records")]
    held = {(row["decision_id"], row["target"]) for row in fetched(db, "open_supersessions")}
    due = [pair for pair in supersessions(stated, records) if pair not in held]
    return tuple(Supersession(newer, older, valid_to=_valid_from(db, newer)) for newer, older in due)


def _valid_from(db: Db, decision_id: str) -> datetime | None:
    rows = list(fetched(db, "decision_rows", decision_id=decision_id))
    return _moment(rows[-1]["valid_from"])


def _stated(row: Mapping[str, object]) -> Stated:
    return Stated(_record(row), target=str(row["target"]), is_inverse=row["target_kind"] == "superseded_by")


def _record(row: Mapping[str, object]) -> Record:
    return Record(
        decision_id=str(row["decision_id"]),
        session_id=str(row["session_id"]),
        native_id=str(row["native_id"]),
        uri=str(row["uri"]),
        project=None if row["project"] is None else str(row["project"]),
    )


def _moment(value: object) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
