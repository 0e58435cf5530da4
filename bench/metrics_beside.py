"""The metric definitions that a folder of data sets has beside it, as a module."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def metrics_beside(data: Path) -> ModuleType:
    """`metrics.py` of the folder above `data`; ends the run where there is none."""
    place = data.resolve().parent / "metrics.py"
    spec = importlib.util.spec_from_file_location("metrics", place)
    if spec is None or spec.loader is None or not place.is_file():
        sys.exit(f"no metrics.py beside {data}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
