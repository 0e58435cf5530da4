"""Stores as each released version wrote them, opened by today's code (see released/make.py)."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import duckdb
import pytest

from ingest.registry import reader_for
from ingest.sources import Declared, stdin_source
from intent_server import questions, record
from intent_server.answers import Decision, Why
from intent_server.config import Settings
from intent_server.embed import bundled
from intent_server.record_transfer import import_
from intent_server.record_upkeep import doctor, rebuild, verify
from intent_server.store.connect import open_reader
from intent_server.store.migrate import known_version
from intent_server.store.transfer import TABLES, manifest_of, write_json
from tests.intent_server.store.released.make import NEW_RECORD, OLD_RECORD, QUESTION

RELEASED = sorted(path.stem for path in (Path(__file__).parent / "released").glob("*.sql"))
Tables = dict[str, tuple[list[str], list[tuple[object, ...]]]]


@pytest.fixture(params=RELEASED)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store(version: str, left: Callable[[str], Path], tmp_path: Path) -> Path:
    """A copy of the store as that version left it."""
    return Path(shutil.copy(left(version), tmp_path / "released.duckdb"))


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The store as a version left it, made for the first test that asks."""
    folder = tmp_path_factory.mktemp("released")

    @cache
    def made(version: str) -> Path:
        place = folder / f"{version}.duckdb"
        with duckdb.connect(str(place)) as db:
            db.begin()
            db.execute((Path(__file__).parent / "released" / f"{version}.sql").read_text(encoding="utf-8"))
            db.commit()
        return place

    return made


def tables(place: Path) -> Tables:
    with duckdb.connect(str(place), read_only=True) as db:
        names = [str(name) for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: (db.table(name).columns, db.table(name).order("ALL").fetchall()) for name in names}


def rows_of(place: Path, name: str, columns: list[str]) -> list[tuple[object, ...]]:
    with open_reader(place, wait_s=5) as db:
        return db.cursor().table(f"store.main.{name}").select(*columns).order("ALL").fetchall()


def test_every_released_schema_has_its_store() -> None:
    assert [f"schema_{number}" for number in range(1, known_version())] == RELEASED


def test_no_row_changes_and_everything_holds(store: Path) -> None:
    before = tables(store)
    assert verify(Settings(store=store), quick=True).findings == []
    for name, (columns, rows) in before.items():
        if name != "migrations":
            assert rows_of(store, name, columns) == rows, name
    assert rows_of(store, "migrations", ["number"]) == [(number,) for number in range(1, known_version() + 1)]
    assert {finding.check for finding in doctor(Settings(store=store)).findings} <= {"search terms"}
    rebuild(Settings(store=store))
    assert doctor(Settings(store=store)).findings == []
    assert verify(Settings(store=store)).findings == []


def told(decision: Decision) -> object:
    """What an answer says of a decision, as far as every version says it."""
    claims = [decision.choice, *decision.rationale, *decision.alternatives]
    quotes = [
        (quote.evidence_id, quote.recorded_text, quote.place.locator) for claim in claims for quote in claim.quotes
    ]
    people = sorted((one.person, one.role) for one in decision.people)
    return decision.decision_id, decision.status, decision.decided_at, quotes, people, decision.supersedes


def test_why_answers_the_same(store: Path, version: str) -> None:
    text = (Path(__file__).parent / "released" / f"{version}.json").read_text(encoding="utf-8")
    then = Why.model_validate(json.loads(text))
    now = questions.why(questions.asker(Settings(store=store), bundled), QUESTION)
    assert now.verdict == then.verdict == "decided"
    assert told(now.decisions[0]) == told(then.decisions[0])
    assert now.decisions[0].supersedes


def test_parts_and_people_are_known_from_when_their_decision_was(store: Path) -> None:
    with open_reader(store, wait_s=5) as db:
        for name in ("parts", "people"):
            odd = db.execute(
                f"SELECT count(*) FROM {name} AS held WHERE recorded_to IS NOT NULL OR recorded_from IS DISTINCT FROM"  # noqa: S608  two names
                " (SELECT min(recorded_from) FROM decisions WHERE decision_id = held.decision_id)"
            ).fetchone()
            assert odd == (0,), name


def test_reading_the_same_sources_again_keeps_every_session(store: Path) -> None:
    """Today's reader may find other decisions in them; the conversations are the same."""
    held = ("sessions", ["session_id", "fingerprint", "recorded_to"])
    before = rows_of(store, *held)
    for name, text in (("0001-mart-in-postgres.md", OLD_RECORD), ("0002-mart-in-duckdb.md", NEW_RECORD)):
        source = stdin_source(text.encode(), Declared(stdin_name=name))
        record.ingest_source(record.recorder(Settings(store=store)), source, reader_for(source))
    assert rows_of(store, *held) == before
    assert verify(Settings(store=store)).findings == []


def test_an_export_made_at_that_schema_is_imported_and_brought_up_to_date(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "old.jsonl"
    with duckdb.connect(str(store), read_only=True) as db, file.open("w", encoding="utf-8") as stream:
        write_json(db, manifest_of(db, store, made_by="an older version"), stream)
    other = Settings(store=tmp_path / "other.duckdb")
    import_(other, file)
    assert verify(other).findings == []
    with open_reader(store, wait_s=5):
        pass
    before, now = tables(store), tables(other.store)
    assert {name: now[name] for name in TABLES} == {name: before[name] for name in TABLES}
