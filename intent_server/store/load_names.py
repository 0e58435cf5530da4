"""The names that the store knows: of people, of code and pipelines, and what decisions are about."""

from __future__ import annotations

from intent_server.hot_words import Name
from intent_server.store.connect import Db
from intent_server.store.rows import fetched


def telling_names(db: Db) -> list[Name]:
    """Every name, by kind, the best known first."""
    rows = fetched(db, "telling_names")
    return [Name(str(row["kind"]), str(row["name"]), int(str(row["uses"]))) for row in rows]
