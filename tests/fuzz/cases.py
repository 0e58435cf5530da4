"""A case: the files of one source, from bytes, from the corpus, and as a Source without a disk."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.records import Source
from ingest.sources import HEAD_BYTES, Declared, stdin_source

ROOT = Path(__file__).parents[2]
CORPUS = Path(__file__).parent / "corpus"
SAMPLES = ROOT / "data" / "samples"
_PART = re.compile(rb"(?:\A|\n)=== ([\w.-]{1,80}) ===\n")


@dataclass(frozen=True, slots=True)
class Case:
    """The files of one source by name; more than one are a folder that is one export."""

    files: tuple[tuple[str, bytes], ...]

    @property
    def size_bytes(self) -> int:
        """Of all files together."""
        return sum(len(data) for _, data in self.files)

    def packed(self) -> bytes:
        """The case as one run of bytes, for a fuzzer that knows nothing else; `unpacked` undoes it."""
        if len(self.files) == 1:
            return self.files[0][1]
        return b"".join(b"\n=== %s ===\n%s" % (name.encode(), data) for name, data in self.files)


def single(data: bytes, name: str = "export") -> Case:
    """A case of one file."""
    return Case(((name, data),))


def unpacked(data: bytes, name: str = "export") -> Case:
    """The case that `packed` wrote, or one file of these bytes."""
    pieces = _PART.split(data)
    files = tuple(zip((name.decode() for name in pieces[1::2]), pieces[2::2], strict=True))
    return Case(files) if len(files) > 1 and not pieces[0] else single(data, name)


def source_of(case: Case) -> Source | None:
    """The case as a Source that reads from memory; None where all of it is empty."""
    members = [stdin_source(data, Declared(stdin_name=name)) for name, data in case.files if data]
    if len(members) < 2:
        return members[0] if members else None
    whole = b"\n".join(data for _, data in case.files if data)
    return Source(
        uri="stdin:folder",
        name="folder",
        head=members[0].head[:HEAD_BYTES],
        open=lambda: io.BytesIO(whole),
        size_bytes=sum(member.size_bytes for member in members),
        members=tuple(members),
    )


def stored(folder: Path) -> Iterator[tuple[str, Case]]:
    """(name, case) of every case in a folder of the corpus, in order."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield path.name, Case(tuple((one.name, one.read_bytes()) for one in sorted(path.iterdir())))
        else:
            yield path.name, single(path.read_bytes(), path.name)


def store(case: Case, place: Path) -> None:
    """Write a case into the corpus: a file, or a folder for several."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if len(case.files) == 1:
        place.write_bytes(case.files[0][1])
        return
    place.mkdir(exist_ok=True)
    for name, data in case.files:
        (place / name).write_bytes(data)


def seeds(reader: str) -> list[Case]:
    """What mutation begins with: the corpus of a reader and its samples."""
    found = [case for _, case in stored(CORPUS / reader)]
    for name, case in stored(SAMPLES / reader):
        found.append(case if len(case.files) > 1 else single(case.files[0][1], name))
    return found
