"""Bends a case by its structure: trees of JSON, lines and blocks of text, members of archives, and plain bytes.

Everything is drawn from the Random given, so that a seed tells the case.
"""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from random import Random

from tests.fuzz.cases import Case

_LARGEST = 3_000
"""Cases are cut to this many bytes nine times in ten: small ones run fast, and faults seldom need more."""
_BYTES: tuple[bytes, ...] = (
    *(b"\x00", b"\xff", b"\xc3", b"\xed\xa0\xbd", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1b[31m", b"\r", b"\r\n", b"\x0b"),
    *("\u2028".encode(), "\u0085".encode(), "\u202e".encode(), "\u200b".encode(), "\u0301".encode(), "İ".encode()),
    *(b"\\ud83d", b"\\u0000", b"1e400", b"NaN", b"-1", b"99999999999999999999", b"0x1", "१२".encode(), "²".encode()),
    *(b"9999-12-31T23:59:59-23:59", b"0000-00-00", b"2026-02-30T25:61:61Z", b"99:99:99.999", b"00:00:00"),
    *(b"```", b"---", b"***", b"# ", b"## Decision", b"> ", b"<!--", b"-->", b"<v ", b"](", b"&#0;", b"&amp;", b"\t"),
    *(b"{", b"}", b"[", b"]", b'"', b",", b":", b"\n", b"\n\n", b" ", b"null", b" --> ", b"From ", b"WEBVTT", b"="),
    b"ghp_" + b"a1B2" * 9,
)
_STRANGE: tuple[object, ...] = (
    *(None, True, False, 0, -1, 1, 1.5, 10**18, 10**30, 1e308, float("nan"), float("inf"), 2**63, -(2**63) - 1),
    *(1774512000, 1774512000000, "", " ", "\n", "\x00", "\ud83d", "a\u0301", "\u0301", "\u202e", "\u2028", "1.5", "-1"),
    *("1e400", "99:99:99", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "2026-03-03T09:00:00Z", "१२", "²"),
    *("https://example.org/a/b/pull/1", "ghp_" + "a1B2" * 9, "x" * 300, [], {}, [[]], [{}], {"": ""}, [None], ["a", 1]),
)
_DIGITS = re.compile(rb"\d+")
_NUMBERS = (
    b"0",
    b"00",
    b"1",
    b"12",
    b"13",
    b"24",
    b"31",
    b"32",
    b"59",
    b"60",
    b"61",
    b"99",
    b"1970",
    b"9999",
    b"10000",
)
_ZIP = b"PK\x03\x04"


def mutated(case: Case, random: Random, pool: Sequence[Case]) -> Case:
    """A case bent once to six times; `pool` lends it pieces of others."""
    files = list(case.files)
    if len(files) > 1 and random.random() < 0.15:
        del files[random.randrange(len(files))]
    at = random.randrange(len(files))
    name, data = files[at]
    for _ in range(min(6, 1 + int(random.expovariate(0.8)))):
        data = _bent(data, random, pool)
    if len(data) > _LARGEST and random.random() < 0.9 and not data.startswith(_ZIP):
        data = data[:_LARGEST]
    files[at] = (name, data)
    return Case(tuple(files))


def _bent(data: bytes, random: Random, pool: Sequence[Case]) -> bytes:
    if data.startswith(_ZIP) and random.random() < 0.9:
        return _archive(data, random, pool)
    if data.lstrip()[:1] in (b"{", b"[") and random.random() < 0.75:
        return _json(data, random, pool)
    return random.choice(_WAYS)(data, random, pool)


def _other(random: Random, pool: Sequence[Case]) -> bytes:
    return random.choice(random.choice(pool).files)[1] if pool else b""


def _place(data: bytes, random: Random) -> int:
    return random.randint(0, len(data))


def _flip(data: bytes, random: Random, _pool: Sequence[Case]) -> bytes:
    if not data:
        return b"\x00"
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << random.randrange(8))]) + data[at + 1 :]


def _insert(data: bytes, random: Random, _pool: Sequence[Case]) -> bytes:
    at = _place(data, random)
    return data[:at] + random.choice(_BYTES) * random.choice((1, 1, 1, 2, 5)) + data[at:]


def _drop(data: bytes, random: Random, _pool: Sequence[Case]) -> bytes:
    at = _place(data, random)
    return data[:at] + data[at + random.choice((1, 1, 2, 8, 40, 200)) :]


def _repeat(data: bytes, random: Random, _pool: Sequence[Case]) -> bytes:
    at = _place(data, random)
    piece = data[at : at + random.choice((1, 4, 20, 80))]
    return data[:at] + piece * random.choice((2, 2, 3, 10)) + data[at + len(piece) :]


def _cut(data: bytes, random: Random, _pool: Sequence[Case]) -> bytes:
    at = _place(data, random)
    return data[:at] if random.random() < 0.7 else data[at:]


def _number(data: bytes, random: Random, _pool: Sequence[Case]) -> bytes:
    places = [found.span() for found in _DIGITS.finditer(data)]
    if not places:
        return data
    start, end = random.choice(places)
    return data[:start] + random.choice(_NUMBERS) + data[end:]


def _lines(data: bytes, random: Random, pool: Sequence[Case]) -> bytes:
    between = b"\n\n" if random.random() < 0.3 else b"\n"
    lines = data.split(between)
    at = random.randrange(len(lines))
    way = random.randrange(7)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(random.randrange(len(lines) + 1), lines[at])
    elif way == 2:
        lines.insert(random.randrange(len(lines)), lines.pop(at))
    elif way == 3:
        lines.insert(at, random.choice(_other(random, pool).split(between)))
    elif way == 4:
        lines[at] = random.choice((b" ", b"  ", b"\t", b"> ", b"- ", b"")) + lines[at].strip()
    elif way == 5:
        lines[at : at + 2] = [b"".join(lines[at : at + 2])]
    else:
        lines.insert(at, random.choice((b"", b" ", b"---", b"```", random.choice(_BYTES))))
    return between.join(lines)


def _head(data: bytes, random: Random, pool: Sequence[Case]) -> bytes:
    """The opening of another format before this one's rest, or the other way round."""
    other = _other(random, pool)
    if not other:
        return data
    lines = other.split(b"\n")
    opening = b"\n".join(lines[: random.choice((1, 1, 2, 4, 8))])[:1_000]
    if random.random() < 0.3:
        return data + b"\n" + opening
    return opening + b"\n" + (data if random.random() < 0.5 else data.split(b"\n", 1)[-1])


def _line_ends(data: bytes, random: Random, _pool: Sequence[Case]) -> bytes:
    way = random.randrange(4)
    if way == 0:
        return data.replace(b"\n", b"\r\n")
    if way == 1:
        return data.replace(b"\n", b"\r")
    text = data.decode("utf-8", "replace")
    return text.encode("utf-16" if way == 2 else "utf-8-sig")


_WAYS: tuple[Callable[[bytes, Random, Sequence[Case]], bytes], ...] = (
    *(
        _flip,
        _insert,
        _insert,
        _drop,
        _repeat,
        _cut,
        _number,
        _number,
        _lines,
        _lines,
        _lines,
        _lines,
        _head,
        _line_ends,
    ),
)


def _json(data: bytes, random: Random, pool: Sequence[Case]) -> bytes:
    """One value of a document, or of one of its lines, changed; bytes where it is no JSON."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines)) if len(lines) > 1 and lines[0].rstrip()[-1:] == b"}" else -1
    try:
        value = json.loads(lines[at] if at >= 0 else data)
    except (ValueError, RecursionError):
        return random.choice(_WAYS)(data, random, pool)
    if random.random() < 0.03:
        return b"[" * random.choice((50, 3_000)) + data
    holder = [value]
    places = list(_places(holder))
    _change(*random.choice(places), random, places)
    if not holder:
        return data
    text = json.dumps(holder[0], ensure_ascii=random.random() < 0.3, indent=random.choice((None, None, 1)))
    changed = text.encode("utf-8", "surrogatepass" if random.random() < 0.1 else "replace")
    if at < 0:
        return changed
    lines[at] = changed.replace(b"\n", b" ")
    return b"\n".join(lines)


def _places(holder: list[object]) -> list[tuple[list[object] | dict[str, object], int | str]]:
    found: list[tuple[list[object] | dict[str, object], int | str]] = []
    due: list[object] = [holder]
    while due:
        value = due.pop()
        if isinstance(value, dict):
            found += [(value, key) for key in value]
            due += value.values()
        elif isinstance(value, list):
            found += [(value, at) for at in range(len(value))]
            due += value
    return found


def _change(
    parent: list[object] | dict[str, object],
    at: int | str,
    random: Random,
    places: Sequence[tuple[list[object] | dict[str, object], int | str]],
) -> None:
    value = parent[at]  # type: ignore[index]  # a list with its position, or an object with its key
    other, key = random.choice(places)
    way = random.random() if not isinstance(value, str) or value[:1] not in ("{", "[") else 1.0
    if way < 0.35:
        parent[at] = random.choice(_STRANGE)  # type: ignore[index]  # as above
    elif way < 0.5:
        parent[at] = copy.deepcopy(other[key])  # type: ignore[index]  # as above
    elif way < 0.65:
        del parent[at]  # type: ignore[arg-type]  # as above
    elif way < 0.8 and isinstance(parent, list):
        parent.insert(random.randint(0, len(parent)), copy.deepcopy(value))
    elif way < 0.85 and isinstance(parent, list):
        random.shuffle(parent)
    elif way < 0.9 and isinstance(parent, dict) and isinstance(key, str):
        parent[key] = parent.pop(str(at))
    elif isinstance(value, str) and value[:1] in ("{", "["):
        parent[at] = _json(value.encode("utf-8", "replace"), random, ()).decode("utf-8", "replace")  # type: ignore[index]  # as above
    elif isinstance(value, str):
        parent[at] = _words(value, random)  # type: ignore[index]  # as above
    else:
        parent[at] = random.choice(([value], {"items": value}, json.dumps(value), [value, value]))  # type: ignore[index]  # as above


def _words(value: str, random: Random) -> str:
    at = random.randint(0, len(value))
    piece = random.choice(_BYTES).decode("utf-8", "replace")
    return random.choice((value[:at], value[:at] + piece + value[at:], value + " " + value, value.upper(), value * 3))


def _archive(data: bytes, random: Random, pool: Sequence[Case]) -> bytes:
    """A member of an archive bent; the archive is written again, uncompressed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            members = [(info.filename, held.read(info)) for info in held.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zipfile.zlib.error):
        return random.choice(_WAYS)(data, random, pool)
    if not members:
        return _flip(data, random, pool)
    at = next((at for at, (name, _) in enumerate(members) if name.endswith("document.xml")), 0)
    if random.random() < 0.3:
        at = random.randrange(len(members))
    name, inner = members[at]
    way = random.random()
    if way < 0.05:
        del members[at]
    elif way < 0.6:
        members[at] = (name, _xml(inner, random))
    else:
        members[at] = (name, random.choice(_WAYS)(inner, random, pool))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as made:
        for name, inner in members:
            made.writestr(zipfile.ZipInfo(name), inner)
    return written.getvalue()


_TAG = re.compile(rb"<[^<>]*>")
_ELEMENT = re.compile(rb"<w:(p|r|t|tbl|tr|tc)[ >].*?</w:\1>", re.DOTALL)


def _xml(data: bytes, random: Random) -> bytes:
    """A stretch between two tags dropped, repeated or moved, or a tag put elsewhere."""
    if random.random() < 0.6:
        return _element(data, random)
    tags = [found.span() for found in _TAG.finditer(data)]
    if len(tags) < 3:
        return data
    first, last = sorted(random.sample(range(len(tags)), 2))
    last = min(last, first + random.choice((1, 2, 6, 30)))
    start, end = tags[first][0], tags[last][1]
    to = random.choice(tags)[0]
    way = random.randrange(4)
    if way == 0:
        return data[:start] + data[end:]
    if way == 1:
        return data[:end] + data[start:end] + data[end:]
    if way == 2:
        return data[:to] + data[start:end] + data[to:]
    return data[:to] + data[slice(*tags[first])] + data[to:]


def _element(data: bytes, random: Random) -> bytes:
    """A whole element dropped, repeated, moved into another, or its words changed: the XML stays sound."""
    found = [one.span() for one in _ELEMENT.finditer(data)]
    for start, end in tuple(found):
        found += [
            (start + 4 + inner.start(), start + 4 + inner.end()) for inner in _ELEMENT.finditer(data[start + 4 : end])
        ]
    if not found:
        return data
    (start, end), (to, _) = random.choice(found), random.choice(found)
    way = random.randrange(4)
    if way == 0:
        return data[:start] + data[end:]
    if way == 1:
        return data[:to] + data[start:end] + data[to:]
    at = data.find(b">", start) + 1
    if way == 2:
        return data[:at] + data[start:end] + data[at:]
    words = _insert(_number(data[at:end], random, ()), random, ())
    return data[:at] + words.replace(b"\x00", b"") + data[end:]
