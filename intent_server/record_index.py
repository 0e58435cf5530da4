"""Part of the write side: the search index made anew from the record."""

from __future__ import annotations

from collections.abc import Callable

from intent_server.embed import Embedder
from intent_server.record_prepare import index_documents
from intent_server.store.connect import Db
from intent_server.store.held import held_count, held_sessions
from intent_server.store.index import Model, empty_index, index_session


def index_anew(db: Db, model: Embedder, progress: Callable[[int, int], None]) -> None:
    """Empty the index and fill it from what is held; within a transaction. `progress`: (sessions done, sessions)."""
    empty_index(db)
    total = held_count(db)
    named = Model(model.name, model.revision)
    for done, session in enumerate(held_sessions(db), start=1):
        documents = index_documents(session.utterances, enumerate(session.candidates), model)
        index_session(db, session.session_id, documents, session.decision_ids, named)
        progress(done, total)
