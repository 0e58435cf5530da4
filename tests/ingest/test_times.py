"""Timestamps and cue times."""

from datetime import UTC, datetime

import pytest

from ingest import times
from ingest.records import Source
from ingest.sources import Declared, stdin_source


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("00:04:27.580", 267_580),
        ("04:27", 267_000),
        ("0:03", 3_000),
        ("1:02:03,5", 3_723_500),
        ("100:00:00.001", 360_000_001),
        ("4:2", None),
        ("soon", None),
    ],
)
def test_cue_times_become_whole_milliseconds(clock: str, expected: int | None) -> None:
    assert times.milliseconds(clock) == expected


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2026-03-03T09:00:00Z", datetime(2026, 3, 3, 9, tzinfo=UTC)),
        ("2017-05-09T10:23:54.000+0200", datetime(2017, 5, 9, 8, 23, 54, tzinfo=UTC)),
        ("2026-03-03 09:00", datetime(2026, 3, 3, 9, tzinfo=UTC)),
        ("2026-03-03", datetime(2026, 3, 3, tzinfo=UTC)),
        ("2026-02-30", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("3 March", None),
    ],
)
def test_timestamps_become_aware_utc(stamp: str, expected: datetime | None) -> None:
    assert times.utc(stamp) == expected


def test_seconds_and_milliseconds_since_1970_are_told_apart_by_size() -> None:
    assert times.epoch(1_772_528_400) == times.epoch(1_772_528_400_000) == datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("GMT20260723-140000_Recording.transcript.vtt", datetime(2026, 7, 23, 14, tzinfo=UTC)),
        ("2026-02-24_14-32-59Z-move.md", datetime(2026, 2, 24, 14, 32, 59, tzinfo=UTC)),
        ("standup 2026-03-03.vtt", datetime(2026, 3, 3, tzinfo=UTC)),
        ("order-20261399.txt", None),
        ("standup.vtt", None),
    ],
)
def test_a_date_in_a_name_is_found(name: str, expected: datetime | None) -> None:
    assert times.date_in_name(name) == expected


def source(name: str, date: datetime | None = None) -> Source:
    return stdin_source(b"x", Declared(date=date, stdin_name=name))


def test_the_source_wins_over_the_given_date_over_the_name_and_nothing_is_invented() -> None:
    said, given = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC)
    named = source("2026-03-03.vtt", given)
    assert times.session_start(named, said) == (said, "source")
    assert times.session_start(named) == (given, "given")
    assert times.session_start(source("2026-03-03.vtt")) == (datetime(2026, 3, 3, tzinfo=UTC), "name")
    assert times.session_start(source("standup.vtt")) == (None, "unknown")
