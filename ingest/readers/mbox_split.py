"""Part of the mbox reader: the bytes of each message, streamed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.errors import SourceEmpty
from ingest.records import Source
from ingest.text import lines

_FROM = b"From "
_DATED = re.compile(rb"\d{1,2}:\d\d(?::\d\d)?\b.{0,60}?\b(?:19|20)\d\d\b")
_HEADER = re.compile(rb"[!-9;-~]{1,200}:|>From ")
_FROM_LINE_BYTES = 600


@dataclass(frozen=True, slots=True)
class Raw:
    """One message as it lies in the file, without its `From ` line."""

    number: int
    line: int
    from_line: bytes
    data: bytes


def raw_messages(source: Source) -> Iterator[Raw]:
    """The messages of an mbox, or the one of a file that is a message; blank stretches are none.

    Raises: SourceEmpty where there is none at all.
    """
    number = 0
    for first, rows in _stretches(source):
        if not any(row.strip() for row in rows):
            continue
        number += 1
        is_marked = rows[0].startswith(_FROM)
        yield Raw(number, first, rows[0] if is_marked else b"", b"\n".join(rows[is_marked:]))
    if not number:
        raise SourceEmpty(source.uri)


def _stretches(source: Source) -> Iterator[tuple[int, list[bytes]]]:
    """(number of the first line, lines) of each stretch that begins with a `From ` line, and of what is before."""
    held: list[bytes] = []
    begun = 1
    before, waiting = b"", False
    for number, _, row in lines(source):
        if waiting and held and _HEADER.match(row):
            opening = held.pop()
            if held:
                yield begun, held
            held, begun = [opening], number - 1
        held.append(row)
        waiting = _is_from_line(row) and not before.strip() and number > 1
        before = row
    if held:
        yield begun, held


def _is_from_line(row: bytes) -> bool:
    return row.startswith(_FROM) and _DATED.search(row[:_FROM_LINE_BYTES]) is not None
