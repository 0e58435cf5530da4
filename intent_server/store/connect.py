"""open_reader() and open_writer(): the only two ways to a connection, each for one operation, under the fair lock.

The file is attached under the name `store`, whatever it is called on disk: attached as `intent`, a file named
intent.duckdb would make `intent.decisions` ambiguous between the catalog and the schema of views.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from intent_server.errors import StoreDamaged, StoreError, StoreLocked, StoreMissing, StoreNewer, StoreReadOnly
from intent_server.store import lock
from intent_server.store.migrate import found_version, known_version, migrate

Db = duckdb.DuckDBPyConnection

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": min(4, os.cpu_count() or 1),
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
_READING = {**_CONFIG, "memory_limit": "2GB", "temp_directory": ""}
_WRITING = {**_CONFIG, "memory_limit": "1GB", "temp_directory": ""}
_TAKEN = re.compile(r"Could not set lock on file|being used by another process")
_UNWRITABLE = re.compile(r"permission denied|read-only file system|operation not permitted|no space left", re.I)
_NEWER = re.compile(r"version number (\d+)|newer version of DuckDB", re.IGNORECASE)


class _Instance:
    """The one DuckDB instance that this process's readers of one file share: a file can be attached only once."""

    def __init__(self) -> None:
        self.opening = threading.Lock()
        self.users = 0
        self.root: Db | None = None


_instances: dict[Path, _Instance] = {}
_parents: list[dict[Path, _Instance]] = []


def _set_aside_after_fork() -> None:
    # The parent's instances have no threads here; closing them would wait for those forever.
    _parents.append(dict(_instances))
    _instances.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_set_aside_after_fork)


@contextmanager
def open_reader(place: Path, *, wait_s: float) -> Iterator[Db]:
    """A connection that reads the store at `place`, for one operation; several threads and processes may have one.

    A store of an older version is brought up to date first. Not to be nested in one thread.
    Raises: StoreMissing, StoreLocked, StoreNewer, StoreDamaged; StoreReadOnly when an update is due and impossible.
    """
    real = Path(os.path.realpath(place))
    with _reading(real, wait_s) as db:
        if found_version(db, real) == known_version():
            yield db
            return
    with open_writer(real, wait_s=wait_s):
        pass
    with _reading(real, wait_s) as db:
        yield db


@contextmanager
def open_writer(place: Path, *, wait_s: float) -> Iterator[Db]:
    """A connection that alone reads and writes the store at `place`, for one operation; made or migrated when due.

    Raises: StoreLocked, StoreNewer, StoreDamaged, StoreReadOnly.
    """
    real = Path(os.path.realpath(place))
    until = time.monotonic() + wait_s
    with lock.writing(real, wait_s=wait_s):
        if _is_blank(real):
            real.unlink(missing_ok=True)
        db = _attached(real, until, is_reader=False)
        try:
            migrate(db, real, now=datetime.now(UTC).replace(tzinfo=None))
            yield db
        finally:
            db.close()


def rewrite(place: Path, *, wait_s: float) -> None:
    """Write the store's file anew from its rows, so that nothing deleted is left in its bytes.

    The old file is replaced at once at the end; a crash before that leaves it as it was.
    Raises: as open_writer.
    """
    real = Path(os.path.realpath(place))
    fresh = real.with_name(real.name + ".new")
    with lock.writing(real, wait_s=wait_s):
        fresh.unlink(missing_ok=True)
        db = duckdb.connect(":memory:", config=_WRITING)
        try:
            _attach(db, real, "store (READ_ONLY)", time.monotonic() + wait_s)
            _attach(db, fresh, "fresh (READ_WRITE)", 0.0)
            db.execute("COPY FROM DATABASE store TO fresh")
        finally:
            db.close()
        shutil.copymode(real, fresh)
        fresh.replace(real)


@contextmanager
def transaction(db: Db) -> Iterator[None]:
    """All of it or nothing."""
    db.begin()
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.commit()


@contextmanager
def _reading(place: Path, wait_s: float) -> Iterator[Db]:
    if _is_blank(place):
        raise StoreMissing(place)
    until = time.monotonic() + wait_s
    with lock.reading(place, wait_s=wait_s):
        instance = _instances.setdefault(place, _Instance())
        db = _joined(instance, place, until)
        try:
            yield db
        finally:
            db.close()
            _leave(instance)


def _joined(instance: _Instance, place: Path, until: float) -> Db:
    with instance.opening:
        if instance.root is None:
            instance.root = _attached(place, until, is_reader=True)
        db = instance.root.cursor()
        db.execute("USE store")
        instance.users += 1
        return db


def _leave(instance: _Instance) -> None:
    with instance.opening:
        instance.users -= 1
        if instance.users == 0 and instance.root is not None:
            instance.root.close()
            instance.root = None


def _attached(place: Path, until: float, *, is_reader: bool) -> Db:
    """The file attached as `store` in a fresh instance that can reach no other file and whose settings are locked."""
    db = duckdb.connect(":memory:", config=_READING if is_reader else _WRITING)
    try:
        _attach(db, place, "store (READ_ONLY)" if is_reader else "store (READ_WRITE)", until)
        db.execute("USE store; SET enable_external_access = false; SET lock_configuration = true;")
    except BaseException:
        db.close()
        raise
    return db


def _attach(db: Db, place: Path, as_name: str, until: float) -> None:
    quoted = str(place).replace("'", "''")  # ATTACH takes no parameters in DuckDB 1.5
    while not _is_attached(db, f"ATTACH '{quoted}' AS {as_name}", place, until):
        time.sleep(0.005)


def _is_attached(db: Db, statement: str, place: Path, until: float) -> bool:
    """False while a program that knows nothing of our lock (a DuckDB shell) has the file and time is left."""
    try:
        db.execute(statement)
    except duckdb.Error as error:
        if _TAKEN.search(str(error)) and time.monotonic() < until:
            return False
        raise _store_error(place, str(error)) from error
    return True


def _store_error(place: Path, cause: str) -> StoreError:
    line = next((line.strip() for line in cause.splitlines() if line.strip()), "no reason given")
    if _TAKEN.search(cause):
        found = re.search(r"held in (.+?) \(PID (\d+)\)", cause)
        holder = f"process {found[2]} ({Path(found[1]).name})" if found else "another program"
        return StoreLocked(place, holder=holder, waited_s=0.0)
    if "database does not exist" in cause:
        return StoreMissing(place)
    if found := _NEWER.search(cause):
        return StoreNewer(place, found=f"DuckDB storage {found[1] or 'of a newer kind'}", known=_duckdb_version())
    if _UNWRITABLE.search(cause):
        return StoreReadOnly(place, line)
    return StoreDamaged(place, line)


def _duckdb_version() -> str:
    return f"DuckDB {duckdb.__version__}"


def _is_blank(place: Path) -> bool:
    """No file, or one without a byte: what a process leaves that was killed while making the store."""
    try:
        return place.stat().st_size == 0
    except OSError:
        return True
