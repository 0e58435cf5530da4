"""The two rankings over the documents in memory: by the words they hold, and by nearness in meaning.

Up to EXACT_DOCUMENTS every document's nearness is computed. Beyond, the signs of its components choose those worth it:
a bit a dimension is read instead of a byte, and 2,000 documents of each kind with the fewest signs against the question
held 99.7 % of the ten nearest and 95.7 % of the 200 nearest among 93,620 texts (data/decisions/0008).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from intent_server.questions_rows import Bools, Floats, Places, Rows, signs
from intent_server.search import NEAR_SHARES, NEIGHBOUR_WEIGHT
from intent_server.search_relevance import Asked
from intent_server.search_terms import is_piece
from intent_server.store.connect import Db
from intent_server.store.load_index import Postings, Statistics, postings, telling

EXACT_DOCUMENTS = 30_000
"""Up to here nearness is computed for all: 5 ms. Beyond, the signs are read first."""
_CHOSEN = 2048
"""Documents of each kind whose nearness is computed when signs choose; up to three times as many where signs tie."""
_SPREAD = 512
"""Of the nearest ones the stretches on either side are looked at too: they may be near by their neighbours."""
_SAMPLED = 4096
"""Documents, in runs, that stand for all when one asks how near an unrelated one is."""
_RUN = 16
_GATHERED = 1024
_BLOCK = 32_768
_FAR = 255
_HELD_POSTINGS = 4_000_000
"""Postings that are kept in memory: 12 bytes each."""


@dataclass(frozen=True, slots=True)
class Near:
    """How near some documents are to a question, by place. `spread`: as a mean with a part of their neighbours'.

    `background`: what an unrelated document has. `places`: those that are nearest, of each kind.
    """

    places: Places
    cosines: Floats
    spread: Floats
    background: float


def nearness(rows: Rows, vector: Floats, allowed: Bools | Places, also: Places, *, limit: int) -> Near:
    """The `limit` nearest documents of each kind among the allowed ones, and those of `also`.

    `allowed`: by place, for the whole store; or the places of one session's documents.
    """
    if allowed.dtype == np.bool_ and len(allowed) > EXACT_DOCUMENTS:
        chosen, sampled = _chosen(rows, vector, np.asarray(allowed, dtype=np.bool_))
    else:
        chosen = sampled = np.flatnonzero(allowed) if allowed.dtype == np.bool_ else np.asarray(allowed, dtype=np.intp)
    spread = _spread(rows, vector, chosen, _cosines(rows, vector, chosen))
    kinds = rows.is_decision[chosen]
    best = [_highest(chosen[kinds == kind], spread[kinds == kind], limit) for kind in (True, False)]
    places = rows.ordered(_distinct((*best, also)))
    unrelated = spread if sampled is chosen else _spread(rows, vector, sampled, _cosines(rows, vector, sampled))
    background = float(unrelated.mean() - 2 * unrelated.std()) if len(sampled) else 0.0
    cosines = _cosines(rows, vector, places)
    return Near(places, cosines, _spread(rows, vector, places, cosines), background)


def _chosen(rows: Rows, vector: Floats, allowed: Bools) -> tuple[Places, Places]:
    """(the places of those whose nearness is worth computing, those of a sample of all)."""
    far = distances(rows.coded.signs, signs(vector[None])[0])
    far[~allowed] = _FAR
    talk = _nearest_signs(far, ~rows.is_decision)
    near = _highest(talk, _cosines(rows, vector, talk), _SPREAD)
    sides = np.concatenate((rows.before[near], rows.after[near])).astype(np.intp)
    sides = sides[sides >= 0]
    decided = _nearest_signs(far, rows.is_decision)
    starts = np.linspace(0, len(allowed) - _RUN, _SAMPLED // _RUN).astype(np.intp)
    sampled = (starts[:, None] + np.arange(_RUN)).ravel()
    return _distinct((near, sides[allowed[sides]], decided)), sampled[allowed[sampled]]


def distances(held: npt.NDArray[np.uint64], wanted: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """In how many signs each document differs.

    Shape: held (words, n), wanted (words,); gives (n,). 1 million of 256 signs take 6 ms: what is read is 32 MB, and
    blocks stay in the processor's cache.
    """
    size = held.shape[1]
    found = np.empty(size, dtype=np.uint8)
    other, counted = np.empty(_BLOCK, dtype=np.uint64), np.empty(_BLOCK, dtype=np.uint8)
    for start in range(0, size, _BLOCK):
        block = held[:, start : start + _BLOCK]
        width = block.shape[1]
        total = found[start : start + width]
        for at, (row, word) in enumerate(zip(block, wanted, strict=True)):
            np.bitwise_xor(row, word, out=other[:width])
            np.bitwise_count(other[:width], out=counted[:width] if at else total)
            if at:
                np.add(total, counted[:width], out=total)
    return found


def _nearest_signs(far: npt.NDArray[np.uint8], of_kind: Bools) -> Places:
    """The places of a kind with the fewest signs against, at least _CHOSEN, or all that are allowed."""
    step = max(1, len(far) // 65_536)
    sample = np.bincount(far[::step][of_kind[::step]], minlength=_FAR + 1)[:_FAR]
    limit = int(np.searchsorted(np.cumsum(sample) * step, _CHOSEN))
    while True:
        found = np.flatnonzero((far <= min(limit, _FAR - 1)) & of_kind)
        if len(found) >= _CHOSEN or limit >= _FAR - 1:
            break
        limit += 1
    if len(found) <= 3 * _CHOSEN:
        return found
    return found[np.argpartition(far[found], 2 * _CHOSEN)[: 2 * _CHOSEN]]


def _cosines(rows: Rows, vector: Floats, places: Places) -> Floats:
    """How near the documents at these places are; 0 for a place of -1."""
    near = np.empty(len(places), dtype=np.float32)
    for start in range(0, len(places), _GATHERED):
        part = places[start : start + _GATHERED]
        found = rows.coded.codes[part].astype(np.float32) @ vector
        near[start : start + len(part)] = found / np.maximum(rows.coded.norms[part], 1e-6)
    near[places < 0] = 0.0
    return near


def _spread(rows: Rows, vector: Floats, places: Places, cosines: Floats) -> Floats:
    """The same, as a mean with the conversation on either side; what stands alone, as decisions do, is as it is."""
    spread, whole = cosines.copy(), np.ones(len(places), dtype=np.float32)
    before, after = rows.before[places], rows.after[places]
    wanted = _distinct((before, after)).astype(np.intp)
    near = _cosines(rows, vector, wanted)
    for sides in (before, after):
        spread += np.float32(NEIGHBOUR_WEIGHT) * near[np.searchsorted(wanted, sides)]
        whole += np.float32(NEIGHBOUR_WEIGHT) * (sides >= 0)
    even: Floats = spread / whole
    return even


def company(rows: Rows, places: Places) -> Floats:
    """What the stretches beside each document may add to it by NEAR_SHARES: less at either end, nothing alone."""
    heard = np.zeros(len(places), dtype=np.float32)
    for side in (rows.before, rows.after):
        at = places
        for share in NEAR_SHARES:
            at = np.where(at >= 0, side[at], -1)
            heard += np.float32(share) * (at >= 0)
    return heard


def _distinct(groups: tuple[npt.NDArray[np.signedinteger[Any]], ...]) -> Places:
    """The places in any of these groups, rising. Sorting takes a third of the time of np.unique."""
    every: Places = np.sort(np.concatenate(groups)).astype(np.intp)
    found: Places = every[np.concatenate((np.ones(min(1, len(every)), dtype=np.bool_), every[1:] != every[:-1]))]
    return found


def _highest(places: Places, values: Floats, limit: int) -> Places:
    """Those of the highest values."""
    if len(places) <= limit:
        return places
    return places[np.argpartition(-values, limit)[:limit]]


@dataclass(frozen=True, slots=True)
class KeywordHit:
    """A document with its BM25 score and those of the question's terms that it holds."""

    document_no: int
    score: float
    matched: frozenset[str]


@dataclass(frozen=True, slots=True)
class Holders:
    """The documents or conversations that hold a term, by place, and how much each says of it, 0 to 2.2."""

    places: npt.NDArray[np.int32]
    gains: npt.NDArray[np.float64]


@dataclass(slots=True)
class Terms:
    """The postings that were asked for, those used last kept; of one version of a store."""

    held: OrderedDict[int, Holders] = field(default_factory=OrderedDict)
    count: int = 0
    lock: Lock = field(default_factory=Lock)

    def of(self, db: Db, rows: Rows, term_nos: Sequence[int], average_terms: float) -> list[Holders]:
        """The documents that hold each of these terms, in the order given."""
        with self.lock:
            found = {one: self.held[one] for one in term_nos if one in self.held}
        unread = postings(db, [one for one in dict.fromkeys(term_nos) if one not in found])
        found |= {one: _gained(rows, read, average_terms) for one, read in unread.items()}
        with self.lock:
            for one in term_nos:
                self.count += len(found[one].places) if one not in self.held else 0
                self.held[one] = found[one]
                self.held.move_to_end(one)
            while self.count > _HELD_POSTINGS and len(self.held) > 1:
                self.count -= len(self.held.popitem(last=False)[1].places)
        return [found[one] for one in term_nos]


def _gained(rows: Rows, found: Postings, average_terms: float) -> Holders:
    """BM25 with k1 = 1.2 and b = 0.75 (Robertson & Zaragoza 2009, section 3), but for the weight of the term."""
    known = found.document_nos < len(rows.place_of)
    places = rows.place_of[found.document_nos[known]]
    here = places >= 0
    frequencies = found.frequencies[known][here].astype(np.float64)
    lengths = found.term_counts[known][here] / average_terms
    return Holders(places[here], frequencies * 2.2 / (frequencies + 1.2 * (0.25 + 0.75 * lengths)))


def keyword_hits(
    db: Db,
    rows: Rows,
    terms: Terms,
    known: Statistics,
    question: Asked,
    weights: Mapping[str, float],
    *,
    allowed: Bools | Places,
    limit: int,
) -> list[KeywordHit]:
    """The allowed documents that hold some of the weighted terms, best first, at most `limit` of each kind."""
    senses = [sense for sense in question.senses if sense.needs <= known.terms.keys()]
    asked = telling(known, weights)
    every = list(dict.fromkeys((*asked, *(term for sense in senses for term in sense.needs))))
    if not every:
        return []
    numbers = [known.terms[term].term_no for term in every]
    found_of = dict(zip(every, terms.of(db, rows, numbers, known.average_terms), strict=True))
    held = {term: found_of[term] for term in asked}
    for sense in senses:
        named = _together([found_of[term] for term in sense.needs])
        held |= {term: _either(held[term], named) if term in held else named for term in sense.gives}
    scores = np.zeros(len(rows.document_nos))
    add_gains(scores, held, weights, question.words)
    kept = np.zeros_like(scores, dtype=np.bool_)
    kept[allowed] = True
    found = np.flatnonzero((scores > 0) & kept)
    kinds = rows.is_decision[found]
    best = np.concatenate([_first(rows, found[kinds == kind], scores, limit) for kind in (True, False)])
    best = best[np.lexsort((rows.document_nos[best], -scores[best]))]
    matched = map(frozenset, _matched(held, best, len(scores)))
    return list(map(KeywordHit, rows.document_nos[best].tolist(), scores[best].tolist(), matched))


def _together(every: Sequence[Holders]) -> Holders:
    """The documents that hold all of some terms; each says as much of them as of the one it says least of."""
    places = every[0].places
    for one in every[1:]:
        places = np.intersect1d(places, one.places, assume_unique=True)
    gains = [one.gains[np.searchsorted(one.places, places)] for one in map(_in_order, every)]
    return Holders(places, np.minimum.reduce(gains))


def _either(one: Holders, other: Holders) -> Holders:
    """The documents that hold one of two; those that hold both say as much as by the one that says more."""
    places = np.union1d(one.places, other.places)
    gains = np.zeros(len(places))
    for each in (one, other):
        np.maximum.at(gains, np.searchsorted(places, each.places), each.gains)
    return Holders(places, gains)


def _in_order(one: Holders) -> Holders:
    order = np.argsort(one.places, kind="stable")
    return Holders(one.places[order], one.gains[order])


def add_gains(
    scores: npt.NDArray[np.float64],
    held: Mapping[str, Holders],
    weights: Mapping[str, float],
    words: Sequence[Sequence[str]],
) -> None:
    """Adds to the scores, by place, what its holders say of each term; a word's pieces count beyond the word itself."""
    for term, one in held.items():
        if not is_piece(term):
            scores[one.places] += weights[term] * one.gains
    gained = np.zeros_like(scores)
    for word in words:
        _add_pieces(scores, held, weights, word, gained)


def _add_pieces(
    scores: npt.NDArray[np.float64],
    held: Mapping[str, Holders],
    weights: Mapping[str, float],
    word: Sequence[str],
    gained: npt.NDArray[np.float64],
) -> None:
    """Adds what the pieces of a word say beyond the word itself, so that a text with both does not count it twice.

    Short technical notes hold pieces too: they have as few of the common English words as other languages have.
    `gained`: as long as the scores; zeros before and after.
    """
    pieces = [term for term in word[1:] if is_piece(term) and term in held]
    if not pieces:
        return
    for term in pieces:
        gained[held[term].places] += weights[term] * held[term].gains
    if (whole := held.get(word[0])) is not None:
        gained[whole.places] -= weights[word[0]] * whole.gains
    for places in (held[term].places for term in pieces):
        scores[places] += np.maximum(gained[places], 0.0)
        gained[places] = 0.0  # what the next piece holds too is added once
    if whole is not None:
        gained[whole.places] = 0.0


def _first(rows: Rows, places: Places, scores: npt.NDArray[np.float64], limit: int) -> Places:
    """Those of the highest scores; of equal ones those of the lowest numbers."""
    if len(places) > limit:
        values = scores[places]
        least = values[np.argpartition(-values, limit - 1)[limit - 1]]
        places = places[values >= least]
    return places[np.lexsort((rows.document_nos[places], -scores[places]))[:limit]]


def _matched(held: Mapping[str, Holders], best: Places, size: int) -> list[list[str]]:
    """The terms that the document at each of these places holds."""
    rank = np.full(size, -1, dtype=np.int32)
    rank[best] = np.arange(len(best))
    found: list[list[str]] = [[] for _ in best]
    for term, one in held.items():
        ranks = rank[one.places]
        for at in ranks[ranks >= 0].tolist():
            found[at].append(term)
    return found
