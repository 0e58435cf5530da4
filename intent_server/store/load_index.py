"""Rows of the derived tables: terms, postings, and documents with their places and int8 codes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intent_server.store.connect import Db
from intent_server.store.rows import fetched
from intent_server.store.sql import query
from intent_server.store.terms import NAME, PIECE

MAX_QUERY_TERMS = 60
"""A question's rarest terms that are looked up."""

_CODES_AT_ONCE = 10_000

LARGE_STORE_DOCUMENTS = 5000
"""From here on the postings of a term that every second document holds cost more time than they tell."""


@dataclass(frozen=True, slots=True)
class KnownTerm:
    """A term that the index holds: its number, and how many documents hold it."""

    term_no: int
    document_count: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the index knows of a question's terms, and the size of the corpus.

    `terms`: those that are looked up, rarest first. `document_counts`: how many documents hold each known term, looked
    up or not: one that is passed over for being frequent is not one that nobody said.
    """

    terms: Mapping[str, KnownTerm]
    documents: int
    average_terms: float
    document_counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents that hold a term: their numbers, how often each has it, how many terms each has in all."""

    document_nos: npt.NDArray[np.int64]
    frequencies: npt.NDArray[np.int16]
    term_counts: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Indexed:
    """Some indexed documents, by number: where each stands and how long it is.

    `session_nos`: positions in `session_ids`. `decision_ids`: of the documents with `is_decision`, in their order.
    """

    document_nos: npt.NDArray[np.int64]
    is_decision: npt.NDArray[np.bool_]
    session_nos: npt.NDArray[np.int64]
    session_ids: Sequence[str]
    decision_ids: npt.NDArray[np.bytes_]
    firsts: npt.NDArray[np.int64]
    lasts: npt.NDArray[np.int64]
    term_counts: npt.NDArray[np.int64]


def terms_held(db: Db, terms: Sequence[str]) -> dict[str, KnownTerm]:
    """Those of these terms that the index holds."""
    rows = db.execute(query("term_statistics"), {"terms": list(terms)}).fetchall() if terms else []
    return {term: KnownTerm(term_no, count) for term, term_no, count in rows if count > 0}


def name_terms(db: Db) -> list[str]:
    """The terms that hold pairs of names for one thing."""
    return [term for (term,) in db.execute(query("name_terms"), {"sign": NAME}).fetchall()]


def terms_alike(db: Db, words: Sequence[str]) -> list[tuple[str, str, int]]:
    """Of these words each with a term that is spelled nearly so and its number, likest first."""
    return db.execute(query("terms_alike"), {"words": list(words)}).fetchall()


def statistics(held: Mapping[str, KnownTerm], documents: int, average_terms: float) -> Statistics:
    """The MAX_QUERY_TERMS rarest of these terms, words before their pieces, against so many documents."""
    rarest = sorted(held, key=lambda term: (term.startswith(PIECE), held[term].document_count, term))[:MAX_QUERY_TERMS]
    counts = {term: known.document_count for term, known in held.items()}
    return Statistics({term: held[term] for term in rarest}, documents, average_terms, counts)


def telling(known: Statistics, weights: Mapping[str, float]) -> list[str]:
    """The terms to look up: in a large store those that most documents hold are passed over where rarer ones are asked.

    Terms without weight are none.
    """
    asked = [term for term in known.terms if weights.get(term, 0.0) > 0]
    rare = [term for term in asked if known.terms[term].document_count * 2 <= known.documents]
    return rare if rare and known.documents >= LARGE_STORE_DOCUMENTS else asked


def postings(db: Db, term_nos: Collection[int]) -> dict[int, Postings]:
    """The documents that hold each of these terms, by its number; in the order of their numbers."""
    if not term_nos:
        return {}
    found = db.execute(query("term_postings"), {"term_nos": list(term_nos)}).fetchnumpy()
    numbers, documents = (np.asarray(found[name], dtype=np.int64) for name in ("term_no", "document_no"))
    span = int(documents.max(initial=0)) + 1
    order = np.argsort(numbers * span + documents, kind="stable")  # a tenth of the time of np.lexsort
    numbers, documents = numbers[order], documents[order]
    frequencies = np.asarray(found["term_frequency"], dtype=np.int16)[order]
    counts = np.asarray(found["term_count"], dtype=np.int32)[order]
    edges = {one: np.searchsorted(numbers, (one, one + 1)) for one in term_nos}
    return {one: Postings(documents[at:to], frequencies[at:to], counts[at:to]) for one, (at, to) in edges.items()}


def indexed(db: Db, *, after: int = -1) -> Indexed:
    """The documents numbered above `after`."""
    given = {"after": after}
    found = db.execute(query("indexed_documents"), given).fetchnumpy()
    sessions = [row[0] for row in db.execute(query("indexed_sessions"), given).fetchall()]
    decisions = db.execute(query("indexed_decisions"), given).fetchnumpy()["decision_id"]
    return Indexed(
        document_nos=np.asarray(found["document_no"], dtype=np.int64),
        is_decision=np.asarray(found["is_decision"], dtype=np.bool_),
        session_nos=np.asarray(found["session_no"], dtype=np.int64),
        session_ids=sessions,
        decision_ids=np.array([one.encode() for one in decisions.tolist()], dtype=np.bytes_),
        firsts=np.asarray(found["first_utterance"], dtype=np.int64),
        lasts=np.asarray(found["last_utterance"], dtype=np.int64),
        term_counts=np.asarray(found["term_count"], dtype=np.int64),
    )


def codes(
    db: Db, revision: str, dimensions: int, *, after: int
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]]]:
    """(numbers, codes) of the documents above `after`, some thousands at a time; without those that have none."""
    cursor = db.execute(query("indexed_codes"), {"revision": revision, "after": after})
    while batch := cursor.fetchmany(_CODES_AT_ONCE):
        whole = [row for row in batch if len(row[1]) == dimensions]
        numbers = np.array([row[0] for row in whole], dtype=np.int64)
        yield numbers, np.frombuffer(b"".join(row[1] for row in whole), dtype=np.int8).reshape(-1, dimensions)


def is_whole_up_to(db: Db, last_no: int, count: int) -> bool:
    """Whether there are still so many documents up to a number: then they are the same."""
    return db.execute(query("indexed_count"), {"up_to": last_no}).fetchone() == (count,)


def document_numbers(db: Db) -> npt.NDArray[np.int64]:
    """The numbers of all documents."""
    return np.asarray(db.execute(query("indexed_numbers")).fetchnumpy()["document_no"], dtype=np.int64)


def document_places(db: Db, decision_ids: Sequence[str]) -> list[tuple[int, str, int, int]]:
    """(number, session, first and last utterance) of the documents of these decisions."""
    return db.execute(query("document_places"), {"decision_ids": list(decision_ids)}).fetchall() if decision_ids else []


def vector_models(db: Db) -> dict[str, str]:
    """The name of each model that made vectors of the index, by its revision."""
    return {str(row["model_revision"]): str(row["model_name"]) for row in fetched(db, "vector_models")}
