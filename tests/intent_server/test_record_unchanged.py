"""A source that is held as it is need not be read again; one of which anything changed is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from ingest.pipeline import extract
from ingest.records import Ingested, Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import record, record_review, record_upkeep
from intent_server.answers_record import SourceReport
from intent_server.cli.main import run
from intent_server.config import Actor, Settings
from intent_server.record_llm_answers import place_of
from intent_server.record_unchanged import unchanged
from intent_server.store.connect import open_reader, open_writer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TALK = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Mara>Let's go with DuckDB because it needs no server.\n\n"
    "00:00:05.000 --> 00:00:09.000\n<v Aiko>Agreed.\n\nno cue\n"
)
Known = Callable[..., SourceReport | None]


def untouched(_: Session) -> NoReturn:
    raise AssertionError("a source that is held as it is was extracted again")


@pytest.fixture
def settings(place: Path) -> Settings:
    return Settings(store=place, actor="test")


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "2026-03-01-talk.vtt"
    path.write_text(TALK, encoding="utf-8")
    return path


@pytest.fixture
def first(settings: Settings, talk: Path) -> SourceReport:
    """The talk, ingested."""
    source = file_source(talk, Declared())
    return record.ingest_source(record.recorder(settings, clock=lambda: NOW), source, reader_for(source))


@pytest.fixture
def known(settings: Settings, talk: Path) -> Known:
    """What is known of the talk without reading it, as this run has it."""

    def of(declared: Declared | None = None, **changes: object) -> SourceReport | None:
        run_by = replace(record.recorder(settings, clock=lambda: NOW), extract=untouched, **changes)  # type: ignore[arg-type]  # a test's free changes
        source = file_source(talk, declared or Declared())
        return unchanged(run_by, source, reader_for(source))

    return of


def decision_id(place: Path) -> str:
    with open_reader(place, wait_s=5) as db:
        return str((db.execute("SELECT decision_id FROM intent.decisions").fetchone() or ("",))[0])


def by_hand(place: Path, statement: str) -> None:
    with open_writer(place, wait_s=5) as db:
        db.execute(statement)


def test_what_is_held_as_it_is_is_told_as_reading_it_again_would(
    first: SourceReport, known: Known, settings: Settings, talk: Path
) -> None:
    source = file_source(talk, Declared())
    again = record.ingest_source(record.recorder(settings), source, reader_for(source))
    assert first.decisions + first.waiting == 1
    assert known() == again
    assert again.outcome == "unchanged"


def test_a_source_that_was_never_read_is_not_known(known: Known) -> None:
    assert known() is None


@pytest.mark.usefixtures("first")
def test_other_bytes_are_not_known(known: Known, talk: Path) -> None:
    talk.write_text(TALK.replace("DuckDB", "SQLite"), encoding="utf-8")
    assert known() is None


@pytest.mark.usefixtures("first")
def test_what_is_declared_otherwise_is_not_known(known: Known) -> None:
    assert known(Declared(date=NOW)) is None
    assert known(Declared(encoding="cp1252")) is None
    assert known(reader_name="vtt") is None
    assert known(excluded=frozenset({"b2:one"})) is None


@pytest.mark.usefixtures("first")
def test_what_another_version_made_is_not_known(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.pipeline.EXTRACTION_VERSION", 0)
    assert known() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE utterances SET text = 'Let us go.' WHERE utterance_index = 0",
        "UPDATE decisions SET recorded_to = '2026-03-02'",
        "UPDATE quarantine SET recorded_to = '2026-03-02'",
        "UPDATE sessions SET recorded_to = '2026-03-02'",
    ],
)
@pytest.mark.usefixtures("first")
def test_rows_that_do_not_give_what_was_read_are_not_known(known: Known, place: Path, statement: str) -> None:
    assert known() is not None
    by_hand(place, statement)
    assert known() is None


@pytest.mark.usefixtures("first")
def test_a_source_of_a_reviewed_decision_is_read(known: Known, settings: Settings, place: Path) -> None:
    record_review.ratify(settings, decision_id(place), by=Actor("mara"), now=NOW)
    assert known() is None


@pytest.mark.usefixtures("first")
def test_a_source_of_a_forgotten_session_is_read(known: Known, settings: Settings, place: Path) -> None:
    with open_reader(place, wait_s=5) as db:
        session_id = str((db.execute("SELECT session_id FROM intent.sessions").fetchone() or ("",))[0])
    record_upkeep.forget(settings, session_id, now=NOW)
    assert known() is None


@pytest.mark.usefixtures("first")
def test_a_source_that_a_model_answered_about_is_read(known: Known, place: Path) -> None:
    with open_reader(place, wait_s=5) as db:
        kind, native_id = db.execute("SELECT source_kind, native_id FROM main.sessions").fetchone() or ("", "")
    answers = place_of(place, kind, native_id)
    answers.parent.mkdir(parents=True)
    answers.touch()
    assert known() is None


@pytest.mark.usefixtures("first")
def test_a_reader_that_looks_beside_the_file_reads_it(settings: Settings, talk: Path) -> None:
    source = file_source(talk, Declared())
    reader = replace(reader_for(source), reads_beside=True)
    assert unchanged(record.recorder(settings), source, reader) is None


def test_the_command_extracts_nothing_twice_unless_asked(
    talk: Path, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read: list[str] = []

    def counted(session: Session) -> Ingested:
        read.append(session.native_id)
        return extract(session)

    monkeypatch.setattr("intent_server.record_llm.extract", counted)
    for flags in ([], [], ["--anew"]):
        run(["ingest", str(talk), "--store", str(place), *flags])
    assert len(read) == 2
    assert "unchanged: 1 session" in capsys.readouterr().out
