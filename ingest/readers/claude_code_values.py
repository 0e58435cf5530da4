"""Hand-made type checks of JSON values: any value may have any type anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ingest import times
from ingest.harness import native_id
from ingest.text import normalise

NOTHING: Mapping[str, object] = {}


def string(value: object) -> str:
    """The normalised text, stripped; empty when the value is not a string."""
    return normalise(value).strip() if isinstance(value, str) else ""


def record_id(value: Mapping[str, object], key: str) -> str:
    """The id that an object has under `key`; its fingerprint where it has no shape of an id; empty without one."""
    return native_id(string(value.get(key)))


def mapping(value: object) -> Mapping[str, object]:
    """The JSON object; an empty one when the value is not an object."""
    return value if isinstance(value, dict) else NOTHING


def sequence(value: object) -> list[object]:
    """The JSON list; an empty one when the value is not a list."""
    return value if isinstance(value, list) else []


def moment(value: object) -> datetime | None:
    """The UTC time of an ISO 8601 string; None when it is none, or lies outside the calendar."""
    if not isinstance(value, str):
        return None
    try:
        return times.utc(value)
    except OverflowError:  # a zone offset that leads past year 1 or 9999
        return None
