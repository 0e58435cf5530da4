"""Identifiers: UUID version 7 as text, so that rows appended in order are found by zone maps without an index."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

_STEP_BITS = 40
"""Random distance to the next id: what one transaction makes stays in order and cannot be guessed from a neighbour."""


def ids(now: datetime) -> Iterator[str]:
    """Ids that rise, all carrying the instant `now` (aware).

    Source: RFC 9562, section 5.7 (rand_a and rand_b as one counter with random steps, section 6.2, method 2).
    """
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    counter = secrets.randbits(73)
    while True:
        counter += 1 + secrets.randbits(_STEP_BITS)
        high, low = (counter >> 62) & 0xFFF, counter & ((1 << 62) - 1)
        yield str(UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low))
