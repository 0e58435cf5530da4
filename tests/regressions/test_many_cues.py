"""A session in which every turn decides: what is proposed takes linear time."""

from __future__ import annotations

import time

from ingest.pipeline import extract
from ingest.records import Session, Utterance


def seconds(turns: int) -> float:
    said = tuple(Utterance(at, "let's go with DuckDB", "person", f"line {at}", f"Speaker {at}") for at in range(turns))
    began = time.process_time()
    extract(Session("meeting", "s", said, turns))
    return time.process_time() - began


def test_cues_in_every_turn_take_linear_time() -> None:
    seconds(100)
    assert seconds(4_000) < 8 * max(0.05, seconds(1_000))  # sixteen times where it is quadratic
