"""A mail message's bytes: its headers and the leaves of its parts, decoded.

The standard library's `email` raises on some headers and goes as deep as the nesting; this reads any bytes in linear
time, at most MAX_DEPTH parts deep. Only what a reader of words needs: no signatures are checked, no names of files
decoded beyond their headers.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.text import normalise

MAX_DEPTH = 12
MAX_PARTS = 400
"""Parts beyond are not looked at: the largest message of the Linux kernel's list in 2024 had fewer than 100."""

_HEADER = re.compile(rb"([!-9;-~]{1,200}):[ \t]*+(.*)")
_WORD = re.compile(r"=\?([\w.:-]{1,40})(?:\*[\w-]{0,20})?\?([bBqQ])\?([^?\s]{0,2000})\?=")
_BETWEEN_WORDS = re.compile(r"(?<=\?=)\s+(?==\?)")
_PARAMETER = re.compile(r';\s*([\w-]{1,40})\*?0?\*?\s*=\s*(?:"((?:[^"\\]|\\.){0,500})"|([^\s;"]{1,500}))')
_KNOWN_CHARSETS = re.compile(
    r"(?:us-?)?ascii|utf-?(?:7|8|16|32)(?:-?[bl]e)?|(?:iso-?)?8859-?\d{1,2}(?:-[ei])?|iso8859-\d{1,2}|latin-?\d{1,2}"
    r"|(?:windows-?|cp-?)\d{3,4}|koi8-[rtu]|big5(?:-?hkscs)?|gb(?:2312|k|18030)|hz(?:-gb-2312)?|shift[_-]?jis|euc[_-](?:jp|kr)"
    r"|iso-?2022-?(?:jp|kr)(?:-\d{1,4})?|ks_c_5601-1987|mac[_-]?roman|macintosh|tis-?620",
    re.IGNORECASE,
)
"""Codecs of text that decode in linear time: a message may name any of Python's, `punycode` and `zip` among them."""

Headers = Mapping[str, bytes]
"""Lower-case name -> value of the first header of that name, unfolded."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that holds no others."""

    kind: str
    """Lower-case content type, `text/plain` where none is given."""
    is_attached: bool
    data: bytes
    """Transfer encoding undone."""
    charset: str
    """As declared; empty where it is not."""
    is_flowed: bool = False


def split_message(data: bytes) -> tuple[Headers, bytes]:
    """Headers and body; line ends become `\\n`. A line that is no header ends the headers."""
    data = data.replace(b"\r\n", b"\n")
    found: dict[str, list[bytes]] = {}
    last: list[bytes] | None = None
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        row = data[at:end]
        if not row:
            at = end + 1
            break
        header = _HEADER.match(row)
        if row[:1] in (b" ", b"\t"):
            if last is not None:
                last.append(row.strip())
        elif header is not None:
            last = [header[2].strip()]
            name = header[1].decode("ascii").lower()
            last = found.setdefault(name, last) if name not in found else last
        else:
            break
        at = end + 1
    return {name: b" ".join(rows) for name, rows in found.items()}, data[at:]


def leaves(headers: Headers, body: bytes) -> Iterator[Leaf]:
    """The parts in order, depth first."""
    left = [(headers, body, 0)]
    seen = 0
    while left and seen < MAX_PARTS:
        head, data, depth = left.pop()
        seen += 1
        kind, parameters = _content_type(head)
        boundary = parameters.get("boundary", "").encode("utf-8", "replace")
        if kind.startswith("multipart/") and boundary and depth < MAX_DEPTH:
            parts = list(_parts(data, boundary))
            left += [(*split_message(part), depth + 1) for part in reversed(parts[:MAX_PARTS])]
            continue
        yield _leaf(head, data, kind, parameters)


def text_of(leaf: Leaf) -> str:
    """A text part's words, in its declared charset or the one it is really in."""
    return decoded(leaf.data, leaf.charset)


def header_text(headers: Headers, name: str) -> str:
    """A header's value as one line, encoded words decoded; empty where it is absent."""
    raw = headers.get(name, b"")
    text = _BETWEEN_WORDS.sub("", decoded(raw, ""))
    return " ".join(normalise(_WORD.sub(_decoded_word, text)).split())


def decoded(data: bytes, charset: str) -> str:
    """Text of bytes: in the declared charset where it fits, else UTF-8, else a Western one; never fails."""
    for name in (charset, "utf-8"):
        if name and _KNOWN_CHARSETS.fullmatch(name):
            try:
                return normalise(codecs.decode(data, name))
            except (LookupError, ValueError):
                continue
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(char > "\x7f" for char in text) > 2 * broken:
        return normalise(text)
    try:
        return normalise(data.decode("cp1252"))
    except UnicodeDecodeError:
        return normalise(data.decode("latin-1"))


def _decoded_word(match: re.Match[str]) -> str:
    charset, way, text = match.groups()
    if way in "bB":
        data = _base64(text.encode("ascii", "replace"))
    else:
        data = binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)
    return decoded(data, charset)


def _content_type(headers: Headers) -> tuple[str, dict[str, str]]:
    value = decoded(headers.get("content-type", b"")[:4000], "")
    kind = value.partition(";")[0].strip().lower()
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(value):
        found.setdefault(match[1].lower(), match[2] if match[2] is not None else match[3])
    return (kind if re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind) else "text/plain"), found


def _parts(data: bytes, boundary: bytes) -> Iterator[bytes]:
    """What stands between the boundary's lines; the words before the first are for old programs, and left out."""
    start: int | None = None
    for mark in re.finditer(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*$", data, re.MULTILINE):
        if start is not None:
            yield data[start : max(start, mark.start() - 1)]
        if mark[1]:
            return
        start = mark.end() + 1
    if start is not None:
        yield data[start:]


def _leaf(headers: Headers, data: bytes, kind: str, parameters: Mapping[str, str]) -> Leaf:
    way = headers.get("content-transfer-encoding", b"").strip().lower()
    if way == b"base64":
        data = _base64(data)
    elif way == b"quoted-printable":
        data = binascii.a2b_qp(data)
    return Leaf(
        kind=kind,
        is_attached=headers.get("content-disposition", b"").strip().lower().startswith(b"attachment"),
        data=data,
        charset=parameters.get("charset", "").strip().strip("'\""),
        is_flowed=parameters.get("format", "").lower() == "flowed",
    )


def _base64(data: bytes) -> bytes:
    """Decoded as far as it is base64."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data.partition(b"=")[0] if b"\n" not in data else data)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
