"""JSON from strangers: a source's values with their places, the shape of its opening, and values of any type made safe.

Nothing in a parsed document is trusted to have the type that its format says. What breaks a format raises BadItem, and
its text is the reason a reader gives when it rejects the item.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from ingest.errors import SourceMalformed
from ingest.json_values import QUOTED_CHARS, Broken
from ingest.json_values import documents as split
from ingest.records import Source
from ingest.text import decode, head_text, normalise, whole_text
from ingest.times import epoch, milliseconds, utc

_DECODER = json.JSONDecoder(strict=False)
"""Raw line separators in a text are legal JSON, and normalisation makes line feeds of them."""
_TOKEN = re.compile(r'([{}\[\],:])|"([^"\\]*+(?:\\.[^"\\]*+)*+)("?)|([^\s{}\[\],:"]++)', re.DOTALL)
_MOST_TOKENS = 6_000
_DEEPEST = 12
_NUMERAL = re.compile(r"-?\d{1,15}(?:\.\d{1,20})?\Z", re.ASCII)
_MOST_MS = 10**12
"""Some 30 years; beyond it a number is an instant, not a place in a recording."""

Item = tuple[str, object]
"""A value of the document with its place: a JSON pointer, after `#N` where the file holds several documents."""


class BadItem(ValueError):
    """An item breaks the format; its text is the reason."""


def document(source: Source, *, reader: str) -> object:
    """The one JSON value of a source.

    Raises: SourceMalformed where it is none; the errors of `text.whole_text`.
    """
    text = whole_text(source, reader=reader)
    problem, where = "JSON nested too deep", "the top"
    try:
        value: object = _DECODER.decode(text)
    except RecursionError as error:
        raise SourceMalformed(source.uri, reader=reader, where=where, problem=problem) from error
    except json.JSONDecodeError as error:
        problem, where = f"bad JSON ({error.msg})", f"line {error.lineno}, column {error.colno}"
        raise SourceMalformed(source.uri, reader=reader, where=where, problem=problem) from error
    except ValueError as error:  # a number of more digits than Python converts
        raise SourceMalformed(source.uri, reader=reader, where="a number", problem="a number too long") from error
    return value


def documents(source: Source, *, reader: str) -> list[Item]:
    """The items of a JSON list (also of one that breaks off), the lines of JSON Lines, or the one JSON value.

    A stretch that is no JSON comes as Broken; of JSON Lines it is one line.
    Raises: SourceMalformed where all of it is; the errors of `text.whole_text`.
    """
    text = whole_text(source, reader=reader)
    if (lines := _lines(source)) is not None:
        return lines
    found = list(split(text)) or [("", Broken("", "no JSON"))]
    place, value = found[0]
    if len(found) > 1 or place:
        return found
    if isinstance(value, Broken):
        raise SourceMalformed(source.uri, reader=reader, where="the top", problem=value.problem)
    return listed(value, "") if isinstance(value, list) else found


def _lines(source: Source) -> list[Item] | None:
    """The lines of JSON Lines, as the first one says that it is; None where it does not.

    They are divided before normalisation, which makes line feeds of the separators that a JSON string may hold.
    """
    with source.open() as stream:
        raw = decode(stream.read(), uri=source.uri, encoding=source.encoding)
    first, _, rest = raw.lstrip().partition("\n")
    if not rest.strip() or not isinstance(_line(first), dict):
        return None
    return [(f"#{at}", _line(line)) for at, line in enumerate(line for line in raw.split("\n") if line.strip())]


def _line(text: str) -> object:
    try:
        value: object = _DECODER.decode(text)
    except RecursionError:
        return Broken(text[:QUOTED_CHARS], "JSON nested too deep")
    except ValueError as error:
        return Broken(text[:QUOTED_CHARS], f"not JSON ({error})")
    return value


def shape(source: Source) -> Mapping[str, str]:
    """Where in the opening of a JSON source which values stand: `/segments/*/start` -> the first one's text.

    An opening bracket stands for a container, a quotation mark before a text. Empty for what does not open like JSON.
    """
    head = head_text(source)
    return {} if "\x00" in head or head.lstrip()[:1] not in {"{", "["} else _shape(head)


@lru_cache(maxsize=4)
def _shape(head: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    open_paths: list[str] = []  # one for each container around the place: its path, `[` or `{` in front
    key: str | None = None
    for tokens, match in enumerate(_TOKEN.finditer(head)):
        mark, text, closed, bare = match.groups()
        if tokens > _MOST_TOKENS:
            break
        if mark in ("}", "]"):
            open_paths[-1:] = []
            key = None
        elif mark == ":":
            continue
        elif mark == ",":
            key = None
        elif open_paths and open_paths[-1][0] == "{" and key is None and mark is None:
            key = text[:80] if text is not None and closed else None
        else:
            around = open_paths[-1] if open_paths else ""
            path = around[1:] + (f"/{key}" if around[:1] == "{" else "/*" if around else "")
            if len(open_paths) <= _DEEPEST:
                found.setdefault(path, mark or (bare if text is None else '"' + text[:80]))
            if mark:
                open_paths.append(mark + (path if len(open_paths) < _DEEPEST else ""))
                key = None
    return found


def listed(value: object, place: str) -> list[Item]:
    """The items of a list with their places; none where it is no list."""
    return [(f"{place}/{at}", item) for at, item in enumerate(value)] if isinstance(value, list) else []


def name(value: object) -> str | None:
    """A text or whole number as one line; None where there is nothing to read."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < _MOST_MS**2 else None
    return " ".join(normalise(value).split()) or None if isinstance(value, str) else None


def text_of(item: Mapping[str, object], *keys: str) -> str:
    """The first of these keys that holds text, as one line; empty where that is blank.

    Raises: BadItem when none holds text.
    """
    for key in keys:
        value = item.get(key)
        if isinstance(value, str):
            return name(value) or ""
    raise BadItem("no text")


def label(value: object, prefix: str = "") -> str | None:
    """A speaker as the source names one; a bare number or letter gets the prefix: `Speaker 0`."""
    found = name(value)
    if found is None or found.casefold() in {"unknown", "unknown speaker", "?"}:
        return None
    return prefix + found if found.isdecimal() or len(found) == 1 else found


def number(value: object) -> float | None:
    """A finite number, or one written as text; None where it is none or absurdly large."""
    if isinstance(value, str):
        return float(value) if _NUMERAL.match(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -1e15 < value < 1e15:
        return None
    return float(value) if math.isfinite(value) else None


def seconds_ms(item: Mapping[str, object], key: str) -> int | None:
    """Whole milliseconds of a number of seconds (a text of it, a clock `MM:SS`) under a key; None where it is absent.

    Raises: BadItem for anything else.
    """
    value = item.get(key)
    if isinstance(value, str) and ":" in value and len(value) <= 20 and (clock := milliseconds(value)) is not None:
        return clock
    return _place(value, 1000, f"{key} is not a number of seconds")


def millis(item: Mapping[str, object], key: str) -> int | None:
    """Whole milliseconds under a key; None where it is absent.

    Raises: BadItem for anything else.
    """
    return _place(item.get(key), 1, f"{key} is not a number of milliseconds")


def _place(value: object, scale: int, problem: str) -> int | None:
    if value is None or value == "":
        return None
    found = number(value)
    if found is None or abs(found) * scale > _MOST_MS:
        raise BadItem(problem)
    return max(0, round(found * scale))


def moment(value: object) -> datetime | None:
    """An instant as ISO 8601 text or as seconds or milliseconds since 1970; None where it is none."""
    since = number(value)
    if since is not None:
        return epoch(since)
    try:
        return utc(value) if isinstance(value, str) and len(value) <= 80 else None
    except OverflowError:  # a zone that leads out of years 1 to 9999
        return None


def summaries(item: Mapping[str, object], keys: Iterable[str]) -> int:
    """How many of these keys hold something: each is one unit to set aside as MACHINE_SUMMARY."""
    return sum(1 for key in keys if item.get(key) not in (None, "", [], {}, False))
