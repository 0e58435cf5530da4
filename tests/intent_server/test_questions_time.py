"""Questions as of another time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intent_server import questions, record_upkeep
from intent_server.errors import BadRequest, NotFound
from intent_server.questions import Asker
from tests.intent_server.worlds import Act, Record, Talk, World

STANDUP = "2026-02-10-standup"
MART = "Why DuckDB for the orders mart?"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def january(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


def test_why_answers_by_what_the_record_knew(world: World) -> None:
    world.take(Record(1, 5, choice=1, reason=0, replaces=None))
    then = world.after
    world.take(Record(1, 5, choice=0, reason=2, replaces=None))
    asker = world.asker()
    [now] = questions.why(asker, "", subject="0001-record.md").decisions
    answer = questions.why(asker, "", subject="0001-record.md", known_at=then)
    [before] = answer.decisions
    assert (before.choice.text, now.choice.text) == ("DuckDB", "Postgres")
    assert [claim.text for claim in before.rationale] == ["nobody has to look after another server."]
    assert answer.known_at == then


def test_why_answers_by_what_held_in_the_world(world: World) -> None:
    world.take(Record(1, 5, choice=0, reason=0, replaces=None))
    world.take(Record(2, 9, choice=1, reason=0, replaces=1))
    asker = world.asker()
    assert questions.why(asker, "", subject="0001-record.md").verdict == "superseded"
    then = questions.why(asker, "", subject="0001-record.md", as_of=january(7))
    assert then.verdict == "decided"
    assert [(one.status, one.valid_to, one.superseded_by) for one in then.decisions] == [("accepted", None, [])]
    later = questions.why(asker, "", subject="0002-record.md", as_of=january(12))
    assert [one.subject for one in later.decisions] == ["Transport of order events"]
    assert later.as_of == january(12)


def test_both_clocks_turn_together(world: World) -> None:
    world.take(Record(1, 5, choice=0, reason=0, replaces=None))
    before = world.after
    world.take(Record(2, 9, choice=1, reason=0, replaces=1))
    asker = world.asker()
    known = questions.why(asker, "", subject="0001-record.md", as_of=january(20), known_at=before)
    assert [one.status for one in known.decisions] == ["accepted"]  # that it had been replaced was not known yet
    assert questions.why(asker, "", subject="0001-record.md", as_of=january(20)).decisions == []


def test_search_finds_no_word_that_was_said_or_recorded_later(world: World) -> None:
    world.take(Talk(STANDUP, (0, 3), is_new=True))
    then = world.after
    world.take(Talk(STANDUP, (6,), is_new=False))
    asker = world.asker()
    assert "noodle" in questions.search(asker, "noodle place bakery").hits[0].recorded_text
    for when in ({"known_at": then}, {"as_of": datetime(2026, 2, 11, 12, tzinfo=UTC)}):
        hits = questions.search(asker, "noodle place bakery", **when).hits
        assert all("noodle" not in hit.recorded_text for hit in hits)
        assert all(hit.last_utterance <= 1 for hit in hits)


def test_a_decision_that_was_dismissed_later_is_there_before_that(world: World) -> None:
    world.take(Record(1, 5, choice=1, reason=0, replaces=None))
    then = world.after
    world.take(Act("dismiss", 0, 0, 1))
    asker = world.asker()
    assert questions.why(asker, MART).decisions == []
    [decision] = questions.why(asker, MART, known_at=then).decisions
    assert decision.reviews == []


def test_sources_are_heard_until_the_moment_asked_for_at_most(world: World) -> None:
    world.take(Talk(STANDUP, (0, 3, 6, 6), is_new=True))
    asker = world.asker()
    assert questions.why(asker, MART).heard_until == datetime(2026, 2, 13, 9, tzinfo=UTC)
    heard = questions.why(asker, MART, as_of=datetime(2026, 2, 12, 10, tzinfo=UTC)).heard_until
    assert heard == datetime(2026, 2, 12, 9, tzinfo=UTC)


def test_a_time_to_come_and_one_before_the_record_are_told(world: World) -> None:
    world.take(Record(1, 5, choice=1, reason=0, replaces=None))
    asker = Asker(world.asker().settings, clock=lambda: datetime(2026, 6, 2, tzinfo=UTC))
    future = datetime(2027, 1, 1, tzinfo=UTC)
    known = questions.why(asker, MART, known_at=future)
    assert known.verdict == "decided"
    assert known.note is not None and "yet to come" in known.note
    held = questions.why(asker, MART, as_of=future)
    assert held.verdict == "decided"
    assert held.note is not None and "yet to come" in held.note
    before = questions.why(asker, MART, known_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert before.verdict == "no record"
    assert before.note is not None and "2026-06-01 13:00" in before.note
    assert questions.why(asker, MART, known_at=world.after).note is None


def test_a_time_without_a_zone_is_refused(world: World) -> None:
    world.take(Record(1, 5, choice=1, reason=0, replaces=None))
    with pytest.raises(BadRequest, match="known_at=2026-06-01T00:00:00 has no time zone"):
        questions.why(world.asker(), MART, known_at=datetime(2026, 6, 1))  # noqa: DTZ001  that is what is refused


def test_get_and_sessions_show_what_was_there(world: World) -> None:
    world.take(Talk(STANDUP, (0, 1), is_new=True))
    then = world.after
    world.take(Talk(STANDUP, (2, 4), is_new=False))
    world.take(Record(1, 5, choice=1, reason=0, replaces=None))
    asker = world.asker()
    listed = questions.sessions(asker, known_at=then)
    assert [one.utterance_count for one in listed.sessions] == [2]
    shown = questions.get(asker, listed.sessions[0].session_id, known_at=then)
    assert shown.session is not None
    assert [line.utterance_index for line in shown.session.lines] == [0, 1]
    assert shown.known_at == listed.known_at == then
    [record] = [one for one in questions.sessions(asker).sessions if one.kind == "decision_record"]
    with pytest.raises(NotFound):
        questions.get(asker, record.session_id, known_at=then)
    with pytest.raises(NotFound):
        questions.get(asker, record.decisions[0], as_of=january(4))


def test_a_remembered_past_gives_the_same_answer_and_a_changed_store_a_new_one(world: World) -> None:
    world.take(Talk(STANDUP, (0, 1, 2), is_new=True))
    then = world.after
    world.take(Talk(STANDUP, (4, 5), is_new=False))
    asker = world.asker()
    first = questions.search(asker, MART, known_at=then)
    assert len(asker.cache.pasts) == 1
    assert questions.search(asker, MART, known_at=then) == first
    assert len(asker.cache.pasts) == 1
    world.take(Record(1, 5, choice=1, reason=0, replaces=None))
    assert questions.search(asker, MART, known_at=then) == first
    assert questions.search(asker, MART, known_at=world.after).total > first.total


def test_few_pasts_are_remembered(world: World) -> None:
    world.take(Record(1, 5, choice=1, reason=0, replaces=None))
    asker = world.asker()
    for minutes in range(8):
        questions.why(asker, MART, known_at=world.now - timedelta(minutes=minutes + 1))
    assert len(asker.cache.pasts) == 4


def test_a_store_that_grew_and_one_whose_index_was_rebuilt_give_one_answer(world: World) -> None:
    for lines in ((0, 3, 1), (2, 6, 4), (5, 0)):
        world.take(Talk(STANDUP, lines, is_new=False))
        world.take(Talk("2026-03-12-planning", lines, is_new=False))
    grown = [questions.search(world.asker(), words, limit=100) for words in (MART, "noodle place")]
    record_upkeep.rebuild(world.asker().settings)
    assert [questions.search(world.asker(), words, limit=100) for words in (MART, "noodle place")] == grown
