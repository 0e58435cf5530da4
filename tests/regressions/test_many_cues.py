"""A session in which every turn decides: what is proposed takes linear time."""

from __future__ import annotations

from ingest.pipeline import extract
from ingest.records import Session, Utterance
from tests.growth import assert_linear


def proposed(turns: int) -> None:
    said = tuple(Utterance(at, "let's go with DuckDB", "person", f"line {at}", f"Speaker {at}") for at in range(turns))
    extract(Session("meeting", "s", said, turns))


def test_cues_in_every_turn_take_linear_time() -> None:
    assert_linear(proposed, 1_000)
