"""What analysts may rely on, told without a store: the views with their columns and comments."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb

from intent_server.answers import Schema, View
from intent_server.store.migrate import migrate
from intent_server.store.sql import query


@cache
def schema() -> Schema:
    """Every view of this version, by name, each with its columns in order."""
    with duckdb.connect(":memory:") as db:
        migrate(db, Path(":memory:"), now=datetime.now(UTC).replace(tzinfo=None))
        views: dict[str, View] = {}
        for name, said, column, kind, comment in db.execute(query("described_views")).fetchall():
            view = views.setdefault(name, View(name=f"intent.{name}", comment=said, columns=[]))
            view.columns.append(f"{column} {kind}: {comment}")
    return Schema(views=list(views.values()))
