"""The search index in ordinary tables: documents, their terms (an inverted index) and their vectors.

All of it is derived: `intent doctor --rebuild` makes it anew from the canonical rows. It changes in the same
transaction as they do. Postings are appended in sorted runs and sorted as a whole when much of them is new, so that
a query skips all row groups but those of its terms.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
import numpy.typing as npt

from intent_server.store.connect import Db, transaction
from intent_server.store.rows import fetched, insert
from intent_server.store.sql import query
from intent_server.store.terms import TERMS_VERSION, is_word

_MAX_FREQUENCY = 32_767
_VECTORS_A_STATEMENT = 2_000
_UNSORTED_POSTINGS = 1_000_000
"""Below this a query reads the whole tail within milliseconds: eight row groups."""
_UNSORTED_SHARE = 0.25
_SORTED_AT_ONCE = 8_000_000
"""Postings: 200 MB while they are sorted; a writer has 1 GB."""


@dataclass(frozen=True, slots=True)
class Model:
    """What made the vectors: those of two revisions are never compared."""

    name: str
    revision: str


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """What is found by one search result: a decision, or a stretch of conversation."""

    kind: Literal["decision", "conversation"]
    first_utterance: int
    last_utterance: int
    terms: Mapping[str, int]
    vector: npt.NDArray[np.float32]
    code: npt.NDArray[np.int8]
    candidate: int | None = None
    """Position among the session's candidates, for a decision."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A document that is to be added, and what it is of."""

    session_id: str
    decision_id: str | None
    document: IndexDocument


@dataclass(frozen=True, slots=True)
class _Key:
    kind: str
    decision_id: str | None
    first: int
    last: int


def index_session(
    db: Db,
    session_id: str,
    documents: Sequence[IndexDocument],
    decision_ids: Sequence[str],
    model: Model,
    *,
    kept: frozenset[str] = frozenset(),
) -> None:
    """Make the index hold exactly these documents for a session.

    Utterances and decisions never change under their ids, so a document with the same place is the same document.
    `decision_ids`: by candidate position. `kept`: decisions whose documents are left as they are.
    """
    held: dict[_Key, list[int]] = {}
    for row in fetched(db, "index_keys", session_id=session_id):
        if row["decision_id"] not in kept:
            held.setdefault(_held_key(row), []).append(int(str(row["document_no"])))
    wanted: dict[_Key, list[IndexDocument]] = {}
    for document in documents:
        key = _key(document, decision_ids)
        if key.decision_id not in kept:
            wanted.setdefault(key, []).append(document)
    same = {key for key, found in held.items() if len(wanted.get(key, ())) == len(found)}
    remove_documents(db, [number for key, found in held.items() if key not in same for number in found])
    fresh = [
        Fresh(session_id, key.decision_id, document)
        for key, found in wanted.items()
        if key not in same
        for document in found
    ]
    add_documents(db, fresh, model, first=next_document(db))


def index_decision(db: Db, session_id: str, decision_id: str, documents: Sequence[IndexDocument], model: Model) -> None:
    """Make the index hold exactly these documents for a decision, whatever it held for it before."""
    unindex_decision(db, decision_id)
    fresh = [Fresh(session_id, decision_id, document) for document in documents]
    add_documents(db, fresh, model, first=next_document(db))


def unindex_decision(db: Db, decision_id: str) -> None:
    """Take a decision out of the index."""
    remove_documents(db, [int(str(row["document_no"])) for row in fetched(db, "documents_of", decision_id=decision_id)])


def unindex_session(db: Db, session_id: str) -> None:
    """Take all documents of a session out of the index."""
    remove_documents(db, [int(str(row["document_no"])) for row in fetched(db, "index_keys", session_id=session_id)])


def remove_documents(db: Db, numbers: Sequence[int]) -> None:
    """Take documents out of the index."""
    if not numbers:
        return
    db.execute(query("keep_last_document"))
    given = {"numbers": json.dumps(list(numbers))}
    for name in ("uncount_terms", "remove_postings", "remove_vectors", "remove_documents"):
        db.execute(query(name), given)


def empty_index(db: Db) -> None:
    """Take everything out of the index."""
    db.execute(query("keep_last_document"))
    db.execute(query("empty_index"))


def is_sort_due(db: Db) -> bool:
    """Whether so many postings were appended since the last sorting that queries would notice."""
    total, in_order = db.execute(query("unsorted_postings")).fetchone() or (0, 0)
    return int(total) - int(in_order) > max(_UNSORTED_POSTINGS, int(in_order) * _UNSORTED_SHARE)


def sort_postings(db: Db) -> None:
    """Put all postings in order, some millions at a time: DuckDB would sort them all in memory.

    4 million take about a second. They are counted as they go in: DuckDB 2.0 counts none of 800 million rows that the
    same transaction wrote.
    """
    with transaction(db):
        db.execute(query("sorted_postings"))
        ranges = [{"first": first, "last": last} for first, last in _term_ranges(db)]
        moved = [db.execute(query("sort_postings"), one).fetchone() for one in ranges]
        db.execute(query("replace_postings"))
        db.execute(query("postings_sorted"), {"sorted_count": sum(count for (count,) in filter(None, moved))})


def _term_ranges(db: Db) -> Iterator[tuple[int, int]]:
    """Ranges of term numbers, both ends included, that together hold all postings."""
    first, last, held = None, 0, 0
    for term_no, count in db.execute(query("posting_counts")).fetchall():
        if first is not None and held + count > _SORTED_AT_ONCE:
            yield first, last
            first, held = None, 0
        first = term_no if first is None else first
        last, held = term_no, held + count
    if first is not None:
        yield first, last


def next_document(db: Db) -> int:
    """A number that no document has or had."""
    return int((db.execute(query("next_document")).fetchone() or (1,))[0])


def add_documents(db: Db, fresh: Sequence[Fresh], model: Model, *, first: int) -> None:
    """Add documents with their terms and vectors, numbered from `first` in the order given."""
    if not fresh:
        return
    rows = [
        {
            "document_no": number,
            "kind": one.document.kind,
            "session_id": one.session_id,
            "decision_id": one.decision_id,
            "first_utterance": one.document.first_utterance,
            "last_utterance": one.document.last_utterance,
            "term_count": sum(count for term, count in one.document.terms.items() if is_word(term)),
            "terms_version": TERMS_VERSION,
        }
        for number, one in enumerate(fresh, start=first)
    ]
    insert(db, "documents", rows)
    documents = [one.document for one in fresh]
    _add_postings(db, first, documents)
    _add_vectors(db, first, documents, model)


def _add_postings(db: Db, first: int, documents: Sequence[IndexDocument]) -> None:
    words = list(chain.from_iterable(document.terms for document in documents))
    if not words:
        return
    counts = Counter(words)
    insert(db, "terms", [{"term": term, "document_count": count} for term, count in counts.items()])
    numbers = dict(db.execute(query("term_numbers"), {"terms": json.dumps(list(counts))}).fetchall())
    frequencies = np.fromiter(chain.from_iterable(one.terms.values() for one in documents), np.int64, len(words))
    lengths = np.array([len(document.terms) for document in documents])
    numbered = np.repeat(np.arange(len(documents)), lengths)
    are_words = np.fromiter(map(is_word, words), np.bool_, len(words))
    columns: dict[str, npt.NDArray[np.generic]] = {
        "term_no": np.fromiter(map(numbers.__getitem__, words), np.int64, len(words)),
        "document_no": first + numbered,
        "term_frequency": np.minimum(frequencies, _MAX_FREQUENCY).astype(np.int16),
        "term_count": np.bincount(numbered, frequencies * are_words, len(documents)).astype(np.int32)[numbered],
    }
    add_postings(db, columns)


def add_postings(db: Db, columns: Mapping[str, npt.NDArray[np.generic]]) -> None:
    """Append postings, given by column.

    Registered arrays go in at 2 million rows a second on both DuckDB versions; as JSON they make 200,000.
    """
    db.register("posting_batch", dict(columns))
    try:
        db.execute(query("add_postings"))
    finally:
        db.unregister("posting_batch")


def _add_vectors(db: Db, first: int, documents: Sequence[IndexDocument], model: Model) -> None:
    for start in range(0, len(documents), _VECTORS_A_STATEMENT):
        part = documents[start : start + _VECTORS_A_STATEMENT]
        insert(db, "vectors", list(_vector_rows(first + start, part, model)))


def _vector_rows(first: int, documents: Iterable[IndexDocument], model: Model) -> Iterator[dict[str, object]]:
    for number, document in enumerate(documents, start=first):
        yield {
            "document_no": number,
            "model_name": model.name,
            "model_revision": model.revision,
            "code": b64encode(document.code.astype(np.int8).tobytes()).decode("ascii"),
            "vector": b64encode(document.vector.astype("<f4").tobytes()).decode("ascii"),
        }


def _key(document: IndexDocument, decision_ids: Sequence[str]) -> _Key:
    decision_id = None if document.candidate is None else decision_ids[document.candidate]
    return _Key(document.kind, decision_id, document.first_utterance, document.last_utterance)


def _held_key(row: Mapping[str, object]) -> _Key:
    decision_id = row["decision_id"]
    first, last = int(str(row["first_utterance"])), int(str(row["last_utterance"]))
    return _Key(str(row["kind"]), None if decision_id is None else str(decision_id), first, last)
