"""Rows of the derived tables: term statistics, BM25 hits, and documents with their places and int8 codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intent_server.store.connect import Db
from intent_server.store.sql import query
from intent_server.store.terms import PIECE

MAX_QUERY_TERMS = 60
"""A question's rarest terms that are looked up: each has a bit in `matched`, a 64-bit number."""

LARGE_STORE_DOCUMENTS = 5000
"""From here on the postings of a term that every second document holds cost more time than they tell."""


@dataclass(frozen=True, slots=True)
class KnownTerm:
    """A term that the index holds: its number, and how many documents hold it."""

    term_no: int
    document_count: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the index knows of a question's terms, rarest first, and the size of the corpus."""

    terms: Mapping[str, KnownTerm]
    documents: int
    average_terms: float

    @property
    def document_counts(self) -> dict[str, int]:
        """How many documents hold each known term."""
        return {term: known.document_count for term, known in self.terms.items()}


@dataclass(frozen=True, slots=True)
class KeywordHit:
    """A document with its BM25 score and those of the question's terms that it holds."""

    document_no: int
    score: float
    matched: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stored:
    """The indexed documents, by session and then as said: where each stands, how long it is, and its int8 code.

    Shape: codes (n, dimensions), zeros where the model made none; the others (n,). `decision_ids` has '' for
    conversation. `follows`: the row before is the same session's conversation.
    """

    document_nos: npt.NDArray[np.int64]
    codes: npt.NDArray[np.int8]
    is_decision: npt.NDArray[np.bool_]
    follows: npt.NDArray[np.bool_]
    session_ids: npt.NDArray[np.object_]
    decision_ids: npt.NDArray[np.object_]
    firsts: npt.NDArray[np.int64]
    lasts: npt.NDArray[np.int64]
    term_counts: npt.NDArray[np.int64]


def terms_held(db: Db, terms: Sequence[str]) -> dict[str, KnownTerm]:
    """Those of these terms that the index holds."""
    rows = db.execute(query("term_statistics"), {"terms": list(terms)}).fetchall() if terms else []
    return {term: KnownTerm(term_no, count) for term, term_no, count in rows}


def statistics(held: Mapping[str, KnownTerm], term_counts: npt.NDArray[np.int64]) -> Statistics:
    """The MAX_QUERY_TERMS rarest of these terms, words before their pieces, against documents of these lengths."""
    rarest = sorted(held, key=lambda term: (term.startswith(PIECE), held[term].document_count, term))[:MAX_QUERY_TERMS]
    average = float(term_counts.mean()) if len(term_counts) else 0.0
    return Statistics({term: held[term] for term in rarest}, len(term_counts), average)


def keyword_hits(
    db: Db,
    known: Statistics,
    weights: Mapping[str, float],
    *,
    session_id: str | None = None,
    hidden: Sequence[int] = (),
    limit: int,
) -> list[KeywordHit]:
    """The documents that hold some of the weighted terms, best first, at most `limit` of each kind.

    In a large store, terms that most documents hold are passed over where rarer ones are asked for too. `hidden`:
    documents that are not to be found.
    """
    asked = _telling(known, [term for term in known.terms if weights.get(term, 0.0) > 0])
    if not asked:
        return []
    rows = db.execute(
        query("keyword_hits"),
        {
            "term_nos": [known.terms[term].term_no for term in asked],
            "weights": [weights[term] for term in asked],
            "bits": [1 << place for place in range(len(asked))],
            "average_terms": known.average_terms,
            "session_id": session_id,
            "hidden": list(hidden),
            "limit": limit,
        },
    ).fetchall()
    return [
        KeywordHit(document_no, score, frozenset(term for place, term in enumerate(asked) if matched >> place & 1))
        for document_no, score, matched in rows
    ]


def _telling(known: Statistics, terms: list[str]) -> list[str]:
    rare = [term for term in terms if known.terms[term].document_count * 2 <= known.documents]
    return rare if rare and known.documents >= LARGE_STORE_DOCUMENTS else terms


def stored(db: Db, revision: str, dimensions: int, *, after: int = -1) -> Stored:
    """The documents numbered above `after`, with the codes that the model of this revision made of them."""
    found = db.execute(query("vectors"), {"revision": revision, "after": after}).fetchnumpy()
    codes = b"".join(code.ljust(dimensions, b"\0") for code in found["code"].tolist())
    return Stored(
        document_nos=np.asarray(found["document_no"], dtype=np.int64),
        codes=np.frombuffer(codes, dtype=np.int8).reshape(-1, dimensions),
        is_decision=np.asarray(found["is_decision"], dtype=np.bool_),
        follows=np.asarray(found["follows"], dtype=np.bool_),
        session_ids=np.asarray(found["session_id"], dtype=np.object_),
        decision_ids=np.asarray(found["decision_id"], dtype=np.object_),
        firsts=np.asarray(found["first_utterance"], dtype=np.int64),
        lasts=np.asarray(found["last_utterance"], dtype=np.int64),
        term_counts=np.asarray(found["term_count"], dtype=np.int64),
    )


def vectors_seal(db: Db, revision: str, *, up_to: int) -> tuple[int, int]:
    """A mark of all vectors up to a document: equal marks, unchanged vectors."""
    row = db.execute(query("vectors_seal"), {"revision": revision, "up_to": up_to}).fetchone()
    return (row[0], row[1] or 0) if row else (0, 0)
