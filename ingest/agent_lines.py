"""Lines of a coding agent's JSON Lines: streamed, bounded in memory, each one a JSON object or a Rejected."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.errors import SourceMalformed
from ingest.records import Rejected, Source
from ingest.text import folded, normalise

MAX_LINE_BYTES = 16 * 1024 * 1024
"""A longer line is refused: real records stay far below 1 MB."""

_CHUNK_BYTES = 1024 * 1024
_SHOWN_CHARS = 500
_WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Line:
    """A non-blank line: its number from 1, its byte offset, and its bytes (the first ones only, when too long)."""

    number: int
    offset: int
    data: bytes
    is_too_long: bool = False


def lines(source: Source, reader: str) -> Iterator[Line]:
    """Each non-blank line in file order; a UTF-8 byte-order mark is dropped.

    Raises: SourceMalformed for UTF-16 and UTF-32, which JSON Lines are never written in.
    """
    _refuse_wide(source, reader)
    number = offset = 0
    with source.open() as stream:
        while data := stream.readline(MAX_LINE_BYTES + 1):
            number, start = number + 1, offset
            offset += len(data)
            too_long = len(data) > MAX_LINE_BYTES
            rest = data
            while too_long and rest and not rest.endswith(b"\n"):
                rest = stream.readline(_CHUNK_BYTES)
                offset += len(rest)
            body = data.removeprefix(codecs.BOM_UTF8) if number == 1 else data
            if too_long or body.strip():
                yield Line(number, start, body, too_long)


def count_lines(source: Source, reader: str) -> int:
    """How many lines hold anything but white space, counted over raw chunks.

    Raises: SourceMalformed for UTF-16 and UTF-32.
    """
    _refuse_wide(source, reader)
    count, is_inked, is_first = 0, False, True
    with source.open() as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            text = chunk.removeprefix(codecs.BOM_UTF8) if is_first else chunk
            is_first = False
            *whole, last = text.split(b"\n")
            for piece in whole:
                count += is_inked or bool(piece.strip())
                is_inked = False
            is_inked = is_inked or bool(last.strip())
    return count + is_inked


def record_of(line: Line, encoding: str) -> Mapping[str, object] | Rejected:
    """The line's JSON object, or why it is refused."""
    if line.is_too_long:
        return refused(line, f"the line has more than {MAX_LINE_BYTES:,} bytes")
    try:
        text = line.data.decode(encoding)
    except UnicodeDecodeError as error:
        at = line.offset + error.start
        return refused(line, f"byte {at} is not {encoding}: 0x{line.data[error.start : error.start + 1].hex()}")
    try:
        value = json.loads(text)
    except RecursionError:
        return refused(line, "the JSON is nested too deep")
    except ValueError as error:
        return refused(line, f"not JSON: {folded(str(error))}")
    return value if isinstance(value, dict) else refused(line, f"a JSON {_kind(value)}, not an object")


def refused(line: Line, reason: str) -> Rejected:
    """The line as an item for quarantine."""
    shown = line.data[: _SHOWN_CHARS * 4].decode("utf-8", errors="replace").strip()[:_SHOWN_CHARS]
    return Rejected(normalise(reason), f"line {line.number}", normalise(shown))


def _kind(value: object) -> str:
    kinds = {str: "string", bool: "boolean", int: "number", float: "number", list: "list", type(None): "null"}
    return kinds.get(type(value), "value")


def _refuse_wide(source: Source, reader: str) -> None:
    if source.head.startswith(_WIDE_MARKS):
        problem = "UTF-16 or UTF-32 text (JSON Lines are UTF-8)"
        raise SourceMalformed(source.uri, reader=reader, where="byte 0", problem=problem)
