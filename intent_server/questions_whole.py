"""How well whole conversations meet a question: of those with a good stretch, the one that is about it comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from intent_server.questions_index import Held
from intent_server.questions_rows import Floats, Int32s, Places
from intent_server.questions_scan import Holders, add_gains
from intent_server.search_relevance import Weighed
from intent_server.store.connect import Db
from intent_server.store.load_index import telling

Doubles = npt.NDArray[np.float64]

_K1 = 1.2  # as the inverted index has it
_EMPTY_TERMS = 1.0  # a conversation without terms counts as this long


def of_conversations(db: Db, store: Held, question: Weighed, places: Places) -> Floats:
    """For the document at each place, how well the conversation it stands in meets the question as a whole.

    BM25 of all the conversation's stretches as one text; of b = 0.5, 0.75 and 1 (a text twice as long needs a word
    twice as often) the last is best on QMSum, commits and PEPs alike.
    """
    rows = store.rows
    sessions, at = np.unique(rows.session_nos[places], return_inverse=True)
    every = store.index.session_terms
    mean = float(every.sum()) / max(int(np.count_nonzero(every)), 1)
    sizes = np.maximum(every[sessions], _EMPTY_TERMS).astype(np.float64) / max(mean, _EMPTY_TERMS)
    weights, each = question.term_weights(), np.arange(len(sessions), dtype=np.int32)
    told = {
        term: Holders(each, counts * (_K1 + 1) / (counts + _K1 * sizes))
        for term, counts in _counts(db, store, weights, sessions)
    }
    scores = np.zeros(len(sessions))
    add_gains(scores, told, weights, question.asked.words)
    found: Floats = scores[at].astype(np.float32)
    return found


def _counts(db: Db, store: Held, weights: Mapping[str, float], sessions: Int32s) -> Iterator[tuple[str, Doubles]]:
    """Each of these terms with how often these sessions say it: about once for each stretch that holds it."""
    rows, known = store.rows, store.statistics(db, tuple(weights))
    terms = telling(known, weights)
    slots = np.zeros(len(rows.session_ids), dtype=np.int32)
    slots[sessions] = np.arange(len(sessions))
    is_asked = np.zeros(len(rows.session_ids), dtype=np.bool_)
    is_asked[sessions] = True
    held = store.index.postings.of(db, rows, [known.terms[term].term_no for term in terms], known.average_terms)
    for term, one in zip(terms, held, strict=True):
        said = np.flatnonzero(is_asked[rows.session_nos[one.places]])
        said = said[~rows.is_decision[one.places[said]]]
        slot = slots[rows.session_nos[one.places[said]]]
        counts: Doubles = np.bincount(slot, one.gains[said], len(sessions)).astype(np.float64)
        yield term, counts
