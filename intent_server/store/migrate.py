"""Brings a store's tables and views up to what this version knows.

store/migrations/*.sql is an append-only list. Each file runs in one transaction with the record that it ran; with the
last one the views are made anew: a changed view is shipped with a migration, be it an empty one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from ingest.fingerprint import fingerprint
from intent_server.errors import StoreDamaged, StoreNewer
from intent_server.store.sql import query, scripts


def known_version() -> int:
    """The number of the newest migration in this installation."""
    return max(_number(name) for name, _ in scripts("migrations"))


def schema_fingerprint() -> str:
    """What stands for the tables and views of this version."""
    return fingerprint([scripts("migrations"), scripts("views")])


def found_version(db: duckdb.DuckDBPyConnection, place: Path) -> int:
    """The number of the newest migration that ran in an open store; 0 for a file without any table.

    Raises: StoreNewer, StoreDamaged for a DuckDB file that is no store.
    """
    try:
        row = db.execute(query("schema_version")).fetchone()
    except duckdb.CatalogException as error:
        names = [str(name) for (name,) in db.execute(query("table_names")).fetchall()]  # 20 ms: only when needed
        if not names:
            return 0
        raise StoreDamaged(place, f"a DuckDB file with other tables ({', '.join(names[:3])})") from error
    found = int(row[0]) if row and row[0] is not None else 0
    if found > known_version():
        raise StoreNewer(place, found=f"schema {found}", known=f"schema {known_version()}")
    return found


def migrate(db: duckdb.DuckDBPyConnection, place: Path, *, now: datetime, upto: int | None = None) -> None:
    """Run what has not run yet; a store that is up to date is left as it is.

    `upto`: the version to stop at, for rows of that version that are to be brought up to date later; it has no views.
    """
    found = found_version(db, place)
    last = known_version() if upto is None else upto
    due = [(name, text) for name, text in scripts("migrations") if found < _number(name) <= last]
    for name, text in due:
        views = [view for _, view in scripts("views")] if _number(name) == known_version() else []
        _apply(db, name, [text, *views], now)


def _apply(db: duckdb.DuckDBPyConnection, name: str, statements: Sequence[str], now: datetime) -> None:
    db.begin()
    try:
        db.execute(query("make_migrations"))
        for statement in statements:
            db.execute(statement)
        record = {"number": _number(name), "name": name, "fingerprint": fingerprint(statements[0]), "applied_at": now}
        db.execute(query("add_migration"), record)
    except BaseException:
        db.rollback()
        raise
    db.commit()


def _number(name: str) -> int:
    return int(name[:4])
