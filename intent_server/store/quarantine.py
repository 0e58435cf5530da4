"""What was refused, with its reason and place, kept for a person: list it, show one, dismiss one."""

from __future__ import annotations

import json

from intent_server.answers import Quarantine, QuarantineItem
from intent_server.errors import AmbiguousId, NotFound
from intent_server.store.audit import Trail
from intent_server.store.connect import Db, transaction
from intent_server.store.load import utc
from intent_server.store.rows import stamp
from intent_server.store.sql import query


def refused_items(db: Db, *, limit: int = 50, offset: int = 0) -> Quarantine:
    """The open items, newest first."""
    total = db.execute(query("quarantine_count")).fetchone() or (0,)
    return Quarantine(items=_items(db, None, limit, offset), total=int(total[0]))


def refused_item(db: Db, item_id: str) -> QuarantineItem:
    """One open item; the beginning of its id is enough.

    Raises: NotFound, AmbiguousId.
    """
    found = _items(db, item_id, 11, 0)
    if not found:
        raise NotFound("quarantined item", item_id, "See `intent quarantine list`.")
    if len(found) > 1:
        raise AmbiguousId("quarantined item", item_id, [item.item_id for item in found])
    return found[0]


def dismiss(db: Db, trail: Trail, item_id: str, *, reason: str | None) -> None:
    """Close an item for good: the same one refused again stays closed.

    Raises: NotFound, AmbiguousId.
    """
    with transaction(db):
        full = refused_item(db, item_id).item_id
        db.execute(query("close_quarantine"), {"ids": json.dumps([full]), "now": stamp(trail.now)})
        trail.note("dismiss", "quarantine", full, reason=reason)
        trail.write(db)


def _items(db: Db, item_id: str | None, limit: int, offset: int) -> list[QuarantineItem]:
    rows = db.execute(query("quarantine_items"), {"item_id": item_id, "limit": limit, "offset": offset}).fetchall()
    return [
        QuarantineItem(
            item_id=row[0],
            source=row[1],
            stage=row[2],
            reason=row[3],
            place=row[4],
            recorded_text=row[5],
            recorded_from=utc(row[6]) or row[6],
        )
        for row in rows
    ]
