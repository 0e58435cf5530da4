"""Rows that say how far a store's knowledge goes: which models made its vectors."""

from __future__ import annotations

from intent_server.store.connect import Db
from intent_server.store.rows import fetched


def vector_models(db: Db) -> dict[str, str]:
    """The name of each model that made vectors of the index, by its revision."""
    return {str(row["model_revision"]): str(row["model_name"]) for row in fetched(db, "vector_models")}
