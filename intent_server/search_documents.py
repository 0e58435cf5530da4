"""What the search index holds of a session: its documents, from its utterances and decisions.

Both sides need them: the write side for what it saves, the read side for what the store held at another time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.records import Candidate, Utterance
from intent_server.embed import Embedder, int8_codes
from intent_server.search import decision_text, terms, windows_of
from intent_server.search_names import name_terms
from intent_server.store.index import IndexDocument


@dataclass(frozen=True, slots=True)
class Placed:
    """A text to be indexed and the utterances it stands in, both ends included."""

    first_utterance: int
    last_utterance: int
    text: str
    candidate: int | None = None
    """Position among the session's candidates, for a decision."""


def index_documents(
    utterances: Sequence[Utterance], decisions: Iterable[tuple[int, Candidate]], embedder: Embedder
) -> tuple[IndexDocument, ...]:
    """What is found of a session: the windows of its conversation, then its decisions, given with their positions."""
    return documents_of((*placed_windows(utterances), *placed_decisions(decisions)), embedder)


def placed_windows(utterances: Iterable[Utterance]) -> list[Placed]:
    """The windows of a conversation, in order."""
    return [Placed(one.first_utterance, one.last_utterance, one.text) for one in windows_of(utterances)]


def placed_decisions(decisions: Iterable[tuple[int, Candidate]]) -> list[Placed]:
    """What is indexed of decisions, each where its choice is quoted from."""
    return [Placed(*_extent(candidate), decision_text(candidate), position) for position, candidate in decisions]


def documents_of(placed: Sequence[Placed], embedder: Embedder) -> tuple[IndexDocument, ...]:
    """The texts with their terms and vectors, in the order given."""
    vectors = embedder.embed([one.text for one in placed])
    codes = int8_codes(vectors)
    return tuple(
        IndexDocument(
            kind="conversation" if one.candidate is None else "decision",
            first_utterance=one.first_utterance,
            last_utterance=one.last_utterance,
            terms=terms(one.text) + Counter(name_terms(one.text)),
            vector=vector,
            code=code,
            candidate=one.candidate,
        )
        for one, vector, code in zip(placed, vectors, codes, strict=True)
    )


def _extent(candidate: Candidate) -> tuple[int, int]:
    """The utterances that the choice is quoted from."""
    spans = [span for part in candidate.parts if part.kind == "choice" for span in part.spans]
    return min(span.utterance_index for span in spans), max(span.utterance_index for span in spans)
