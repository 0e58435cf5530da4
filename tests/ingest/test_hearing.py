"""Places in a recording."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.hearing import clock


def test_a_time_is_told_as_a_player_shows_it() -> None:
    assert (clock(0), clock(723.45), clock(36_000.001)) == ("00:00:00.000", "00:12:03.450", "10:00:00.001")


@given(st.integers(0, 10**9))
def test_every_millisecond_is_told(milliseconds: int) -> None:
    hours, minutes, seconds = clock(milliseconds / 1000).split(":")
    assert int(hours) * 3_600_000 + int(minutes) * 60_000 + int(seconds.replace(".", "")) == milliseconds
