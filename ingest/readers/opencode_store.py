"""opencode's SQLite store, read-only: messages of each session with their parts.

A store is as untrusted as any file: no extension is loaded, its schema is not trusted, the tables must be tables, and
the size of a value, of a session, of the file and the work of a query are bounded.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

from ingest.agent_turns import Log, mapping, session, string
from ingest.errors import SourceMalformed, SourceTooLarge
from ingest.json_source import moment
from ingest.readers.opencode_messages import Part, id_of, take
from ingest.records import Rejected, Session, Source
from ingest.text import folded, normalise

MAGIC = b"SQLite format 3\x00"
_TABLES = frozenset({"session", "message", "part"})
_MAX_FILE_BYTES = 4 * 1024**3
_MAX_VALUE_BYTES = 16 * 1024 * 1024
_MAX_HELD = 256 * 1024 * 1024
"""Of all messages without their parts, and of the parts of one session."""
_STEPS_A_CALL, _MOST_CALLS = 1_000_000, 500
_SHOWN_CHARS = 500
_IS_STORE = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
_COUNT = "SELECT count(*) FROM message NOT INDEXED"
_MESSAGES = "SELECT session_id, id, substr(data, 1, ?) FROM message NOT INDEXED ORDER BY time_created, id"
_PARTS = "SELECT message_id, id, substr(data, 1, ?) FROM part WHERE session_id IS ? ORDER BY id"
_SESSION = "SELECT directory, title, version, parent_id, time_created FROM session WHERE id IS ?"


@dataclass(frozen=True, slots=True)
class _Row:
    """A message's id, and its data as it stands."""

    native_id: str
    data: object


def is_store(source: Source) -> bool:
    """Whether a file is a SQLite database with opencode's tables; what cannot be opened is none."""
    if not source.head.startswith(MAGIC) or source.path is None or not source.path.is_file():
        return False
    try:
        with _opened(source) as store:
            return {str(name) for (name,) in store.execute(_IS_STORE)} >= _TABLES
    except (SourceMalformed, SourceTooLarge):
        return False


def count_messages(source: Source) -> int:
    """The rows of the table of messages."""
    with _opened(source) as store:
        return int(store.execute(_COUNT).fetchone()[0])


def read_store(source: Source) -> Iterator[Session | Rejected]:
    """Refused messages, then their session, session by session in order of the first message."""
    with _opened(source) as store:
        found: dict[object, list[_Row]] = {}
        size = 0
        for key, own, data in store.execute(_MESSAGES, (_MAX_VALUE_BYTES,)):
            size = _bounded(size, data, source)
            found.setdefault(key, []).append(_Row(string(own), data))
        for key, rows in found.items():
            yield from _session(store, source, key, rows)


def _session(store: sqlite3.Connection, source: Source, key: object, rows: list[_Row]) -> Iterator[Session | Rejected]:
    log = _log(store, source, key)
    parts = _parts(store, source, key)
    last: dict[str, str] = {}
    for row in rows:
        where = f"message {id_of(row.native_id) or '?'}"
        info = _object(row.data)
        problem = (
            take(log, {**info, "id": row.native_id}, parts.get(row.native_id, []), where, last) if info else "not JSON"
        )
        if problem:
            shown = row.data[:_SHOWN_CHARS] if isinstance(row.data, str) else ""
            yield Rejected(problem, where, normalise(shown))
    if log.kept or log.set_aside:
        yield session(log, source)


def _log(store: sqlite3.Connection, source: Source, key: object) -> Log:
    """The facts of a session; without a row of its own it is known by the id that its messages give."""
    row = store.execute(_SESSION, (key,)).fetchone() or (None,) * 5
    directory, title, version, parent, created = row
    log = Log(native_id=id_of(key), title=string(title), created_at=moment(created))
    log.project, log.parent_id = folded(string(directory), 400), id_of(parent)
    if text := folded(string(version), 40):
        log.notes[f"opencode {text}"] = None
    if source.path is not None and _has_log(source):
        log.notes[f"not read: {source.path.name}-wal, the newest writes (close opencode, or use its export)"] = None
    return log


def _has_log(source: Source) -> bool:
    """Whether the newest writes still lie in a file beside the store."""
    beside = source.path.with_name(f"{source.path.name}-wal") if source.path else None
    try:
        return beside is not None and beside.stat().st_size > 0
    except OSError:
        return False


def _parts(store: sqlite3.Connection, source: Source, key: object) -> Mapping[str, list[Part]]:
    """message id -> its parts."""
    found: dict[str, list[Part]] = {}
    size = 0
    for message, own, data in store.execute(_PARTS, (_MAX_VALUE_BYTES, key)):
        size = _bounded(size, data, source)
        name = string(own)
        part = (f"part {id_of(name) or '?'}", {**_object(data), "id": name})
        found.setdefault(string(message), []).append(part)
    return found


def _bounded(size: int, data: object, source: Source) -> int:
    """The size with one more value in it. Raises: SourceTooLarge when that is too much to hold."""
    size += len(data) if isinstance(data, (str, bytes)) else 0
    if size > _MAX_HELD:
        raise SourceTooLarge(source.uri, size_bytes=size, limit_bytes=_MAX_HELD)
    return size


def _object(data: object) -> Mapping[str, object]:
    try:
        return mapping(json.loads(data)) if isinstance(data, str) else {}
    except (ValueError, RecursionError):
        return {}


@contextmanager
def _opened(source: Source) -> Iterator[sqlite3.Connection]:
    """The store, read-only, as it lies in its file. Raises: SourceMalformed for every error of SQLite's."""
    if source.path is None:
        problem = "a SQLite store must be a file of its own"
        raise SourceMalformed(source.uri, reader="opencode", where="byte 0", problem=problem)
    if source.size_bytes > _MAX_FILE_BYTES:
        raise SourceTooLarge(source.uri, size_bytes=source.size_bytes, limit_bytes=_MAX_FILE_BYTES)
    calls = iter(range(_MOST_CALLS))
    try:
        address = f"{source.path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as store:
            store.text_factory = lambda data: data.decode("utf-8", errors="replace")
            store.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * _MAX_VALUE_BYTES)
            store.set_progress_handler(lambda: next(calls, None) is None, _STEPS_A_CALL)
            store.execute("PRAGMA trusted_schema = OFF")
            store.execute("PRAGMA query_only = ON")
            yield store
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:  # the last: names in a damaged schema
        problem = f"SQLite says: {folded(normalise(str(error)))}"
        raise SourceMalformed(source.uri, reader="opencode", where="the database", problem=problem) from error
