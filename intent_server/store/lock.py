"""Who may use the store now: many readers or one writer, across threads and processes, writers first and in turn.

Files in a folder beside the store are locked, never the store itself (closing any handle on a locked file drops the
lock). `main` is held while the store is open, shared or alone; everybody passes `gate` before it. Writers come to the
gate one behind the other, through `1`, `2`, ... (each is let go when the next is held), so that no writer overtakes
another; one that has the gate keeps it until it has the store, so that readers who come later wait behind it. A
reader that waited for a while keeps the gate too: a bulk run cannot lock readers out. The system drops all of these
when a process dies. POSIX record locks belong to the process and not to the thread, hence the counting inside one
process; a fork does not inherit them, hence the fresh start there.
"""

from __future__ import annotations

import errno
import json
import os
import random
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO, cast

from fasteners import InterProcessReaderWriterLock

from intent_server.errors import StoreLocked, StoreReadOnly
from intent_server.store.workplace import make_home

_POLL_S = (0.002, 0.006)
"""Between two tries. Constant, so that who waited long is not slower to notice than who came late."""
_TURNS = 8
"""Writers that stand in line in the order they came; any more come into the line as it chances."""
_PATIENCE_S = 1.0
"""How long a reader lets writers go first."""
_UNWRITABLE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class _FileLock:
    """One lock file, held by this process at most once at a time."""

    def __init__(self, store: Path, name: str) -> None:
        self.store = store
        self.path = _folder(store) / name
        self._lock = InterProcessReaderWriterLock(self.path)
        self._is_virtual = False

    def try_exclusive(self) -> bool:
        """Take it alone, if it is free now."""
        if self._lock.lockfile is None:
            self._lock.lockfile = _opened(self.store, self.path, "a+")
        return bool(self._lock.acquire_write_lock(blocking=False))

    def try_shared(self) -> bool:
        """Take it with others, if it is free now.

        On a disk that takes no writes the file is opened for reading; where there is none, nothing is held: DuckDB's
        own lock must then do, and a writer there could not make one either.
        """
        if self._lock.lockfile is None:
            with suppress(OSError):
                self.path.parent.mkdir(exist_ok=True)
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
                self._lock.lockfile = _opened(self.store, self.path, mode)
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
        self.writers_waiting = 0
        self.is_writing = False
        self.turns = tuple(_FileLock(place, str(number)) for number in range(_TURNS, 0, -1))
        self.gate = _FileLock(place, "gate")
        self.main = _FileLock(place, "main")


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

    def is_patient(self) -> bool:
        return time.monotonic() < self.started + _PATIENCE_S

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
    with _alone_in_process(here, wait):
        _enter(here, wait)
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
        make_home(place)
        _folder(place).mkdir(exist_ok=True)
        with _waiting_to_write(here), _alone_in_process(here, wait), _at_the_gate(here, wait), here.changed:
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


def is_wanted(place: Path) -> bool:
    """Whether a writer of this process or another waits for a store that is read: who only keeps it open lets it go.

    Also where somebody of this process waits before the gate: it is passed in microseconds unless a writer has it.
    """
    here = _here(Path(os.path.realpath(place)))
    if here.writers_waiting or not here.passing.acquire(timeout=_POLL_S[0]):
        return True
    try:
        if not here.gate.try_shared():
            return True
        here.gate.release()
        return False
    finally:
        here.passing.release()


def holder(place: Path) -> str:
    """Who has the store, as far as known: a writer signs a file beside it, readers do not."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        card = json.loads(_card(place).read_text("utf-8"))
        return f"process {card['pid']} ({card['command']}) since {card['since']}"
    return "other processes that read it"


def _here(place: Path) -> _Place:
    with _registering:
        if place not in _places:
            _places[place] = _Place(place)
        return _places[place]


def _enter(here: _Place, wait: _Wait) -> None:
    """Pass the gate and join the readers; a patient reader waits before the gate, an impatient one in it."""
    has_gate = False

    def attempt() -> bool:
        nonlocal has_gate
        has_gate = has_gate or here.gate.try_shared()
        if has_gate and _is_reading(here):
            return True
        if has_gate and wait.is_patient():
            here.gate.release()
            has_gate = False
        return False

    try:
        wait.for_file(attempt)
    finally:
        if has_gate:
            here.gate.release()


def _is_reading(here: _Place) -> bool:
    with here.changed:
        if here.is_writing or not (here.readers or here.main.try_shared()):
            return False
        here.readers += 1
        return True


@contextmanager
def _waiting_to_write(here: _Place) -> Iterator[None]:
    with here.changed:
        here.writers_waiting += 1
    try:
        yield
    finally:
        with here.changed:
            here.writers_waiting -= 1


@contextmanager
def _alone_in_process(here: _Place, wait: _Wait) -> Iterator[None]:
    if not here.passing.acquire(timeout=wait.left_s()):
        raise wait.over()
    try:
        yield
    finally:
        here.passing.release()


@contextmanager
def _at_the_gate(here: _Place, wait: _Wait) -> Iterator[None]:
    """The gate held alone, after waiting in line for it."""
    held: _FileLock | None = None
    try:
        for place_in_line in (*here.turns, here.gate):
            wait.for_file(place_in_line.try_exclusive)
            if held is not None:
                held.release()
            held = place_in_line
        yield
    finally:
        if held is not None:
            held.release()


def _folder(place: Path) -> Path:
    return place.with_name(place.name + ".locks")


def _card(place: Path) -> Path:
    return _folder(place) / "writer"


def _sign(place: Path) -> None:
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])[:80]
    since = datetime.now(UTC).isoformat(timespec="seconds")
    with _opened(place, _card(place), "w") as card:
        json.dump({"pid": os.getpid(), "command": command, "since": since}, card)


def _opened(store: Path, path: Path, mode: str) -> TextIO:
    """A file of the lock, made for those who may use the store: for its owner alone where there is none yet."""

    def made(path: str, flags: int) -> int:
        return os.open(path, flags, stat.S_IMODE(store.stat().st_mode) & 0o666 if store.exists() else 0o600)

    return cast(TextIO, open(path, mode, encoding="utf-8", opener=made))
