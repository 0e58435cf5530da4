import re
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from intent_server.store.connect import Db, open_writer
from intent_server.store.snapshot import Moment, past
from intent_server.store.sql import query, scripts

QUERIES = Path(__file__).parents[2] / "intent_server" / "store" / "queries"
NAMES = sorted(path.stem for path in QUERIES.glob("*.sql"))
REGISTERED = frozenset({"add_postings"})
"""Reads columns registered from Python, which are not there to prepare against."""
SORTING = frozenset({"sort_postings", "replace_postings"})
"""Run while the postings are sorted, on the table that the first of these queries made."""
MAKE_A_PAST = frozenset({"past_moment", "past_known", "past_as_of", "past_index"})
"""Run one after the other when a past is made; the other past_ queries run on what they made."""
NOW = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.mark.parametrize("name", NAMES)
def test_a_query_is_valid_on_an_empty_store(blank: Path, name: str) -> None:
    with open_writer(blank, wait_s=5) as db:  # nothing is run, only prepared
        _try_on(db, name)


def _try_on(db: Db, name: str) -> None:
    if name in REGISTERED:
        db.execute("CREATE TEMP TABLE posting_batch AS SELECT * FROM postings")
    if name in SORTING:
        db.execute("CREATE TEMP TABLE IF NOT EXISTS sorted_postings AS SELECT * FROM postings")
    if name in MAKE_A_PAST:
        with past(db, Moment(NOW, NOW)):
            return
    with past(db, Moment(NOW, NOW)) if name.startswith("past_") else nullcontext():
        _try(db, name)


def _try(db: Db, name: str) -> None:
    for statement in db.extract_statements(query(name)):
        if statement.type == duckdb.StatementType.MERGE_INTO or not statement.named_parameters:
            db.execute(f"EXPLAIN {statement.query}", dict.fromkeys(statement.named_parameters))
        else:
            db.execute(f"PREPARE tried AS {statement.query}")


@pytest.mark.parametrize("name", NAMES)
def test_a_query_says_what_it_answers_and_names_its_parameters(name: str) -> None:
    text = query(name)
    comment = "\n".join(line for line in text.splitlines() if line.startswith("--"))
    assert text.startswith("-- ")
    for statement in duckdb.extract_statements(text):
        for parameter in statement.named_parameters:
            assert re.search(rf"\${parameter}\b", comment), f"${parameter} is not told in the comment"


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [int(name[:4]) for name, _ in scripts("migrations")]
    assert numbers == list(range(1, len(numbers) + 1))
