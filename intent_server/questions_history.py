"""The answer to `history`: what a subject names or its words find, with what was held of it and what came before."""

from __future__ import annotations

from dataclasses import dataclass

from intent_server.answers import History
from intent_server.questions_asker import Asker, in_names_of, words_of
from intent_server.questions_heard import model_note, subject_heard_until
from intent_server.questions_index import Held, find
from intent_server.questions_past import Moment, searched
from intent_server.questions_pointed import pointed, pointed_in
from intent_server.questions_why import relevant
from intent_server.search import Floats, telling_tokens, terms, terms_among
from intent_server.search_relevance import Asked
from intent_server.store import load_history
from intent_server.store.connect import Db

_BEGINNING_CHARS = 3
"""Of a word, by which decisions no longer held are looked up: a stem and its word begin alike for so long."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which of the events are shown."""

    start: int
    limit: int


def told(asker: Asker, subject: str, page: Page, moment: Moment, *, doubtful: bool = False) -> History:
    """See `questions.history`."""
    words = words_of(subject, "subject")
    with searched(asker, moment, doubtful=doubtful) as (one, store):
        words = in_names_of(store, words)
        vector = asker.vector(words.about)
        ids = _ids(asker, one.db, store, subject.strip(), words, vector)
        events = load_history.events(one.db, ids) if ids else []
        named = load_history.fitting(one.db, subject.strip().casefold())
        events = [event for event in events if doubtful or not event.is_doubtful or event.decision_id in named]
        heard = subject_heard_until(store, {event.session_id for event in events}, moment)
        note = " ".join(filter(None, (one.note, model_note(one.db, store, asker.embedder())))) or None
    if moment.as_of is not None:
        events = [event for event in events if event.is_held]
    end = page.start + page.limit
    return History(
        subject=subject.strip(),
        events=events[page.start : end],
        total=len(events),
        as_of=moment.as_of,
        known_at=moment.known_at,
        note=note,
        subject_heard_until=heard,
        next_cursor=str(end) if end < len(events) else None,
    )


def _ids(asker: Asker, db: Db, store: Held, subject: str, words: Asked, vector: Floats) -> list[str]:
    """The decisions that the subject means, those that they replaced or that replaced them, and their earlier forms."""
    named = pointed(db, store, subject) or pointed_in(db, store, subject)
    ids = load_history.fitting(db, subject.casefold())
    if not ids and named:
        ids = [*named.decisions, *(load_history.of_places(db, named.sessions) if named.sessions else ())]
    if not ids:
        found = find(db, store, words, vector)
        ids = [one.decision_id for one in relevant(asker, db, store, found, vector)] + _dropped(db, subject)
    if not ids:
        return []
    chain = load_history.with_chain(db, ids)
    return load_history.with_chain(db, load_history.with_kin(db, chain))


def _dropped(db: Db, subject: str) -> list[str]:
    """Decisions no longer held whose subject and choice have all words of the subject."""
    tokens = telling_tokens(subject)
    wanted = frozenset().union(*(terms(token) for token in tokens))
    beginnings = [token.casefold()[:_BEGINNING_CHARS] for token in tokens]
    found = load_history.dropped(db, beginnings)
    return [one for one, text in found.items() if wanted <= terms_among(text, wanted).keys()]
