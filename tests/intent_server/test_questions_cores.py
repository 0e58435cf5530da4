"""What a server keeps of a store between questions: bounded, and never another answer than without it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.records import Candidate, Part, Session, Span, Utterance
from intent_server import questions, questions_cores
from intent_server.config import Settings
from intent_server.embed import bundled

SAID = {
    "broker": "Then we take the outbox table in Postgres for the order events.",
    "cache": "We keep the price list in Redis, for a restart costs nothing there.",
    "payments": "Payments go through the queue of the bank and not through ours.",
    "search": "The product search stays in Postgres until a query takes a second.",
}
QUESTIONS = (
    "Why the outbox table?",
    "Why is the price list in Redis?",
    "Why does the product search stay in Postgres?",
)


def decided(name: str, text: str) -> tuple[Session, list[Candidate]]:
    session = Session("meeting", name, (Utterance(0, text, "person", "cue 1", speaker="Mara"),), 1, title=name)
    choice = Part("choice", (Span(0, 0, len(text), text),))
    return session, [Candidate(name, "accepted", "structured", 1.0, (choice,), "test/1")]


@pytest.mark.parametrize("kept", ["texts", "rows", "told", "heads"])
def test_no_more_is_kept_than_there_is_room_for(
    keep: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    place = keep(*(decided(name, text) for name, text in SAID.items()), model=bundled())
    roomy, narrow = (questions.asker(Settings(store=place)) for _ in range(2))
    full = [questions.why(roomy, one) for one in QUESTIONS]
    monkeypatch.setattr(questions_cores, f"_KEPT_{kept.upper()}", 2)
    for question, answer in zip(QUESTIONS, full, strict=True):
        assert questions.why(narrow, question) == answer
    sizes = [len(getattr(asker.cache.index.standing, kept)) for asker in (roomy, narrow) if asker.cache.index]
    assert sizes[0] == len(SAID) > sizes[1]
