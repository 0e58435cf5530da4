"""Part of the write side: which decisions in the store replace which, as far as that is not recorded yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from intent_server.link import Record, Stated, supersessions
from intent_server.store.change import Supersession
from intent_server.store.connect import Db
from intent_server.store.rows import fetched

Pair: TypeAlias = tuple[str, str]
"""(newer, older) decision ids."""


def due_supersessions(db: Db) -> tuple[Supersession, ...]:
    """What sources and people say of one decision replacing another and no link holds yet.

    Where a source says the opposite of what a person said here, the person's word counts. What would close a circle
    is left out: in it nothing would hold.
    """
    said = said_pairs(db)
    pairs = dict.fromkeys((*said, *stated_pairs(db, said)))
    if not pairs:
        return ()
    held = [(str(row["decision_id"]), str(row["target"])) for row in fetched(db, "open_supersessions")]
    return tuple(Supersession(newer, older) for newer, older in _without_circles(pairs, held))


def said_pairs(db: Db) -> tuple[Pair, ...]:
    """What people and agents said here of one decision replacing another, as far as both stand; the first one first."""
    return tuple((str(row["newer"]), str(row["older"])) for row in fetched(db, "stated_by_acts"))


def stated_pairs(db: Db, said: Collection[Pair]) -> tuple[Pair, ...]:
    """The same of sources, without what people said the opposite of."""
    stated = [_stated(row) for row in fetched(db, "stated_supersessions")]
    if not stated:
        return ()
    projects = list({one.by.project for one in stated if one.by.project})
    rows = fetched(db, "records", projects=projects, folders=list({one.by.folder for one in stated}))
    records = [record_of(row) for row in rows]
    return tuple(pair for pair in supersessions(stated, records) if pair[::-1] not in said)


def circle(db: Db, pair: Pair) -> tuple[Pair, ...]:
    """The links by which a pair's older decision replaced its newer one, over others; none where it may be linked."""
    held = [(str(row["decision_id"]), str(row["target"])) for row in fetched(db, "open_supersessions")]
    return _way(_replaced(held), pair[1], pair[0])


def _without_circles(pairs: Iterable[Pair], held: Sequence[Pair]) -> Iterator[Pair]:
    """Those of the pairs that are not held and that can be, the first ones first."""
    replaced, there = _replaced(held), frozenset(held)
    for newer, older in pairs:
        if (newer, older) not in there and not _way(replaced, older, newer):
            replaced[newer].append(older)
            yield newer, older


def _replaced(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for newer, older in pairs:
        found[newer].append(older)
    return found


def _way(replaced: Mapping[str, Sequence[str]], start: str, end: str) -> tuple[Pair, ...]:
    """How one decision replaced another one over others, pair by pair; nothing where it did not."""
    before: dict[str, str] = {start: ""}
    due = [start]
    while due and end not in before:
        newer = due.pop()
        fresh = [older for older in replaced.get(newer, ()) if older not in before]
        before |= dict.fromkeys(fresh, newer)
        due += fresh
    way: list[Pair] = []
    at = end if end in before else start
    while at != start:
        way.append((before[at], at))
        at = before[at]
    return tuple(reversed(way))


def _stated(row: Mapping[str, object]) -> Stated:
    return Stated(record_of(row), target=str(row["target"]), is_inverse=row["target_kind"] == "superseded_by")


def record_of(row: Mapping[str, object]) -> Record:
    """A record by its row."""
    return Record(
        decision_id=str(row["decision_id"]),
        session_id=str(row["session_id"]),
        native_id=str(row["native_id"]),
        uri=str(row["uri"]),
        project=None if row["project"] is None else str(row["project"]),
    )
