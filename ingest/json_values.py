"""JSON as it comes, and typed looks into it. Any value may be of any type anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.text import normalise
from ingest.times import utc

_DECODER = json.JSONDecoder(strict=False)
_GAP = re.compile(r"[\s,]*")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s?#]*@")
QUOTED_CHARS = 2000
"""How much of a broken stretch is kept for the person who looks into quarantine."""

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch that is no JSON."""

    text: str
    problem: str


def documents(text: str) -> Iterator[tuple[str, object]]:
    """(pointer, value) of each JSON document in a dump: one, several one after another, or what is left of a cut one.

    A list that breaks off gives its whole items one by one and then a Broken with the rest.
    """
    found = list(_documents(text))
    for number, (place, value) in enumerate(found):
        yield (place if len(found) == 1 or place else f"#{number}"), value


def _documents(text: str) -> Iterator[tuple[str, object]]:
    position = _after_gap(text, 0)
    while position < len(text):
        value, end = _decoded(text, position)
        if isinstance(value, Broken) and text[position] == "[":
            yield from _salvaged(text, position + 1)
            return
        yield "", value
        position = _after_gap(text, end)


def _salvaged(text: str, position: int) -> Iterator[tuple[str, object]]:
    number = 0
    position = _after_gap(text, position)
    while position < len(text):
        value, position = _decoded(text, position)
        yield f"/{number}", value
        number += 1
        position = _after_gap(text, position)


def _decoded(text: str, position: int) -> tuple[object, int]:
    """The value at `position` and where it ends; a Broken takes all the rest."""
    try:
        value, end = _DECODER.raw_decode(text, position)
    except RecursionError:
        return Broken(text[position : position + QUOTED_CHARS], "JSON nested too deep"), len(text)
    except ValueError as error:
        return Broken(text[position : position + QUOTED_CHARS], f"not JSON ({error})"), len(text)
    return value, end


def _after_gap(text: str, position: int) -> int:
    gap = _GAP.match(text, position)
    return gap.end() if gap else position


def fields(value: object) -> Fields:
    """The object itself, or an empty one."""
    return value if isinstance(value, dict) else {}


def inside(value: object, *names: str) -> object:
    """The value at a path of names; None when the path breaks off."""
    for name in names:
        value = fields(value).get(name)
    return value


def words(value: object) -> str:
    """A string as it is stored; empty for anything else."""
    return normalise(value) if isinstance(value, str) else ""


def first_words(record: Fields, *names: str) -> str:
    """The first of these fields that holds a string with something in it."""
    return next((text for name in names if (text := words(record.get(name))).strip()), "")


def without_credentials(text: str) -> str:
    """A name or an address without `user:token@` before its host: identities and references are shown and exported."""
    return _CREDENTIALS.sub("", text)


def number(value: object) -> int | None:
    """A whole number; None for anything else (true and false included)."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def first_number(record: Fields, *names: str) -> int | None:
    """The first of these fields that holds a whole number."""
    return next((found for name in names if (found := number(record.get(name))) is not None), None)


def moment(record: Fields, *names: str) -> datetime | None:
    """The first of these fields that holds a time, as UTC."""
    return next((at for name in names if (at := utc(words(record.get(name)))) is not None), None)


def listed(value: object) -> tuple[str, Sequence[object]]:
    """(pointer below, items) of a list, or of a GraphQL connection (`nodes`, `edges`); nothing for anything else."""
    if isinstance(value, list):
        return "", value
    nodes, edges = inside(value, "nodes"), inside(value, "edges")
    if isinstance(nodes, list):
        return "/nodes", nodes
    if isinstance(edges, list):
        return "/edges", [inside(edge, "node") if isinstance(edge, dict) else edge for edge in edges]
    return "", ()


def printed(value: object) -> str:
    """A value as JSON for quarantine, cut to QUOTED_CHARS."""
    try:
        return normalise(json.dumps(value, ensure_ascii=False))[:QUOTED_CHARS]
    except RecursionError:
        return "(nested too deep to print)"
