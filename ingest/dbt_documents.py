"""A dbt artifact's bytes as its entries, one at a time: manifests outgrow what a whole document may take.

The text is looked at as Latin-1 (one byte a character, so an offset in it is a byte) and an entry with other than
ASCII characters is decoded on its own. Peak memory is twice the file and one entry, whatever the characters.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator

from ingest.errors import SourceEmpty, SourceError, SourceMalformed
from ingest.records import Source
from ingest.text import decode

MAX_ARTIFACT_BYTES = 400 * 1024 * 1024
"""Twice this is what reading takes, so that it stays under 1 GiB (bench/dbt.py)."""
READER = "a dbt artifact"
_DECODER = json.JSONDecoder(strict=False)
_BLANK = " \t\r\n"
_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Entry = tuple[str, str | None, object]
"""(section, key, value): a value of a section that is an object has its key, a section of another kind has None."""


def entries(source: Source) -> Iterator[Entry]:
    """Every entry of the sections of one JSON object, in the order of the file.

    Raises: SourceError where it is over MAX_ARTIFACT_BYTES; SourceEmpty, WrongEncoding; SourceMalformed where it is no
    JSON object.
    """
    yield from _Scan(source).entries()


class _Scan:
    """A place in the text of one artifact."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = _latin(source)
        self.at = 0

    def entries(self) -> Iterator[Entry]:
        self.expect("{")
        if self.peek() == "}":
            self.expect("}")
        else:
            yield from self.sections()
        if self.peek():
            raise self.broken("something after the end of the object")

    def sections(self) -> Iterator[Entry]:
        while True:
            section = self.key()
            if self.peek() == "{":
                yield from ((section, key, value) for key, value in self.members())
            else:
                yield section, None, self.value()
            if not self.goes_on():
                return

    def members(self) -> Iterator[tuple[str, object]]:
        self.expect("{")
        if self.peek() == "}":
            self.expect("}")
            return
        while True:
            yield self.key(), self.value()
            if not self.goes_on():
                return

    def goes_on(self) -> bool:
        mark = self.peek()
        self.at += 1
        if mark not in (",", "}"):
            self.at -= 1
            raise self.broken("neither a comma nor a closing brace")
        return mark == ","

    def key(self) -> str:
        if self.peek() != '"':
            raise self.broken("no name of a value")
        key = self.value()
        self.expect(":")
        return str(key)

    def value(self) -> object:
        self.peek()
        start = self.at
        try:
            value, self.at = _DECODER.raw_decode(self.text, start)
            stretch = self.text[start : self.at]
            if stretch.isascii():
                return value
            whole = decode(stretch.encode("latin-1"), uri=self.source.uri, offset=start or 1)
            found: object = _DECODER.decode(whole)
        except RecursionError as error:
            raise self.broken("JSON nested too deep") from error
        except json.JSONDecodeError as error:
            self.at = error.pos if error.doc is self.text else start
            raise self.broken(f"bad JSON ({error.msg})") from error
        except ValueError as error:  # a number of more digits than Python converts
            raise self.broken("a number too long") from error
        return found

    def peek(self) -> str:
        while (mark := self.text[self.at : self.at + 1]) and mark in _BLANK:
            self.at += 1
        return mark

    def expect(self, mark: str) -> None:
        if self.peek() != mark:
            raise self.broken(f"no '{mark}'")
        self.at += 1

    def broken(self, problem: str) -> SourceMalformed:
        return SourceMalformed(self.source.uri, reader=READER, where=f"byte {self.at}", problem=problem)


def _latin(source: Source) -> str:
    """The text, each byte of its UTF-8 form as one character.

    Raises: SourceError, SourceEmpty, WrongEncoding.
    """
    if source.size_bytes > MAX_ARTIFACT_BYTES:
        raise SourceError(
            source.uri,
            f"'{source.uri}' has {source.size_bytes:,} bytes; a dbt artifact takes at most {MAX_ARTIFACT_BYTES:,}. "
            "Make it with `dbt parse`, which leaves the compiled SQL out.",
        )
    with source.open() as stream:
        data = stream.read()
    if data.startswith(_WIDE) or source.encoding.lower() not in ("utf-8", "utf8"):
        data = decode(data, uri=source.uri, encoding=source.encoding).encode("utf-8", "surrogatepass")
    if not data.strip():
        raise SourceEmpty(source.uri)
    return data.decode("latin-1").removeprefix("ï»¿")
