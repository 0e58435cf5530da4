"""The whole record out of a store and into another, exactly: its canonical tables as Parquet files or JSON lines.

A manifest tells the format's and the schema's version and, of each table, the number of its rows and the fingerprint of
their content. What is derived (the search index) does not travel.

Parquet: a folder with `manifest.json` and `<table>.parquet`. JSON lines: the manifest in the first line, then one line
`{"table": …, "row": {…}}` a row, table by table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import TextIO

import duckdb
from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt, ValidationError

from ingest.fingerprint import fingerprint, fingerprint_of_bytes
from intent_server.errors import ExportDamaged, ExportNewer
from intent_server.store.connect import Db
from intent_server.store.migrate import found_version, known_version
from intent_server.store.rows import Row, fetched
from intent_server.store.sql import query

TABLES = (
    "sources", "batches", "sessions", "utterances", "decisions", "parts", "evidence", "people", "links", "reviews",
    "quarantine", "audit", "repositories", "commits", "commit_files", "nodes", "node_columns", "pipeline_versions",
    "runs", "files", "symbols", "anchors", "anchor_links", "unresolved",
)  # fmt: skip
"""All but the search index: what cannot be made again where the sources and repositories are not."""
_SINCE = {"reviews": 3} | dict.fromkeys(
    (
        "repositories", "commits", "commit_files", "nodes", "node_columns", "pipeline_versions", "runs", "files",
        "symbols", "anchors", "anchor_links", "unresolved",
    ),
    4,
)  # fmt: skip
"""The schema that brought a table, for those that the first one lacks."""
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
_CHUNK_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Table:
    """What a manifest tells of one table."""

    rows: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export says of itself."""

    schema_version: int
    made_by: str
    tables: Mapping[str, Table]

    def as_json(self) -> dict[str, object]:
        """As it is written, with a seal over all of it."""
        told: dict[str, object] = {
            "intent_export": FORMAT_VERSION,
            "schema_version": self.schema_version,
            "made_by": self.made_by,
            "tables": {
                name: {"rows": table.rows, "fingerprint": table.fingerprint} for name, table in self.tables.items()
            },
        }
        return {**told, "seal": fingerprint(told)}


class _ToldTable(BaseModel):
    """One table in a manifest that is read: of no other shape."""

    model_config = ConfigDict(strict=True, extra="forbid")
    rows: NonNegativeInt
    fingerprint: str


class _Told(BaseModel):
    """A manifest that is read: of no other shape."""

    model_config = ConfigDict(strict=True, extra="forbid")
    intent_export: PositiveInt
    schema_version: PositiveInt
    made_by: str
    tables: dict[str, _ToldTable]


def tables_of(version: int) -> tuple[str, ...]:
    """The canonical tables of a schema."""
    return tuple(name for name in TABLES if _SINCE.get(name, 1) <= version)


def manifest_of(db: Db, place: Path, *, made_by: str) -> Manifest:
    """The manifest of an open store."""
    version = found_version(db, place)
    return Manifest(version, made_by, {name: _told(db, name) for name in TABLES if name in _tables(db)})


def manifest_from(text: str, place: str) -> Manifest:
    """The manifest of an export, as far as this version reads it; its tables are those of its schema, no others.

    Raises: ExportDamaged, ExportNewer.
    """
    facts = _sealed(text, place)
    try:
        told = _Told.model_validate(facts)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ExportDamaged(place, f"its manifest is none: {where[:60]}: {first['msg']}") from error
    if told.schema_version > known_version():
        raise ExportNewer(place, found=f"schema {told.schema_version}", known=f"schema {known_version()}")
    names = tables_of(told.schema_version)
    if told.tables.keys() != set(names):
        raise ExportDamaged(place, f"its manifest names other tables than schema {told.schema_version} has")
    tables = {name: Table(told.tables[name].rows, told.tables[name].fingerprint) for name in names}
    return Manifest(told.schema_version, told.made_by, tables)


def _sealed(text: str, place: str) -> dict[str, object]:
    """What a manifest tells, of any shape, if its seal stands over it."""
    try:
        told = json.loads(text)
    except json.JSONDecodeError as error:
        raise ExportDamaged(place, f"its manifest is broken JSON ({error.msg} at line {error.lineno})") from error
    except (ValueError, RecursionError) as error:
        raise ExportDamaged(place, "its manifest is broken JSON (a number or a nesting without end)") from error
    if not isinstance(told, dict) or type(told.get("intent_export")) is not int:
        raise ExportDamaged(place, "it has no manifest of an export: it begins with something else")
    if told["intent_export"] > FORMAT_VERSION:
        raise ExportNewer(place, found=f"export format {told['intent_export']}", known=f"format {FORMAT_VERSION}")
    seal = told.pop("seal", None)
    try:
        is_whole = seal == fingerprint(told)
    except (ValueError, RecursionError) as error:
        raise ExportDamaged(place, "its manifest holds what none can be made of") from error
    if not is_whole:
        raise ExportDamaged(place, "its manifest was edited: it does not give its seal")
    return told


def holds_rows(db: Db) -> bool:
    """Whether any canonical table of an open store has a row."""
    return any(len(db.table(name).limit(1).fetchall()) for name in TABLES if name in _tables(db))


def write_parquet(db: Db, manifest: Manifest, folder: Path) -> None:
    """One file a table, and the manifest last; on a connection that may write files."""
    for name in manifest.tables:
        db.table(name).write_parquet(str(folder / f"{name}.parquet"))
    text = json.dumps(manifest.as_json(), indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def write_json(db: Db, manifest: Manifest, to: TextIO) -> None:
    """The manifest, then every row, a line each."""
    to.write(json.dumps(manifest.as_json(), ensure_ascii=False) + "\n")
    for name in manifest.tables:
        for row in fetched(db, "transfer_rows", table=name):
            to.write(json.dumps({"table": name, "row": row}, ensure_ascii=False, separators=(",", ":")) + "\n")


def load_parquet(db: Db, manifest: Manifest, folder: Path) -> None:
    """The rows of a folder into the empty tables of an open store, within a transaction.

    Raises: ExportDamaged naming the table.
    """
    for name in manifest.tables:
        file = folder / f"{name}.parquet"
        if not file.is_file():
            raise ExportDamaged(str(folder), f"'{file.name}' is missing")
        try:
            rows = db.read_parquet(str(file))
            if rows.columns != db.table(name).columns:
                raise ExportDamaged(str(folder), f"'{file.name}' has other columns than table {name}")
            rows.insert_into(name)
        except duckdb.Error as error:
            raise ExportDamaged(str(folder), f"'{file.name}' cannot be read ({_first_line(error)})") from error
        _check(db, manifest, name, str(folder))


def load_json(db: Db, manifest: Manifest, lines: Iterator[str], place: str) -> None:
    """The lines after the manifest into the empty tables of an open store, within a transaction.

    Raises: ExportDamaged naming the line or table.
    """
    columns = {name: _columns(db, name) for name in manifest.tables}
    items = (_item(line, number, columns, place) for number, line in enumerate(lines, start=2))
    for name, rows in groupby(items, key=lambda item: item[0]):
        while chunk := [row for _, row in islice(rows, _CHUNK_ROWS)]:
            try:
                _insert(db, name, columns[name], chunk)
            except (duckdb.Error, ValueError) as error:
                raise ExportDamaged(place, f"rows of {name} are not of its types ({_first_line(error)})") from error
    for name in manifest.tables:
        _check(db, manifest, name, place)


def _insert(db: Db, name: str, columns: Mapping[str, str], rows: Sequence[Row]) -> None:
    given = {"rows": json.dumps(rows, ensure_ascii=False), "columns": json.dumps([columns])}
    db.sql(query("import_rows"), params=given).insert_into(name)


def _item(line: str, number: int, columns: Mapping[str, Mapping[str, str]], place: str) -> tuple[str, Row]:
    try:
        item = json.loads(line)
        name, row = item["table"], item["row"]
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise ExportDamaged(place, f"line {number} is no row of an export") from error
    if (
        not isinstance(name, str)
        or name not in columns
        or not isinstance(row, dict)
        or row.keys() != columns[name].keys()
    ):
        raise ExportDamaged(place, f"line {number} is of another table or has other columns than the manifest's schema")
    return name, row


def _columns(db: Db, name: str) -> dict[str, str]:
    """Column to type. JSON goes in as the text it is: it must come out as it was."""
    table = db.table(name)
    types = ("VARCHAR" if str(kind) == "JSON" else str(kind) for kind in table.types)
    return dict(zip(table.columns, types, strict=True))


def _check(db: Db, manifest: Manifest, name: str, place: str) -> None:
    found, told = _told(db, name), manifest.tables[name]
    if found.rows != told.rows:
        raise ExportDamaged(place, f"table {name} has {found.rows:,} rows; the manifest says {told.rows:,}")
    if found.fingerprint != told.fingerprint:
        raise ExportDamaged(place, f"the rows of table {name} are not those that the manifest tells of")


def _told(db: Db, name: str) -> Table:
    counted = _Count()
    mark = fingerprint_of_bytes(map(counted.line, fetched(db, "transfer_rows", table=name)))
    return Table(counted.rows, mark)


class _Count:
    """Rows as lines, counted."""

    def __init__(self) -> None:
        self.rows = 0

    def line(self, row: Row) -> bytes:
        """The one line that stands for a row."""
        self.rows += 1
        return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _tables(db: Db) -> frozenset[str]:
    return frozenset(str(name) for (name,) in db.execute(query("table_names")).fetchall())


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
