"""Pure: which decision replaces which, by what their sources say of each other, and which records a name calls.

Only explicit words count; what one source says of another counts where it names exactly one record in the same folder
or project. Whichever of the two was read first, the answer is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import product

_NUMBER = re.compile(
    r"^(?:[A-Za-z]{2,8}-)?(?:m?adr|record|decision)?[-_ #]*(?:[A-Za-z]+-)?0*(\d{1,5})(?=$|[-_ .])", re.IGNORECASE
)
_BARE = re.compile(r"(?:m?adr|record|decision)?[-_ #]*\d{1,5}")
"""A number by itself; with other letters before it, it counts something else (`SHOP-12`)."""
_ENDINGS = (".md", ".markdown")


@dataclass(frozen=True, slots=True)
class Record:
    """A decision that other records can speak of: the only one of its session."""

    decision_id: str
    session_id: str
    native_id: str
    uri: str
    project: str | None = None

    @property
    def folder(self) -> str:
        """Where its source lies."""
        return self.uri.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Stated:
    """What a source says of another record. `is_inverse`: that record replaces this one."""

    by: Record
    target: str
    """A native id, file name or number, as the source gives it."""
    is_inverse: bool


def supersessions(stated: Sequence[Stated], records: Iterable[Record]) -> tuple[tuple[str, str], ...]:
    """(newer, older) decision ids, each pair once; two that each claim to replace the other are left alone."""
    shelves = _shelves(records, {key for item in stated for key in _keys(item)})
    pairs: dict[tuple[str, str], None] = {}
    for item in stated:
        other = _named(item, shelves)
        if other is not None and other != item.by.decision_id:
            pairs[(other, item.by.decision_id) if item.is_inverse else (item.by.decision_id, other)] = None
    return tuple((newer, older) for newer, older in pairs if (older, newer) not in pairs)


def called(target: str, records: Iterable[Record]) -> frozenset[str]:
    """The decisions whose record has this name, wherever it lies; else those whose record has this number."""
    held = [(record.decision_id, _own_names(record)) for record in records]
    for name in _meant(target) if _BARE.fullmatch(_stem(target)) else _meant(target)[:1]:
        if found := frozenset(decision_id for decision_id, names in held if name in names):
            return found
    return frozenset()


def _named(item: Stated, shelves: Mapping[tuple[str, str], frozenset[str]]) -> str | None:
    """The one decision that is meant: in the record's folder, else in its project."""
    for shelf in _places(item.by):
        for name in _meant(item.target):
            found = shelves.get((shelf, name), frozenset())
            if len(found) == 1:
                return next(iter(found))
            if found:
                return None
    return None


def _keys(item: Stated) -> Iterator[tuple[str, str]]:
    """Where a stated record is looked for, under which names."""
    return product(_places(item.by), _meant(item.target))


def _shelves(records: Iterable[Record], wanted: AbstractSet[tuple[str, str]]) -> dict[tuple[str, str], frozenset[str]]:
    """The decisions at each wanted place under each wanted name: this is asked for each source of a run, of all."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for record in records:
        for key in wanted & set(product(_places(record), _own_names(record))):
            found[key] = found.get(key, frozenset()) | {record.decision_id}
    return found


def _places(record: Record) -> Iterator[str]:
    yield f"folder {record.folder}"
    if record.project:
        yield f"project {record.project}"


def _own_names(record: Record) -> frozenset[str]:
    return frozenset((*_names(record.native_id), *_names(record.uri)))


def _names(text: str) -> tuple[str, ...]:
    """What a record may be called by: its whole name, and its number."""
    stem = _stem(text)
    number = _NUMBER.match(stem)
    return (stem, f"#{number[1]}") if number else (stem,)


def _meant(target: str) -> tuple[str, ...]:
    """The names by which a target is looked up: a file's name does not stand for another file of its number."""
    names = _names(target)
    number = _NUMBER.match(names[0])
    return names if number is not None and number.end() == len(names[0]) else names[:1]


def _stem(text: str) -> str:
    name = text.strip().rstrip("/").rpartition("/")[2].casefold()  # a path's parts take ten times as long
    ending = next((ending for ending in _ENDINGS if name.endswith(ending)), "")
    return name[: len(name) - len(ending)]
