"""What is made once for a whole run, however many processes share its tests: the first to ask makes it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fasteners import InterProcessLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder that `make` filled; to be read or copied, never written.

    A folder that was begun and not finished, as its mark is missing, is made anew.
    """
    own = factory.getbasetemp()
    root = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, mark = root / name, root / f"{name}.made"
    with InterProcessLock(root / f"{name}.lock"):
        if not mark.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            mark.touch()
    return folder
