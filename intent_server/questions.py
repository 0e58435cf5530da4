"""The read side: why, search, get, sessions. The command line and the protocol both call these.

Each question opens the store once, for as long as it takes; the question is embedded before that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from intent_server.answers import Decision, Get, Hit, Search, SessionAnswer, Sessions, Why
from intent_server.config import Settings
from intent_server.embed import Embedder, bundled
from intent_server.errors import AmbiguousId, BadRequest, NotFound
from intent_server.questions_index import Cache, Found, find, vectors
from intent_server.questions_passages import passage, shortened
from intent_server.questions_verdict import Judged, authority_weight, is_replaced, verdict
from intent_server.search import Floats, terms
from intent_server.search_relevance import (
    RELEVANT,
    TOUCHES,
    Asked,
    asked,
    conversation_relevance,
    decision_relevance,
)
from intent_server.store import load, load_index, load_sessions
from intent_server.store.connect import Db, open_reader
from intent_server.store.load import Core
from intent_server.store.load_index import Document
from intent_server.store.load_sessions import Stretch

MAX_LIMIT = 100
MAX_RESULTS = 150
"""Results of one search, over all its pages."""
CONTEXT_UTTERANCES = 5
"""Utterances shown before and after an evidence row's."""
PAGE_UTTERANCES = 40

_JUDGED = 24  # candidates whose subject and choice are looked at: the right one was always among the first 10
_NEAREST = 0.25  # without any of the words, a hit must be at least this near in meaning
_FAR_BELOW = 0.3  # of the best one's relevance; what is less relevant is not shown beside it


@dataclass(frozen=True, slots=True)
class Asker:
    """What every question needs: where the store is, the model, and what is kept between questions."""

    settings: Settings
    embedder: Callable[[], Embedder] = bundled
    cache: Cache = field(default_factory=Cache)


def asker(settings: Settings, embedder: Callable[[], Embedder] = bundled) -> Asker:
    """An asker with nothing held yet; keep it as long as questions come, to answer the next ones faster."""
    return Asker(settings, embedder)


def why(asker: Asker, question: str, *, subject: str | None = None, limit: int = 3) -> Why:
    """Why something is so: a verdict and the decisions that answer, best first; else conversation that touches it.

    `subject`: a path (with `:line`), commit, PR, table or column, or a decision's id; the question may then be empty.
    Raises: BadRequest for a question without a word; AmbiguousId; the errors of the store.
    """
    text = " ".join(filter(None, (question.strip(), (subject or "").strip())))
    words = _words(text, "question")
    _check_limit(limit)
    vector = _vector(asker, text)
    with open_reader(asker.settings.store, wait_s=asker.settings.wait_s) as db:
        pointed = _pointed(db, (subject or question).strip())
        found = _find(asker, db, words, vector, None)
        judged = _judged(asker, db, found, vector, pointed)
        answer = Why(question=text, verdict=verdict(judged), heard_until=load_sessions.heard_until(db))
        if judged:
            answer.decisions = _shown(db, judged, limit)
            if more := len(
                {one.decision.decision_id for one in judged} - {one.decision_id for one in answer.decisions}
            ):
                answer.left_out = f"{more} less likely decisions; raise limit to see them."
            answer.next = f"get {answer.decisions[0].decision_id} shows one decision whole; each quote names its place."
            return answer
        answer.discussed = _hits(db, found, _touching(found)[: 2 * limit], {})[:limit]
        if answer.discussed:
            answer.verdict = "discussed, no decision found"
            answer.next = f"get {answer.discussed[0].session_id} shows the conversation."
        else:
            answer.next = "search with other words, or ingest the source that would hold it."
        return answer


def search(
    asker: Asker, query: str, *, session: str | None = None, limit: int = 10, cursor: str | None = None
) -> Search:
    """Decisions and stretches of conversation by words and meaning, best first.

    `session`: id or title. `cursor`: next_cursor of the page before.
    Raises: BadRequest, NotFound, AmbiguousId; the errors of the store.
    """
    words = _words(query, "query")
    _check_limit(limit)
    start = _start(cursor)
    vector = _vector(asker, query)
    with open_reader(asker.settings.store, wait_s=asker.settings.wait_s) as db:
        session_id = load_sessions.session_id(db, session) if session else None
        found = _find(asker, db, words, vector, session_id)
        placed = load_index.documents(db, _within_reach(found))
        cores = load.cores(db, [document.decision_id for document in placed.values() if document.decision_id])
        ranked = _ranked(found, placed, cores)
        hits = _hits(db, found, ranked[start : start + limit], cores)
    more = start + limit < len(ranked)
    return Search(query=query, hits=hits, total=len(ranked), next_cursor=str(start + limit) if more else None)


def get(asker: Asker, id: str, *, cursor: str | None = None, around: int = CONTEXT_UTTERANCES) -> Get:
    """One decision, session or evidence row by its id, the start or end of one, or a session's title.

    A session comes in pages; an evidence row with `around` utterances before and after it.
    Raises: NotFound, AmbiguousId, BadRequest; the errors of the store.
    """
    wanted = id.strip()
    start = _start(cursor)
    with open_reader(asker.settings.store, wait_s=asker.settings.wait_s) as db:
        kind, full = _meant(db, wanted)
        if kind == "decision":
            return Get(kind="decision", decision=load.decisions(db, [full])[0])
        if kind == "session":
            return Get(kind="session", session=_page(db, full, start, start + PAGE_UTTERANCES - 1))
        quote = load.evidence(db, full)
        middle = quote.place.utterance_index
        page = _page(db, quote.place.session_id, max(0, middle - around), middle + around)
        return Get(kind="evidence", evidence=quote, session=page)


def sessions(asker: Asker, *, limit: int = 20, cursor: str | None = None) -> Sessions:
    """The sessions in the store, newest first, without their utterances.

    Raises: BadRequest; the errors of the store.
    """
    _check_limit(limit)
    start = _start(cursor)
    with open_reader(asker.settings.store, wait_s=asker.settings.wait_s) as db:
        found = load_sessions.sessions(db, limit=limit + 1, offset=start)
    more = len(found) > limit
    return Sessions(sessions=found[:limit], next_cursor=str(start + limit) if more else None)


def _words(text: str, what: str) -> Asked:
    words = asked(text)
    if not words.words:
        raise BadRequest(f"The {what} '{shortened(text, 80)}' has no word in it. Ask in words, or name a subject.")
    return words


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= MAX_LIMIT:
        raise BadRequest(f"limit={limit} is not between 1 and {MAX_LIMIT}.")


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise BadRequest(f"cursor='{shortened(cursor, 40)}' is none that an answer gave. Leave it out to start anew.")
    return int(cursor)


def _vector(asker: Asker, text: str) -> Floats:
    vector: Floats = asker.embedder().embed([text])[0]
    return vector


def _find(asker: Asker, db: Db, words: Asked, vector: Floats, session_id: str | None) -> Found:
    held = vectors(asker.cache, db, asker.settings.store, asker.embedder().revision)
    return find(db, held, words, vector, session_id=session_id)


def _pointed(db: Db, text: str) -> list[str]:
    """Ids of the decisions that the text names by id or that link to the thing it names; none for a sentence."""
    if not text or " " in text:
        return []
    named = load.fitting_decisions(db, text)
    return named if len(named) == 1 else load.decisions_linked(db, text)


def _judged(asker: Asker, db: Db, found: Found, vector: Floats, pointed: Sequence[str]) -> list[Judged]:
    """The decisions that answer, best first; those pointed at do by definition."""
    scores = {number: found.scores[number] for number in found.scores if number in found.decisions}
    placed = load_index.documents(db, _first(scores, _JUDGED))
    by_decision = {document.decision_id: number for number, document in placed.items() if document.decision_id}
    cores = load.cores(db, list(dict.fromkeys((*by_decision, *pointed))))
    chances = _chances(asker, found, by_decision, cores, vector)
    chances.update({decision_id: max(chances.get(decision_id, 0.0), 1.0) for decision_id in pointed})
    best = max(chances.values(), default=0.0)
    kept = [decision_id for decision_id, chance in chances.items() if chance >= max(RELEVANT, _FAR_BELOW * best)]
    judged = [Judged(decision, chances[decision.decision_id]) for decision in load.decisions(db, kept)]
    return sorted(judged, key=lambda one: -one.weight)


def _chances(
    asker: Asker, found: Found, by_decision: Mapping[str, int], cores: Mapping[str, Core], vector: Floats
) -> dict[str, float]:
    """How likely each of these decisions answers, by id."""
    ids = [decision_id for decision_id in cores if decision_id in by_decision]
    near = asker.embedder().embed([f"{cores[one].subject}\n{cores[one].choice}" for one in ids]) @ vector
    return {
        decision_id: decision_relevance(
            share=found.weighed.share(found.matched.get(by_decision[decision_id], frozenset())),
            core_share=found.weighed.share(terms(_core_text(cores[decision_id]))),
            cosine=found.cosines.get(by_decision[decision_id], 0.0),
            core_cosine=float(near[place]),
        )
        for place, decision_id in enumerate(ids)
    }


def _core_text(core: Core) -> str:
    return "\n".join((core.subject, core.choice, *core.alternatives))


def _shown(db: Db, judged: Sequence[Judged], limit: int) -> list[Decision]:
    """The first decisions, each replaced one after those that stand in its place now."""
    shown: dict[str, Decision] = {}
    for one in judged:
        for decision in (*_successors(db, one.decision), one.decision):
            shown.setdefault(decision.decision_id, decision)
    return list(shown.values())[: max(limit, 1 + len(_successors(db, judged[0].decision)))]


def _successors(db: Db, decision: Decision) -> list[Decision]:
    """What replaced it, the newest of the chain first."""
    chain: dict[str, Decision] = {}
    due = list(decision.superseded_by)
    while due:
        fresh = [found for found in load.decisions(db, due) if found.decision_id not in {*chain, decision.decision_id}]
        chain.update({found.decision_id: found for found in fresh})
        due = [newer for found in fresh for newer in found.superseded_by]
    return sorted(reversed(chain.values()), key=is_replaced)


def _touching(found: Found) -> list[int]:
    """Documents of conversation that touch the question, best first."""
    talk = {number: score for number, score in found.scores.items() if number not in found.decisions}
    return [number for number in _first(talk, MAX_LIMIT) if _touches(found, number)]


def _touches(found: Found, number: int) -> bool:
    share = found.weighed.share(found.matched.get(number, frozenset()))
    return conversation_relevance(share=share, cosine=found.cosines.get(number, 0.0)) >= TOUCHES


def _first(scores: Mapping[int, float], limit: int) -> list[int]:
    return sorted(scores, key=lambda number: (-scores[number], number))[:limit]


def _within_reach(found: Found) -> list[int]:
    """Documents that pages are made of: the best ones, without those that have no word and are far in meaning."""
    near = {
        number: score
        for number, score in found.scores.items()
        if number in found.matched or found.cosines.get(number, 0.0) >= _NEAREST
    }
    return _first(near, MAX_RESULTS)


def _ranked(found: Found, placed: Mapping[int, Document], cores: Mapping[str, Core]) -> list[int]:
    """Documents to show, best first, each place once."""
    scores: dict[int, float] = {}
    for number, document in placed.items():
        core = cores.get(document.decision_id or "")
        if core is None and document.kind == "decision":
            continue
        scores[number] = found.scores[number] * (authority_weight(core.authority, core.status) if core else 1.0)
    places: dict[tuple[str, str | None, int, int], int] = {}
    for number in _first(scores, len(scores)):
        at = placed[number]
        places.setdefault((at.session_id, at.decision_id, at.first_utterance, at.last_utterance), number)
    return list(places.values())


def _hits(db: Db, found: Found, numbers: Sequence[int], cores: Mapping[str, Core]) -> list[Hit]:
    """What is shown of each document, in the order given."""
    placed = load_index.documents(db, numbers)
    kept = [placed[number] for number in numbers if number in placed]
    spoken = load_sessions.lines(db, [Stretch(at.session_id, at.first_utterance, at.last_utterance) for at in kept])
    weights = found.weighed.term_weights()
    hits: list[Hit] = []
    for document, lines in zip(kept, spoken, strict=True):
        core = cores.get(document.decision_id or "")
        told = passage(lines, weights) if core is None else None
        hit = Hit(
            kind="conversation" if core is None else "decision",
            session_id=document.session_id,
            session=document.session,
            first_utterance=told.first_utterance if told else document.first_utterance,
            last_utterance=told.last_utterance if told else document.last_utterance,
            said_at=next((line.said_at for line in lines if line.said_at), document.started_at),
            source=document.source,
            score=round(found.scores[document.document_no], 4),
            recorded_text=told.text if told else "",
        )
        hits.append(hit if core is None else _decision_hit(hit, core))
    return hits


def _decision_hit(hit: Hit, core: Core) -> Hit:
    return hit.model_copy(
        update={
            "decision_id": core.decision_id,
            "subject": core.subject,
            "status": core.status,
            "authority": core.authority,
            "said_at": core.decided_at or hit.said_at,
            "recorded_text": core.choice,
        }
    )


def _meant(db: Db, wanted: str) -> tuple[str, str]:
    """(kind, full id) of what an id or title stands for; whole ids and titles win over parts of them."""
    fits = [("decision", found) for found in load.fitting_decisions(db, wanted)]
    fits += [("evidence", found) for found in load.fitting_evidence(db, wanted)]
    fits = fits or [("session", found) for found in load_sessions.fitting_sessions(db, wanted)]
    if len(fits) == 1:
        return fits[0]
    if not fits:
        raise NotFound(
            "decision, session or evidence",
            shortened(wanted, 80),
            f"Give an id, {load.SHORT_ID_CHARS} or more characters of its start or end, or a session's title; "
            "`search` finds them.",
        )
    kinds = {kind for kind, _ in fits}
    raise AmbiguousId(kinds.pop() if len(kinds) == 1 else "id", shortened(wanted, 80), [full for _, full in fits])


def _page(db: Db, session_id: str, first: int, last: int) -> SessionAnswer:
    """A session with the utterances from `first` to `last`, and where to go on."""
    page = load_sessions.session(db, session_id)
    page.lines = load_sessions.lines(db, [Stretch(session_id, first, last)])[0]
    page.next_cursor = str(last + 1) if last + 1 < page.utterance_count else None
    return page
