"""Where a store's file is made before it takes its place: folders beside it that are for its owner alone.

DuckDB makes files, and their logs, that anybody may read. What a process that was killed left in such a folder goes
with the next one that writes.
"""

from __future__ import annotations

import glob
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intent_server.errors import StoreReadOnly

_HOME = ".intent"


def make_home(place: Path) -> None:
    """The store's folder, for its owner alone; a new one that is ours is left out of git: it holds what people said.

    Raises: OSError where it cannot be made.
    """
    is_new = not place.parent.exists()
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if is_new and place.parent.name == _HOME:
        (place.parent / ".gitignore").write_text("*\n", encoding="utf-8")


@contextmanager
def workplace(place: Path) -> Iterator[Path]:
    """A folder of mode 0700 beside the store, to make its file in; while the store is held alone.

    Raises: StoreReadOnly.
    """
    sweep(place)
    try:
        folder = Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
    except OSError as error:
        raise StoreReadOnly(place, error.strerror or str(error)) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_folder(place: Path) -> Path:
    """A folder of mode 0700 for a copy, beside the store; where that takes no writes, among temporary files."""
    try:
        return Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
    except OSError:  # a disk that takes no writes
        return Path(tempfile.mkdtemp(prefix="intent-"))


def sweep(place: Path) -> None:
    """Remove what processes that were killed left beside the store; a copy that is read still stays readable."""
    for folder in place.parent.glob(glob.escape(_prefix(place)) + "*"):
        shutil.rmtree(folder, ignore_errors=True)


def _prefix(place: Path) -> str:
    return f".{place.name}.work-"


def put(fresh: Path, place: Path) -> None:
    """Let a file that is whole take the store's place and mode; a new store is for its owner alone."""
    fresh.chmod(stat.S_IMODE(place.stat().st_mode) if place.exists() else 0o600)
    fresh.replace(place)
