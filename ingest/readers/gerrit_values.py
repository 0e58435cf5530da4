"""Part of the Gerrit reader: who, when, and which patch sets, in query dumps and in REST answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ingest.json_values import Fields, fields, first_number, first_words, number, words
from ingest.times import epoch, utc

_BOT = re.compile(r"(?:^|[-_. ])(?:bot|zuul|jenkins|ci)(?:$|[-_. \d])", re.IGNORECASE)
_LATEST_SECONDS = 10**10
_CHANGES = frozenset({"REWORK", "MERGE_FIRST_PARENT_UPDATE", ""})
"""Kinds of patch set that may have changed the lines; rebases and new messages do not."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One patch set of a change."""

    number: int
    sha: str
    is_rework: bool
    uploader: Fields


def when(record: Fields, *names: str) -> datetime | None:
    """The first of these fields that holds a time: seconds since 1970, or `2026-01-02 03:04:05.000000000`."""
    for name in names:
        value = record.get(name)
        seconds = number(value)
        found = utc(words(value)) if seconds is None else epoch(seconds) if 0 <= seconds < _LATEST_SECONDS else None
        if found is not None:
            return found
    return None


def person(value: object) -> tuple[str | None, tuple[str, ...], bool]:
    """(name, other names, whether a program) of an account."""
    account = fields(value)
    names = [name for key in ("name", "username") if (name := words(account.get(key)).strip())]
    tags = account.get("tags")
    is_service = isinstance(tags, list) and "SERVICE_USER" in tags
    return (names[0] if names else None), tuple(names[1:]), is_service or any(map(_BOT.search, names))


def revisions(change: Fields) -> Iterator[Revision]:
    """The patch sets of a change, in the order given."""
    held = change.get("patchSets")
    for one in held if isinstance(held, list) else ():
        yield from _revision(fields(one), first_words(fields(one), "revision"))
    for sha, one in fields(change.get("revisions")).items():
        yield from _revision(fields(one), words(sha))


def _revision(record: Fields, sha: str) -> Iterator[Revision]:
    own = first_number(record, "number", "_number")
    if own is None and words(record.get("number")).isdecimal():
        own = int(words(record.get("number"))[:9])
    if own is not None:
        yield Revision(own, sha, words(record.get("kind")) in _CHANGES, fields(record.get("uploader")))
