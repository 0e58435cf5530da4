"""Part of the write side: what is derived, made anew from the record: the search index, languages not yet known."""

from __future__ import annotations

from collections.abc import Callable

from ingest.language import heard_in
from intent_server.embed import Embedder
from intent_server.record_prepare import index_documents
from intent_server.store.connect import Db
from intent_server.store.held import held_count, held_sessions
from intent_server.store.index import Model, empty_index, index_session
from intent_server.store.rows import tell_language


def index_anew(db: Db, model: Embedder, progress: Callable[[int, int], None]) -> None:
    """Empty the index and fill it from what is held; within a transaction. `progress`: (sessions done, sessions)."""
    empty_index(db)
    total = held_count(db)
    named = Model(model.name, model.revision)
    for done, session in enumerate(held_sessions(db), start=1):
        documents = index_documents(session.utterances, enumerate(session.candidates), model)
        index_session(db, session.session_id, documents, session.decision_ids, named)
        progress(done, total)


def tell_languages(db: Db) -> None:
    """Give sessions whose language nobody stated or recognised before the one that their words show."""
    for session in held_sessions(db):
        tell_language(db, session.session_id, heard_in(session.utterances))
