"""Dumps of other programs' JSON: their documents with places, in a file or a folder's files, and lines of text in them.

Any value may be of any type anywhere; every look says so by an empty answer, never by an exception.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.errors import SourceEmpty, SourceMalformed, SourceTooLarge, WrongEncoding
from ingest.json_values import Broken, documents, fields, words
from ingest.records import Rejected, Source
from ingest.text import glimpse, whole_text

_ENVELOPE = frozenset({"backend_name", "category", "data", "origin"})


def dumped(source: Source, *, reader: str) -> Iterator[tuple[str, object]]:
    """(place, value) of every document: one, several one after another, or what is left of a cut one.

    What is no JSON is a Broken; so is, in a folder, a file that cannot be read. An empty file of a folder is nothing.
    Raises: the errors of `text.whole_text`, for a source that is a single file.
    """
    if not source.members:
        yield from documents(whole_text(source, reader=reader))
    for member in source.members:
        try:
            text = whole_text(member, reader=reader)
        except SourceEmpty:
            continue
        except (SourceMalformed, SourceTooLarge, WrongEncoding) as error:
            yield f"{member.name}#", Broken("", str(error))
            continue
        for place, value in documents(text):
            yield f"{member.name}#{place}", value


def unwrapped(value: object) -> object:
    """What a fetched item holds, where it comes in perceval's envelope `{backend_name, category, data, origin, …}`."""
    return fields(value).get("data") if fields(value).keys() >= _ENVELOPE else value


def refused(value: object, place: str) -> Rejected:
    """The rejection of something that is no object: broken JSON with its problem, or another kind of value."""
    if isinstance(value, Broken):
        return Rejected(value.problem, place, value.text)
    return Rejected("not an object", place, glimpse(value))


def items(value: object) -> list[object]:
    """The list itself, or an empty one."""
    return value if isinstance(value, list) else []


def line(value: object) -> str:
    """A string as one line, white space folded; empty for anything else."""
    return " ".join(words(value).split())


def first_line(record: object, *names: str) -> str:
    """The first of these fields that holds a string with something in it, as one line."""
    return next((text for name in names if (text := line(fields(record).get(name)))), "")
