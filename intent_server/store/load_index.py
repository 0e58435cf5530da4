"""Rows of the derived tables: term statistics, BM25 hits, int8 vectors and where documents stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt

from intent_server.store.connect import Db
from intent_server.store.load import utc
from intent_server.store.sql import query

MAX_QUERY_TERMS = 60
"""A question's rarest terms that are looked up: each has a bit in `matched`, a 64-bit number."""

LARGE_STORE_DOCUMENTS = 5000
"""From here on the postings of a term that every second document holds cost more time than they tell."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many documents hold each known term, and the size of the corpus."""

    document_counts: Mapping[str, int]
    term_nos: Mapping[str, int]
    documents: int
    average_terms: float


@dataclass(frozen=True, slots=True)
class KeywordHit:
    """A document with its BM25 score and those of the question's terms that it holds."""

    document_no: int
    score: float
    matched: frozenset[str]


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """Documents in order and their int8 codes.

    Shape: codes (n, dimensions); the others (n,). `follows`: the row before is the same session's conversation.
    """

    document_nos: npt.NDArray[np.int64]
    codes: npt.NDArray[np.int8]
    is_decision: npt.NDArray[np.bool_]
    follows: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Document:
    """What one indexed document is and where it stands."""

    document_no: int
    kind: str
    decision_id: str | None
    first_utterance: int
    last_utterance: int
    session_id: str
    session: str
    source: str
    started_at: datetime | None


def statistics(db: Db, terms: Sequence[str]) -> Statistics:
    """What the index knows of these terms; the MAX_QUERY_TERMS rarest count."""
    rows = db.execute(query("term_statistics"), {"terms": list(terms)}).fetchall()[:MAX_QUERY_TERMS]
    return Statistics(
        document_counts={row[0]: row[2] for row in rows},
        term_nos={row[0]: row[1] for row in rows},
        documents=rows[0][3] if rows else 0,
        average_terms=rows[0][4] if rows else 0.0,
    )


def keyword_hits(
    db: Db,
    known: Statistics,
    weights: Mapping[str, float],
    *,
    session_id: str | None = None,
    limit: int,
) -> list[KeywordHit]:
    """The documents that hold some of the weighted terms, best first, at most `limit` of each kind.

    In a large store, terms that most documents hold are passed over where rarer ones are asked for too.
    """
    asked = _telling(known, [term for term in known.term_nos if weights.get(term, 0.0) > 0])
    if not asked:
        return []
    rows = db.execute(
        query("keyword_hits"),
        {
            "term_nos": [known.term_nos[term] for term in asked],
            "weights": [weights[term] for term in asked],
            "bits": [1 << place for place in range(len(asked))],
            "average_terms": known.average_terms,
            "session_id": session_id,
            "limit": limit,
        },
    ).fetchall()
    return [
        KeywordHit(document_no, score, frozenset(term for place, term in enumerate(asked) if matched >> place & 1))
        for document_no, score, matched in rows
    ]


def _telling(known: Statistics, terms: list[str]) -> list[str]:
    rare = [term for term in terms if known.document_counts[term] * 2 <= known.documents]
    return rare if rare and known.documents >= LARGE_STORE_DOCUMENTS else terms


def vectors(db: Db, revision: str, *, after: int = -1) -> StoredVectors:
    """The vectors that the model of this revision made of the documents numbered above `after`."""
    found = db.execute(query("vectors"), {"revision": revision, "after": after}).fetchnumpy()
    codes = b"".join(found["code"].tolist())
    count = len(found["document_no"])
    return StoredVectors(
        document_nos=np.asarray(found["document_no"], dtype=np.int64),
        codes=np.frombuffer(codes, dtype=np.int8).reshape(count, len(codes) // count if count else 0),
        is_decision=np.asarray(found["is_decision"], dtype=np.bool_),
        follows=np.asarray(found["follows"], dtype=np.bool_),
    )


def vectors_seal(db: Db, revision: str, *, up_to: int) -> tuple[int, int]:
    """A mark of all vectors up to a document: equal marks, unchanged vectors."""
    row = db.execute(query("vectors_seal"), {"revision": revision, "up_to": up_to}).fetchone()
    return (row[0], row[1] or 0) if row else (0, 0)


def session_documents(db: Db, session_id: str) -> npt.NDArray[np.int64]:
    """The numbers of a session's documents, in order."""
    rows = db.execute(query("session_documents"), {"session_id": session_id}).fetchall()
    return np.array([row[0] for row in rows], dtype=np.int64)


def documents(db: Db, document_nos: Sequence[int]) -> dict[int, Document]:
    """These documents by number; those of closed sessions are left out."""
    rows = db.execute(query("documents"), {"document_nos": list(document_nos)}).fetchall()
    return {row[0]: replace(Document(*row), started_at=utc(row[-1])) for row in rows}
