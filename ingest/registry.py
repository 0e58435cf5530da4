"""Lists the readers and finds the one for a source: by content, ranked; a tie is an error naming both."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

import ingest.readers
from ingest.errors import AmbiguousReader, NoReader, ReaderClash
from ingest.records import Reader, Source

ENTRY_POINT_GROUP = "intent_server.readers"


@cache
def readers() -> tuple[Reader, ...]:
    """Every module of `ingest.readers` that defines READER, then installed entry points, by name.

    Raises: ReaderClash when two have one name.
    """
    found: dict[str, tuple[Reader, str]] = {}
    for reader, module in (*_bundled(), *_installed()):
        if reader.name in found:
            raise ReaderClash(reader.name, [found[reader.name][1], module])
        found[reader.name] = (reader, module)
    return tuple(found[name][0] for name in sorted(found))


def reader_for(source: Source, known: Sequence[Reader] | None = None, name: str | None = None) -> Reader:
    """The reader whose match is most specific, or the one named.

    Raises: NoReader with what there is; AmbiguousReader when two match equally well.
    """
    known = readers() if known is None else known
    if name is not None:
        chosen = [reader for reader in known if reader.name == name]
        if not chosen:
            raise NoReader(source.uri, [reader.name for reader in known], f"asked for reader '{name}'")
        return chosen[0]
    ranks = [(reader.accepts(source), reader) for reader in known]
    best = max((rank for rank, _ in ranks), default=0)
    if best <= 0:
        raise NoReader(source.uri, [reader.name for reader in known], looks_like(source))
    first = [reader for rank, reader in ranks if rank == best]
    if len(first) > 1:
        raise AmbiguousReader(source.uri, [reader.name for reader in first])
    return first[0]


def looks_like(source: Source) -> str:
    """A few words on what the content seems to be, for an error."""
    if b"\x00" in source.head and not source.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "binary content"
    if not source.head.strip():
        return "only white space"
    if source.head.lstrip()[:1] in (b"{", b"["):
        return "JSON of an unknown shape" if source.size_bytes > len(source.head) else _json_state(source.head)
    return "text of an unknown shape"


def _json_state(data: bytes) -> str:
    try:
        json.loads(data)
    except json.JSONDecodeError as error:
        return f"broken JSON, {error.msg} at line {error.lineno}"
    except (ValueError, RecursionError):  # no UTF-8, a number of more digits than Python converts, nested too deep
        return "broken JSON"
    return "JSON of an unknown shape"


def _bundled() -> list[tuple[Reader, str]]:
    modules = (f"{ingest.readers.__name__}.{item.name}" for item in pkgutil.iter_modules(ingest.readers.__path__))
    loaded = ((import_module(name), name) for name in modules)
    return [(module.READER, name) for module, name in loaded if hasattr(module, "READER")]


def _installed() -> list[tuple[Reader, str]]:
    return [(point.load(), point.value) for point in entry_points(group=ENTRY_POINT_GROUP)]
