"""Places to Sources: a file, everything readable under a folder, or standard input."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from ingest.errors import NoRegularFile, SourceEmpty, SourceError, SourceMissing, SourceUnreadable
from ingest.hearing import Hearing
from ingest.records import Source

HEAD_BYTES = 64 * 1024
_SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", "venv", ".intent"})
_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class Declared:
    """What the person says of a source: its encoding, its date, a name for standard input, how recordings are heard."""

    encoding: str = "utf-8"
    date: datetime | None = None
    stdin_name: str = "stdin"
    hearing: Hearing | None = None


def straight(place: str) -> str:
    """A place without `..`, so that a file has one address wherever it is named from; any other as it is.

    A link keeps its own name, as when it is named without `..`.
    """
    path = Path(place)
    if ".." not in path.parts:
        return place
    return os.path.realpath(path) if path.name == ".." else str(Path(os.path.realpath(path.parent), path.name))


def file_source(path: Path, declared: Declared) -> Source:
    """One file as a Source; its first 64 KiB are read here, once.

    Raises: SourceMissing, SourceUnreadable, SourceEmpty, NoRegularFile.
    """
    uri = path.absolute().as_posix()
    try:
        status = path.stat()
        _check_regular(uri, status.st_mode)
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise SourceMissing(uri) from error
    except OSError as error:
        raise SourceUnreadable(uri, error.strerror or str(error)) from error
    if not head:
        raise SourceEmpty(uri)

    def reopen() -> BinaryIO:
        try:
            return path.open("rb")
        except OSError as error:
            raise SourceUnreadable(uri, error.strerror or str(error)) from error

    return Source(
        uri=uri,
        name=path.name,
        head=head,
        open=reopen,
        size_bytes=status.st_size,
        path=path,
        encoding=declared.encoding,
        date=declared.date,
        modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
        hearing=declared.hearing,
    )


def _check_regular(uri: str, mode: int) -> None:
    """Refuse what would block, or give its bytes only once; a folder is refused by the system itself."""
    kind = next((name for is_one, name in _KINDS if is_one(mode)), None)
    if kind is not None:
        raise NoRegularFile(uri, kind)


def stdin_source(data: bytes, declared: Declared) -> Source:
    """Standard input, already read, as a Source named by the person."""
    uri = f"stdin:{declared.stdin_name}"
    if not data:
        raise SourceEmpty(uri)
    return Source(
        uri=uri,
        name=declared.stdin_name,
        head=data[:HEAD_BYTES],
        open=lambda: io.BytesIO(data),
        size_bytes=len(data),
        encoding=declared.encoding,
        date=declared.date,
        hearing=declared.hearing,
    )


def files_under(folder: Path) -> Iterator[Path]:
    """Everything under a folder that is no folder, in sorted order; folders already above are not followed again.

    What is no readable file (a pipe, a broken link) is told by opening it.

    Hidden files are taken, version-control and dependency folders are not.
    Raises: SourceMissing, SourceUnreadable (a folder that cannot be listed, or a loop of links).
    """
    yield from _walk(folder, frozenset())


def gathered(
    folder: Path, paths: Sequence[Path], groups: Sequence[frozenset[str]], declared: Declared
) -> Iterator[Source | tuple[Path, SourceError]]:
    """The sources of one folder: each group of file names as one, every other file as its own.

    A file that cannot be opened, or is empty, comes as (path, error).
    """
    members: dict[frozenset[str], list[Source]] = {}
    for path in paths:
        try:
            source = file_source(path, declared)
        except SourceError as error:
            yield path, error
            continue
        group = next((names for names in groups if path.name in names), None)
        if group is None:
            yield source
        else:
            members.setdefault(group, []).append(source)
    for together in members.values():
        yield together[0] if len(together) == 1 else folder_source(folder, together)


def folder_source(folder: Path, members: Sequence[Source]) -> Source:
    """A folder's files that are one export, as one source with members, as new as the newest of them."""

    def joined() -> BinaryIO:
        parts: list[bytes] = []
        for member in members:
            with member.open() as stream:
                parts.append(stream.read())
        return io.BytesIO(b"\n".join(parts))

    return replace(
        members[0],
        uri=folder.absolute().as_posix(),
        name=folder.absolute().name,
        open=joined,
        size_bytes=sum(member.size_bytes for member in members),
        path=folder,
        modified_at=max((member.modified_at for member in members if member.modified_at), default=None),
        members=tuple(members),
    )


def _walk(folder: Path, above: frozenset[str]) -> Iterator[Path]:
    try:
        real = os.path.realpath(folder, strict=True)
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except FileNotFoundError as error:
        raise SourceMissing(folder.absolute().as_posix()) from error
    except OSError as error:
        raise SourceUnreadable(folder.absolute().as_posix(), error.strerror or str(error)) from error
    if real in above:
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name not in _SKIPPED_FOLDERS:
                yield from _walk(entry, above | {real})
        else:
            yield entry
