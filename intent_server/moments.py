"""Moments that people and agents name: a time, or a day, which counts from its beginning or to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

from ingest.times import utc
from intent_server.errors import BadRequest

Now: TypeAlias = datetime | Callable[[], datetime]
"""When something is recorded: a moment, or the clock that tells it once the store is held.

Who waits for the store must not record what they did as of before they waited: others read it meanwhile, and nobody
could see it then.
"""

_DAY = len("2026-03-03")


def moment_of(now: Now) -> datetime:
    """The moment that was given, or that the clock tells now."""
    return now if isinstance(now, datetime) else now()


def utc_now() -> datetime:
    """The system's clock."""
    return datetime.now(UTC)


def since(name: str, text: str | None) -> datetime | None:
    """From when on something is so, as aware UTC; a plain date is its first moment.

    Raises: BadRequest naming the argument, the value and what would work.
    """
    if text is None:
        return None
    value = utc(text)
    if value is None:
        raise BadRequest(f"{name} '{text[:60]}' is no date. Write 2026-03-03 or 2026-03-03T09:00:00Z.")
    return value


def then(name: str, text: str | None) -> datetime | None:
    """A moment to look back from, as aware UTC; a plain date is its last moment: what happened on that day counts.

    Raises: as since.
    """
    value = since(name, text)
    if value is None or text is None or len(text.strip()) > _DAY:
        return value
    return value.replace(hour=23, minute=59, second=59, microsecond=999_999)
