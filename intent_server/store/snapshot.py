"""The store as of another time, on a connection that reads it: what the record knew then, and what held in the world.

A past lives in a database in memory beside the store, for as long as one question takes. Every table of the store is
there under its own name, so that the questions run on it unchanged: small ones as copies, large ones as views upon the
store. Nothing is written to a disk: 100,000 utterances would take a second to copy, and words that are forgotten later
must not stay in a file that a killed process left behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from intent_server.store.connect import Db, beside, transaction, use
from intent_server.store.index import Fresh, Model, add_documents, next_document
from intent_server.store.load import utc
from intent_server.store.rows import fetched, stamp
from intent_server.store.sql import query


@dataclass(frozen=True, slots=True)
class Moment:
    """When to look from. `as_of`: what held in the world then. `known_at`: what the record knew then. None: now."""

    as_of: datetime | None = None
    known_at: datetime | None = None

    def __bool__(self) -> bool:
        """False for now."""
        return self != Moment()


@dataclass(frozen=True, slots=True)
class Past:
    """The database in which a past lives."""

    name: str
    next_document: int
    """The first number that no document of the store has."""


@dataclass(frozen=True, slots=True)
class Unindexed:
    """A session whose documents in a past are not all the same as now."""

    session_id: str
    is_unsettled: bool
    """Its conversation was another: it ended, grew or was cut since. Else a decision lacks its document."""


def recorded_span(db: Db) -> tuple[datetime | None, datetime | None]:
    """When the first and the last change of the record were recorded; nothing for an empty store."""
    first, last = db.execute(query("recorded_span")).fetchone() or (None, None)
    return utc(first), utc(last)


@contextmanager
def past(db: Db, moment: Moment) -> Iterator[Past]:
    """On this connection the store as of a moment, without documents that are not the same now (see `unindexed`)."""
    first = next_document(db)
    with beside(db) as name:
        with transaction(db):
            db.execute(query("past_moment"), {"known_at": stamp(moment.known_at), "as_of": stamp(moment.as_of)})
            db.execute(query("past_known"))
            if moment.as_of is not None:
                db.execute(query("past_as_of"))
            db.execute(query("past_index"))
        yield Past(name, first)


def unindexed(db: Db) -> list[Unindexed]:
    """The sessions of a past of which documents are missing."""
    return [Unindexed(str(row["session_id"]), bool(row["is_unsettled"])) for row in fetched(db, "past_unindexed")]


def windows_now(db: Db, session_id: str) -> dict[tuple[int, int], list[int]]:
    """The numbers of the documents that the store has of a session's conversation now, by first and last utterance."""
    found: dict[tuple[int, int], list[int]] = {}
    for number, first, last in db.execute(query("past_windows"), {"session_id": session_id}).fetchall():
        found.setdefault((first, last), []).append(number)
    return found


def said_later(db: Db, session_id: str) -> frozenset[int]:
    """The utterances of a session that were said after the moment, be they quoted or not."""
    return frozenset(row[0] for row in db.execute(query("past_later"), {"session_id": session_id}).fetchall())


def indexed_decisions(db: Db, session_id: str) -> frozenset[str]:
    """The decisions of a session that have their document in the past."""
    return frozenset(row[0] for row in db.execute(query("past_indexed"), {"session_id": session_id}).fetchall())


def complete(db: Db, past: Past, kept: Sequence[int], fresh: Sequence[Fresh], model: Model) -> None:
    """Give a past the documents it lacks: those that the store still has, by number, and those made anew."""
    with transaction(db):
        db.execute(query("past_keep"), {"numbers": json.dumps(list(kept))})
        if fresh:
            db.execute(query("past_terms"))
            use(db, f"{past.name}.made")
            add_documents(db, fresh, model, first=past.next_document)
            use(db, past.name)
