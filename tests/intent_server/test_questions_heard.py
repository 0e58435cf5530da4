"""Until when an answer's sources were heard, and what is said where the index was made by another embedder."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ingest.records import Candidate, Part, Session, Span, Utterance
from intent_server import questions
from intent_server.config import Settings
from intent_server.embed import Embedder, bundled

Keep = Callable[..., Path]
QUESTION = "Why the outbox table in Postgres for order events?"


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, 9, tzinfo=UTC)


def meeting(name: str, text: str, started_at: datetime | None, **more: str) -> Session:
    said = (Utterance(0, text, "person", "cue 1", speaker="Mara"),)
    return Session("meeting", name, said, 1, title=name, started_at=started_at, **more)


def decided(session: Session, subject: str, quote: str, *, is_doubtful: bool = False) -> Candidate:
    start = session.utterances[0].text.index(quote)
    span = Span(0, start, start + len(quote), quote)
    return Candidate(
        subject=subject,
        status="accepted",
        parts=(Part("choice", (span,)),),
        authority="extracted" if is_doubtful else "structured",
        confidence=0.3 if is_doubtful else 1.0,
        extractor="test/1",
        is_doubtful=is_doubtful,
    )


BROKER = meeting("broker", "Then we take the outbox table in Postgres for the order events.", day(1, 10))
OUTBOX = decided(BROKER, "Transport of order events", "we take the outbox table in Postgres")
AGAIN = meeting("again", "The outbox table in Postgres with its order events grows too fast.", day(2, 3))
LUNCH = meeting("lunch", "The noodle place has a queue around the corner at noon.", day(3, 4))


def test_an_answer_tells_when_its_subject_was_last_heard_of_beside_anything(keep: Keep) -> None:
    asker = questions.asker(Settings(store=keep((BROKER, [OUTBOX]), (LUNCH, []), model=bundled())))
    answer = questions.why(asker, QUESTION)
    assert (answer.verdict, answer.heard_until) == ("decided", day(3, 4))
    assert answer.subject_heard_until == day(1, 10)


def test_later_talk_of_it_counts_though_nothing_was_decided_there(keep: Keep) -> None:
    asker = questions.asker(Settings(store=keep((BROKER, [OUTBOX]), (AGAIN, []), (LUNCH, []), model=bundled())))
    assert questions.why(asker, QUESTION).subject_heard_until == day(2, 3)
    then = questions.why(asker, QUESTION, as_of=day(1, 20))
    assert (then.heard_until, then.subject_heard_until) == (day(1, 10), day(1, 10))


def test_of_what_nobody_spoke_of_nothing_was_heard(keep: Keep) -> None:
    asker = questions.asker(Settings(store=keep((BROKER, [OUTBOX]), (LUNCH, []), model=bundled())))
    answer = questions.why(asker, "Why is the mobile app written in Flutter?")
    assert (answer.verdict, answer.heard_until, answer.subject_heard_until) == ("no record", day(3, 4), None)


def test_a_files_own_time_is_no_moment_at_which_anybody_was_heard(keep: Keep) -> None:
    assumed = replace(BROKER, time_basis="assumed")
    asker = questions.asker(Settings(store=keep((assumed, [OUTBOX]), model=bundled())))
    assert questions.why(asker, QUESTION).subject_heard_until is None


def test_what_is_said_to_be_undecided_hints_at_a_decision_that_waits(keep: Keep) -> None:
    weak = decided(BROKER, "Transport of order events", "we take the outbox table in Postgres", is_doubtful=True)
    asker = questions.asker(Settings(store=keep((BROKER, [weak]), (LUNCH, []), model=bundled())))
    answer = questions.why(asker, QUESTION)
    assert (answer.verdict, answer.decisions) == ("discussed, no decision found", [])
    [waiting] = questions.why(asker, QUESTION, doubtful=True).decisions
    assert f"decision {waiting.decision_id} waits for a person's review" in (answer.left_out or "")


def test_where_another_embedder_made_the_index_words_alone_answer_and_the_answer_says_so(
    keep: Keep, hashed: Embedder
) -> None:
    place = keep((BROKER, [OUTBOX]), (LUNCH, []), model=hashed)
    answer = questions.why(questions.asker(Settings(store=place)), QUESTION)
    assert answer.verdict == "decided"
    assert "made by the embedder 'hashed', not by" in (answer.note or "")
    assert "Set INTENT_EMBEDDER=hashed" in (answer.note or "")
    assert "`intent doctor --rebuild`" in (answer.note or "")
    assert questions.why(questions.asker(Settings(store=place), lambda: hashed), QUESTION).note is None


def test_an_older_revision_of_the_embedder_asks_for_a_rebuild_alone(keep: Keep) -> None:
    older = replace(bundled(), revision="b2:older")
    answer = questions.why(questions.asker(Settings(store=keep((BROKER, [OUTBOX]), model=older))), QUESTION)
    assert "another revision of the embedder" in (answer.note or "")
    assert "INTENT_EMBEDDER" not in (answer.note or "")


def test_an_index_of_another_embedder_names_the_bundled_one_as_bundled(keep: Keep, hashed: Embedder) -> None:
    asker = questions.asker(Settings(store=keep((BROKER, [OUTBOX]), model=bundled())), lambda: hashed)
    assert "Set INTENT_EMBEDDER=bundled" in (questions.why(asker, QUESTION).note or "")
