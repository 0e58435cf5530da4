"""The store as of another time, on a connection that reads it: what the record knew then, and what held in the world.

A past lives in a database in memory beside the store, for as long as one question takes. Every table of the store is
there under its own name, so that the questions run on it unchanged: small ones as copies, large ones as views upon the
store. Nothing is written to a disk: 100,000 utterances would take a second to copy, and words that are forgotten later
must not stay in a file that a killed process left behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from intent_server.store.connect import Db, beside, transaction, use
from intent_server.store.index import Fresh, Model, add_documents, add_postings, next_document
from intent_server.store.load import utc
from intent_server.store.rows import Row, fetched, insert, stamp
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


@dataclass(frozen=True, slots=True)
class Made:
    """What a past was completed with, ready to be put into it again; its vectors are in the reader's memory by then.

    `kept`: numbers of documents that the store still has. The others are of documents made anew.
    """

    kept: Sequence[int]
    documents: Sequence[Row]
    terms: Sequence[Row]
    postings: Mapping[str, npt.NDArray[np.int64]]


def complete(db: Db, past: Past, kept: Sequence[int], fresh: Sequence[Fresh], model: Model) -> Made:
    """Give a past the documents it lacks: those that the store still has, by number, and those made anew."""
    with transaction(db):
        _keep(db, kept)
        if fresh:
            db.execute(query("past_terms"))
            with _in_made(db, past):
                add_documents(db, fresh, model, first=past.next_document)
    return Made(
        kept,
        list(fetched(db, "past_made_documents", first=past.next_document)),
        list(fetched(db, "past_made_terms")),
        db.execute(query("past_made_postings")).fetchnumpy(),
    )


def complete_again(db: Db, past: Past, made: Made) -> None:
    """The same for a past that was completed before, without its vectors: 0.13 s for 1,900 documents instead of 1."""
    with transaction(db):
        _keep(db, made.kept)
        if made.documents:
            db.execute(query("past_put_terms"), {"rows": json.dumps(made.terms)})
            with _in_made(db, past):
                insert(db, "documents", made.documents)
                add_postings(db, made.postings)


def _keep(db: Db, numbers: Sequence[int]) -> None:
    db.execute(query("past_keep"), {"numbers": json.dumps(list(numbers))})


@contextmanager
def _in_made(db: Db, past: Past) -> Iterator[None]:
    """Where the index writes as if it were the store's."""
    use(db, f"{past.name}.made")
    try:
        yield
    finally:
        use(db, past.name)
