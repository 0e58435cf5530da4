"""What was refused, with reason and place, kept for a person: list it, show one, dismiss one, tell where it waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intent_server.answers_record import Quarantine, QuarantineItem
from intent_server.errors import AmbiguousId, NotFound
from intent_server.store.audit import Trail
from intent_server.store.connect import Db, transaction
from intent_server.store.load import utc
from intent_server.store.rows import Row, fetched, stamp
from intent_server.store.sql import query


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place with open items, as one reader read it."""

    uri: str
    reader: str
    item_ids: tuple[str, ...]
    declared: str | None
    """JSON, as its newest batch has it; None where that was not kept yet."""
    given_at: str | None
    """The date that its sessions were given."""


def refused_items(db: Db, *, limit: int = 50, offset: int = 0, closed: bool = False) -> Quarantine:
    """The open items, newest first; with `closed` those that ended too, with how."""
    total = db.execute(query("quarantine_count"), {"all": closed}).fetchone() or (0,)
    return Quarantine(items=_items(db, None, limit, offset, closed=closed), total=int(total[0]))


def refused_item(db: Db, item_id: str, *, closed: bool = False) -> QuarantineItem:
    """One item, open unless `closed` takes any; the beginning of its id is enough.

    Raises: NotFound, AmbiguousId.
    """
    found = _items(db, item_id, 11, 0, closed=closed)
    if not found:
        raise NotFound("quarantined item", item_id, "See `intent quarantine list`, with --all for closed ones.")
    if len(found) > 1:
        raise AmbiguousId("quarantined item", item_id, [item.item_id for item in found])
    return found[0]


def dismiss(db: Db, trail: Trail, item_id: str, *, reason: str) -> QuarantineItem:
    """Close an item for good: the same one refused again stays closed. The reason goes when the item is forgotten.

    Raises: NotFound, AmbiguousId.
    """
    with transaction(db):
        full = refused_item(db, item_id).item_id
        db.execute(query("dismiss_quarantine"), {"item_id": full, "reason": reason, "now": stamp(trail.now)})
        trail.note("dismiss", "quarantine", full)
        trail.write(db)
    return refused_item(db, full, closed=True)


def lost_words_count(db: Db, uri: str) -> int:
    """How many decisions that people reviewed wait because their words are gone from this place."""
    row = db.execute(query("lost_words_count"), {"uri": uri}).fetchone()
    return int(row[0]) if row else 0


def waiting(db: Db) -> list[Waiting]:
    """Every place with open items, by uri."""
    by_place: dict[tuple[str, str], list[Row]] = {}
    for row in fetched(db, "waiting_items"):
        by_place.setdefault((str(row["uri"]), str(row["reader"])), []).append(row)
    return [_waiting(uri, reader, rows) for (uri, reader), rows in by_place.items()]


def _waiting(uri: str, reader: str, rows: Sequence[Row]) -> Waiting:
    declared, given_at = rows[0]["declared"], rows[0]["given_at"]
    return Waiting(
        uri=uri,
        reader=reader,
        item_ids=tuple(str(row["item_id"]) for row in rows),
        declared=None if declared is None else str(declared),
        given_at=None if given_at is None else str(given_at),
    )


def _items(db: Db, item_id: str | None, limit: int, offset: int, *, closed: bool) -> list[QuarantineItem]:
    given = {"item_id": item_id, "limit": limit, "offset": offset, "all": closed}
    return [
        QuarantineItem(
            item_id=row[0],
            source=row[1],
            stage=row[2],
            reason=row[3],
            place=row[4],
            recorded_text=row[5],
            recorded_from=utc(row[6]) or row[6],
            recorded_to=utc(row[7]),
            ended=None if row[7] is None else _ended(row[8], row[9], row[10]),
        )
        for row in db.execute(query("quarantine_items"), given).fetchall()
    ]


def _ended(action: str | None, actor: str | None, reason: str | None) -> str:
    """`dismissed by mara: noise`, or `refused no longer`."""
    if action != "dismiss":
        return reason or "closed"
    return f"dismissed by {actor}" + (f": {reason}" if reason else "")
