"""Rows that say how far a store's knowledge goes: until when sources were heard, which models made its vectors."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from intent_server.store.connect import Db
from intent_server.store.load import utc
from intent_server.store.rows import fetched
from intent_server.store.sql import query


def sources_heard_until(db: Db, session_ids: Collection[str]) -> datetime | None:
    """The newest moment that the sources of these sessions speak of; None where none of them is dated."""
    if not session_ids:
        return None
    row = db.execute(query("sources_heard_until"), {"session_ids": list(session_ids)}).fetchone()
    return utc(row[0]) if row else None


def vector_models(db: Db) -> dict[str, str]:
    """The name of each model that made vectors of the index, by its revision."""
    return {str(row["model_revision"]): str(row["model_name"]) for row in fetched(db, "vector_models")}
