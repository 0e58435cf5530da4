"""The read side: why, search, history, get, sessions. The command line and the protocol both call these.

Each question opens the store once, for as long as it takes; the question is embedded before that. Every one may be
asked as of another time. `as_of`: what held in the world then. `known_at`: what the record knew then.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ingest.text import visible
from intent_server.answers import Get, History, Search, SessionAnswer, Sessions, Why
from intent_server.config import Settings
from intent_server.embed import Embedder
from intent_server.embed_models import chosen_model
from intent_server.errors import AmbiguousId, NotFound
from intent_server.questions_asker import Asker as Asker
from intent_server.questions_asker import check_limit, in_names_of, names_note, place_of, start_of, words_of
from intent_server.questions_heard import model_note, subject_heard_until
from intent_server.questions_history import Page, told
from intent_server.questions_hits import hits, ranked, with_tied
from intent_server.questions_index import find
from intent_server.questions_passages import shortened
from intent_server.questions_past import Moment, opened, searched
from intent_server.questions_pointed import pointed_in
from intent_server.questions_turns import looked_at
from intent_server.questions_why import answered
from intent_server.store import load, load_sessions
from intent_server.store.connect import Db
from intent_server.store.load_sessions import Stretch
from intent_server.store.warm import Warm

_NOTHING_DECIDED = "No decision is recorded of this subject; `search` looks in the conversations."
_WAITS = "This decision waits for a person's review: too weak to be delivered, it is in no answer unless asked for."
CONTEXT_UTTERANCES = 5
"""Utterances shown before and after an evidence row's."""
PAGE_UTTERANCES = 40


def asker(settings: Settings, embedder: Callable[[], Embedder] | None = None, *, stays_open: bool = False) -> Asker:
    """An asker with nothing held yet; keep it as long as questions come, to answer the next ones faster.

    `stays_open`: the store stays open for a while after each question, until somebody wants to write it.
    """
    warm = Warm(settings.store) if stays_open else None
    return Asker(settings, embedder or chosen_model(settings), warm=warm)


def why(
    asker: Asker,
    question: str,
    *,
    subject: str | None = None,
    limit: int = 3,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    doubtful: bool = False,
) -> Why:
    """Why something is so: a verdict and the decisions that answer, best first; else conversation that touches it.

    `subject`: a path (with `:line`), commit, PR, record, table or column, or a decision's id; the question may then be
    empty. What it names outranks what the question finds; so does what the question itself names. `doubtful`: decisions
    that wait for a person's review are shown too, after the others; the verdict never rests on them.
    Raises: BadRequest for a question without a word; the errors of the store.
    """
    return answered(asker, question, subject, limit, Moment(as_of, known_at), doubtful=doubtful)


def search(
    asker: Asker,
    query: str,
    *,
    session: str | None = None,
    limit: int = 10,
    cursor: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    doubtful: bool = False,
) -> Search:
    """Decisions and stretches of conversation by words and meaning, best first.

    `session`: id or title. `cursor`: next_cursor of the page before. `doubtful`: with decisions that wait for a
    person's review; what was said is found in any case.
    Raises: BadRequest, NotFound, AmbiguousId; the errors of the store.
    """
    words = words_of(query, "query")
    check_limit(limit)
    start = start_of(cursor)
    with searched(asker, Moment(as_of, known_at), doubtful=doubtful) as (one, store):
        words = in_names_of(store, words)
        vector = asker.vector(" ".join((query, *(sense.text for sense in words.senses))))
        session_id = load_sessions.session_id(one.db, session) if session else None
        found = find(one.db, store, words, vector, session_id=session_id)
        scores, read = looked_at(
            one.db, store, found, asker.cache.lexicon, ranked(store, found), within=session_id is not None
        )
        if session_id is None:
            scores = with_tied(store, scores, pointed_in(one.db, store, query))
        page = dict(list(scores.items())[start : start + limit])
        shown = hits(one.db, store, found, page, read)
        note = (
            " ".join(filter(None, (one.note, names_note(words), model_note(one.db, store, asker.embedder())))) or None
        )
        heard = subject_heard_until(store, {hit.session_id for hit in shown}, Moment(as_of, known_at))
    return Search(
        query=query,
        as_of=as_of,
        known_at=known_at,
        note=note,
        hits=shown,
        subject_heard_until=heard,
        total=len(scores),
        next_cursor=str(start + limit) if start + limit < len(scores) else None,
    )


def history(
    asker: Asker,
    subject: str,
    *,
    limit: int = 10,
    cursor: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    doubtful: bool = False,
) -> History:
    """A subject's decisions over time, oldest decided first: when each held, what replaced it, what we knew when.

    `subject`: as for why, or words. Decisions that are no longer held are told too, as what they were.
    `cursor`: next_cursor of the page before. `doubtful`: with what waits, or waited, for a person's review; one that is
    named by its id is told in any case.
    Raises: BadRequest for a subject without a word; the errors of the store.
    """
    check_limit(limit)
    answer = told(asker, subject, Page(start_of(cursor), limit), Moment(as_of, known_at), doubtful=doubtful)
    if answer.total == 0:
        answer.note = " ".join(filter(None, (_NOTHING_DECIDED, answer.note)))
    return answer


def get(
    asker: Asker,
    id: str,
    *,
    cursor: str | None = None,
    around: int = CONTEXT_UTTERANCES,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    doubtful: bool = False,
) -> Get:
    """One decision, session or evidence row by its id, the start or end of one, or a session's title.

    A session comes in pages; an evidence row with `around` utterances before and after it. `doubtful`: a session names
    the decisions that wait for review too; one that is asked for by its id is shown, and `note` says that it waits.
    Raises: NotFound, AmbiguousId, BadRequest; the errors of the store.
    """
    wanted = id.strip()
    start, skipped = place_of(cursor)
    with opened(asker, Moment(as_of, known_at)) as one:
        answer = _got(one.db, wanted, start, around)
        _skip(answer, skipped)
        if answer.session is not None and doubtful:
            shown = load_sessions.session(one.db, answer.session.session_id, doubtful=True)
            answer.session.decisions = shown.decisions
    told = " ".join(filter(None, (answer.note, one.note))) or None
    return answer.model_copy(update={"as_of": as_of, "known_at": known_at, "note": told})


def _skip(answer: Get, characters: int) -> None:
    """Begin within the first utterance, where the page before ended in the middle of it."""
    if characters and answer.session is not None and answer.session.lines:
        line = answer.session.lines[0]
        line.from_char, line.recorded_text = characters, visible(line.recorded_text)[characters:]  # counted as shown


def _got(db: Db, wanted: str, start: int, around: int) -> Get:
    kind, full = _meant(db, wanted)
    if kind == "decision":
        decision = load.decisions(db, [full])[0]
        return Get(kind="decision", decision=decision, note=_WAITS if decision.is_doubtful else None)
    if kind == "session":
        return Get(kind="session", session=_page(db, full, start, start + PAGE_UTTERANCES - 1))
    quote = load.evidence(db, full)
    middle = quote.place.utterance_index
    page = _page(db, quote.place.session_id, max(0, middle - around), middle + around)
    return Get(kind="evidence", evidence=quote, session=page)


def sessions(
    asker: Asker,
    *,
    limit: int = 20,
    cursor: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    doubtful: bool = False,
) -> Sessions:
    """The sessions in the store, newest first, without their utterances.

    `doubtful`: they name decisions that wait for review too.

    Raises: BadRequest; the errors of the store.
    """
    check_limit(limit)
    start = start_of(cursor)
    with opened(asker, Moment(as_of, known_at)) as one:
        found = load_sessions.sessions(one.db, limit=limit + 1, offset=start, doubtful=doubtful)
    return Sessions(
        sessions=found[:limit],
        as_of=as_of,
        known_at=known_at,
        note=one.note,
        next_cursor=str(start + limit) if len(found) > limit else None,
    )


def _meant(db: Db, wanted: str) -> tuple[str, str]:
    """(kind, full id) of what an id or title stands for; whole ids and titles win over parts of them."""
    fits: list[tuple[str, str]] = []
    for kind, fitting in (("decision", load.fitting_decisions), ("evidence", load.fitting_evidence)):
        found = fitting(db, wanted)
        if found == [wanted]:
            return kind, wanted
        fits += [(kind, one) for one in found]
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
