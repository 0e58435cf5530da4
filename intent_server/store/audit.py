"""The audit table: one row for each change of canonical rows, each holding the hash of the one before.

The chain makes an edit of an earlier row show; it is written in the same transaction as what it tells of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from ingest.fingerprint import fingerprint
from intent_server.moments import Now, moment_of
from intent_server.store.connect import Db
from intent_server.store.rows import Row, fetched, insert, stamp
from intent_server.store.sql import query

Action = Literal["add", "append", "close", "change", "dismiss", "forget"]

FIRST = "b2:0"
"""What stands for the hash before the first row."""


@dataclass(slots=True)
class Trail:
    """The audit rows of one transaction, in order; `write` appends them."""

    actor: str
    now: datetime
    entries: list[dict[str, object]] = field(default_factory=list)

    def note(
        self,
        action: Action,
        entity_kind: str,
        entity_id: str,
        *,
        before: str | None = None,
        after: str | None = None,
        reason: str | None = None,
    ) -> None:
        """One change."""
        self.entries.append(
            {
                "recorded_from": stamp(self.now),
                "actor": self.actor,
                "action": action,
                "entity_kind": entity_kind,
                "entity_id": entity_id,
                "reason": reason,
                "before_fingerprint": before,
                "after_fingerprint": after,
            }
        )

    def write(self, db: Db) -> None:
        """Append what was noted, chained to what is there. Within the transaction of the changes."""
        if not self.entries:
            return
        last = db.execute(query("audit_end")).fetchone() or (0, FIRST)
        number, previous = int(last[0]), str(last[1])
        for entry in self.entries:
            number += 1
            entry |= {"audit_no": number, "previous_hash": previous}
            previous = audit_hash(entry)
            entry["hash"] = previous
        insert(db, "audit", self.entries)
        self.entries.clear()


def begun(db: Db, actor: str, now: Now) -> Trail:
    """A trail for one transaction, later than all that is recorded: what one act did is told by its moment alone.

    A clock that was set back, or that stands still, gives the next microsecond.
    """
    last, moment = db.execute(query("audit_end")).fetchone(), moment_of(now)
    if last is not None:
        moment = max(moment, last[2].replace(tzinfo=UTC) + timedelta(microseconds=1))
    return Trail(actor, moment)


def audit_hash(row: Row) -> str:
    """The hash of an audit row from its other columns, the previous row's hash among them."""
    return fingerprint({name: value for name, value in row.items() if name != "hash"})


def store_version(db: Db) -> int:
    """A number that rises with every change of canonical rows: what caches are stamped with. 0 for an empty store."""
    row = db.execute(query("store_version")).fetchone()
    return int(row[0]) if row else 0


def broken_links(db: Db) -> Iterator[tuple[str, str]]:
    """(audit row, problem) where the chain does not hold."""
    previous, expected = FIRST, 1
    for row in fetched(db, "audit_rows"):
        where = f"audit row {row['audit_no']}"
        if row["audit_no"] != expected:
            yield where, f"row {expected} should stand here: rows were removed or added by hand"
        elif row["previous_hash"] != previous:
            yield where, "it does not follow the row before it: that row was replaced"
        elif audit_hash(row) != row["hash"]:
            yield where, "its content does not match its hash: it was edited by hand"
        previous, expected = str(row["hash"]), int(str(row["audit_no"])) + 1
