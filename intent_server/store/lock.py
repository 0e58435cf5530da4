"""Who may use the store now: many readers or one writer, across threads and processes, first come first served.

Two files beside the store are locked, never the store itself (closing any handle on a locked file drops the lock):
`.gate` is passed by everybody one after the other, `.lock` is held while the store is open. A writer keeps the gate
until it has the lock, so that readers who come later wait behind it; a reader keeps the gate too while it waits,
so that a bulk writer cannot go round and round ahead of it. The system drops both when a process dies.
POSIX record locks belong to the process and not to the thread, hence the counting inside one process; they are not
inherited by a fork, hence the fresh start there.
"""

from __future__ import annotations

import errno
import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from fasteners import InterProcessReaderWriterLock

from intent_server.errors import StoreLocked, StoreReadOnly

_POLL_S = (0.001, 0.004)
"""Between two tries. Constant, so that who waited long is not slower to notice than who came late."""
_UNWRITABLE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class _FileLock:
    """One lock file, held by this process at most once at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = InterProcessReaderWriterLock(path)
        self._is_virtual = False

    def try_exclusive(self) -> bool:
        """Take it alone, if it is free now."""
        return bool(self._lock.acquire_write_lock(blocking=False))

    def try_shared(self) -> bool:
        """Take it with others, if it is free now.

        On a disk that takes no writes the file is opened for reading; where there is none, nothing is held: DuckDB's
        own lock must then do, and a writer there could not make one either.
        """
        if self._lock.lockfile is None:
            self._is_virtual = not self._opened()
        return self._is_virtual or bool(self._lock.acquire_read_lock(blocking=False))

    def release(self) -> None:
        """Let it go."""
        if not self._is_virtual:
            self._lock.release_write_lock()
        self._is_virtual = False

    def _opened(self) -> bool:
        for mode in ("a+", "r"):
            try:
                self._lock.lockfile = self.path.open(mode)
            except OSError as error:
                if error.errno not in _UNWRITABLE | {errno.ENOENT}:
                    raise
            else:
                return True
        return False


class _Place:
    """This process's standing at one store."""

    def __init__(self, place: Path) -> None:
        self.passing = threading.Lock()
        self.changed = threading.Condition()
        self.readers = 0
        self.is_writing = False
        self.gate = _FileLock(place.with_name(place.name + ".gate"))
        self.main = _FileLock(place.with_name(place.name + ".lock"))


_places: dict[Path, _Place] = {}
_registering = threading.Lock()


def _forget_after_fork() -> None:
    global _registering  # the parent's may be held by a thread that does not exist here
    _registering = threading.Lock()
    _places.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)


class _Wait:
    """A bounded wait for a store."""

    def __init__(self, place: Path, wait_s: float) -> None:
        self.place = place
        self.started = time.monotonic()
        self.until = self.started + wait_s

    def left_s(self) -> float:
        return max(0.0, self.until - time.monotonic())

    def for_file(self, attempt: Callable[[], bool]) -> None:
        while not attempt():
            if not self.left_s():
                raise self.over()
            time.sleep(random.uniform(*_POLL_S))

    def for_threads(self, condition: threading.Condition, is_met: Callable[[], bool]) -> None:
        if not condition.wait_for(is_met, self.left_s()):
            raise self.over()

    def over(self) -> StoreLocked:
        waited_s = time.monotonic() - self.started
        return StoreLocked(self.place, holder=holder(self.place), waited_s=waited_s)


@contextmanager
def reading(place: Path, *, wait_s: float) -> Iterator[None]:
    """Others may read the store at `place` meanwhile, nobody writes it. Not to be nested in one thread.

    Raises: StoreLocked after `wait_s`.
    """
    here, wait = _here(place), _Wait(place, wait_s)
    with _at_the_gate(here, wait, here.gate.try_shared), here.changed:
        wait.for_threads(here.changed, lambda: not here.is_writing)
        if here.readers == 0:
            wait.for_file(here.main.try_shared)
        here.readers += 1
    try:
        yield
    finally:
        with here.changed:
            here.readers -= 1
            if here.readers == 0:
                here.main.release()
            here.changed.notify_all()


@contextmanager
def writing(place: Path, *, wait_s: float) -> Iterator[None]:
    """Nobody else reads or writes the store at `place` meanwhile; the folder is made when absent.

    Raises: StoreLocked after `wait_s`; StoreReadOnly when the folder takes no lock file.
    """
    here, wait = _here(place), _Wait(place, wait_s)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _at_the_gate(here, wait, here.gate.try_exclusive), here.changed:
            wait.for_threads(here.changed, lambda: not here.is_writing and here.readers == 0)
            wait.for_file(here.main.try_exclusive)
            here.is_writing = True
    except OSError as error:
        raise StoreReadOnly(place, error.strerror or str(error)) from error
    try:
        _sign(place)
        yield
    finally:
        _card(place).unlink(missing_ok=True)
        with here.changed:
            here.is_writing = False
            here.main.release()
            here.changed.notify_all()


def holder(place: Path) -> str:
    """Who has the store, as far as known: a writer signs a file beside it, readers do not."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        card = json.loads(_card(place).read_text("utf-8"))
        return f"process {card['pid']} ({card['command']}) since {card['since']}"
    return "other processes that read it"


def _here(place: Path) -> _Place:
    with _registering:
        return _places.setdefault(place, _Place(place))


@contextmanager
def _at_the_gate(here: _Place, wait: _Wait, take: Callable[[], bool]) -> Iterator[None]:
    if not here.passing.acquire(timeout=wait.left_s()):
        raise wait.over()
    try:
        wait.for_file(take)
        try:
            yield
        finally:
            here.gate.release()
    finally:
        here.passing.release()


def _card(place: Path) -> Path:
    return place.with_name(place.name + ".writer")


def _sign(place: Path) -> None:
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])[:80]
    since = datetime.now(UTC).isoformat(timespec="seconds")
    _card(place).write_text(json.dumps({"pid": os.getpid(), "command": command, "since": since}), "utf-8")
