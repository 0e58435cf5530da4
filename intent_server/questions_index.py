"""The read side's index: what is held of a store between questions, and one question's candidates from it.

What is held is stamped with the store's file and version, so that another process's new session shows in the next
answer; of the documents only those that came since are then read, unless something among the held ones changed.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt

from intent_server.embed import Embedder, bundled
from intent_server.search import Floats, cosines, fuse, with_near_words, with_neighbours
from intent_server.search_relevance import Asked, Told, Weighed, weighed
from intent_server.search_words_near import Lexicon
from intent_server.store import load, load_index, load_sessions
from intent_server.store.audit import store_version
from intent_server.store.connect import Db
from intent_server.store.load import Core
from intent_server.store.load_index import KnownTerm, Statistics, Stored
from intent_server.store.load_sessions import Head
from intent_server.store.snapshot import Made

KEPT_HITS = 200
"""Documents of each kind that each of the two rankings hands on: twenty pages of ten."""


@dataclass(frozen=True, slots=True)
class Document:
    """What one indexed document is and where it stands; `decision_id` is None for conversation."""

    document_no: int
    decision_id: str | None
    first_utterance: int
    last_utterance: int
    session: Head


@dataclass(frozen=True, slots=True)
class Held:
    """A store as read at one version: its documents, sessions and decisions, and what questions learned of them.

    `cores`: the decisions that answers are made of. `doubtful`: those that wait for a person's review; `with_doubtful`
    has them among the others. `decisions_of`: by session. `hidden`: the documents of decisions that are not in `cores`.
    `by_number`: the rows' positions by rising document number. `terms`: None for those that
    the index has not. `told` fills as decisions are judged.
    """

    place: Path
    version: tuple[int, ...]
    revision: str
    seal: tuple[int, int]
    rows: Stored
    by_number: npt.NDArray[np.intp]
    norms: Floats
    heads: Mapping[str, Head]
    cores: Mapping[str, Core]
    doubtful: Mapping[str, Core]
    decisions_of: Mapping[str, Sequence[str]]
    hidden: npt.NDArray[np.bool_]
    terms: dict[str, KnownTerm | None]
    told: dict[str, Told]

    @property
    def heard_until(self) -> datetime | None:
        """The newest moment that anything in the store speaks of."""
        return max((head.spoken_until for head in self.heads.values() if head.spoken_until), default=None)

    def documents(self, numbers: Sequence[int]) -> dict[int, Document]:
        """These documents by number; those of closed sessions are left out."""
        rows = self.rows
        places = self.places(numbers)
        return {
            number: Document(
                number, rows.decision_ids[at] or None, int(rows.firsts[at]), int(rows.lasts[at]), self.heads[session_id]
            )
            for number, at in zip(numbers, places, strict=True)
            if (session_id := rows.session_ids[at]) in self.heads
        }

    def numbers_of(self, decision_ids: Collection[str]) -> dict[str, int]:
        """The documents of these decisions, by decision."""
        rows = self.rows
        wanted = np.flatnonzero(np.isin(rows.decision_ids, list(decision_ids)))
        return {str(rows.decision_ids[at]): int(rows.document_nos[at]) for at in wanted}

    def places(self, numbers: Sequence[int]) -> npt.NDArray[np.intp]:
        """Where these documents stand among the rows."""
        wanted = np.asarray(numbers, dtype=np.int64)
        return self.by_number[np.searchsorted(self.rows.document_nos, wanted, sorter=self.by_number)]

    def statistics(self, db: Db, terms: Sequence[str]) -> Statistics:
        """What the index knows of these terms; asked of the store once."""
        unknown = [term for term in terms if term not in self.terms]
        if unknown:
            found = load_index.terms_held(db, unknown)
            self.terms.update({term: found.get(term) for term in unknown})
        held = {term: known for term in terms if (known := self.terms[term])}
        return load_index.statistics(held, self.rows.term_counts)


@dataclass(frozen=True, slots=True)
class PastIndex:
    """What is known of a past: the documents that it lacked at first, and all that is read of it."""

    made: Made
    held: Held


@dataclass(slots=True)
class Cache:
    """What a long-lived process keeps between questions; safe for several threads.

    `pasts`: the last one used last. `lexicon`: the words met so far; by the bundled model whatever made the store's
    vectors, for it takes microseconds a word.
    """

    lock: Lock = field(default_factory=Lock)
    held: Held | None = None
    past_lock: Lock = field(default_factory=Lock)
    pasts: OrderedDict[Hashable, PastIndex] = field(default_factory=OrderedDict)
    lexicon: Lexicon = field(default_factory=lambda: Lexicon(lambda words: bundled().embed(words)))


@dataclass(frozen=True, slots=True)
class Found:
    """What both rankings give for one question.

    `scores`: fused, 0 to 1, by document, in the order of the rows. `cosines`: nearness without neighbours, for the
    documents in `scores`.
    """

    weighed: Weighed
    scores: Mapping[int, float]
    matched: Mapping[int, frozenset[str]]
    cosines: Mapping[int, float]
    decisions: frozenset[int]
    """Those documents that are decisions; the others are conversation."""


def version_of(db: Db, place: Path) -> tuple[int, ...]:
    """What changes with every change of the store: a rebuilt index leaves the audit table as it was."""
    about = place.stat()
    return store_version(db), about.st_ino, about.st_mtime_ns, about.st_size


def held(cache: Cache, db: Db, place: Path, model: Embedder) -> Held:
    """The store as of now, from memory where that still holds."""
    version = version_of(db, place)
    with cache.lock:
        last = cache.held
        if last is None or last.place != place or last.revision != model.revision:
            rows = load_index.stored(db, model.revision, model.dimensions)
        elif last.version == version:
            return last
        else:
            rows = _with_new_rows(db, last, model)
        cache.held = _read(db, rows, place, version, model.revision)
        return cache.held


def held_once(db: Db, place: Path, version: tuple[int, ...], model: Embedder) -> Held:
    """The store as this connection shows it, not from memory and not kept there."""
    return _read(db, load_index.stored(db, model.revision, model.dimensions), place, version, model.revision)


def find(db: Db, store: Held, question: Asked, vector: Floats, *, session_id: str | None = None) -> Found:
    """The documents that hold the question's words or are near its meaning, of one session where given."""
    known = store.statistics(db, question.terms)
    against = weighed(question, known.document_counts, known.documents)
    rows = store.rows
    hidden = rows.document_nos[store.hidden].tolist()
    weights = against.term_weights()
    hits = load_index.keyword_hits(db, known, weights, session_id=session_id, hidden=hidden, limit=KEPT_HITS)
    near = cosines(rows.codes, store.norms, vector)
    spread = with_neighbours(near, rows.follows)
    allowed = np.flatnonzero(~store.hidden if session_id is None else (rows.session_ids == session_id) & ~store.hidden)
    nearest = (_best(spread, allowed[rows.is_decision[allowed] == kind]) for kind in (True, False))
    hit_places = store.places([hit.document_no for hit in hits])
    places = np.unique(np.concatenate((*nearest, hit_places)))
    numbers = [int(number) for number in rows.document_nos[places]]
    background = float(spread[allowed].mean() - 2 * spread[allowed].std()) if len(allowed) else 0.0
    meaning = dict(zip(numbers, map(float, spread[places]), strict=True))
    said = np.zeros(len(places))
    said[np.searchsorted(places, hit_places)] = [hit.score for hit in hits]
    said = with_near_words(said, places, rows.follows)
    fused = fuse(dict(zip(numbers, map(float, said), strict=True)), meaning, background=background)
    return Found(
        weighed=against,
        scores={number: fused[number] for number in numbers},
        matched={hit.document_no: hit.matched for hit in hits},
        cosines=dict(zip(numbers, map(float, near[places]), strict=True)),
        decisions=frozenset(int(number) for number in rows.document_nos[places[rows.is_decision[places]]]),
    )


def first(scores: Mapping[int, float], limit: int) -> list[int]:
    """The documents of the highest scores, best first; equal ones as they come."""
    return sorted(scores, key=lambda number: -scores[number])[:limit]


def _read(db: Db, rows: Stored, place: Path, version: tuple[int, ...], revision: str) -> Held:
    every = load.cores(db, doubtful=True)
    cores = {one: core for one, core in every.items() if not core.is_doubtful}
    return Held(
        place=place,
        version=version,
        revision=revision,
        seal=load_index.vectors_seal(db, revision, up_to=_last(rows)),
        rows=rows,
        by_number=np.argsort(rows.document_nos),
        norms=_norms(rows.codes),
        heads=load_sessions.heads(db),
        cores=cores,
        doubtful={one: core for one, core in every.items() if core.is_doubtful},
        decisions_of=_by_session(cores),
        hidden=_hidden(rows, cores),
        terms={},
        told={},
    )


def with_doubtful(store: Held) -> Held:
    """The same store with the decisions that wait for a person's review among the others."""
    cores = dict(sorted({**store.cores, **store.doubtful}.items()))
    return replace(store, cores=cores, decisions_of=_by_session(cores), hidden=_hidden(store.rows, cores))


def _by_session(cores: Mapping[str, Core]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for core in cores.values():
        found[core.session_id].append(core.decision_id)
    return found


def _hidden(rows: Stored, cores: Mapping[str, Core]) -> npt.NDArray[np.bool_]:
    """Which documents are of decisions that are in no answer: dismissed, or waiting for review."""
    shown = np.isin(rows.decision_ids.astype(str), list(cores))
    hidden: npt.NDArray[np.bool_] = rows.is_decision & ~shown
    return hidden


def _with_new_rows(db: Db, last: Held, model: Embedder) -> Stored:
    """The held rows and those that came since; all anew when a held one went or changed, or a held session grew."""
    end = _last(last.rows)
    if load_index.vectors_seal(db, model.revision, up_to=end) != last.seal:
        return load_index.stored(db, model.revision, model.dimensions)
    new = load_index.stored(db, model.revision, model.dimensions, after=end)
    if not len(new.document_nos):
        return last.rows
    if len(last.rows.session_ids) and new.session_ids[0] <= last.rows.session_ids[-1]:
        return load_index.stored(db, model.revision, model.dimensions)
    return Stored(
        **{each.name: np.concatenate((getattr(last.rows, each.name), getattr(new, each.name))) for each in fields(new)}
    )


def _last(rows: Stored) -> int:
    return int(rows.document_nos.max(initial=-1))


def _norms(codes: npt.NDArray[np.int8]) -> Floats:
    squares = np.einsum("ij,ij->i", codes, codes, dtype=np.int32, casting="safe")
    norms: Floats = np.sqrt(squares, dtype=np.float32)
    return norms


def _best(values: Floats, allowed: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Positions of the KEPT_HITS highest of the allowed values."""
    if len(allowed) <= KEPT_HITS:
        return allowed
    return allowed[np.argpartition(-values[allowed], KEPT_HITS)[:KEPT_HITS]]
