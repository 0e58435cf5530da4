"""Which utterances of the conversations found meet the question: in which order stretches are told, and what of them.

The index ranks windows of a hundred words. Of the best ones the utterances are read and held against the question, word
by word, with what was said around them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from intent_server.answers import Line
from intent_server.questions_index import Document, Found, Held, first
from intent_server.questions_whole import of_conversations
from intent_server.search import is_heard, own_words
from intent_server.search_turns import ANSWERS, EVIDENCE, TOPIC, Turns, answers, seen, standardised
from intent_server.search_words_near import Lexicon
from intent_server.store import load_sessions
from intent_server.store.connect import Db
from intent_server.store.load_sessions import Stretch

LOOKED_AT = 30
"""Stretches whose utterances are read, of all that were found; the others keep their order after them."""
LOOKED_AT_WITHIN = 300
"""The same where one conversation was named."""
_WHOLE_WEIGHT = 0.5
"""What the whole conversation counts beside a stretch of it. By 0, 0.5 and 0.8: QMSum across meetings 0.312, 0.322 and
0.326 nDCG@10, commits 0.672, 0.669 and 0.657 MRR, PEPs 0.661, 0.682 and 0.682 hit@1. Chosen to lose on none of them."""
_APART = 2  # a stretch this near to a better one is told later: hit@5 on QMSum train goes from 0.69 to 0.80

Place = tuple[str, int]
"""A session and the index of an utterance in it."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of the stretches that were looked at.

    `evidence`: how well each utterance answers; `topic`: how well it fits with what is around it. `lines`: by document.
    """

    evidence: Mapping[Place, float] = field(default_factory=dict)
    topic: Mapping[Place, float] = field(default_factory=dict)
    lines: Mapping[int, Sequence[Line]] = field(default_factory=dict)

    def evidence_of(self, session_id: str, lines: Sequence[Line]) -> list[float] | None:
        """How well each of these lines answers; None where they were not looked at."""
        found = [self.evidence.get((session_id, line.utterance_index)) for line in lines]
        known = [value for value in found if value is not None]
        return known if len(known) == len(found) else None


def looked_at(
    db: Db, store: Held, found: Found, lexicon: Lexicon, scores: Mapping[int, float], *, within: bool = False
) -> tuple[dict[int, float], Read]:
    """The documents in a better order, best first, and what was read of them.

    `within`: all are of one conversation, of which the places told first lie apart. Decisions keep their ranks; the
    stretches of conversation change places among each other.
    """
    among = found.scores if within else scores
    talk = [number for number in first(among, len(among)) if number not in found.decisions]
    read = _read(db, store, found, lexicon, talk[: LOOKED_AT_WITHIN if within else LOOKED_AT])
    placed = store.documents([number for number in read.lines if number in scores])
    if not placed:
        return {number: scores[number] for number in first(scores, len(scores))}, read
    best = np.array([max(_gains(read.topic, placed[one], read.lines[one])) for one in placed], dtype=np.float32)
    before = np.array([scores[number] for number in placed], dtype=np.float32)
    worth = standardised(before) + standardised(best)
    if not within:
        whole = of_conversations(db, store, found.weighed, store.rows.places(list(placed)))
        worth += _WHOLE_WEIGHT * standardised(whole)
    order = np.argsort(-worth, kind="stable")
    ordered = [list(placed)[at] for at in order]
    return _in_places_of(scores, _apart(store, ordered) if within else ordered), read


def _read(db: Db, store: Held, found: Found, lexicon: Lexicon, numbers: Sequence[int]) -> Read:
    documents = sorted(store.documents(numbers).values(), key=_place)
    stretches = [Stretch(at.session_id, at.first_utterance, at.last_utterance) for at in documents]
    said = load_sessions.lines(db, stretches) if stretches else []
    lines = {at.document_no: each for at, each in zip(documents, said, strict=True) if each}
    heard = {(at.session_id, line.utterance_index): line for at in documents for line in lines.get(at.document_no, ())}
    if not heard:
        return Read()
    turns = _turns(heard)
    shown = seen(lexicon, found.weighed, turns)
    evidence = EVIDENCE @ shown.values + ANSWERS * answers(shown.covered, turns)
    return Read(
        evidence=dict(zip(heard, map(float, evidence), strict=True)),
        topic=dict(zip(heard, map(float, TOPIC @ shown.values), strict=True)),
        lines=lines,
    )


def _turns(heard: Mapping[Place, Line]) -> Turns:
    """Utterances in order; what a tool returned or put in keeps its place, without its words."""
    places = list(heard)
    follows = [False, *(one == (before[0], before[1] + 1) for before, one in pairwise(places))]
    lines = heard.values()
    return Turns(
        [own_words(line.recorded_text) if is_heard(line.role, line.topic) else "" for line in lines],
        [line.speaker for line in lines],
        np.array(follows, dtype=np.bool_),
    )


def _gains(gains: Mapping[Place, float], document: Document, lines: Sequence[Line]) -> list[float]:
    return [gains[document.session_id, line.utterance_index] for line in lines]


def _place(document: Document) -> tuple[str, int, int]:
    return document.session_id, document.first_utterance, document.document_no


def _in_places_of(scores: Mapping[int, float], ordered: Sequence[int]) -> dict[int, float]:
    """The scores, best first, with these documents handed round among the ranks that they had."""
    given, due = set(ordered), iter(ordered)
    ranks = first(scores, len(scores))
    return {(next(due) if number in given else number): scores[number] for number in ranks}


def _apart(store: Held, ordered: Sequence[int]) -> list[int]:
    """The documents of one conversation, those near to a better one after all others."""
    placed = store.documents(ordered)
    rank = {number: at for at, number in enumerate(sorted(placed, key=lambda number: _place(placed[number])))}
    told: list[int] = []
    for number in ordered:
        if all(abs(rank[number] - rank[other]) > _APART for other in told):
            told.append(number)
    held = set(told)
    return [*told, *(number for number in ordered if number not in held)]
