"""Writes what a released version makes of three small sources: its store as SQL text, and its answer to a question.

To be run once for every released schema, with that version's code, and never again:

    git archive <revision> | tar -x -C /tmp/released
    PYTHONPATH=/tmp/released python tests/intent_server/store/released/make.py 2

gives `schema_2.sql` and `schema_2.json` beside this file.
"""

from __future__ import annotations

import base64
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
INTENT = [sys.executable, "-m", "intent_server.cli.main"]
QUESTION = "Why is the sales mart in DuckDB?"
OLD_RECORD = """# 1. Keep the sales mart in Postgres

* Status: accepted
* Date: 2025-11-04

## Context

The mart needs a home.

## Decision

We will keep the sales mart in Postgres because the team runs one already.
"""
NEW_RECORD = """---
status: accepted
date: 2026-03-03
decision-makers: Mara Lindqvist, Priya Nair
---

# Keep the sales mart in DuckDB

Supersedes: 0001-mart-in-postgres.md

## Context and Problem Statement

The nightly load into Postgres takes two hours. Where should the mart live?

## Considered Options

* DuckDB
* Postgres

## Decision Outcome

Chosen option: "DuckDB", because it reads the Parquet files where they are.

## Pros and Cons of the Options

### Postgres

* Bad, because the load takes two hours.
"""
TALK = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Mara>Let's drop test orders in staging because they inflate the revenue.

00:00:05.000 --> 00:00:06.000
<v Priya>Agreed.

this is no time --> nor this
<v Priya>A broken cue.
"""


def main() -> None:
    """Make both files."""
    number = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "intent.duckdb"
        for name, text, options in (
            ("0001-mart-in-postgres.md", OLD_RECORD, ()),
            ("0002-mart-in-duckdb.md", NEW_RECORD, ()),
            ("planning.vtt", TALK, ("--date", "2026-03-04")),
        ):
            command = [*INTENT, "ingest", "-", "--name", name, *options, "--store", str(store)]
            subprocess.run(command, input=text.encode(), check=False)
        asked = [*INTENT, "why", QUESTION, "--json", "--store", str(store)]
        answer = subprocess.run(asked, capture_output=True, check=True).stdout
        (HERE / f"schema_{number}.json").write_bytes(answer)
        (HERE / f"schema_{number}.sql").write_text(as_sql(store, number), encoding="utf-8")


def as_sql(store: Path, number: str) -> str:
    """The whole database as statements, one row a line."""
    db = duckdb.connect(str(store), read_only=True)
    lines = [f"-- A store as the released code of schema {number} wrote it (see make.py).", "CREATE SCHEMA intent;"]
    lines += [str(sql) for (sql,) in db.execute("SELECT sql FROM duckdb_tables() ORDER BY table_name").fetchall()]
    for (name,) in db.execute("SELECT table_name FROM duckdb_tables() ORDER BY table_name").fetchall():
        for row in db.table(name).fetchall():
            lines.append(f"INSERT INTO {name} VALUES ({', '.join(map(literal, row))});")  # noqa: S608  it writes SQL
    views = "SELECT sql FROM duckdb_views() WHERE schema_name = 'intent' ORDER BY view_name"
    lines += [" ".join(str(sql).split()) for (sql,) in db.execute(views).fetchall()]
    return "\n".join(lines) + "\n"


def literal(value: object) -> str:
    """A value as SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"from_base64('{base64.b64encode(value).decode()}')"
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value}'"
    if isinstance(value, (int, float)):
        return repr(value)
    text = str(value).replace("'", "''")
    return "'" + text + "'" if "\n" not in text else "E'" + text.replace("\\", "\\\\").replace("\n", "\\n") + "'"


if __name__ == "__main__":
    main()
