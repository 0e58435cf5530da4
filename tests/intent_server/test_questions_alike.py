"""Misspelt words: what nobody said is told so, and what is spelled nearly so is named."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.records import Candidate, Part, Reference, Session, Span, Utterance
from intent_server import questions
from intent_server.config import Settings
from intent_server.questions import Asker

WORDS = (
    "Kafka is what everybody takes, but nobody here can run a cluster at night.",
    "The circuit breaker keeps its state in each worker, see shop/outbox_poller.py.",
    "It broke with build 7f3-asdgh9.",
)
TALK = Session(
    "meeting",
    "broker",
    tuple(Utterance(at, text, "person", f"cue {at + 1}", speaker="Mara") for at, text in enumerate(WORDS)),
    len(WORDS),
    title="Broker",
    started_at=datetime(2026, 2, 3, 9, tzinfo=UTC),
)


@pytest.fixture
def asker(keep: Callable[..., Path]) -> Asker:
    return questions.asker(Settings(store=keep((TALK, []))))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("why kafak?", "No source says 'kafak'. Is 'Kafka' meant?"),
        ("circut braker", "No source says 'circut' or 'braker'. Is 'circuit' and 'breaker' meant?"),
        ("why Nuxt?", "No source says 'Nuxt'."),
        ("why asdgf?", "No source says 'asdgf'."),  # no hash is meant
        (
            "shop/outbox_poler.py",
            "Nothing that was read is called 'shop/outbox_poler.py'. Is 'shop/outbox_poller.py' meant?",
        ),
    ],
)
def test_a_word_that_nobody_said_is_told_with_what_is_spelled_nearly_so(asker: Asker, question: str, told: str) -> None:
    answer = questions.why(asker, question)
    assert (answer.verdict, answer.left_out) == ("no record", told)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "why not Memcached?",
            "No decision tied to the subject says 'Memcached': without the subject all are looked through.",
        ),
        ("who runs a cluster at night?", None),
        ("why?", None),
    ],
)
def test_a_question_that_its_subjects_decisions_say_nothing_of_is_told_so(
    keep: Callable[..., Path], question: str, told: str | None
) -> None:
    choice = Part("choice", (Span(0, 0, 31, WORDS[0][:31]),))
    reason = Part("rationale", (Span(0, 37, 73, WORDS[0][37:73]),))
    tied = (Reference("governs", "file", "shop/outbox.py", "explicit"),)
    decided = Candidate("Broker", "accepted", "structured", 1.0, (choice, reason), "test/1", references=tied)
    answer = questions.why(questions.asker(Settings(store=keep((TALK, [decided])))), question, subject="shop/outbox.py")
    assert (answer.verdict, answer.left_out) == ("decided", told)


def test_no_words_are_guessed_where_all_were_said(asker: Asker) -> None:
    assert questions.why(asker, "Kafka").left_out is None


def test_of_another_time_the_words_that_were_said_then_are_told(asker: Asker) -> None:
    past = questions.why(asker, "why kafak?", as_of=datetime(2026, 3, 1, tzinfo=UTC))
    assert (past.verdict, past.left_out) == ("no record", "No source said 'kafak' by then. Is 'Kafka' meant?")
    before = questions.why(asker, "why kafak?", as_of=datetime(2020, 3, 1, tzinfo=UTC))
    assert (before.verdict, before.left_out) == ("no record", "No source said 'kafak' by then.")
