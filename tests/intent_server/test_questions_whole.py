"""What a whole conversation says of a question, beside the stretches that are read."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from ingest.records import Candidate, Part, Session, Span, Utterance
from intent_server.embed import Embedder
from intent_server.questions_index import Cache, held
from intent_server.questions_whole import of_conversations
from intent_server.search_relevance import asked, weighed
from intent_server.store.connect import open_reader

Keep = Callable[..., Path]
TALK = "We went over the numbers of the week and nobody had more to add to them. " * 7
"""As long as a stretch."""
OUTBOX = f"The outbox. {TALK}"


@pytest.fixture
def scores(keep: Keep, hashed: Embedder) -> Callable[..., dict[str, float]]:
    """How well meetings, given as the texts of their stretches, meet a question."""

    def scored(question: str, *, decided_in: str = "", **meetings: Sequence[str]) -> dict[str, float]:
        path = keep(
            *((meeting(name, texts), [quoted()] if name == decided_in else []) for name, texts in meetings.items())
        )
        with open_reader(path, wait_s=5) as db:
            store = held(Cache(), db, path, hashed)
            words = asked(question)
            known = store.statistics(db, words.terms)
            against = weighed(words, known.document_counts, known.documents)
            rows = store.rows
            places = np.flatnonzero(~rows.is_decision)
            held_now = store.names(rows.session_ids)
            names = [held_now[rows.session_id(at)].name for at in places.tolist()]
            return dict(zip(names, of_conversations(db, store, against, places).tolist(), strict=True))

    return scored


def meeting(name: str, texts: Sequence[str]) -> Session:
    said = tuple(Utterance(i, text, "person", f"cue {i}", speaker="Mara") for i, text in enumerate(texts))
    return Session("meeting", name, said, len(said), title=name)


def quoted() -> Candidate:
    parts = (Part("choice", (Span(0, 0, len("The outbox."), "The outbox."),)),)
    return Candidate("Outbox", "accepted", "structured", 1.0, parts, "x/1")


def test_a_conversation_that_comes_back_to_a_word_is_more_about_it(scores: Callable[..., dict[str, float]]) -> None:
    found = scores("outbox", once=[OUTBOX, TALK, TALK], often=[OUTBOX, OUTBOX, OUTBOX], never=[TALK, TALK, TALK])
    assert found["often"] > found["once"] > found["never"] == 0


def test_a_longer_conversation_needs_a_word_more_often(scores: Callable[..., dict[str, float]]) -> None:
    found = scores("outbox", short=[OUTBOX], long=[OUTBOX, TALK, TALK, TALK])
    assert found["short"] > found["long"]


def test_words_said_far_apart_count_together(scores: Callable[..., dict[str, float]]) -> None:
    broker = f"The broker. {TALK}"
    found = scores("outbox broker", one=[OUTBOX, TALK, TALK], both=[OUTBOX, TALK, broker])
    assert found["both"] > found["one"]


def test_a_decision_s_own_words_are_no_more_talk(scores: Callable[..., dict[str, float]]) -> None:
    found = scores("outbox", decided_in="kept", kept=[OUTBOX, TALK], talked=[OUTBOX, TALK])
    assert found["kept"] == found["talked"]


def test_no_known_word_tells_conversations_apart(scores: Callable[..., dict[str, float]]) -> None:
    assert set(scores("zeppelin", one=[OUTBOX], other=[TALK]).values()) == {0.0}


def test_a_word_of_which_only_pieces_are_said_counts_for_less(scores: Callable[..., dict[str, float]]) -> None:
    talk = "Wir haben die Zahlen der Woche angeschaut und niemand hatte noch etwas dazu zu sagen. " * 7
    found = scores(
        "Zwischenspeicher",
        whole=[f"Der Zwischenspeicher. {talk}"],
        pieces=[f"Die Zwischenspeicherung. {talk}"],
        neither=[f"Die Warteschlange. {talk}"],
    )
    assert found["whole"] > found["pieces"] > found["neither"] == 0
