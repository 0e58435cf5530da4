"""The state of a store and of this installation."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import duckdb

from intent_server.answers_record import Doctor, Finding, RuleCount
from intent_server.store.connect import Db
from intent_server.store.index import Model
from intent_server.store.migrate import found_version
from intent_server.store.rows import fetched
from intent_server.store.sql import query
from intent_server.store.terms import TERMS_VERSION

_REBUILD = "Run `intent doctor --rebuild`."


def examined(db: Db, place: Path, model: Model) -> Doctor:
    """Versions, counts, and whether what is derived fits what it is derived from."""
    return Doctor(
        store=str(place),
        schema_version=found_version(db, place),
        duckdb=duckdb.__version__,
        intent_server=version("intent-server"),
        embedder=f"{model.name} {model.revision}",
        counts=[RuleCount(rule=str(kind), count=count) for kind, count in db.execute(query("row_counts")).fetchall()],
        findings=[*_index_findings(db), *_terms_findings(db), *_model_findings(db, model)],
    )


def _index_findings(db: Db) -> list[Finding]:
    return [
        Finding(check="search index", where="derived tables", problem=f"{row['found']} {row['problem']}. {_REBUILD}")
        for row in fetched(db, "index_problems")
        if row["found"]
    ]


def _terms_findings(db: Db) -> list[Finding]:
    other = int((db.execute(query("terms_versions"), {"version": TERMS_VERSION}).fetchone() or (0,))[0])
    if not other:
        return []
    problem = f"{other} documents have terms of another version than {TERMS_VERSION}: some words do not find them."
    return [Finding(check="search terms", where="derived tables", problem=f"{problem} {_REBUILD}")]


def _model_findings(db: Db, model: Model) -> list[Finding]:
    return [
        Finding(
            check="vectors",
            where=f"model {row['model_name']} {row['model_revision']}",
            problem=f"{row['vectors']} vectors are of another model than {model.name} {model.revision}. {_REBUILD}",
        )
        for row in fetched(db, "vector_models")
        if row["model_revision"] != model.revision
    ]
