"""Which decisions may answer a question, and how well each meets it.

Candidates are the decisions that the search finds, and those quoted from a passage that it finds: what was decided is
often said in other words than what it was about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from intent_server.embed import Embedder
from intent_server.questions_index import Document, Found, Held, first
from intent_server.search import Floats, terms
from intent_server.search_fit import Fit
from intent_server.search_relevance import Told
from intent_server.store.connect import Db
from intent_server.store.load import Core
from intent_server.store.load_written import Written

_PATH = re.compile(
    r"\S*[/\\]\S*[._/\\]\S*"
)  # a command that runs tests/test_retry_policy.py is not about retry policies
_CANDIDATES = 16  # decisions that are looked at: the right one was always among the first 10
_PASSAGES = 10  # stretches of conversation whose decisions are looked at
_MAX_QUOTES = 40  # of a decision, that are looked at one by one


def candidates(store: Held, found: Found) -> list[str]:
    """Ids of the decisions worth judging: the best ones, and those said in the best passages."""
    best = {number: score for number, score in found.scores.items() if number in found.decisions}
    placed = store.documents(first(best, _CANDIDATES))
    ids = [document.decision_id for document in placed.values() if document.decision_id in store.cores]
    talk = {number: score for number, score in found.scores.items() if number not in found.decisions}
    for passage in store.documents(first(talk, _PASSAGES)).values():
        ids += said_in(store, passage)
    return [one for one in dict.fromkeys(ids) if one]


def said_in(store: Held, passage: Document) -> list[str]:
    """Ids of the decisions quoted from a stretch of conversation; a record of one decision is about it throughout."""
    session_id = passage.session.session_id
    if _is_of_one(store, passage):
        return list(store.decisions_of[session_id])
    return store.decisions_of.said_within(session_id, passage.first_utterance, passage.last_utterance)


def _is_of_one(store: Held, passage: Document) -> bool:
    """Whether a passage is of a record of one decision."""
    session = passage.session
    return session.kind == "decision_record" and len(store.decisions_of.get(session.session_id, ())) == 1


def fits(db: Db, store: Held, model: Embedder, found: Found, vector: Floats, ids: Sequence[str]) -> dict[str, Fit]:
    """How each of these decisions meets the question."""
    learn(db, store, model, ids)
    placed = store.documents(list(found.scores))
    numbers = {document.decision_id: number for number, document in placed.items() if document.decision_id}
    talk: dict[str, list[Document]] = defaultdict(list)
    for document in placed.values():
        if document.decision_id is None:
            talk[document.session.session_id].append(document)
    meeting = _Meeting(found, vector, frozenset(found.weighed.asked.terms), {})
    around = {one: _around(store, one, talk[store.cores[one].session_id]) for one in ids}
    return {one: _fit(meeting, store.told[one], numbers.get(one, -1), around[one]) for one in ids}


@dataclass(frozen=True, slots=True)
class _Meeting:
    """What all decisions are held against. `terms`: of the question. `shares` fills as they are asked for."""

    found: Found
    vector: Floats
    terms: frozenset[str]
    shares: dict[frozenset[str], float]

    def said(self, held: frozenset[str]) -> frozenset[str]:
        """The terms of the question that a text with these terms says, by this name or another."""
        return self.terms & held | self.found.weighed.asked.said_otherwise(held)

    def share(self, held: frozenset[str]) -> float:
        """How much of the question a text with these terms holds: few of them are its own, and texts have the same."""
        own = self.said(held)
        if own not in self.shares:
            self.shares[own] = self.found.weighed.share(own)
        return self.shares[own]

    def share_of(self, passage: int) -> float:
        """How much of the question a passage holds."""
        return self.share(self.found.matched.get(passage, frozenset()))


@dataclass(frozen=True, slots=True)
class _Around:
    """The passages found of a decision's session, and among them those it was said in."""

    session: Sequence[int]
    own: Sequence[int]


def _around(store: Held, decision_id: str, talk: Sequence[Document]) -> _Around:
    """`talk`: of the decision's own session."""
    core = store.cores[decision_id]
    own = [at.document_no for at in talk if _overlaps(core, at) or _is_of_one(store, at)]
    return _Around([at.document_no for at in talk], own)


def learn(db: Db, store: Held, model: Embedder, ids: Sequence[str]) -> None:
    """Have the words of these decisions in memory, for as long as the store stays as it is."""
    unknown = [one for one in ids if one not in store.told]
    if not unknown:
        return
    rows = store.written(db, unknown)
    store.cores.have(unknown)
    near = model.embed([f"{store.cores[one].subject}\n{store.cores[one].choice}" for one in unknown])
    for one, core_vector in zip(unknown, near, strict=True):
        core = store.cores[one]
        head = store.heads[core.session_id]
        store.told[one] = _told(core, rows[one], (head.title or "", PurePath(head.source).stem), core_vector)


def _told(core: Core, rows: Written, session_names: Sequence[str], core_vector: Floats) -> Told:
    alternatives = (part.text for part in rows.open_parts if part.kind == "alternative")
    about = frozenset(terms(_PATH.sub(" ", "\n".join((core.subject, core.choice, *alternatives)))))
    words = rows.quotes_in(core.session_id)
    people = (person for person, _ in rows.people)
    wide = about | frozenset(terms("\n".join((core.subject, *words, *people, *session_names))))
    quotes = tuple(frozenset(terms(quote)) for quote in words[:_MAX_QUOTES])
    heading = frozenset(terms("\n".join((core.subject, *session_names))))
    return Told(about, wide, frozenset(role for _, role in rows.people), core_vector, quotes, heading)


def _fit(meeting: _Meeting, told: Told, number: int, around: _Around) -> Fit:
    found, against = meeting.found, meeting.found.weighed
    wide = meeting.said(told.wide).union(*(found.matched.get(passage, frozenset()) for passage in around.own))
    wide_share, heading_share = meeting.share(wide), meeting.share(told.heading)
    session_cosines = (against.asked.nearness(found.cosines.get(one, 0.0)) for one in around.session)
    return Fit(
        core_share=meeting.share(told.core),
        wide_share=wide_share,
        names_missing=against.names_missing(wide),
        cosine=against.asked.nearness(found.cosines.get(number, 0.0)),
        core_cosine=against.asked.nearness(float(told.core_vector @ meeting.vector)),
        quote_share=max(map(meeting.share, told.quotes), default=0.0),
        passage_share=max((heading_share, *map(meeting.share_of, around.own))),
        session_share=max((heading_share, *map(meeting.share_of, around.session))),
        session_cosine=max(session_cosines, default=0.0),
        lost_words=against.words_lost(wide_share),
        telling_words=sum(weight == 1 for weight in against.asked.weights),
    )


def _overlaps(core: Core, passage: Document) -> bool:
    return any(passage.first_utterance <= said <= passage.last_utterance for said in core.utterances)
