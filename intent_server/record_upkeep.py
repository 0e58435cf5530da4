"""The write side's upkeep: verify, doctor, rebuild, forget, quarantine; each for the command line and the protocol."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ingest.extract.redact import mask
from ingest.text import normalise
from intent_server.answers_record import Doctor, Forgotten, Quarantine, QuarantineItem
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.embed_models import chosen_model
from intent_server.errors import BadRequest
from intent_server.moments import Now
from intent_server.record_hearing import forget_transcripts, transcripts_of_session
from intent_server.record_index import index_anew, tell_languages
from intent_server.record_llm import forget_answers
from intent_server.record_llm_answers import places_of_session
from intent_server.record_retry import retry as retry
from intent_server.record_verify import verify as verify
from intent_server.store.audit import begun
from intent_server.store.connect import open_reader, open_writer, transaction
from intent_server.store.doctor import examined
from intent_server.store.forget import forget_session
from intent_server.store.index import Model, sort_postings
from intent_server.store.load_sessions import session_id as full_session_id
from intent_server.store.quarantine import dismiss, refused_item, refused_items


def doctor(settings: Settings, *, embedder: Callable[[], Embedder] | None = None) -> Doctor:
    """Versions, counts, and whether the search index fits the record."""
    model = (embedder or chosen_model(settings))()
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        return examined(db, settings.store, Model(model.name, model.revision))


def rebuild(
    settings: Settings,
    *,
    embedder: Callable[[], Embedder] | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> None:
    """Make the search index anew from the record, all of it or nothing; nobody else has the store meanwhile.

    `progress`: called with (sessions done, sessions).
    """
    model = (embedder or chosen_model(settings))()
    with open_writer(settings.store, wait_s=settings.wait_s) as db:
        with transaction(db):
            index_anew(db, model, progress)
            tell_languages(db)
        sort_postings(db)


def forget(
    settings: Settings, session: str, *, now: datetime, reason: str = "asked for", by: Actor | None = None
) -> Forgotten:
    """Remove a session, named by its id, the start of it, or its title; by the settings' actor unless said.

    What language models answered about it, and what was heard in its recording, goes first.

    Raises: NotFound, AmbiguousId.
    """
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        session_id = full_session_id(db, session)
        answers = places_of_session(db, settings.store, session_id)
        heard = transcripts_of_session(db, settings.store, session_id)
    forget_answers(answers)
    forget_transcripts(heard)
    actor = (by or Actor(settings.actor)).label
    return forget_session(settings.store, session_id, wait_s=settings.wait_s, now=now, actor=actor, reason=reason)


def quarantined(settings: Settings, *, limit: int = 50, offset: int = 0, closed: bool = False) -> Quarantine:
    """What was refused and waits, newest first; with `closed` what ended too."""
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        return refused_items(db, limit=limit, offset=offset, closed=closed)


def quarantined_item(settings: Settings, item_id: str) -> QuarantineItem:
    """One refused item, closed or not; the beginning of its id is enough.

    Raises: NotFound, AmbiguousId.
    """
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        return refused_item(db, item_id, closed=True)


def dismiss_item(settings: Settings, item_id: str, *, now: Now, by: Actor, reason: str) -> QuarantineItem:
    """Close a refused item for good: the same one refused again stays closed.

    Raises: NotFound, AmbiguousId, BadRequest without a reason.
    """
    why = mask(normalise(reason)).text.strip()
    if not why:
        raise BadRequest("The reason is empty: say why the item is not worth keeping.")
    with open_writer(settings.store, wait_s=settings.wait_s) as db:
        return dismiss(db, begun(db, by.label, now), item_id, reason=why)
