"""Part of the decision-record reader: the day that a value names."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ingest.times import utc

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDED = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[ -]{1,3}([A-Za-z]{3,9})[ ,-]{1,3}(\d{4})\b")
_WORDED_US = re.compile(r"\b([A-Za-z]{3,9})\.?\s{1,3}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,3}(\d{4})\b")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\d.]\d)")
_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def date_in(value: str) -> datetime | None:
    """The day that a value names, ISO, `24.3.2026`, or with an English month, as UTC midnight."""
    iso = _ISO_DATE.search(value)
    if iso:
        return utc(iso.group())
    dotted = _DOTTED.search(value)
    if dotted:
        return utc(f"{dotted[3]}-{int(dotted[2]):02}-{int(dotted[1]):02}")
    worded, american = _WORDED.search(value), _WORDED_US.search(value)
    if worded:
        day, month, year = worded.groups()
    elif american:
        month, day, year = american.groups()
    else:
        return None
    if month[:3].casefold() not in _MONTHS:
        return None
    try:
        return datetime(int(year), _MONTHS.index(month[:3].casefold()) + 1, int(day), tzinfo=UTC)
    except ValueError:
        return None
