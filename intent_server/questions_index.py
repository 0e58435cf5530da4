"""The read side's index: what is held of a store between questions, and one question's candidates from it.

What is held is stamped with the store's file and version, so that another process's new session shows in the next
answer; only what came or changed since is then read: numbers of documents are never given twice, and rows of the record
tell when they were recorded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Lock

import numpy as np

from intent_server.embed import Embedder, bundled
from intent_server.questions_cores import Cores, InSession, Spoken, Standing
from intent_server.questions_rows import Bools, Floats, Places, Rows, placed_anew, read, renewed
from intent_server.questions_scan import Terms, company, keyword_hits, nearness
from intent_server.search import fuse, with_near_words
from intent_server.search_names import OtherNames
from intent_server.search_relevance import Asked, Told, Weighed, weighed
from intent_server.search_words_near import Lexicon
from intent_server.store import load_index, load_states
from intent_server.store.audit import store_version
from intent_server.store.connect import Db, file_read
from intent_server.store.load_index import KnownTerm, Statistics
from intent_server.store.load_sessions import Head
from intent_server.store.load_written import Written
from intent_server.store.snapshot import Made

_MOST_CHANGED = 20_000
"""Decisions that may differ from what was read at first; with more, all are read anew."""

KEPT_HITS = 200
"""Documents of each kind that each of the two rankings hands on: twenty pages of ten."""


@dataclass(frozen=True, slots=True)
class Document:
    """What one indexed document is and where it stands; `decision_id` is None for conversation."""

    document_no: int
    decision_id: str | None
    session_id: str
    first_utterance: int
    last_utterance: int


@dataclass(frozen=True, slots=True)
class Index:
    """What is kept of a store as read at one version: its documents, how its decisions stand, what questions learned.

    `until`: when the last change that it knows of was recorded. `hidden`: the documents of decisions that are not in
    answers, and those that went; `hidden_ever`: the same but for decisions that wait for review. `words`: None for
    those that the index has not. `session_terms`: of the conversation of each of `rows.session_ids`.
    """

    place: Path
    version: tuple[int, ...]
    revision: str
    until: datetime | None
    rows: Rows
    standing: Standing
    hidden: Bools
    hidden_ever: Bools
    documents: int
    average_terms: float
    session_terms: Floats
    heard_until: datetime | None
    names: OtherNames
    words: dict[str, KnownTerm | None] = field(default_factory=dict)
    postings: Terms = field(default_factory=Terms)

    def hidden_by_kind(self) -> tuple[tuple[Bools, bool], ...]:
        """Both kinds of `hidden`, each with whether decisions that wait for review are left in."""
        return (self.hidden, False), (self.hidden_ever, True)


@dataclass(frozen=True, slots=True)
class Held:
    """An index with the connection of one question.

    `cores`: the decisions that answers are made of. `doubtful`: those that wait for a person's review; `with_doubtful`
    has them among the others. `decisions_of`: by session. `hidden`: the documents that are not to be found. `told`: the
    words of the decisions that the question is held against.
    """

    db: Db
    index: Index
    cores: Cores
    doubtful: Cores
    decisions_of: InSession
    hidden: Bools
    told: dict[str, Told] = field(default_factory=dict)

    def names(self, session_ids: Collection[str]) -> Mapping[str, Head]:
        """The names of these sessions, by id; of those held now."""
        return self.index.standing.names(self.db, session_ids)

    def written(self, db: Db, decision_ids: Collection[str]) -> Mapping[str, Written]:
        """The parts, quotes and people of these decisions."""
        return self.index.standing.written(db, decision_ids)

    @property
    def rows(self) -> Rows:
        """The indexed documents."""
        return self.index.rows

    @property
    def norms(self) -> Floats:
        """The lengths of the documents' codes; zeros where the model in use made none."""
        return self.index.rows.coded.norms

    @property
    def heard_until(self) -> datetime | None:
        """The newest moment that anything in the store speaks of."""
        return self.index.heard_until

    def documents(self, numbers: Sequence[int]) -> dict[int, Document]:
        """These documents by number; those not held are left out."""
        rows = self.index.rows
        at = rows.places(numbers)
        columns = (rows.document_nos, rows.decision_ids, rows.session_nos, rows.firsts, rows.lasts)
        return {
            number: Document(number, decision_id.decode() or None, rows.session_ids[session_no], first, last)
            for number, decision_id, session_no, first, last in zip(*(one[at].tolist() for one in columns), strict=True)
        }

    def numbers_of(self, decision_ids: Collection[str]) -> dict[str, int]:
        """The documents of these decisions, by decision."""
        rows = self.index.rows
        at = rows.of_decisions(decision_ids)
        at = at[rows.is_here[at]]
        ids = (one.decode() for one in rows.decision_ids[at].tolist())
        return dict(zip(ids, rows.document_nos[at].tolist(), strict=True))

    def statistics(self, db: Db, terms: Sequence[str]) -> Statistics:
        """What the index knows of these terms; asked of the store once."""
        index = self.index
        unknown = [term for term in terms if term not in index.words]
        if unknown:
            found = load_index.terms_held(db, unknown)
            index.words.update({term: found.get(term) for term in unknown})
        known = {term: one for term in terms if (one := index.words[term])}
        return load_index.statistics(known, index.documents, index.average_terms)


@dataclass(frozen=True, slots=True)
class PastIndex:
    """What is known of a past: the documents that it lacked at first, and all that is read of it."""

    made: Made
    index: Index


@dataclass(slots=True)
class Cache:
    """What a long-lived process keeps between questions; safe for several threads.

    `pasts`: the last one used last. `lexicon`: the words met so far; by the bundled model whatever made the store's
    vectors, for it takes microseconds a word.
    """

    lock: Lock = field(default_factory=Lock)
    index: Index | None = None
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
    return store_version(db), *file_read(place)


def held(cache: Cache, db: Db, place: Path, model: Embedder) -> Held:
    """The store as of now, from memory where that still holds."""
    version = version_of(db, place)
    with cache.lock:
        last = cache.index
        if last is None or last.version != version or (last.place, last.revision) != (place, model.revision):
            last = cache.index = _renewed(db, last, place, version, model)
        return bound(db, last)


def index_once(db: Db, place: Path, version: tuple[int, ...], model: Embedder) -> Index:
    """The store as this connection shows it, not from memory and not kept there."""
    rows, standing = read(db, model.revision, model.dimensions), _standing(db)
    hidden = _hidden(rows, standing, doubtful=False), _hidden(rows, standing, doubtful=True)
    return _index(db, (place, version, model.revision), rows, standing, hidden)


def _standing(db: Db) -> Standing:
    states = load_states.states(db)
    return Standing(states, Spoken.of(states))


def bound(db: Db, index: Index) -> Held:
    """An index with a question's connection."""
    cores = Cores(db, index.standing, [False])
    doubtful = Cores(db, index.standing, [True])
    return Held(db, index, cores, doubtful, InSession(cores, index.standing), index.hidden)


def with_doubtful(store: Held) -> Held:
    """The same store with the decisions that wait for a person's review among the others."""
    cores = Cores(store.db, store.index.standing, [False, True])
    decisions_of = InSession(cores, store.index.standing)
    return replace(store, cores=cores, decisions_of=decisions_of, hidden=store.index.hidden_ever)


def find(db: Db, store: Held, question: Asked, vector: Floats, *, session_id: str | None = None) -> Found:
    """The documents that hold the question's words or are near its meaning, of one session where given."""
    index, rows = store.index, store.index.rows
    known = store.statistics(db, [*question.terms, *(term for sense in question.senses for term in sense.needs)])
    against = weighed(question, known.document_counts, known.documents)
    allowed = _allowed(store, session_id)
    weights = against.term_weights()
    terms = index.postings
    hits = keyword_hits(db, rows, terms, known, question, weights, allowed=allowed, limit=KEPT_HITS)
    near = nearness(rows, vector, allowed, rows.places([hit.document_no for hit in hits]), limit=KEPT_HITS)
    numbers = rows.document_nos[near.places].tolist()
    meaning = dict(zip(numbers, near.spread.tolist(), strict=True))
    scores = {hit.document_no: hit.score for hit in hits}
    alone = np.array([scores.get(one, 0.0) for one in numbers])
    said = with_near_words(alone, *rows.in_line(near.places), company(rows, near.places))
    fused = fuse(dict(zip(numbers, said.tolist(), strict=True)), meaning, background=near.background)
    return Found(
        weighed=against,
        scores={number: fused[number] for number in numbers},
        matched={hit.document_no: hit.matched for hit in hits},
        cosines=dict(zip(numbers, near.cosines.tolist(), strict=True)),
        decisions=frozenset(rows.document_nos[near.places[rows.is_decision[near.places]]].tolist()),
    )


def _allowed(store: Held, session_id: str | None) -> Bools | Places:
    """Which documents may be found: as truth values for the whole store, as places for one session."""
    shown: Bools = ~store.hidden
    if session_id is None:
        return shown
    places = store.index.rows.in_session(session_id)
    return places[shown[places]]


def first(scores: Mapping[int, float], limit: int) -> list[int]:
    """The documents of the highest scores, best first; equal ones as they come."""
    return sorted(scores, key=scores.__getitem__, reverse=True)[:limit]


def _renewed(db: Db, last: Index | None, place: Path, version: tuple[int, ...], model: Embedder) -> Index:
    """The store as of now: what changed since the last version, or all of it where that is another file's."""
    if last is None or last.version[1:3] != version[1:3] or (last.place, last.revision) != (place, model.revision):
        return index_once(db, place, version, model)
    changed = load_states.changed(db, last.until) if last.until is not None else []
    if last.until is None or len(last.standing.newer) + len(changed) > _MOST_CHANGED:
        return index_once(db, place, version, model)
    rows = renewed(last.rows, db, model.revision)
    if rows is None:
        return index_once(db, place, version, model)
    rows = placed_anew(rows, db, changed)
    standing = last.standing.changed(load_states.states(db, changed), changed)
    checked = _to_check(last.rows, rows, changed)
    hidden = (_hidden_again(one, rows, standing, checked, doubtful) for one, doubtful in last.hidden_by_kind())
    return _index(db, (place, version, model.revision), rows, standing, (next(hidden), next(hidden)))


def _index(
    db: Db, stamp: tuple[Path, tuple[int, ...], str], rows: Rows, standing: Standing, hidden: tuple[Bools, Bools]
) -> Index:
    counts = rows.term_counts[rows.is_here]
    return Index(
        *stamp,
        until=load_states.last_moment(db),
        rows=rows,
        standing=standing,
        hidden=hidden[0],
        hidden_ever=hidden[1],
        documents=len(counts),
        average_terms=float(counts.mean()) if len(counts) else 0.0,
        session_terms=_session_terms(rows),
        heard_until=load_states.heard_until(db),
        names=OtherNames.told(load_index.name_terms(db)),
    )


def _session_terms(rows: Rows) -> Floats:
    said = rows.is_here & ~rows.is_decision
    sums = np.bincount(rows.session_nos[said], rows.term_counts[said], len(rows.session_ids))
    return sums.astype(np.float32)


def _hidden(rows: Rows, standing: Standing, *, doubtful: bool) -> Bools:
    """Which documents are of decisions that are in no answer, dismissed or waiting for review; and those that went."""
    hidden = ~rows.is_here
    decided = np.flatnonzero(rows.is_decision)
    hidden[decided] |= ~standing.shown_of(rows.decision_ids[decided], doubtful=doubtful)
    return hidden


def _hidden_again(hidden: Bools, rows: Rows, standing: Standing, checked: Places, doubtful: bool) -> Bools:
    """The same for a newer version, from what was known before and the documents to be checked."""
    again = ~rows.is_here
    again[: len(hidden)] |= hidden
    for at in checked:
        state = standing.place(rows.decision_ids[at].decode())
        again[at] = not rows.is_here[at] or state is None or (state.is_doubtful and not doubtful)
    return again


def _to_check(last: Rows, rows: Rows, changed: Sequence[str]) -> Places:
    """The documents of decisions that are new or changed."""
    start = len(last.document_nos)
    new = start + np.flatnonzero(rows.is_decision[start:])
    met = {one.decode() for one in rows.decision_ids[new].tolist()}
    older = rows.of_decisions([one for one in changed if one not in met])
    return np.concatenate((new, older))
