"""The store as of another time, table by table."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intent_server.store.connect import Db, open_reader
from intent_server.store.snapshot import Moment, past, recorded_span, unindexed
from tests.intent_server.worlds import Act, Record, Talk, World

STANDUP = "2026-02-10-standup"
JANUARY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@contextmanager
def seen(world: World, *, known_at: datetime | None = None, as_of: datetime | None = None) -> Iterator[Db]:
    with open_reader(world.store, wait_s=5) as db, past(db, Moment(as_of, known_at)):
        yield db


def column(db: Db, query: str) -> list[object]:
    return [row[0] for row in db.execute(query).fetchall()]


def counted(db: Db, table: str) -> int:
    return len(db.execute(f"FROM {table}").fetchall())


def test_what_was_recorded_later_is_not_there(world: World) -> None:
    world.take(Record(1, 5, 0, 0, None))
    then = world.after
    world.take(Record(2, 6, 1, 1, None))
    with seen(world, known_at=then) as db:
        assert column(db, "SELECT subject FROM decisions") == ["Store of the orders mart"]
        for table in ("sources", "batches", "sessions", "utterances", "parts", "evidence", "people", "links", "audit"):
            assert counted(db, table) < counted(db, f"store.main.{table}") or table in ("people", "links"), table


def test_what_was_closed_later_is_open(world: World) -> None:
    world.take(Record(1, 5, 0, 0, None))
    then = world.after
    world.take(Record(1, 5, 2, 0, None))
    with seen(world, known_at=then) as db:
        assert column(db, "SELECT choice FROM decisions WHERE recorded_to IS NULL") == ["Postgres"]
        assert column(db, "SELECT count(*) FROM sessions WHERE recorded_to IS NULL") == [1]


def test_the_moment_of_a_change_is_after_it(world: World) -> None:
    world.take(Record(1, 5, 0, 0, None))
    with seen(world, known_at=world.now) as db:
        assert column(db, "SELECT count(*) FROM decisions WHERE recorded_to IS NULL") == [1]
    with seen(world, known_at=world.now - timedelta(microseconds=1)) as db:
        assert column(db, "SELECT count(*) FROM decisions") == [0]


def test_a_session_that_grew_ends_where_it_did(world: World) -> None:
    world.take(Talk(STANDUP, (0, 1), is_new=True))
    then = world.after
    world.take(Talk(STANDUP, (3, 4), is_new=False))
    with seen(world, known_at=then) as db:
        assert column(db, "SELECT utterance_index FROM utterances ORDER BY ALL") == [0, 1]
        assert [one.is_unsettled for one in unindexed(db)] == [True]


def test_an_undone_review_is_in_force_before_it_was_undone(world: World) -> None:
    world.take(Record(1, 5, 0, 0, None))
    world.take(Act("dismiss", 0, 0, 1))
    then = world.after
    world.take(Act("undo", 0, 0, 1))
    with seen(world, known_at=then) as db:
        assert column(db, "SELECT action FROM reviews WHERE recorded_to IS NULL") == ["dismissed"]
    with open_reader(world.store, wait_s=5) as db:
        assert column(db, "SELECT action FROM reviews WHERE recorded_to IS NULL") == []


def test_a_correction_made_later_leaves_the_decision_as_it_was(world: World) -> None:
    world.take(Record(1, 5, 0, 0, None))
    then = world.after
    world.take(Act("correct", 0, 0, 20))
    with seen(world, known_at=then) as db:
        rows = db.execute("SELECT subject, valid_from FROM decisions WHERE recorded_to IS NULL").fetchall()
    assert rows == [("Store of the orders mart", datetime(2026, 1, 5))]  # noqa: DTZ001  as stored: UTC without a zone


def test_an_interval_is_half_open(world: World) -> None:
    world.take(Record(1, 5, 0, 0, None))
    world.take(Record(2, 9, 1, 0, replaces=1))
    subjects = "SELECT subject FROM decisions WHERE recorded_to IS NULL ORDER BY ALL"
    older, newer = "Store of the orders mart", "Transport of order events"
    for day, expected in ((4, []), (5, [older]), (8, [older]), (9, [newer]), (10, [newer])):
        with seen(world, as_of=JANUARY + timedelta(days=day - 1)) as db:
            assert column(db, subjects) == expected, day


def test_one_that_was_superseded_later_stands_as_it_stood(world: World) -> None:
    world.take(Record(1, 5, 0, 0, None))
    world.take(Record(2, 9, 1, 0, replaces=1))
    with seen(world, as_of=JANUARY + timedelta(days=6)) as db:
        assert db.execute("SELECT status, valid_to FROM decisions WHERE recorded_to IS NULL").fetchall() == [
            ("accepted", None)
        ]
        assert column(db, "SELECT count(*) FROM links WHERE relation = 'supersedes'") == [0]


def test_words_said_later_are_left_out_but_for_those_that_a_decision_quotes(world: World) -> None:
    world.take(Talk(STANDUP, (0, 3, 1, 2, 6), is_new=True))  # one line a day from 10 February; decided on the 13th
    with seen(world, as_of=datetime(2026, 2, 11, 20, tzinfo=UTC)) as db:
        assert column(db, "SELECT utterance_index FROM utterances ORDER BY ALL") == [0, 1]
        assert column(db, "SELECT utterance_count FROM sessions") == [2]
        assert column(db, "SELECT ended_at FROM sessions") == [datetime(2026, 2, 11, 9)]  # noqa: DTZ001  as stored
    world.take(Act("correct", 0, 0, 2))  # dated back to 2 January
    with seen(world, as_of=datetime(2026, 1, 3, tzinfo=UTC)) as db:
        quoted = column(db, "SELECT DISTINCT utterance_index FROM evidence ORDER BY ALL")
        assert column(db, "SELECT utterance_index FROM utterances ORDER BY ALL") == quoted != []


def test_before_the_first_row_there_is_nothing(world: World) -> None:
    world.take(Record(1, 5, 0, 0, None))
    with seen(world, known_at=datetime(2020, 1, 1, tzinfo=UTC)) as db:
        for table in ("sources", "sessions", "utterances", "decisions", "parts", "evidence", "documents", "terms"):
            assert counted(db, table) == 0, table


def test_a_past_leaves_no_file_and_the_connection_as_it_was(world: World) -> None:
    world.take(Record(1, 5, 0, 0, None))
    before = sorted(world.folder.rglob("*"))
    with open_reader(world.store, wait_s=5) as db:
        with past(db, Moment(known_at=datetime(2020, 1, 1, tzinfo=UTC))):
            assert sorted(world.folder.rglob("*")) == before
        assert column(db, "SELECT count(*) FROM decisions") == [1]
        assert column(db, "SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE 'beside%'") == [0]


def test_a_failed_question_leaves_the_connection_as_it_was(world: World) -> None:
    world.take(Record(1, 5, 0, 0, None))
    with open_reader(world.store, wait_s=5) as db:
        with pytest.raises(ZeroDivisionError), past(db, Moment(known_at=datetime(2020, 1, 1, tzinfo=UTC))):
            raise ZeroDivisionError
        assert column(db, "SELECT count(*) FROM decisions") == [1]


def test_threads_see_pasts_of_their_own_at_once(world: World) -> None:
    moments = []
    for number in (1, 2, 3):
        world.take(Record(number, 5, 0, 0, None))
        moments.append(world.after)
    meeting, counts = threading.Barrier(3, timeout=30), {}

    def count(number: int, moment: datetime) -> None:
        with seen(world, known_at=moment) as db:
            meeting.wait()
            counts[number] = column(db, "SELECT count(*) FROM decisions")[0]
            meeting.wait()

    threads = [threading.Thread(target=count, args=each) for each in enumerate(moments, start=1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == {1: 1, 2: 2, 3: 3}


def test_the_span_of_the_record_is_that_of_its_changes(world: World) -> None:
    world.take(Record(1, 5, 0, 0, None))
    first = world.now
    world.take(Record(2, 5, 0, 0, None))
    with open_reader(world.store, wait_s=5) as db:
        assert recorded_span(db)[0] == first
        assert world.now <= (recorded_span(db)[1] or first) < world.after
