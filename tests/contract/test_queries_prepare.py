import re
from pathlib import Path

import duckdb
import pytest

from intent_server.store.connect import Db
from intent_server.store.sql import query, scripts

QUERIES = Path(__file__).parents[2] / "intent_server" / "store" / "queries"
NAMES = sorted(path.stem for path in QUERIES.glob("*.sql"))
REGISTERED = frozenset({"add_postings"})
"""Reads columns registered from Python, which are not there to prepare against."""


@pytest.mark.parametrize("name", NAMES)
def test_a_query_is_valid_on_an_empty_store(db: Db, name: str) -> None:
    if name in REGISTERED:
        db.execute("CREATE TEMP TABLE posting_batch AS SELECT * FROM postings")
    for statement in db.extract_statements(query(name)):
        if statement.type == duckdb.StatementType.MERGE_INTO or not statement.named_parameters:
            db.execute(f"EXPLAIN {statement.query}", dict.fromkeys(statement.named_parameters))
        else:
            db.execute(f"PREPARE tried AS {statement.query}")


@pytest.mark.parametrize("name", NAMES)
def test_a_query_says_what_it_answers_and_names_its_parameters(db: Db, name: str) -> None:
    text = query(name)
    comment = "\n".join(line for line in text.splitlines() if line.startswith("--"))
    assert text.startswith("-- ")
    for statement in db.extract_statements(text):
        for parameter in statement.named_parameters:
            assert re.search(rf"\${parameter}\b", comment), f"${parameter} is not told in the comment"


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [int(name[:4]) for name, _ in scripts("migrations")]
    assert numbers == list(range(1, len(numbers) + 1))
