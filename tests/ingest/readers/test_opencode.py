"""opencode's exports and its store: whose words they are, and that a hostile database only ever is an error."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from ingest.errors import NoReader, SourceError, SourceMalformed
from ingest.pipeline import Reading
from ingest.pipeline import read as accounted
from ingest.readers.opencode import READER
from ingest.records import Session, Source
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

REAL = Path(__file__).parents[4] / "shared" / "samples" / "agent-opencode"
INFO = {
    "id": "s-1",
    "title": "Test orders",
    "directory": "/src/orders",
    "version": "1.18",
    "time": {"created": 1773132060000},
}
SCHEMA = """
CREATE TABLE session (id TEXT, parent_id TEXT, directory TEXT, title TEXT, version TEXT, time_created INTEGER);
CREATE TABLE message (id TEXT, session_id TEXT, time_created INTEGER, data TEXT);
CREATE TABLE part (id TEXT, message_id TEXT, session_id TEXT, data TEXT);
INSERT INTO session VALUES ('s-1', NULL, '/src/orders', 'Test orders', '1.18', 1773132060000);
"""


def message(role: str, *parts: object, **more: object) -> dict[str, object]:
    return {"info": {"id": f"m-{role}", "role": role, **more}, "parts": list(parts)}


def text(words: str, **more: object) -> dict[str, object]:
    return {"type": "text", "text": words, "id": f"p-{words}", **more}


def export(*messages: object, **info: object) -> Source:
    return stdin_source(json.dumps({"info": {**INFO, **info}, "messages": messages}).encode(), Declared())


def store(folder: Path, *rows: tuple[str, Sequence[object]], schema: str = SCHEMA) -> Source:
    path = folder / "open code?#.db"
    with closing(sqlite3.connect(path)) as made:
        made.executescript(schema)
        for statement, values in rows:
            made.execute(statement, values)
        made.commit()
    return file_source(path, Declared())


def put(own: str, session: object, data: object) -> tuple[str, Sequence[object]]:
    return "INSERT INTO message VALUES (?, ?, 1, ?)", (own, session, data)


def put_part(own: str, above: str, data: object) -> tuple[str, Sequence[object]]:
    return "INSERT INTO part VALUES (?, ?, 's-1', ?)", (own, above, data)


def only(reading: Reading) -> Session:
    assert len(reading.sessions) == 1
    return reading.sessions[0]


def said(source: Source) -> list[tuple[str, str]]:
    return [(item.role, item.text) for item in only(accounted(source, READER)).utterances]


@pytest.mark.parametrize(
    ("stored", "typed"),
    [('"Why is it?"', "Why is it?"), ('"Say \\"no\\""', 'Say "no"'), ('"a" and "b"', '"a" and "b"'), ("Why?", "Why?")],
)
def test_the_quotation_marks_that_a_run_puts_about_a_prompt_are_not_typed(stored: str, typed: str) -> None:
    assert said(export(message("user", text(stored)))) == [("person", typed)]


def test_synthetic_text_and_a_childs_prompt_are_not_a_persons() -> None:
    assert said(export(message("user", text("file read", synthetic=True)))) == [("harness", "file read")]
    assert said(export(message("user", text("Look")), parentID="s-0")) == [("assistant", "Look")]


def test_a_summary_of_a_compaction_is_a_summary() -> None:
    assert said(export(message("assistant", text("So far"), summary=True))) == [("summary", "So far")]


def test_a_tool_is_its_call_and_its_result_with_the_exit_code_of_a_failure() -> None:
    state = {"status": "completed", "input": {"command": "ls"}, "output": "no\n", "metadata": {"exit": 2}}
    found = only(
        accounted(export(message("assistant", {"type": "tool", "tool": "bash", "id": "p", "state": state})), READER)
    )
    assert [(item.role, item.text, item.native_id) for item in found.utterances] == [
        ("tool_call", "bash: ls", "p"), ("tool_result", "no\n[exit code 2]", "p#1"),
    ]  # fmt: skip


def test_an_export_names_its_session_and_ids_of_opencodes_own_shape_stay() -> None:
    own = "ses_dffdba66effemDqbZt1DRCRkiQ"
    found = only(accounted(export(message("user", text("Why?")), id=own), READER))
    assert (found.native_id, found.title, found.project, found.notes) == (
        own,
        "Test orders",
        "/src/orders",
        ("opencode 1.18",),
    )


@pytest.mark.parametrize(
    "strange", [7, {}, {"info": 7, "parts": {}}, {"info": {"role": "king"}}, {"info": {"role": []}}]
)
def test_a_message_that_is_none_is_refused_with_its_place(strange: object) -> None:
    reading = accounted(export(message("user", text("Why?")), strange), READER)
    assert [(item.where, item.units) for item in reading.rejected] == [("/messages/1", 1)]


def test_a_store_gives_what_an_export_gives(tmp_path: Path) -> None:
    source = store(
        tmp_path,
        put("m-1", "s-1", json.dumps({"role": "user"})),
        put("m-2", "s-1", json.dumps({"role": "assistant", "parentID": "m-1"})),
        put_part("p-1", "m-1", json.dumps({"type": "text", "text": "Why?"})),
        put_part("p-2", "m-2", json.dumps({"type": "text", "text": "So."})),
    )
    assert reader_for(source) is READER
    found = only(accounted(source, READER))
    assert (found.native_id, found.title, found.project) == ("s-1", "Test orders", "/src/orders")
    assert [(item.role, item.text, item.native_id, item.parent_id) for item in found.utterances] == [
        ("person", "Why?", "p-1", None), ("assistant", "So.", "p-2", "p-1"),
    ]  # fmt: skip


def test_values_of_any_type_in_a_store_are_refused_or_left_out(tmp_path: Path) -> None:
    strange: tuple[object, ...] = (None, 7, 1.5, b"\xff", "{", "[" * 100_000, '{"role": 1e999}', "7")
    source = store(
        tmp_path,
        put("m", "s-1", json.dumps({"role": "user"})),
        put_part("p", "m", json.dumps({"type": "text", "text": "Why?"})),
        *(put_part("q", "m", value) for value in strange),
        *(put("n", value, value) for value in strange),
    )
    reading = accounted(source, READER)
    assert reading.kept == 1
    assert len(reading.rejected) == len(strange)


def test_newer_writes_beside_a_store_are_told(tmp_path: Path) -> None:
    source = store(tmp_path, put("m", "s-1", json.dumps({"role": "user"})))
    assert source.path is not None
    source.path.with_name(f"{source.path.name}-wal").write_bytes(b"newer")
    assert any("-wal" in note for note in only(accounted(source, READER)).notes)


def test_a_view_in_place_of_a_table_is_no_store(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n"
    source = store(
        tmp_path, schema=f"CREATE TABLE session(id); CREATE TABLE part(id); CREATE VIEW message AS {endless};"
    )
    with pytest.raises(NoReader):
        reader_for(source)


def test_a_store_that_does_not_lie_in_a_file_or_lacks_columns_is_malformed(tmp_path: Path) -> None:
    source = store(tmp_path, schema="CREATE TABLE session(id); CREATE TABLE part(id); CREATE TABLE message(id);")
    with pytest.raises(SourceMalformed, match="SQLite says"):
        accounted(source, READER)
    with source.open() as stream:
        piped = stdin_source(stream.read(), Declared())
    assert READER.accepts(piped) == 0
    with pytest.raises(SourceMalformed, match="file of its own"):
        accounted(piped, READER)


def test_a_damaged_store_is_only_ever_an_error(tmp_path: Path) -> None:
    rows = [put(f"m{at}", "s-1", json.dumps({"role": "user", "x": "y" * 300})) for at in range(100)]
    source = store(tmp_path, *rows)
    assert source.path is not None
    data, random = source.path.read_bytes(), Random(7)
    for at in range(150):
        hurt = bytearray(data[: random.randrange(512, len(data))] if at % 3 == 0 else data)
        for _ in range(random.randrange(1, 40)):
            hurt[random.randrange(16, len(hurt))] = random.randrange(256)
        source.path.write_bytes(hurt)
        damaged = file_source(source.path, Declared())
        assert READER.accepts(damaged) in (0, 90)
        try:
            accounted(damaged, READER)
        except SourceError as error:
            assert str(error)


def test_real_stores_and_their_export_tell_the_same() -> None:
    if not REAL.is_dir():
        pytest.skip(f"real samples are not at {REAL.name}/ beside the repository")
    name = "live-1.18.33-shop-api"
    exported, stored = (
        only(accounted(file_source(REAL / f"{name}.{end}", Declared()), READER))
        for end in ("export.json", "opencode.db")
    )
    assert [(item.role, item.text, item.native_id) for item in exported.utterances] == [
        (item.role, item.text, item.native_id) for item in stored.utterances
    ]
    assert exported.native_id == stored.native_id
