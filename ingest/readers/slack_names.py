"""Part of the Slack reader: who an id is and which channel a folder holds, from the lists beside the day files.

`users.json`, `channels.json` and the like lie in the export's folder: that of the source or the one above it. They are
read, never changed; a list that is missing or broken leaves ids as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.json_tree import first_line, items, line
from ingest.json_values import Fields, fields, inside
from ingest.records import MAX_WHOLE_BYTES, Source

_CHANNEL_LISTS = ("channels.json", "groups.json", "mpims.json")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")


@dataclass(frozen=True, slots=True)
class Names:
    """What the export's own lists say."""

    people: Mapping[str, str]
    """User id -> name."""
    apps: frozenset[str]
    """User ids that are programs."""
    channel: str
    """The channel's id, or its folder's name where no list has it; empty when not even the folder is known."""
    title: str
    """The channel's name; empty when unknown."""


def names(source: Source) -> Names:
    """The names that hold for a source."""
    folders = _folders(source)
    people: dict[str, str] = {}
    apps: set[str] = set()
    for user in _listed(folders, ("users.json",)):
        own = line(user.get("id"))
        if own and own not in people:
            people[own] = person_name(user) or own
        if own and (user.get("is_bot") is True or own == "USLACKBOT"):
            apps.add(own)
    title = _channel_folder(source)
    ids = (line(one.get("id")) for one in _listed(folders, _CHANNEL_LISTS) if title and line(one.get("name")) == title)
    return Names(people, frozenset(apps), next((own for own in ids if own), title), title)


def is_day(name: str) -> bool:
    """Whether a file is named as an export names the messages of one day."""
    return _DAY.fullmatch(name) is not None


def person_name(user: Fields) -> str:
    """A person's full name, else the name shown, else the login."""
    profile = fields(user.get("profile"))
    return (
        first_line(user, "real_name")
        or first_line(profile, "real_name", "display_name")
        or first_line(user, "display_name", "name")
    )


def _channel_folder(source: Source) -> str:
    if source.path is None:
        return ""
    if source.members:
        return source.name
    return source.path.absolute().parent.name if is_day(source.name) else ""


def _folders(source: Source) -> tuple[Path, ...]:
    if source.path is None:
        return ()
    own = source.path.absolute() if source.members else source.path.absolute().parent
    return (own, own.parent)


def _listed(folders: tuple[Path, ...], wanted: tuple[str, ...]) -> Iterator[Fields]:
    """The objects of these lists, in the nearest folder first."""
    for folder in folders:
        for name in wanted:
            for item in items(_parsed(folder / name)):
                if inside(item, "id") is not None:
                    yield fields(item)


def _parsed(path: Path) -> object:
    try:
        if not path.is_file() or path.stat().st_size > MAX_WHOLE_BYTES:
            return None
        parsed: object = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return parsed
