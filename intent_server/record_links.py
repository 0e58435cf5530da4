"""Part of the write side: which decisions in the store replace which, as far as that is not recorded yet."""

from __future__ import annotations

from collections.abc import Mapping

from intent_server.link import Record, Stated, supersessions
from intent_server.store.change import Supersession
from intent_server.store.connect import Db
from intent_server.store.rows import fetched


def due_supersessions(db: Db) -> tuple[Supersession, ...]:
    """What sources and people say of one decision replacing another and no link holds yet.

    Where a source says the opposite of what a person said here, the person's word counts.
    """
    said = [(str(row["newer"]), str(row["older"])) for row in fetched(db, "stated_by_acts")]
    stated = [_stated(row) for row in fetched(db, "stated_supersessions")]
    if not said and not stated:
        return ()
    records = [_record(row) for row in fetched(db, "records")] if stated else []
    pairs = dict.fromkeys((*said, *(pair for pair in supersessions(stated, records) if pair[::-1] not in said)))
    held = {(row["decision_id"], row["target"]) for row in fetched(db, "open_supersessions")}
    return tuple(Supersession(newer, older) for newer, older in pairs if (newer, older) not in held)


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
