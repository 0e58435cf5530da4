"""Part of the write side: an ingested session with its index documents and vectors, ready to be saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.records import Candidate, Ingested, Utterance
from intent_server.embed import Embedder, int8_codes
from intent_server.search import decision_text, terms, windows_of
from intent_server.store.index import IndexDocument, Model
from intent_server.store.save import Outline, Prepared


def prepared(ingested: Ingested, known: Outline, embedder: Embedder) -> Prepared:
    """The session with one document for each window of its conversation and each decision."""
    first = {mark: position for position, mark in reversed(list(enumerate(known.decisions)))}
    chosen = {position: ingested.candidates[position] for position in sorted(first.values())}
    documents = index_documents(ingested.session.utterances, chosen.items(), embedder)
    return Prepared(ingested, known, documents, Model(embedder.name, embedder.revision))


def index_documents(
    utterances: Sequence[Utterance], decisions: Iterable[tuple[int, Candidate]], embedder: Embedder
) -> tuple[IndexDocument, ...]:
    """What is found of a session: the windows of its conversation, then its decisions, given with their positions."""
    stretches = windows_of(utterances)
    places: list[tuple[int, int, int | None]] = [(one.first_utterance, one.last_utterance, None) for one in stretches]
    texts = [one.text for one in stretches]
    for position, candidate in decisions:
        places.append((*_extent(candidate), position))
        texts.append(decision_text(candidate))
    vectors = embedder.embed(texts)
    codes = int8_codes(vectors)
    return tuple(
        IndexDocument(
            kind="conversation" if position is None else "decision",
            first_utterance=first,
            last_utterance=last,
            terms=terms(text),
            vector=vector,
            code=code,
            candidate=position,
        )
        for (first, last, position), text, vector, code in zip(places, texts, vectors, codes, strict=True)
    )


def _extent(candidate: Candidate) -> tuple[int, int]:
    """The utterances that the choice is quoted from."""
    spans = [span for part in candidate.parts if part.kind == "choice" for span in part.spans]
    return min(span.utterance_index for span in spans), max(span.utterance_index for span in spans)
