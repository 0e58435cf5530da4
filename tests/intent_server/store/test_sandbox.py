"""SQL handed in: what it gets, and one test for each way in, over or out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from intent_server.answers import Rows
from intent_server.errors import QueryRefused, StoreMissing
from intent_server.store import sandbox, sql
from intent_server.store.connect import open_writer
from intent_server.store.sandbox_child import Request

Ask = Callable[..., Rows]
PATIENCE_S = 30
"""Time for a query where time is not the point; much longer than a busy machine takes to start its process."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two people in it, under the default name."""
    place = tmp_path_factory.mktemp("sandbox") / ".intent" / "intent.duckdb"
    with open_writer(place, wait_s=5) as db:
        db.execute(
            "INSERT INTO people (decision_id, person, role) "
            "VALUES ('d1', 'Ann', 'proposed'), ('d1', 'Ben O''Hara', 'agreed')"
        )
    return place


@pytest.fixture(scope="module")
def ask(place: Path) -> Ask:
    """The rows of a query on that store."""

    def ask(query: str, **limits: int | float) -> Rows:
        limits = {"timeout_s": PATIENCE_S, **limits}
        return sandbox.select(place, query, **limits)  # type: ignore[arg-type]  # limits are named by the tests below

    return ask


def refusal(ask: Ask, query: str, **limits: int | float) -> str:
    """Why a query was refused."""
    with pytest.raises(QueryRefused) as caught:
        ask(query, **limits)
    return str(caught.value)


# What it gets


@pytest.mark.parametrize("name", ["intent.people", "people", "store.intent.people", "main.people"])
def test_views_are_found_with_and_without_their_schema(ask: Ask, name: str) -> None:
    answer = ask(f"SELECT person FROM {name} ORDER BY 1")  # noqa: S608  four constants
    assert (answer.columns, answer.rows, answer.truncated) == (["person"], [["Ann"], ["Ben O'Hara"]], False)


def test_every_documented_view_can_be_read(ask: Ask) -> None:
    for view in sandbox.VIEWS:
        assert ask(f"FROM intent.{view}").columns


@pytest.mark.parametrize(
    ("expression", "delivered"),
    [
        ("NULL", None),
        ("true", True),
        ("42::TINYINT", 42),
        ("9007199254740991", 9007199254740991),
        ("9007199254740992", "9007199254740992"),
        ("-170141183460469231731687303715884105727::HUGEINT", "-170141183460469231731687303715884105727"),
        ("sum(i) FROM range(4) AS t(i)", 6),
        ("0.5::DOUBLE", 0.5),
        ("'nan'::DOUBLE", "NaN"),
        ("1.25", 1.25),
        ("12345678901234567890.12::DECIMAL(38, 2)", "12345678901234567890.12"),
        ("DATE '2026-03-01'", "2026-03-01"),
        ("TIMESTAMP '2026-03-01 09:30:00'", "2026-03-01 09:30:00"),
        ("TIMESTAMPTZ '2026-03-01 09:30:00+02'", "2026-03-01 07:30:00+00"),
        ("TIMESTAMP 'infinity'", "infinity"),
        ("INTERVAL 3 DAY", "3 days"),
        ("[1, NULL, 3]", "[1,null,3]"),
        ("{'a': DATE '2026-03-01', 'b': [true]}", '{"a":"2026-03-01","b":[true]}'),
        ("MAP {1: 'x'}", '{"1":"x"}'),
        ("'{\"a\": 1}'::JSON", '{"a":1}'),
        ("'\\xAA\\x00z'::BLOB", "\\xAA\\x00z"),
        ("'it''s \"so\"' || chr(10) || '\u202eé🙂'", 'it\'s "so"\n\u202eé🙂'),
        ("'a'::ENUM ('a', 'b')", "a"),
    ],
)
def test_a_value_is_delivered_as_json_without_loss(ask: Ask, expression: str, delivered: object) -> None:
    (row,) = ask(f"SELECT {expression}").rows
    assert row == [delivered]
    assert type(row[0]) is type(delivered)


def test_columns_of_one_name_are_told_apart(ask: Ask) -> None:
    assert ask("SELECT 1 AS a, 2 AS a").rows == [[1, 2]]
    assert len(set(ask("SELECT 1 AS a, 2 AS a").columns)) == 2


def test_the_order_asked_for_is_kept(ask: Ask) -> None:
    assert ask("SELECT i FROM range(5) AS t(i) ORDER BY i DESC").rows == [[4], [3], [2], [1], [0]]


@pytest.mark.parametrize("query", ["DESCRIBE intent.people", "SHOW TABLES", "FROM people; -- the end", "VALUES (1)"])
def test_what_reads_as_a_select_is_one(ask: Ask, query: str) -> None:
    assert ask(query).columns


# Limits


def test_rows_end_at_the_limit_and_say_so(ask: Ask) -> None:
    whole, cut = ask("FROM range(3)", max_rows=3), ask("FROM range(1000000000000)", max_rows=3)
    assert (whole.rows, whole.truncated) == ([[0], [1], [2]], False)
    assert (cut.rows, cut.truncated) == ([[0], [1], [2]], True)


def test_an_answer_of_many_rows_keeps_to_its_characters(ask: Ask) -> None:
    answer = ask("SELECT repeat('\"', 50) AS q FROM range(1000)", max_rows=1000, max_chars=3000)
    assert answer.truncated
    assert 2500 < len(answer.model_dump_json()) <= 3000


def test_one_huge_value_is_cut_with_a_mark_that_tells_its_length(ask: Ask) -> None:
    answer = ask("SELECT repeat('x', 1000000) AS big, 1 AS one")
    assert answer.truncated
    assert str(answer.rows[0][0]).endswith("x… [cut, 1000000 characters]")
    assert answer.rows[0][1] == 1
    assert len(answer.model_dump_json()) <= 8000


def test_a_wide_row_is_cut_until_it_fits(ask: Ask) -> None:
    columns = ", ".join(f"repeat('x', 1000) AS c{number}" for number in range(40))
    answer = ask(f"SELECT {columns}")
    assert (len(answer.rows), answer.truncated) == (1, True)
    assert len(answer.model_dump_json()) <= 8000


def test_a_row_too_wide_to_fit_is_refused_with_what_to_do(ask: Ask) -> None:
    columns = ", ".join(f"{number} AS c{number}" for number in range(3000))
    assert "One row of its 3000 columns is over 8000 characters. Select fewer." in refusal(ask, f"SELECT {columns}")


def test_columns_too_many_to_fit_are_refused_without_a_row_too(ask: Ask) -> None:
    columns = ", ".join(f"{number} AS c{number}" for number in range(3000))
    assert "Select fewer" in refusal(ask, f"SELECT {columns} WHERE false")


@pytest.mark.parametrize("query", ["SELECT '\ud800'", "SELECT 'a\x00b'"])
def test_what_is_no_text_is_refused(ask: Ask, query: str) -> None:
    assert "half a character" in refusal(ask, query)


def test_a_long_column_name_is_cut(ask: Ask) -> None:
    assert len(ask(f"SELECT '{'x' * 5000}'").columns[0]) < 200


@pytest.mark.parametrize(
    "query",
    [
        "WITH RECURSIVE t(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM t) SELECT max(a) FROM t",
        "SELECT count(*) FROM range(1000000000) AS a(x), range(1000) AS b(y) WHERE x * y = -1",
    ],
)
def test_an_endless_query_is_stopped_at_its_time(ask: Ask, query: str) -> None:
    started = time.monotonic()
    said = refusal(ask, query, timeout_s=1.0)
    assert "time limit of 1 s" in said or "ended by the system" in said
    assert time.monotonic() - started < PATIENCE_S


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space; sandbox_child.py says so")
@pytest.mark.parametrize(
    "query",
    [
        "SELECT list_sort(range(100000000))[1]",
        "SELECT length(repeat('x', 1900000000))",
        "SELECT length(string_agg(i::VARCHAR, ',')) FROM range(100000000) AS t(i)",
    ],
)
def test_a_query_cannot_take_more_memory_than_it_may(ask: Ask, query: str) -> None:
    assert "more than 512 MB of memory" in refusal(ask, query, timeout_s=30)


@pytest.mark.parametrize("brackets", ["()", "[]"])
def test_deep_nesting_ends_no_more_than_the_query(ask: Ask, brackets: str) -> None:
    depth = 20_000
    refusal(ask, f"SELECT {brackets[0] * depth}1{brackets[1] * depth}")
    assert ask("SELECT 1").rows == [[1]]


def test_a_query_of_many_characters_is_refused_unread(ask: Ask) -> None:
    assert "50,001 characters" in refusal(ask, "x" * 50_001)


# Ways in and out


@pytest.mark.parametrize(
    "query",
    [
        "SELECT content FROM read_text('{file}')",
        "SELECT content FROM read_blob('{file}')",
        "FROM read_csv('{file}')",
        "FROM read_json('{file}')",
        "FROM read_ndjson('{file}')",
        "FROM read_parquet('{file}')",
        "FROM read_duckdb('{file}')",
        "FROM parquet_metadata('{file}')",
        "FROM sniff_csv('{file}')",
        "FROM glob('{folder}/*')",
        "FROM '{file}'",
        "FROM read_text('/proc/self/environ')",
        "FROM read_csv('/dev/stdin')",
        "FROM read_text('http://127.0.0.1:9/')",
    ],
)
def test_no_file_can_be_read(ask: Ask, tmp_path: Path, query: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nxyzzy\n", "utf-8")
    said = refusal(ask, query.format(file=secret, folder=tmp_path))
    assert "out of reach" in said
    assert "xyzzy" not in said


@pytest.mark.parametrize(
    "query",
    [
        "COPY (SELECT 1) TO '{file}'",
        "COPY (SELECT 1) TO '/dev/stdout'",
        "COPY people FROM '{file}'",
        "EXPORT DATABASE '{file}'",
        "IMPORT DATABASE '{file}'",
        "ATTACH '{file}' AS other",
        "ATTACH ':memory:' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '100GB'",
        "RESET memory_limit",
        "SET VARIABLE x = 1",
        "PRAGMA memory_limit = '100GB'",
        "PRAGMA enable_profiling",
        "USE store.main",
        "CALL enable_logging(storage = 'file', storage_path = '{file}')",
        "CREATE TEMP TABLE t AS SELECT 1",
        "CREATE TEMP MACRO f() AS 1",
        "CREATE SECRET s (TYPE http)",
        "PREPARE p AS SELECT 1",
        "CHECKPOINT",
        "VACUUM",
        "BEGIN",
        "INSERT INTO people VALUES ('d2', 'Eve', 'decided')",
        "UPDATE people SET person = 'Eve'",
        "DELETE FROM people",
        "DROP VIEW intent.people",
        "EXPLAIN ANALYZE DELETE FROM people",
        "WITH gone AS (DELETE FROM main.people RETURNING *) SELECT * FROM gone",
        "WITH new AS (INSERT INTO main.people VALUES ('d2', 'Eve', 'x') RETURNING *) SELECT * FROM new",
        "SELECT * FROM query('DELETE FROM main.people')",
        "SELECT nextval('nothing')",
    ],
)
def test_nothing_but_a_select_is_run(ask: Ask, tmp_path: Path, query: str) -> None:
    said = refusal(ask, query.format(file=tmp_path / "out"))
    assert "Give one SELECT" in said
    assert list(tmp_path.iterdir()) == []
    held = ask("SELECT decision_id, person, role FROM people ORDER BY person").rows
    assert held == [["d1", "Ann", "proposed"], ["d1", "Ben O'Hara", "agreed"]]


@pytest.mark.parametrize(
    "query", ["SELECT 1; SELECT 2", "SELECT 1; DELETE FROM people", "SELECT 1;;; DROP TABLE people"]
)
def test_two_statements_are_refused(ask: Ask, query: str) -> None:
    assert "2 statements; one SELECT" in refusal(ask, query)


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("SELECT * FROM intent.sesions", "Give one SELECT; DESCRIBE intent.sessions tells the columns."),
        ("SELECT subjct FROM intent.Decisions", "Give one SELECT; DESCRIBE intent.decisions tells the columns."),
        ("SELECT p.nothing FROM intent.parts AS p", "Give one SELECT; DESCRIBE intent.parts tells the columns."),
        ("SELECT * FROM intent.zebra", "Give one SELECT over intent.sessions, intent.utterances, intent.decisions,"),
        ("selec 1", "Give one SELECT over intent.sessions, intent.utterances, intent.decisions,"),
    ],
)
def test_a_refusal_names_the_views_that_are_meant_and_all_where_none_is(ask: Ask, query: str, remedy: str) -> None:
    assert refusal(ask, query).splitlines()[-1].startswith(remedy)


@pytest.mark.parametrize("query", ["", " ", ";", "-- nothing"])
def test_no_statement_is_refused(ask: Ask, query: str) -> None:
    assert "no statement" in refusal(ask, query)


def test_logging_as_a_table_function_writes_no_file(ask: Ask, tmp_path: Path) -> None:
    """DuckDB 1.5 accepts it and then fails to write; 2.0 refuses."""
    log = tmp_path / "log"
    with suppress(QueryRefused):
        ask(f"FROM enable_logging(storage = 'file', storage_path = '{log}')")
    assert list(tmp_path.iterdir()) == []
    assert ask("SELECT count(*) FROM people").rows == [[2]]


def test_python_variables_cannot_be_read(ask: Ask) -> None:
    secret_rows = [("xyzzy",)]
    assert "secret_rows" in refusal(ask, "FROM secret_rows")
    assert secret_rows


def test_python_functions_cannot_be_called_by_address(ask: Ask) -> None:
    for call in ("pandas_scan(1)", "arrow_scan(1, 2, 3)", "python_map_function(1)", "pandas_scan(1::POINTER)"):
        refusal(ask, f"FROM {call}")


def test_the_environment_cannot_be_read(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_SECRET", "xyzzy")
    assert "xyzzy" not in refusal(ask, "SELECT getenv('INTENT_SECRET')")
    assert ask("SELECT current_setting('home_directory')").rows == [[""]]


def test_there_are_no_secrets_and_no_extensions_to_use(ask: Ask) -> None:
    assert ask("FROM duckdb_secrets()").rows == []
    assert ask("SELECT value FROM duckdb_settings() WHERE name = 'lock_configuration'").rows == [["true"]]


def test_a_stored_text_does_not_come_back_as_an_error_message(ask: Ask) -> None:
    for query in ("SELECT person::INTEGER FROM people", "SELECT error(person)::VARCHAR || 'x' FROM people"):
        said = refusal(ask, query)
        assert "Ann" not in said
        assert "O'Hara" not in said


def test_a_missing_name_is_told_in_the_words_of_the_database(ask: Ask) -> None:
    said = refusal(ask, "SELECT persn FROM people")
    assert 'Referenced column "persn" not found' in said
    assert "query($query)" not in said


def test_a_store_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        sandbox.select(tmp_path / "none.duckdb", "SELECT 1")
    assert list(tmp_path.glob("*.duckdb")) == []


# The process


def test_a_writer_waits_for_a_query_no_longer_than_its_time(place: Path) -> None:
    endless = "WITH RECURSIVE t(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM t) SELECT max(a) FROM t"
    refused: list[str] = []

    def run() -> None:
        try:
            sandbox.select(place, endless, timeout_s=1.0)
        except QueryRefused as error:
            refused.append(str(error))

    query = threading.Thread(target=run)
    query.start()
    with open_writer(place, wait_s=PATIENCE_S):  # raises StoreLocked after that time
        pass
    query.join()
    assert refused


def test_the_child_ends_when_its_parent_goes_away(place: Path) -> None:
    package = find_spec("duckdb")
    assert package is not None
    assert package.origin is not None
    program = Path(sandbox.__file__).with_name("sandbox_child.py")
    request = Request(
        nonce="n",
        frame=sql.query("handed_in"),
        store=os.path.realpath(place),
        query="WITH RECURSIVE t(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM t) SELECT max(a) FROM t",
        max_rows=1,
        max_chars=1000,
        memory_mb=512,
        timeout_s=60,
    )
    pipe = subprocess.PIPE
    command = [sys.executable, "-I", "-S", str(program), str(Path(package.origin).parent.parent)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env={}) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(request).encode() + b"\n")
        child.stdin.flush()
        assert json.loads(child.stdout.readline()) == {"ready": True, "nonce": "n"}
        child.stdin.write(b"go\n")
        child.stdin.close()
        assert child.wait(10) == 0


def test_a_reply_without_the_nonce_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forger = tmp_path / "forger.py"
    forger.write_text("""print('{"columns": ["a"], "rows": [[1]], "truncated": false, "nonce": "guess"}')""", "utf-8")
    monkeypatch.setattr(sandbox, "_CHILD", forger)
    with pytest.raises(QueryRefused, match="ended by the system"):
        sandbox.select(place, "SELECT 1")


def test_what_a_child_that_is_gone_did_not_read_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    deaf = tmp_path / "deaf.py"
    deaf.write_text("raise SystemExit(7)", "utf-8")
    monkeypatch.setattr(sandbox, "_CHILD", deaf)
    with sandbox._child() as child:
        assert child.wait(20) == 7
        assert child.stdin is not None
        child.stdin.write(b"go\n")
        with pytest.raises(BrokenPipeError):
            child.stdin.flush()
