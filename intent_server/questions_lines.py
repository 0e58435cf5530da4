"""Where the lines and symbols that decisions are tied to stand in a file, as it is now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ingest.fetch.git_symbols import defined
from intent_server.store import load_anchors
from intent_server.store.connect import Db
from intent_server.store.load_anchors import FileNames, TiedDecision

Lines = tuple[int, int]

_MOST_BYTES = 4 << 20
_TO_THE_END = 10_000_000
"""A line after any that can be asked for: where a file ends is not known."""
_FLAT = (".sql",)
"""Languages in which what belongs to a definition is not indented below it."""
_CLOSES = re.compile(r"[\[\](){}]|end\b")
_HEADS = ("@", "#", "//", "/*", "*")
"""How decorators and comments begin, which stand above a definition and belong to it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A file as it is known here: its lines as it lies in the repository's folder, and what it is known to define.

    `lines`: None where it does not lie here. `definitions`: (name, line) by line, as the repository was read last.
    """

    file: FileNames
    lines: Sequence[str] | None
    definitions: Sequence[tuple[str, int]]


def held(db: Db, file: FileNames) -> Held:
    """What is known here of a file."""
    return Held(file, current(db, file), load_anchors.defined_in(db, file.repository, file.path))


def current(db: Db, file: FileNames) -> list[str] | None:
    """The lines of a file as it lies in the repository's folder; None: not here, or not to be read."""
    for repository, place in load_anchors.repositories(db):
        path = Path(place) / file.path
        with suppress(OSError):
            if repository == file.repository and _is_inside(path, Path(place)) and path.stat().st_size <= _MOST_BYTES:
                return _lines(path.read_text(encoding="utf-8", errors="replace"))
    return None


def spots(row: TiedDecision, files: Sequence[Held]) -> Sequence[Lines] | None:
    """The lines (first, last) at which stands what a link is tied to; none: nowhere any more; None: the whole file."""
    own = [one for one in files if row.path in (one.file.path, *one.file.names)] or files
    if row.kind == "lines":
        return _lines_now(row, own)
    if row.kind == "symbol":
        name = row.name.rpartition("::")[2]
        return [spot for file in own for spot in definitions_now(name, file)]
    return None


def told(row: TiedDecision, found: Sequence[Lines] | None) -> str:
    """A link's place in its file in words: `ImageCollection, lines 161-190`."""
    if found is None:
        return "the file as a whole"
    name = f"{row.name.rpartition('::')[2]}, " if row.kind == "symbol" else ""
    if not found:
        return f"{name}which it no longer has" if name else "lines it no longer has"
    first, last = found[0]
    if last >= _TO_THE_END:
        return f"{name}from line {first}"
    return f"{name}line {first}" if first == last else f"{name}lines {first}-{last}"


def _lines_now(row: TiedDecision, files: Sequence[Held]) -> Sequence[Lines]:
    """Where the lines of a link stand by their words; as they were numbered where those or the file are not known."""
    here = [file.lines for file in files if file.lines is not None]
    for lines in here if row.text else ():
        found = _found(row.text or "", lines, row.line_start)
        if found is not None:
            return [(found, found + row.line_end - row.line_start)]
    return () if here and row.text else [(row.line_start, row.line_end)]


def definitions_now(name: str, file: Held) -> Iterator[Lines]:
    """The lines of each definition of a name; without the file, up to the next definition that was read."""
    if file.lines is not None:
        starts = (at for at, line in enumerate(file.lines, 1) if name in line and defined(line) == name)
        yield from (_block(file.lines, at, is_flat=file.file.path.endswith(_FLAT)) for at in starts)
        return
    for at, (known, line) in enumerate(file.definitions):
        if known == name:
            later = (start for _, start in file.definitions[at + 1 :] if start > line)
            yield line, next(later, _TO_THE_END + 1) - 1


def _block(lines: Sequence[str], start: int, *, is_flat: bool) -> Lines:
    """The lines of the definition that begins on one: what is indented below it, and what stands right above it."""
    indent = _indent(lines[start - 1])
    last = start
    for number in range(start + 1, len(lines) + 1):
        line = lines[number - 1]
        if not line.strip():
            continue
        is_over = defined(line) is not None if is_flat else not _CLOSES.match(line.strip()) and _indent(line) <= indent
        if is_over or _indent(line) < indent:
            break
        last = number
    first = start
    while first > 1 and lines[first - 2].strip().startswith(_HEADS):
        first -= 1
    return first, last


def _lines(text: str) -> list[str]:
    """The lines of a text as git and editors count them: no line ends at a form feed."""
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether a path is an ordinary file of a folder, and no way out of it."""
    return path.is_file() and not path.is_symlink() and path.resolve().is_relative_to(folder.resolve())


def _found(words: str, lines: Sequence[str], near: int) -> int | None:
    """The line, from 1, at which some lines stand in a text, the nearest to where they were; None: nowhere."""
    wanted = [line.strip() for line in _lines(words)]
    if not any(wanted):
        return None
    bare = [line.strip() for line in lines]
    starts = (at for at, line in enumerate(bare) if line == wanted[0])
    places = [at + 1 for at in starts if bare[at : at + len(wanted)] == wanted]
    return min(places, key=lambda at: abs(at - near), default=None)
