"""Moments as people name them, to the first and the last that there are."""

from datetime import UTC, datetime, timedelta

import pytest

from intent_server.errors import BadRequest
from intent_server.moments import since, then


@pytest.mark.parametrize("day", ["0001-01-01", "2026-03-03", "2024-02-29", "9999-12-31"])
def test_a_day_counts_from_its_beginning_and_to_its_end(day: str) -> None:
    first, last = since("from", day), then("as_of", day)
    assert first == datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert first is not None
    assert last is not None
    assert last - first == timedelta(days=1) - timedelta(microseconds=1)


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "10000-01-01", "2026-02-30"]
)
def test_a_moment_that_no_calendar_has_is_refused_by_name(text: str) -> None:
    for read in (since, then):
        with pytest.raises(BadRequest, match="as_of"):
            read("as_of", text)


def test_the_last_and_the_first_moments_with_a_zone_are_read() -> None:
    assert then("as_of", "9999-12-31T11:59:59-12:00") == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert since("as_of", "0001-01-01T12:00:00+12:00") == datetime(1, 1, 1, tzinfo=UTC)
