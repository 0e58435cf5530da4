"""`kill -9` during `intent ingest`: a few rounds of the bench that does fifty."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_killed_run_leaves_a_store_that_verifies_and_a_re_run_completes_it() -> None:
    command = [sys.executable, "bench/kill.py", "--rounds", "2", "--sessions", "4", "--utterances", "12"]
    shown = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=600)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "2 of 2 good" in shown.stdout
