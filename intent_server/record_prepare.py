"""Part of the write side: an ingested session with its index documents and vectors, ready to be saved."""

from __future__ import annotations

from ingest.records import Ingested
from intent_server.embed import Embedder
from intent_server.search_documents import index_documents as index_documents
from intent_server.store.index import Model
from intent_server.store.save import Outline, Prepared


def prepared(ingested: Ingested, known: Outline, embedder: Embedder) -> Prepared:
    """The session with one document for each window of its conversation and each decision."""
    first = {mark: position for position, mark in reversed(list(enumerate(known.decisions)))}
    chosen = {position: ingested.candidates[position] for position in sorted(first.values())}
    documents = index_documents(ingested.session.utterances, chosen.items(), embedder)
    return Prepared(ingested, known, documents, Model(embedder.name, embedder.revision))
