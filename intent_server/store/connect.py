"""open_reader() and open_writer(): the only two ways to a connection, each for one operation, under the fair lock.

The file is attached under the name `store`, whatever it is called on disk: attached as `intent`, a file named
intent.duckdb would make `intent.decisions` ambiguous between the catalog and the schema of views.
"""

from __future__ import annotations

import atexit
import itertools
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from intent_server.errors import StoreDamaged, StoreError, StoreLocked, StoreMissing, StoreNewer, StoreReadOnly
from intent_server.store import lock
from intent_server.store.migrate import found_version, known_version, migrate
from intent_server.store.workplace import copy_folder, put, sweep, workplace

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
_numbers = itertools.count(1)
_IDLE_KEPT = 4
"""Instances kept for the next operation: each holds some 10 MB and two threads, and a process may see many stores."""


class _Instance:
    """A DuckDB instance of this process that may reach one file alone, and holds it only while somebody uses it.

    Making an instance takes 15 ms and attaching a file 2, so instances stay and the file comes and goes. A file can be
    attached only once in an instance: its readers share one. `is_current`: what is attached was found to be of this
    version; nobody writes it meanwhile.
    """

    def __init__(self, place: Path, mode: str) -> None:
        self.place = place
        self.mode = mode
        self.opening = threading.Lock()
        self.users = 0
        self.wanted = 0
        self.is_current = False
        self.stamp: tuple[int, ...] | None = None
        self.root = _locked_down(place, _WRITING if mode == "READ_WRITE" else _READING)

    @contextmanager
    def attached(self, until: float) -> Iterator[Db]:
        """A connection to the file, attached as `store` for as long as anybody has one."""
        with self.opening:
            if self.users == 0:
                self.is_current, self.stamp = False, _stamp(self.place)
                _attach(self.root, self.place, f"store ({self.mode})", until)
            self.users += 1
        try:
            with closing(self.root.cursor()) as db:
                db.execute("USE store")
                yield db
        finally:
            with self.opening:
                self.users -= 1
                if self.users == 0:
                    self.root.execute("DETACH store")


_instances: dict[tuple[Path, str], _Instance] = {}
_making = threading.Lock()
_parents: list[dict[tuple[Path, str], _Instance]] = []


@contextmanager
def _instance(place: Path, mode: str) -> Iterator[_Instance]:
    """The instance for a file, kept at least as long as the block lasts; of those nobody wants, the last few stay."""
    with _making:
        instance = _instances.pop((place, mode), None) or _Instance(place, mode)
        _instances[place, mode] = instance  # the last one wanted is last
        instance.wanted += 1
    try:
        yield instance
    finally:
        with _making:
            instance.wanted -= 1
            idle = [key for key, one in _instances.items() if one.wanted == 0]
            for key in idle[:-_IDLE_KEPT]:
                _instances.pop(key).root.close()


@atexit.register
def _close_all() -> None:
    """Close what this process made, before the interpreter takes DuckDB away from it."""
    for instance in _instances.values():
        instance.root.close()
    _instances.clear()


def _set_aside_after_fork() -> None:
    # The parent's instances have no threads here; closing them would wait for those forever.
    global _making  # the parent's may be held by a thread that does not exist here
    _making = threading.Lock()
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
    with _reading(real, wait_s) as (instance, db):
        instance.is_current = instance.is_current or found_version(db, real) == known_version()
        if instance.is_current:
            yield db
            return
    with open_writer(real, wait_s=wait_s):
        pass
    with _reading(real, wait_s) as (_, db):
        yield db


@contextmanager
def open_writer(place: Path, *, wait_s: float) -> Iterator[Db]:
    """A connection that alone reads and writes the store at `place`, for one operation; made or migrated when due.

    Raises: StoreLocked, StoreNewer, StoreDamaged, StoreReadOnly.
    """
    real = Path(os.path.realpath(place))
    until = time.monotonic() + wait_s
    with _instance(real, "READ_WRITE") as instance, lock.writing(real, wait_s=wait_s):
        sweep(real)
        if _is_blank(real):
            _make_empty(real)
        with instance.attached(until) as db:
            migrate(db, real, now=datetime.now(UTC).replace(tzinfo=None))
            yield db


def rewrite(place: Path, *, wait_s: float) -> None:
    """Write the store's file anew from its rows, so that nothing deleted is left in its bytes.

    The old file is replaced at once at the end; a crash before that leaves it as it was.
    Raises: as open_writer.
    """
    real = Path(os.path.realpath(place))
    with lock.writing(real, wait_s=wait_s), workplace(real) as folder:
        fresh = folder / real.name
        with closing(duckdb.connect(":memory:", config=_WRITING)) as db:
            _attach(db, real, "store (READ_ONLY)", time.monotonic() + wait_s)
            _attach(db, fresh, "fresh (READ_WRITE)", 0.0)
            db.execute("COPY FROM DATABASE store TO fresh")
        put(fresh, real)


@contextmanager
def open_copy(place: Path, *, wait_s: float) -> Iterator[Db]:
    """A connection to a copy of the store as it is now, which may write other files: for export, never for a query.

    The store is held only while it is copied (0.2 s for 100,000 utterances). Where the system allows it the copy has
    no name from then on, so that nothing of it stays whatever ends this process.
    Raises: as open_reader; a store of an older version is left as it is.
    """
    real = Path(os.path.realpath(place))
    if _is_blank(real):
        raise StoreMissing(real)
    with closing(duckdb.connect(":memory:", config=_READING)) as db:
        with lock.reading(real, wait_s=wait_s):
            folder = copy_folder(real)
            try:
                _attach(db, real, "origin (READ_ONLY)", time.monotonic() + wait_s)
                _attach(db, folder / "copy.duckdb", "store (READ_WRITE)", 0.0)
                db.execute("COPY FROM DATABASE origin TO store; DETACH origin; CHECKPOINT store")
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        try:
            use(db, "store")
            yield db
        finally:
            db.close()
            shutil.rmtree(folder, ignore_errors=True)  # where a file that is open cannot be removed


@contextmanager
def open_fresh(place: Path, *, wait_s: float, check: Callable[[Db], None]) -> Iterator[Db]:
    """A connection to an empty file that becomes the store when the block ends well; it may read other files.

    `check`: refuses, by raising, the store that is there now; not called where none is. Until the end that one stays.
    Raises: StoreLocked, StoreReadOnly.
    """
    real = Path(os.path.realpath(place))
    with lock.writing(real, wait_s=wait_s), workplace(real) as folder:
        fresh = folder / real.name
        until = time.monotonic() + wait_s
        if not _is_blank(real):
            with closing(duckdb.connect(":memory:", config=_READING)) as db:
                _attach(db, real, "store (READ_ONLY)", until)
                use(db, "store")
                check(db)
        with closing(duckdb.connect(":memory:", config=_WRITING)) as db:
            _attach(db, fresh, "store (READ_WRITE)", until)
            use(db, "store")
            yield db
        put(fresh, real)


@contextmanager
def beside(db: Db) -> Iterator[str]:
    """An empty database in memory beside the store, in use by this connection alone; its name."""
    name = f"beside_{next(_numbers)}"
    db.execute(f"ATTACH ':memory:' AS {name}")
    try:
        use(db, name)
        yield name
    finally:
        use(db, "store")
        db.execute(f"DETACH {name}")


def is_replaced(place: Path) -> bool:
    """Whether the file is another than readers of this process have open, or was written by who did not ask."""
    real = Path(os.path.realpath(place))
    instance = _instances.get((real, "READ_ONLY"))
    return instance is not None and instance.stamp != _stamp(real)


def file_read(place: Path) -> tuple[int, ...]:
    """What changes with the file that readers of this process have open: its device, number, time and size.

    Not of the file that stands there now: another may have been put in its place meanwhile.
    """
    real = Path(os.path.realpath(place))
    instance = _instances.get((real, "READ_ONLY"))
    return (instance.stamp if instance is not None and instance.users else _stamp(real)) or ()


def use(db: Db, name: str) -> None:
    """Look up tables that a query names in this database, or `database.schema`, from now on."""
    db.execute(f"USE {name}")


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
def _reading(place: Path, wait_s: float) -> Iterator[tuple[_Instance, Db]]:
    if _is_blank(place):
        raise StoreMissing(place)
    until = time.monotonic() + wait_s
    with (
        _instance(place, "READ_ONLY") as instance,  # made before the lock is asked for
        lock.reading(place, wait_s=wait_s),
        instance.attached(until) as db,
    ):
        yield instance, db


def _stamp(place: Path) -> tuple[int, ...] | None:
    try:
        about = place.stat()
    except OSError:
        return None
    return about.st_dev, about.st_ino, about.st_mtime_ns, about.st_size


def _make_empty(place: Path) -> None:
    with workplace(place) as folder:
        fresh = folder / place.name
        with closing(duckdb.connect(":memory:", config=_WRITING)) as db:
            _attach(db, fresh, "fresh (READ_WRITE)", 0.0)
        put(fresh, place)


def _locked_down(place: Path, config: dict[str, str | bool | int | float | list[str]]) -> Db:
    """An instance that can read and write no file but the store and its log, and whose settings are locked."""
    db = duckdb.connect(":memory:", config=config)
    allowed = ", ".join(_quoted(f"{place}{ending}") for ending in ("", ".wal", ".wal.checkpoint", ".wal.recovery"))
    db.execute(f"SET allowed_paths = [{allowed}]; SET enable_external_access = false; SET lock_configuration = true;")
    return db


def _quoted(text: str) -> str:
    """A text as SQL: ATTACH and SET take no parameters in DuckDB 1.5."""
    return "'" + text.replace("'", "''") + "'"


def _attach(db: Db, place: Path, as_name: str, until: float) -> None:
    while not _is_attached(db, f"ATTACH {_quoted(str(place))} AS {as_name}", place, until):
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
