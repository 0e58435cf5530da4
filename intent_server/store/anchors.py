"""Links to anchors as rows: derived from the record, the repositories and the pipelines; history is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from intent_server.store.connect import Db
from intent_server.store.ids import ids
from intent_server.store.rows import Row, fetched, insert, stamp
from intent_server.store.sql import query

Key: TypeAlias = tuple[object, ...]
_ANCHOR = ("kind", "scope", "name", "line_start", "line_end", "commit_sha")
_LINK = ("decision_id", "relation", "method", "stated_link_id", "session_id", "utterance_index", "evidence")


def listed(names: Iterable[str]) -> str:
    """Names as queries take them."""
    return json.dumps(sorted(set(names)), ensure_ascii=False)


def asked(decision_ids: Sequence[str] | None) -> str | None:
    """Decision ids as queries take them; None for all."""
    return None if decision_ids is None else json.dumps(list(decision_ids))


def put_links(
    db: Db, now: datetime, decision_ids: Sequence[str], wanted: Sequence[Row], unresolved: Sequence[Row]
) -> tuple[int, int]:
    """Bring the links of these decisions to what is wanted; (added, closed). Within a transaction.

    A wanted row has the link's and its anchor's columns, and `text`: what the anchor's lines said, where known.
    """
    held = list(fetched(db, "open_anchor_links", ids=listed(decision_ids)))
    due = {_key(row): row for row in wanted}
    kept = {_key(row) for row in held}
    gone = [str(row["link_id"]) for row in held if _key(row) not in due]
    db.execute(query("close_anchor_links"), {"ids": json.dumps(gone), "now": stamp(now)})
    anchors = _anchored(db, now, due.values())
    fresh = [row for key, row in due.items() if key not in kept]
    new = ids(now)
    insert(
        db,
        "anchor_links",
        [
            {
                **{name: row.get(name) for name in _LINK},
                "link_id": next(new),
                "anchor_id": anchors[_anchor(row)],
                "recorded_from": stamp(now),
            }
            for row in fresh
        ],
    )
    db.execute(query("void_anchor_links"), {"now": stamp(now)})
    db.execute(query("drop_unresolved"), {"ids": listed(decision_ids)})
    insert(db, "unresolved", unresolved)
    return len(fresh), len(gone)


def _anchored(db: Db, now: datetime, rows: Iterable[Row]) -> Mapping[Key, str]:
    """The ids of the rows' anchors, those added that are not there."""
    due = {_anchor(row): row for row in rows}
    known: dict[Key, str] = {}
    for row in fetched(db, "anchors_named", names=listed(str(key[2]) for key in due)):
        key = _anchor(row)
        known.setdefault(key, str(row["anchor_id"]))
        said = due[key].get("text") if key in due else None
        if said and row["text"] is None:
            db.execute(query("tell_anchor_text"), {"anchor_id": row["anchor_id"], "text": said})
    new = ids(now)
    added = [
        {
            "anchor_id": next(new),
            "kind": row["kind"],
            "scope": row["scope"],
            "name": row["name"],
            "path": row.get("path"),
            "line_start": row.get("line_start") or None,
            "line_end": row.get("line_end") or None,
            "commit_sha": row.get("commit_sha") or None,
            "text": row.get("text"),
            "recorded_from": stamp(now),
        }
        for key, row in due.items()
        if key not in known
    ]
    insert(db, "anchors", added)
    return known | {_anchor(row): str(row["anchor_id"]) for row in added}


def _anchor(row: Row) -> Key:
    return tuple(row.get(name) or (0 if name.startswith("line") else "") for name in _ANCHOR)


def _key(row: Row) -> Key:
    return (*_anchor(row), *(row.get(name) for name in _LINK))
