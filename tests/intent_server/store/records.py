"""Small sessions for the store's tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from ingest.records import Candidate, Ingested, Part, Person, Reference, Session, Span, Utterance
from intent_server.search import terms
from intent_server.store.index import IndexDocument, Model
from intent_server.store.save import Prepared, outline

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
MODEL = Model("test", "b2:test")
TALK = (
    "We keep the mart in DuckDB.",
    "Agreed, because it needs no server.",
    "Postgres was the other option 🦆.",
)


def session(texts: Sequence[str] = TALK, native_id: str = "planning", **facts: object) -> Session:
    spoken = tuple(
        Utterance(
            index,
            text,
            "person",
            f"cue {index + 1}",
            speaker="Mara",
            native_id=f"{native_id}-{index}",
            said_at=START + timedelta(seconds=index),
        )
        for index, text in enumerate(texts)
    )
    given: dict[str, object] = {"kind": "meeting", "title": "Planning", "started_at": START, "time_basis": "source"}
    return Session(native_id=native_id, utterances=spoken, kept=len(spoken), **(given | facts))  # type: ignore[arg-type]  # a test's free facts


def span(of: Session, quote: str) -> Span:
    said = next(one for one in of.utterances if quote in one.text)
    start = said.text.index(quote)
    return Span(said.index, start, start + len(quote), quote)


def candidate(
    of: Session, quote: str = "keep the mart in DuckDB", *, references: Sequence[Reference] = ()
) -> Candidate:
    parts = [Part("choice", (span(of, quote),))]
    if any("needs no server" in one.text for one in of.utterances):
        parts.append(Part("rationale", (span(of, "needs no server"),)))
    if any("option 🦆" in one.text for one in of.utterances):
        parts.append(Part("alternative", (span(of, "Postgres"), span(of, "option 🦆"))))
        parts.append(Part("rationale", (span(of, "other option 🦆"),), about=len(parts) - 1))
    return Candidate(
        subject="the mart",
        status="accepted",
        authority="structured",
        confidence=1.0,
        parts=tuple(parts),
        extractor="test/1",
        people=(Person("Mara", "decided"),),
        references=tuple(references),
    )


def prepared(of: Session, candidates: Sequence[Candidate] | None = None) -> Prepared:
    chosen = (candidate(of),) if candidates is None else tuple(candidates)
    ingested = Ingested(of, chosen)
    texts = [(one.text, one.index, None) for one in of.utterances]
    texts += [
        (item.parts[0].spans[0].quote, item.parts[0].spans[0].utterance_index, n) for n, item in enumerate(chosen)
    ]
    documents = tuple(
        IndexDocument(
            "conversation" if position is None else "decision",
            index,
            index,
            terms(text),
            np.ones(256, dtype=np.float32) / 16,
            np.ones(256, dtype=np.int8),
            position,
        )
        for text, index, position in texts
    )
    return Prepared(ingested, outline(ingested), documents, MODEL)
