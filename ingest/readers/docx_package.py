"""Part of the docx reader: the main document of a Word file, parsed, however hostile the file.

A Word file is a zip. Only its main part and the list that names it are unpacked, and only when the zip's own directory
and the part itself stay below the limits here; pictures, styles, headers, comments and footnotes are never opened. XML
with a document type is refused (Word writes none), so no entity is ever defined, let alone resolved.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from ingest.errors import ExtraMissing, SourceMalformed, SourceTooLarge
from ingest.records import MAX_WHOLE_BYTES, Source

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

NAME = "docx"
_MEMBER = re.compile(rb"PK\x03\x04.{22}(?:.\x00){2}word/", re.DOTALL)
"""A member's header: 22 bytes of sizes and times, the lengths of its name and extra field, then its name."""
_ENTRY = b"PK\x01\x02"
MAX_ENTRIES = 10_000
"""Files in the zip; a Word file of 500 pictures has some 520."""
MAX_LIST_BYTES = 1024 * 1024
MAX_XML_BYTES = 48 * 1024 * 1024
"""Unpacked size of the main part; a Teams transcript takes some 2.5 KB a turn, so this is over 15 hours of talk."""
MAX_MARKS = 2_000_000
"""Tags and attributes of the main part, up to 200 bytes of memory each; an hour of Teams has some 100,000."""
_STORED, _DEFLATED, _ENCRYPTED = 0, 8, 1
_MAIN = "word/document.xml"
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([^\"']{1,40})[\"']")
_BEFORE_XML = b"\xef\xbb\xbf\xfe\xff \t\r\n"
_ENCODINGS = frozenset({b"utf-8", b"utf-16", b"utf8", b"us-ascii", b"ascii"})
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, OverflowError)
"""What the zip module raises on bytes that are no zip: besides its own error, those of what it calls."""


def is_word(head: bytes) -> bool:
    """Whether a file's first bytes are a zip's whose members include one of Word's."""
    return head.startswith(b"PK\x03\x04") and _MEMBER.search(head) is not None


def document(source: Source) -> BaseOxmlElement:
    """The root element of the main part.

    Raises: ExtraMissing where python-docx is not installed; SourceTooLarge; SourceMalformed.
    """
    parse = _parser(source)
    data = _bytes(source)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            main = _part(source, archive, _main_name(source, archive, parse), MAX_XML_BYTES)
    except _BROKEN as error:
        raise _malformed(source, "the zip", f"a broken zip ({_said(error)})") from error
    if main is None:
        raise _malformed(source, _MAIN, "no main document")
    if main.count(b"<") + main.count(b"=") > MAX_MARKS:
        raise _malformed(source, _MAIN, f"more than {MAX_MARKS:,} tags and attributes")
    return _element(source, parse, main, _MAIN)


def _parser(source: Source) -> Callable[[bytes], BaseOxmlElement]:
    try:
        from docx.oxml.parser import parse_xml  # noqa: PLC0415  # the optional extra, needed here alone
    except ModuleNotFoundError as error:
        raise ExtraMissing(source.uri, "a Word document", "docx") from error
    return parse_xml


def _bytes(source: Source) -> bytes:
    if source.size_bytes > MAX_WHOLE_BYTES:
        raise SourceTooLarge(source.uri, size_bytes=source.size_bytes, limit_bytes=MAX_WHOLE_BYTES)
    with source.open() as stream:
        data = stream.read()
    entries = data.count(_ENTRY)
    if entries > MAX_ENTRIES:
        raise _malformed(source, "the zip", f"{entries:,} files in it")
    return data


def _main_name(source: Source, archive: zipfile.ZipFile, parse: Callable[[bytes], BaseOxmlElement]) -> str:
    """The main part's name: as the package's list of relations gives it, else the usual one."""
    listed = _part(source, archive, "_rels/.rels", MAX_LIST_BYTES)
    if listed is None:
        return _MAIN
    for relation in _element(source, parse, listed, "_rels/.rels"):
        if str(relation.get("Type")).endswith("/officeDocument"):
            return str(relation.get("Target")).lstrip("/")
    return _MAIN


def _part(source: Source, archive: zipfile.ZipFile, name: str, limit: int) -> bytes | None:
    """The unpacked bytes of a member; None where there is none of that name."""
    try:
        entry = archive.getinfo(name)
    except KeyError:
        return None
    if entry.flag_bits & _ENCRYPTED:
        raise _malformed(source, name, "it is encrypted")
    if entry.compress_type not in (_STORED, _DEFLATED):
        raise _malformed(source, name, f"compression method {entry.compress_type}, which Word does not use")
    if entry.file_size > limit:
        raise SourceTooLarge(source.uri, size_bytes=entry.file_size, limit_bytes=limit)
    with archive.open(entry) as stream:
        return stream.read(limit)


def _element(source: Source, parse: Callable[[bytes], BaseOxmlElement], xml: bytes, where: str) -> BaseOxmlElement:
    visible = xml.replace(b"\x00", b"").lstrip(_BEFORE_XML)  # UTF-16 and UTF-32 too
    if b"<!DOCTYPE" in visible:
        raise _malformed(source, where, "a document type, which Word never writes")
    encoding = _ENCODING.match(visible)
    if not visible.startswith(b"<") or (encoding and encoding[1].lower() not in _ENCODINGS):
        raise _malformed(source, where, "an encoding other than UTF-8 or UTF-16")
    try:
        return parse(xml)
    except (SyntaxError, ValueError) as error:  # lxml's own errors are syntax errors
        raise _malformed(source, where, f"broken XML ({_said(error)})") from error


def _malformed(source: Source, where: str, problem: str) -> SourceMalformed:
    return SourceMalformed(source.uri, reader=NAME, where=where, problem=problem)


def _said(error: BaseException) -> str:
    return str(error)[:120] or type(error).__name__
