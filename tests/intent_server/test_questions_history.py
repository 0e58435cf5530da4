"""A subject's decisions over time."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intent_server import questions
from intent_server.answers import Event
from intent_server.errors import BadRequest
from intent_server.questions_fit import fit, size
from tests.intent_server.worlds import Act, Record, Talk, World

MART = "store of the orders mart"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def told(world: World, subject: str, **more: object) -> list[Event]:
    return questions.history(world.asker(), subject, **more).events  # type: ignore[arg-type]  # keywords of history


def test_a_chain_is_told_oldest_first_with_what_replaced_what(world: World) -> None:
    world.take(Record(2, 9, choice=1, reason=0, replaces=1))
    world.take(Record(1, 5, choice=0, reason=0, replaces=None))
    older, newer = told(world, "0001-record.md")
    assert (older.subject, newer.subject) == ("Store of the orders mart", "Transport of order events")
    assert older.superseded_by == [newer.decision_id]
    assert newer.supersedes == [older.decision_id]
    assert (older.status, older.is_held) == ("superseded", True)
    assert older.versions[-1].valid_to == datetime(2026, 1, 9, tzinfo=UTC)


def test_each_version_says_when_it_was_what_the_record_said_and_why_it_changed(world: World) -> None:
    world.take(Record(1, 5, choice=0, reason=0, replaces=None))
    first = world.now
    world.take(Record(2, 9, choice=1, reason=0, replaces=1))
    [before, after] = told(world, "0001-record.md")[0].versions
    assert (before.status, before.recorded_from, before.valid_to) == ("accepted", first, None)
    assert (after.status, after.recorded_to) == ("superseded", None)
    assert before.recorded_to == after.recorded_from
    assert after.because is not None
    assert "mara" in after.because


def test_what_a_place_said_before_is_told_as_no_longer_held(world: World) -> None:
    world.take(Record(1, 5, choice=0, reason=0, replaces=None))
    world.take(Record(1, 7, choice=1, reason=0, replaces=None))
    gone, held = told(world, MART)
    assert (gone.recorded_text, gone.is_held) == ("Postgres", False)
    assert (held.recorded_text, held.is_held) == ("DuckDB", True)
    assert gone.dropped_because == "its source changed, by mara"
    assert gone.versions[-1].recorded_to is not None


def test_a_dismissed_decision_is_told_with_the_verdict(world: World) -> None:
    world.take(Record(1, 5, choice=0, reason=0, replaces=None))
    world.take(Act("dismiss", 0, 0, 1))
    [event] = told(world, MART)
    assert not event.is_held
    assert event.dropped_because == "dismissed by mara: said in jest"
    assert [review.action for review in event.reviews] == ["dismissed"]
    assert told(world, event.decision_id) == [event]


def test_an_undone_act_stays_in_the_history(world: World) -> None:
    world.take(Record(1, 5, choice=0, reason=0, replaces=None))
    world.take(Act("ratify", 0, 0, 1))
    world.take(Act("undo", 0, 0, 1))
    [event] = told(world, MART)
    assert [(review.action, review.undone_at) for review in event.reviews] == [("ratified", world.now)]
    assert [version.authority for version in event.versions] == ["structured", "ratified", "structured"]
    assert event.is_held


def test_words_find_decisions_of_conversations_too(world: World) -> None:
    world.take(Talk("2026-02-10-standup", (0, 1, 2, 4, 5), is_new=True))
    events = told(world, "message queue for order events")
    assert any("message queue" in event.recorded_text for event in events)
    assert all(event.evidence_id for event in events)


def test_history_ends_where_the_record_did(world: World) -> None:
    world.take(Record(1, 5, choice=0, reason=0, replaces=None))
    then = world.after
    world.take(Record(2, 9, choice=1, reason=0, replaces=1))
    [event] = told(world, "0001-record.md", known_at=then)
    assert (event.status, len(event.versions), event.superseded_by) == ("accepted", 1, [])


def test_history_as_of_a_day_is_what_held_that_day(world: World) -> None:
    world.take(Record(1, 5, choice=0, reason=0, replaces=None))
    world.take(Record(2, 9, choice=1, reason=0, replaces=1))
    for day, subjects in ((4, []), (6, ["Store of the orders mart"]), (12, ["Transport of order events"])):
        moment = datetime(2026, 1, day, tzinfo=UTC)
        found = [*told(world, "0001-record.md", as_of=moment), *told(world, "0002-record.md", as_of=moment)]
        assert list(dict.fromkeys(event.subject for event in found)) == subjects


def test_pages_follow_one_another(world: World) -> None:
    for day in (5, 6, 7):
        world.take(Record(1, day, choice=day % 4, reason=0, replaces=None))
    first = questions.history(world.asker(), MART, limit=2)
    assert (len(first.events), first.total, first.next_cursor) == (2, 3, "2")
    rest = questions.history(world.asker(), MART, limit=2, cursor=first.next_cursor)
    assert (len(rest.events), rest.next_cursor) == (1, None)
    days = [event.decided_at.day for event in (*first.events, *rest.events) if event.decided_at]
    assert days == [5, 6, 7]


def test_a_long_history_is_made_to_fit_and_says_how_to_go_on(world: World) -> None:
    for day in (5, 6, 7):
        world.take(Record(1, day, choice=day % 4, reason=0, replaces=None))
    whole = questions.history(world.asker(), MART)
    most = size(whole) * 2 // 3
    fitted = fit(whole, most)
    assert size(fitted) <= most
    assert fitted.next_cursor == str(len(fitted.events)) != str(len(whole.events))
    assert fitted.left_out is not None
    assert "decision" in fitted.left_out


def test_what_nobody_decided_has_no_history(world: World) -> None:
    world.take(Record(1, 5, choice=0, reason=0, replaces=None))
    assert told(world, "the colour of the bicycle shed") == []
    with pytest.raises(BadRequest, match="no word"):
        told(world, "?!")
