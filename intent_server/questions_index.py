"""The read side's index: vectors held in memory between questions, and one question's candidates from it.

What is held is stamped with the store's file and version, so that another process's new session shows in the next
answer; only what came since is then read, unless something among the held rows changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt

from intent_server.search import Floats, cosines, fuse, with_neighbours
from intent_server.search_relevance import Asked, Weighed, weighed
from intent_server.store import load_index
from intent_server.store.audit import store_version
from intent_server.store.connect import Db
from intent_server.store.load_index import KeywordHit, StoredVectors

KEPT_HITS = 200
"""Documents of each kind that each of the two rankings hands on: twenty pages of ten."""


@dataclass(frozen=True, slots=True)
class Held:
    """Vectors as read at one version of one store."""

    place: Path
    version: tuple[int, ...]
    revision: str
    seal: tuple[int, int]
    rows: StoredVectors
    norms: Floats


@dataclass(slots=True)
class Cache:
    """What a long-lived process keeps between questions; safe for several threads."""

    lock: Lock = field(default_factory=Lock)
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What both rankings give for one question.

    `scores`: fused, 0 to 1, by document. `cosines`: nearness without neighbours, for the documents in `scores`.
    """

    weighed: Weighed
    scores: Mapping[int, float]
    matched: Mapping[int, frozenset[str]]
    cosines: Mapping[int, float]
    decisions: frozenset[int]
    """Those documents that are decisions; the others are conversation."""


def vectors(cache: Cache, db: Db, place: Path, revision: str) -> Held:
    """The store's vectors of this model as of now, from memory where they still hold."""
    about = place.stat()  # a rebuilt index leaves the audit table, and so the version, as it was
    version = (store_version(db), about.st_ino, about.st_mtime_ns, about.st_size)
    with cache.lock:
        held = cache.held
        if held is not None and held.place == place and held.revision == revision:
            if held.version == version:
                return held
            rows = _with_new_rows(db, held)
        else:
            rows = load_index.vectors(db, revision)
        seal = load_index.vectors_seal(db, revision, up_to=_last(rows))
        cache.held = Held(place, version, revision, seal, rows, _norms(rows.codes))
        return cache.held


def find(db: Db, held: Held, question: Asked, vector: Floats, *, session_id: str | None = None) -> Found:
    """The documents that hold the question's words or are near its meaning, of one session where given."""
    known = load_index.statistics(db, question.terms)
    against = weighed(question, known.document_counts, known.documents)
    hits = load_index.keyword_hits(db, known, against.term_weights(), session_id=session_id, limit=KEPT_HITS)
    rows = held.rows
    near = cosines(rows.codes, held.norms, vector)
    spread = with_neighbours(near, rows.follows)
    allowed = _of_session(db, rows, session_id)
    nearest = (_best(spread, allowed[rows.is_decision[allowed] == kind]) for kind in (True, False))
    places = np.unique(np.concatenate((*nearest, _positions(rows, hits))))
    numbers = [int(number) for number in rows.document_nos[places]]
    background = float(spread[allowed].mean() - 2 * spread[allowed].std()) if len(allowed) else 0.0
    meaning = dict(zip(numbers, map(float, spread[places]), strict=True))
    return Found(
        weighed=against,
        scores=fuse({hit.document_no: hit.score for hit in hits}, meaning, background=background),
        matched={hit.document_no: hit.matched for hit in hits},
        cosines=dict(zip(numbers, map(float, near[places]), strict=True)),
        decisions=frozenset(int(number) for number in rows.document_nos[places[rows.is_decision[places]]]),
    )


def _with_new_rows(db: Db, held: Held) -> StoredVectors:
    """The held rows and those that came since; all anew when a held one went or changed."""
    last = _last(held.rows)
    if load_index.vectors_seal(db, held.revision, up_to=last) != held.seal:
        return load_index.vectors(db, held.revision)
    new = load_index.vectors(db, held.revision, after=last)
    if not len(new.document_nos):
        return held.rows
    if not len(held.rows.document_nos):
        return new
    return StoredVectors(
        document_nos=np.concatenate((held.rows.document_nos, new.document_nos)),
        codes=np.concatenate((held.rows.codes, new.codes)),
        is_decision=np.concatenate((held.rows.is_decision, new.is_decision)),
        follows=np.concatenate((held.rows.follows, new.follows)),
    )


def _last(rows: StoredVectors) -> int:
    return int(rows.document_nos[-1]) if len(rows.document_nos) else -1


def _norms(codes: npt.NDArray[np.int8]) -> Floats:
    squares = np.einsum("ij,ij->i", codes, codes, dtype=np.int32, casting="safe")
    norms: Floats = np.sqrt(squares, dtype=np.float32)
    return norms


def _of_session(db: Db, rows: StoredVectors, session_id: str | None) -> npt.NDArray[np.intp]:
    """Positions of a session's rows; of all rows without one."""
    if session_id is None:
        return np.arange(len(rows.document_nos))
    return np.flatnonzero(np.isin(rows.document_nos, load_index.session_documents(db, session_id)))


def _best(values: Floats, allowed: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Positions of the KEPT_HITS highest of the allowed values."""
    if len(allowed) <= KEPT_HITS:
        return allowed
    return allowed[np.argpartition(-values[allowed], KEPT_HITS)[:KEPT_HITS]]


def _positions(rows: StoredVectors, hits: list[KeywordHit]) -> npt.NDArray[np.intp]:
    """Where the hits' documents stand among the rows; those without a vector are left out."""
    wanted = np.array([hit.document_no for hit in hits], dtype=np.int64)
    places = np.searchsorted(rows.document_nos, wanted)
    inside = places < len(rows.document_nos)
    there: npt.NDArray[np.intp] = places[inside][rows.document_nos[places[inside]] == wanted[inside]]
    return there
