"""Part of the plain_text reader: what the lines before the talk say of the meeting: title, date, who takes part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ingest.text import folded
from ingest.turns import day

_KEYED = re.compile(r"^(?:#{1,6}\s+)?[*_]{0,2}([A-Za-z][A-Za-z _]{0,30}?)\s*:[*_]{0,2}(?:\s+(.*))?$")
_HEADING = re.compile(r"^#{1,6}\s+(\S.*?)\s*#*$")
_ITEM = re.compile(r"^\s*-\s+(\S.*)$")
_SPLIT = re.compile(r"\s*[,;]\s*|\s+(?:and|&)\s+")
_ADDRESS = re.compile(r"\s*<[^<>]*@[^<>]*>|\]\(mailto:[^)]*\)|^\[")
_PEOPLE = frozenset({"participants", "attendees", "present", "speakers", "speaker", "invited", "people"})
_TITLES = frozenset({"title", "meeting", "subject"})
_DATES = frozenset({"date", "when", "started at", "started_at", "meeting date", "recorded"})


@dataclass(slots=True)
class Facts:
    """What the opening of a transcript says; `used` are the positions of the lines that said it."""

    title: str | None = None
    date: datetime | None = None
    people: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    front: int = 0
    """How many lines the front matter takes, fences included."""


def facts(lines: Sequence[str], talk_from: int) -> Facts:
    """The facts in the front matter and in the lines before position `talk_from`, where the talk begins."""
    found = Facts(front=_front_matter_length(lines))
    listing: set[int] = set()
    for at in range(min(max(talk_from, found.front), len(lines))):
        item = _ITEM.match(lines[at])
        if item is not None and at - 1 in listing:
            listing.add(at)
            found.used.add(at)
            found.people.extend(_people(item[1]))
            continue
        key, value = keyed(lines[at])
        if key in _PEOPLE and not value:
            listing.add(at)
        if key is not None and _take(found, key, value):
            found.used.add(at)
    _take_heading(found, lines, talk_from)
    return found


def keyed(line: str) -> tuple[str | None, str]:
    """The key, lower case, and the value of a `Key: value` line; no key when it is not one."""
    match = _KEYED.match(line.strip())
    return (match[1].casefold(), (match[2] or "").strip().strip("*_\"' ")) if match else (None, "")


def is_fact_key(line: str) -> bool:
    """Whether the line's key is one that says something of the meeting."""
    return keyed(line)[0] in _PEOPLE | _TITLES | _DATES


def heading(line: str) -> str | None:
    """The words of a Markdown heading."""
    match = _HEADING.match(line)
    return folded(match[1].strip("*_ ")) or None if match else None


def _take(found: Facts, key: str, value: str) -> bool:
    if key in _PEOPLE:
        found.people.extend(_people(value))
        return True
    if key in _TITLES and value and found.title is None:
        found.title = folded(value)
        return True
    if key in _DATES and found.date is None:
        found.date = day(value)
        return found.date is not None
    return False


def _take_heading(found: Facts, lines: Sequence[str], talk_from: int) -> None:
    """The first heading at level one, else a short first line of its own, where no key gave a title."""
    if found.title is not None:
        return
    free = [at for at in range(found.front, min(talk_from, len(lines))) if lines[at].strip() and at not in found.used]
    top = next((at for at in free if lines[at].startswith("# ")), None)
    if top is None and free:
        first = lines[free[0]].strip()
        plain = len(first) <= 100 and not first.endswith((".", "!", "?", ":")) and "://" not in first
        top = free[0] if plain and first[0].isalnum() and day(first) is None else None
    if top is not None:
        found.title = heading(lines[top]) or folded(lines[top])
        found.used.add(top)
    if found.date is None:
        dated = next((at for at in free if at != top and len(lines[at]) <= 40 and day(lines[at]) is not None), None)
        if dated is not None:
            found.date = day(lines[dated])
            found.used.add(dated)


def _front_matter_length(lines: Sequence[str]) -> int:
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None or lines[first].strip() != "---":
        return 0
    last = next((at for at in range(first + 1, len(lines)) if lines[at].strip() in {"---", "..."}), None)
    return 0 if last is None else last + 1


def _people(value: str) -> list[str]:
    names = (" ".join(_ADDRESS.sub("", part).strip("[] \"'").split()) for part in _SPLIT.split(" ".join(value.split())))
    return [name for name in names if name]
