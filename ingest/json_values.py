"""JSON as it comes, and typed looks into it. Any value may be of any type anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.errors import SourceEmpty, SourceMalformed, SourceTooLarge, WrongEncoding
from ingest.records import Source
from ingest.text import normalise, whole_text
from ingest.times import utc

_DECODER = json.JSONDecoder(strict=False)
_GAP = re.compile(r"[\s,]*")
_GAPS = " \t\r\n\f\v,"
_OPENING_CHARS = 3
_MOST_SEPARATORS = 4
MAX_LINE_CHARS = 8 * 1024 * 1024
"""How far the end of a first line is looked for."""
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*+)(?:"(\s*+:)?|\\?\Z)|[{}]', re.DOTALL)
"""A string or a brace. A string that the cut leaves open runs to the end: started anew at each of its quotes, 64 KiB of
escaped quotes took 25 seconds."""
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


def lined(text: str) -> Iterator[tuple[str, object]]:
    """Like `documents`; where each line is a document (JSON Lines), a broken one costs only its line."""
    start = _after_gap(text, 0)
    if not _is_lined(text, start):
        yield from documents(text)
        return
    lines = [line for line in text.split("\n") if line.strip(_GAPS)]
    at, number = 0, 0
    while at < len(lines):
        value, taken = _line_value(lines, at)
        yield f"#{number}", value
        at, number = at + taken, number + 1


def _line_value(lines: Sequence[str], at: int) -> tuple[object, int]:
    """The value of a line, and how many lines it took: a raw line separator in a string has become a line feed."""
    value = _only_value(lines[at])
    if isinstance(value, Broken) and "Unterminated string" in value.problem:
        for taken in range(2, _MOST_SEPARATORS + 2):
            joined = _only_value("\n".join(lines[at : at + taken]))
            if not isinstance(joined, Broken):
                return joined, min(taken, len(lines) - at)
    return value, 1


def _only_value(line: str) -> object:
    value, end = _decoded(line, _after_gap(line, 0))
    if isinstance(value, Broken) or not line[end:].strip(_GAPS):
        return value
    return Broken(line[:QUOTED_CHARS], "more than one JSON value in a line")


def _is_lined(text: str, start: int) -> bool:
    """Whether the first line, or the second where the first is broken, is a whole object and not all there is."""
    head = text[start : start + 2 * MAX_LINE_CHARS].split("\n", 2)
    if len(head) == 1 or len(head[0].strip()) < _OPENING_CHARS:
        return False
    return any(isinstance(_decoded(line.strip(), 0)[0], dict) and line.strip()[-1:] == "}" for line in head[:2])


def values_in(
    source: Source, reader: str, split: Callable[[str], Iterator[tuple[str, object]]]
) -> Iterator[tuple[str, object]]:
    """(place, value) of every document; in a folder, a dump that cannot be read is one Broken, an empty one nothing."""
    if not source.members:
        yield from split(whole_text(source, reader=reader))
    for member in source.members:
        try:
            text = whole_text(member, reader=reader)
        except SourceEmpty:
            continue
        except (SourceMalformed, SourceTooLarge, WrongEncoding) as error:
            yield f"{member.name}#", Broken("", str(error))
            continue
        for place, value in split(text):
            yield f"{member.name}#{place}", value


def levels(head: str, depth: int = 4) -> list[set[str]]:
    """The names of the fields at each depth of nested objects, lists not counted; also where the text is cut off."""
    found: list[set[str]] = [set() for _ in range(depth)]
    at = 0
    for token in _TOKEN.finditer(head):
        if token.group() == "{":
            at += 1
        elif token.group() == "}":
            at -= 1
        elif token.group(2) and 1 <= at <= depth:
            found[at - 1].add(token.group(1))
    return found


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
