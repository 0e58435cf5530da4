"""Which decisions may answer a question, and how well each meets it.

Candidates are the decisions that the search finds, and those quoted from a passage that it finds: what was decided is
often said in other words than what it was about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from intent_server.embed import Embedder
from intent_server.questions_index import Document, Found, Held, first
from intent_server.search import Floats, term_set
from intent_server.search_fit import Fit
from intent_server.search_relevance import CORE, HEADING, WIDE, Told, quote_place
from intent_server.store.connect import Db
from intent_server.store.load import Core
from intent_server.store.load_sessions import Head
from intent_server.store.load_written import Written

_PATH = re.compile(
    r"\S*[/\\]\S*[._/\\]\S*"
)  # a command that runs tests/test_retry_policy.py is not about retry policies
_CANDIDATES = 16  # decisions that are looked at: the right one was always among the first 10
_PASSAGES = 10  # stretches of conversation whose decisions are looked at
_FOLDERS = 4  # of a source's path, counted from the file: project/docs/decisions and one more
_MAX_QUOTES = 40  # of a decision, that are looked at one by one


def candidates(store: Held, found: Found) -> list[str]:
    """Ids of the decisions worth judging: the best ones, and those said in the best passages."""
    best = {number: score for number, score in found.scores.items() if number in found.decisions}
    placed = store.documents(first(best, _CANDIDATES))
    ids = [document.decision_id for document in placed.values() if document.decision_id in store.cores]
    talk = {number: score for number, score in found.scores.items() if number not in found.decisions}
    passages = store.documents(first(talk, _PASSAGES)).values()
    store.names(dict.fromkeys(one.session_id for one in (*placed.values(), *passages)))  # read at once, kept
    for passage in passages:
        ids += said_in(store, passage)
    return [one for one in dict.fromkeys(ids) if one]


def said_in(store: Held, passage: Document) -> list[str]:
    """Ids of the decisions quoted from a stretch of conversation; a record of one decision is about it throughout."""
    session_id = passage.session_id
    if _is_of_one(store, session_id):
        return list(store.decisions_of[session_id])
    return store.decisions_of.said_within(session_id, passage.first_utterance, passage.last_utterance)


def _is_of_one(store: Held, session_id: str) -> bool:
    """Whether a session is a record of one decision."""
    if len(store.decisions_of.get(session_id, ())) != 1:
        return False
    return store.names([session_id])[session_id].kind == "decision_record"


def fits(db: Db, store: Held, model: Embedder, found: Found, vector: Floats, ids: Sequence[str]) -> dict[str, Fit]:
    """How each of these decisions meets the question."""
    learn(db, store, model, ids)
    rows, cores = store.rows, {one: store.cores[one] for one in ids}
    decided = rows.places([number for number in found.scores if number in found.decisions])
    numbers = dict(zip(rows.decision_ids[decided].tolist(), rows.document_nos[decided].tolist(), strict=True))
    talk: dict[str, list[Document]] = {core.session_id: [] for core in cores.values()}
    for document in store.documents([number for number in found.scores if number not in found.decisions]).values():
        if document.session_id in talk:
            talk[document.session_id].append(document)
    meeting = _Meeting.of(found, vector)
    store.names(talk)  # read at once, kept
    met = {
        session_id: _Session.of(meeting, documents, is_of_one=_is_of_one(store, session_id))
        for session_id, documents in talk.items()
    }
    return {
        one: _fit(meeting, store.told[one], numbers.get(one.encode(), -1), met[core.session_id], core)
        for one, core in cores.items()
    }


@dataclass(frozen=True, slots=True)
class _Meeting:
    """What all decisions are held against. `terms`: of the question. `wanted`: these, and those that other names need.

    `shares` fills as they are asked for.
    """

    found: Found
    vector: Floats
    terms: frozenset[str]
    wanted: frozenset[str]
    shares: dict[frozenset[str], float] = field(default_factory=dict)

    @staticmethod
    def of(found: Found, vector: Floats) -> _Meeting:
        """Of a question."""
        asked = found.weighed.asked
        terms = frozenset(asked.terms)
        return _Meeting(found, vector, terms, terms.union(*(sense.needs for sense in asked.senses)))

    def said(self, held: frozenset[str]) -> frozenset[str]:
        """The terms of the question that a text with these terms says, by this name or another."""
        return self.terms & held | self.found.weighed.asked.said_otherwise(held)

    def share(self, held: frozenset[str]) -> float:
        """How much of the question a text with these terms holds: few of them are its own, and texts have the same."""
        own = self.said(held)
        if own not in self.shares:
            self.shares[own] = self.found.weighed.share(own)
        return self.shares[own]

    def nearness(self, number: int) -> float:
        """How near in meaning a document counts as."""
        return self.found.weighed.asked.nearness(self.found.cosines.get(number, 0.0))


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage found. `matched`: the terms of the question that it holds; `share`: how much of it that is."""

    first_utterance: int
    last_utterance: int
    matched: frozenset[str]
    share: float


@dataclass(frozen=True, slots=True)
class _Session:
    """The passages found of a session, with the best share and nearness among them.

    `is_of_one`: it is a record of one decision.
    """

    passages: Sequence[_Passage]
    share: float
    cosine: float
    is_of_one: bool

    @staticmethod
    def of(meeting: _Meeting, documents: Sequence[Document], *, is_of_one: bool) -> _Session:
        """From its documents."""
        passages = []
        for at in documents:
            matched = meeting.found.matched.get(at.document_no, frozenset())
            share = meeting.share(matched)
            passages.append(_Passage(at.first_utterance, at.last_utterance, matched, share))
        best = max((one.share for one in passages), default=0.0)
        nearest = max((meeting.nearness(at.document_no) for at in documents), default=0.0)
        return _Session(passages, best, nearest, is_of_one)

    def own(self, core: Core) -> list[_Passage]:
        """Those that the decision was said in."""
        return [
            at
            for at in self.passages
            if self.is_of_one or any(at.first_utterance <= said <= at.last_utterance for said in core.utterances)
        ]


def learn(db: Db, store: Held, model: Embedder, ids: Sequence[str]) -> None:
    """Have the words of these decisions at hand for this question."""

    def read(unread: Sequence[str]) -> Mapping[str, Told]:
        rows, cores = store.written(db, unread), store.cores.have(unread)
        heads = store.names(dict.fromkeys(core.session_id for core in cores.values()))
        near = model.embed([f"{cores[one].subject}\n{cores[one].choice}" for one in unread])
        return {
            one: _told(cores[one], rows[one], heads[cores[one].session_id], core_vector)
            for one, core_vector in zip(unread, near, strict=True)
        }

    store.told.update(store.index.standing.learned([one for one in ids if one not in store.told], read))


def _told(core: Core, rows: Written, head: Head, core_vector: Floats) -> Told:
    """`head`: of its session. Who asks says the project's name too, which stands in the path of the source."""
    source = PurePath(head.source)
    session_names, folders = (head.title or "", source.stem), source.parent.parts[-_FOLDERS:]
    alternatives = (part.text for part in rows.open_parts if part.kind == "alternative")
    about = term_set(_PATH.sub(" ", "\n".join((core.subject, core.choice, *alternatives))))
    words = rows.quotes_in(core.session_id)
    people = (person for person, _ in rows.people)
    return Told.of(
        core=about,
        wide=about | term_set("\n".join((core.subject, *words, *people, *session_names, *folders))),
        heading=term_set("\n".join((core.subject, *session_names))),
        quotes=[term_set(quote) for quote in words[:_MAX_QUOTES]],
        roles=[role for _, role in rows.people],
        core_vector=core_vector,
    )


def _fit(meeting: _Meeting, told: Told, number: int, session: _Session, core: Core) -> Fit:
    against, own = meeting.found.weighed, session.own(core)
    places = told.said(meeting.wanted)

    def held(place: int) -> frozenset[str]:
        return frozenset(term for term, at in places.items() if at & place)

    wide = meeting.said(held(WIDE)).union(*(passage.matched for passage in own))
    wide_share, heading_share = meeting.share(wide), meeting.share(held(HEADING))
    return Fit(
        core_share=meeting.share(held(CORE)),
        wide_share=wide_share,
        names_missing=against.names_missing(wide),
        cosine=meeting.nearness(number),
        core_cosine=against.asked.nearness(float(told.core_vector @ meeting.vector)),
        quote_share=max((meeting.share(held(quote_place(at))) for at in range(told.quotes)), default=0.0),
        passage_share=max((heading_share, *(passage.share for passage in own))),
        session_share=max(heading_share, session.share),
        session_cosine=session.cosine,
        lost_words=against.words_lost(wide_share),
        telling_words=sum(weight == 1 for weight in against.asked.weights),
    )
