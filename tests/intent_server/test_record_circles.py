"""What replaced what never closes a circle, and what was taken back stays as the sources' words have it."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import record, record_review, record_upkeep
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.errors import BadRequest
from intent_server.record_statement import Claimed, Stated, record_decision
from intent_server.store.connect import open_reader

MARA = Actor("mara")
BEGIN = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "intent.duckdb", actor="mara")


@pytest.fixture
def clock() -> Iterator[datetime]:
    return (BEGIN + timedelta(hours=hour) for hour in itertools.count())


@pytest.fixture
def write(settings: Settings, hashed: Embedder, clock: Iterator[datetime], tmp_path: Path) -> Callable[..., str]:
    """Writes a decision record, ingests it, and gives its decision's id."""

    def written(number: int, status: str = "Accepted", choice: str = "DuckDB") -> str:
        file = tmp_path / "adr" / f"000{number}-store.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(
            f"# Store number {number}\n\n- Date: 2026-01-0{number}\n\n## Status\n\n{status}\n\n"
            f'## Decision Outcome\n\nChosen option: "{choice} {number}", because it is one file.\n'
        )
        moment = next(clock)
        run_by = record.recorder(settings, embedder=lambda: hashed, clock=lambda: moment)
        source = file_source(file, Declared())
        record.ingest_source(run_by, source, reader_for(source))
        with open_reader(settings.store, wait_s=5) as db:
            query = "SELECT decision_id FROM decisions WHERE recorded_to IS NULL AND choice LIKE ?"
            return str(db.execute(query, [f"%{choice} {number}%"]).fetchall()[0][0])

    return written


@pytest.fixture(autouse=True)
def whole(settings: Settings) -> object:
    """After every test all of the record still holds."""
    yield
    assert record_upkeep.verify(settings).findings == []


def statuses(settings: Settings, decision_ids: Sequence[str]) -> list[str]:
    with open_reader(settings.store, wait_s=5) as db:
        found = db.execute("SELECT decision_id, status FROM decisions WHERE recorded_to IS NULL").fetchall()
    return [dict(found)[one] for one in decision_ids]


def test_undoing_an_act_that_would_close_a_circle_is_refused_and_names_the_acts(
    settings: Settings, write: Callable[..., str], clock: Iterator[datetime], hashed: Embedder
) -> None:
    one, two, three = write(1), write(1 + 1), write(3)
    for decision in (one, two, three):
        dated = record_review.Correction(valid_from=BEGIN)
        record_review.correct(
            settings, decision, dated, by=MARA, now=next(clock), reason="the same day", embedder=lambda: hashed
        )
    record_review.supersede(settings, one, two, by=MARA, now=next(clock))
    record_review.supersede(settings, two, three, by=MARA, now=next(clock))
    record_review.dismiss(settings, two, by=MARA, now=next(clock), reason="noise")
    record_review.supersede(settings, three, one, by=MARA, now=next(clock))
    before = statuses(settings, [one, two, three])
    with pytest.raises(BadRequest, match="circle") as refused:
        record_review.undo(settings, two, by=MARA, now=next(clock))
    assert all(decision in str(refused.value) for decision in (one, two, three))
    assert statuses(settings, [one, two, three]) == before == ["accepted", "accepted", "superseded"]
    record_review.undo(settings, three, by=MARA, now=next(clock))
    record_review.undo(settings, two, by=MARA, now=next(clock))
    assert statuses(settings, [one, two, three]) == ["superseded", "superseded", "accepted"]


def test_of_a_circle_that_sources_state_the_last_pair_is_left_out(
    settings: Settings, write: Callable[..., str]
) -> None:
    one = write(1, "Supersedes [3](0003-store.md)\n\nAccepted")
    two = write(2, "Supersedes [1](0001-store.md)\n\nAccepted")
    three = write(3, "Supersedes [2](0002-store.md)\n\nAccepted")
    assert statuses(settings, [one, two, three]).count("accepted") == 1
    with open_reader(settings.store, wait_s=5) as db:
        audited = db.execute("SELECT count(*) FROM audit").fetchall()
    write(3, "Supersedes [2](0002-store.md)\n\nAccepted")
    with open_reader(settings.store, wait_s=5) as db:
        assert db.execute("SELECT count(*) FROM audit").fetchall() == audited


def test_what_the_words_of_a_source_state_holds_after_an_act_that_said_so_is_undone(
    settings: Settings, write: Callable[..., str], clock: Iterator[datetime]
) -> None:
    one, two = write(1), write(2)
    record_review.supersede(settings, one, two, by=MARA, now=next(clock))
    record_review.undo(settings, one, by=MARA, now=next(clock))
    assert statuses(settings, [one, two]) == ["accepted", "accepted"]
    write(2, "Supersedes [1](0001-store.md)\n\nAccepted")
    three = write(3)
    with open_reader(settings.store, wait_s=5) as db:
        links = db.execute("SELECT link_id, recorded_to FROM links ORDER BY 1").fetchall()
    record_review.ratify(settings, three, by=MARA, now=next(clock))
    with open_reader(settings.store, wait_s=5) as db:
        assert db.execute("SELECT link_id, recorded_to FROM links ORDER BY 1").fetchall() == links
    assert statuses(settings, [one]) == ["superseded"]


def test_the_same_statement_again_may_say_what_it_replaces(
    settings: Settings, write: Callable[..., str], clock: Iterator[datetime], hashed: Embedder
) -> None:
    older = write(1)
    said = "We keep the mart in Postgres."

    def state(supersedes: str | None = None) -> tuple[str, str]:
        stated = Stated("the mart", (Claimed("choice", said),), supersedes=supersedes)
        answer = record_decision(settings, stated, by=MARA, now=next(clock), statement=said, embedder=lambda: hashed)
        return answer.outcome, answer.decision.decision_id

    _, newer = state()
    assert state(older) == ("recorded", newer)
    assert statuses(settings, [older]) == ["superseded"]
    assert state(older) == ("unchanged", newer)
    record_review.dismiss(settings, newer, by=MARA, now=next(clock), reason="noise")
    with pytest.raises(BadRequest, match=f"dismissed by mara.*intent review undo {newer}"):
        state()


def test_what_gave_way_comes_back_though_its_session_was_replaced_since(
    settings: Settings, hashed: Embedder, clock: Iterator[datetime], tmp_path: Path
) -> None:
    file = tmp_path / "talk.txt"

    def give(first: str) -> None:
        file.write_text(f"Mara: {first}\nJonas: Let's go with DuckDB for the mart because it needs no server.\n")
        moment = next(clock)
        source = file_source(file, Declared())
        run_by = record.recorder(settings, embedder=lambda: hashed, clock=lambda: moment)
        record.ingest_source(run_by, source, reader_for(source))

    def held() -> list[tuple[object, ...]]:
        with open_reader(settings.store, wait_s=5) as db:
            return db.execute("SELECT decision_id, choice FROM decisions WHERE recorded_to IS NULL").fetchall()

    give("Good morning.")
    ((found, choice),) = held()
    stated = Stated("the mart", (Claimed("choice", str(choice)),))
    told = record_decision(settings, stated, by=MARA, now=next(clock), embedder=lambda: hashed).decision.decision_id
    give("Good evening.")
    assert [one for one, _ in held()] == [told]
    record_review.undo(settings, told, by=MARA, now=next(clock), embedder=lambda: hashed)
    assert [one for one, _ in held()] == [found]
    assert record_upkeep.doctor(settings, embedder=lambda: hashed).findings == []


def test_a_ratified_record_learns_what_replaced_it(
    settings: Settings, write: Callable[..., str], clock: Iterator[datetime]
) -> None:
    one = write(1)
    record_review.ratify(settings, one, by=MARA, now=next(clock))
    two = write(2)
    assert write(1, "Superseded by [2](0002-store.md)") == one
    assert statuses(settings, [one, two]) == ["superseded", "accepted"]
    assert record_review.waiting(settings).waiting == []
    assert record_upkeep.quarantined(settings).total == 0


def test_a_status_that_the_source_of_a_ratified_record_says_since_waits_for_a_person(
    settings: Settings, write: Callable[..., str], clock: Iterator[datetime], hashed: Embedder
) -> None:
    one = write(1)
    record_review.ratify(settings, one, by=MARA, now=next(clock))
    for _ in range(2):
        assert write(1, "Rejected") == one
        waits = record_review.waiting(settings).waiting
        assert [(item.decision_id, item.why_waiting) for item in waits] == [(one, "The source now says: declined.")]
    assert statuses(settings, [one]) == ["accepted"]
    write(1, "Accepted")
    assert record_review.waiting(settings).waiting == []
    write(1, "Rejected")
    mended = record_review.Correction(status="declined")
    record_review.correct(settings, one, mended, by=MARA, now=next(clock), reason="so it says", embedder=lambda: hashed)
    assert record_review.waiting(settings).waiting == []
