"""Any timestamp or cue time, as an aware UTC datetime or as whole milliseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from ingest.records import Source, TimeBasis

_CLOCK = re.compile(r"^(?:(\d+):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?$")
_ISO = re.compile(
    r"^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d+))?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
    r"(?:[-_T ]?([01]\d|2[0-3])[-_:.]?([0-5]\d)(?:[-_:.]?([0-5]\d))?)?(?!\d)"
)


def milliseconds(clock: str) -> int | None:
    """Whole milliseconds of a cue time `[H…:]MM:SS[.mmm]` (comma allowed); None when it is not one."""
    match = _CLOCK.match(clock.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def utc(value: str) -> datetime | None:
    """An aware UTC datetime from ISO 8601 (with or without zone colon, `Z`, fraction); None when it is not one.

    A time without a zone is taken as UTC. A bare date is its midnight.
    """
    match = _ISO.match(value.strip())
    if match is None:
        return None
    day, clock, fraction, zone = match.groups()
    shift = timedelta(microseconds=int((fraction or "0")[:6].ljust(6, "0")))
    if zone and zone.upper() not in {"Z", "UTC"}:
        sign = -1 if zone[0] == "-" else 1
        shift -= sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    try:
        return datetime.fromisoformat(f"{day}T{clock or '00:00'}").replace(tzinfo=UTC) + shift
    except (ValueError, OverflowError):
        return None


def epoch(seconds: float) -> datetime | None:
    """An aware UTC datetime from seconds since 1970, milliseconds recognised by size; None outside 1970 to 2286."""
    value = seconds / 1000 if seconds > 1e11 else seconds
    return datetime.fromtimestamp(value, UTC) if 0 <= value < 1e10 else None


def date_in_name(name: str) -> datetime | None:
    """The date, with its time where there is one, that a file name carries, as UTC: `GMT20260723-140000_…`."""
    for match in _NAMED.finditer(name):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            continue
    return None


def session_start(source: Source, said: datetime | None = None) -> tuple[datetime | None, TimeBasis]:
    """When a session began and how that is known: the source, --date, the file's name, else its time, assumed."""
    if said is not None:
        return said, "source"
    if source.date is not None:
        return source.date, "given"
    named = date_in_name(source.name)
    if named is not None:
        return named, "name"
    return (source.modified_at, "assumed") if source.modified_at else (None, "unknown")
