"""Sources read again as they were declared: what was refused is tried anew, what was dismissed stays dismissed."""

import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source
from intent_server import record, record_review, record_upkeep
from intent_server.answers_record import SourceReport
from intent_server.cli.main import run
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.errors import BadRequest, ExitCode
from intent_server.store.connect import open_reader

BY = Actor("mara")
SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "claude_code" / "retry-policy.jsonl"
LATER = datetime(2026, 3, 3, 12, tzinfo=UTC)
HELD = {
    "sessions": "SELECT * EXCLUDE (session_id) FROM intent.sessions ORDER BY ALL",
    "utterances": "SELECT * EXCLUDE (session_id) FROM intent.utterances ORDER BY ALL",
    "decisions": "SELECT subject, choice, status, authority, confidence, decided_at, valid_from, valid_to"
    " FROM intent.decisions WHERE recorded_to IS NULL ORDER BY ALL",
    "evidence": "SELECT quote, utterance_index, start_char, end_char FROM intent.evidence"
    " WHERE decision_id IN (SELECT decision_id FROM intent.decisions WHERE recorded_to IS NULL) ORDER BY ALL",
    "quarantine": "SELECT reason, place, text FROM intent.quarantine ORDER BY ALL",
}
Give = Callable[..., SourceReport]


@pytest.fixture
def settings(place: Path) -> Settings:
    return Settings(store=place, actor="test")


@pytest.fixture
def give(settings: Settings, hashed: Embedder, now: datetime) -> Give:
    """Ingests a file a minute later each time: ids sort by the clock."""
    minutes = itertools.count()

    def given(
        path: Path, declared: Declared | None = None, *, store: Path | None = None, **asked: object
    ) -> SourceReport:
        there = settings if store is None else Settings(store=store)
        moment = now + timedelta(minutes=next(minutes))
        run_by = record.recorder(there, embedder=lambda: hashed, clock=lambda: moment, **asked)  # type: ignore[arg-type]  # a test's free options
        source = file_source(path, declared or Declared())
        return record.ingest_source(run_by, source, reader_for(source, name=run_by.reader_name))

    return given


def held(place: Path) -> dict[str, list[tuple[object, ...]]]:
    with open_reader(place, wait_s=5) as db:
        return {name: db.execute(query).fetchall() for name, query in HELD.items()}


def test_a_line_fixed_in_the_file_gives_the_store_that_reading_the_fixed_file_first_gives(
    give: Give, settings: Settings, hashed: Embedder, tmp_path: Path
) -> None:
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    at = len(lines) // 2
    file = tmp_path / "talk.jsonl"
    file.write_bytes(b"".join([*lines[:at], lines[at][: len(lines[at]) // 2] + b"\n", *lines[at + 1 :]]))
    assert give(file).quarantined == 1
    file.write_bytes(b"".join(lines))
    answer = record_upkeep.retry(settings, None, now=LATER, by=BY, embedder=lambda: hashed)
    assert (answer.resolved, answer.remaining) == (1, 0)
    assert [(source.source, source.fresh) for source in answer.sources] == [(file.as_posix(), 0)]
    give(file, store=tmp_path / "other.duckdb")
    assert held(settings.store) == held(tmp_path / "other.duckdb")
    assert record_upkeep.verify(settings).findings == []


def test_what_people_said_of_a_decision_is_kept_when_its_source_is_retried(
    give: Give, settings: Settings, hashed: Embedder, tmp_path: Path
) -> None:
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    file = tmp_path / "talk.jsonl"
    file.write_bytes(b"".join([lines[0], b'{"type": "user", "mess\n', *lines[1:]]))
    give(file)
    with open_reader(settings.store, wait_s=5) as db:
        first, second = db.execute("SELECT decision_id, choice FROM intent.decisions ORDER BY choice").fetchall()[:2]
    record_review.ratify(settings, first[0], by=BY, now=LATER)
    record_review.dismiss(settings, second[0], by=BY, now=LATER, reason="not decided")
    file.write_bytes(b"".join(lines))
    record_upkeep.retry(settings, None, now=LATER + timedelta(hours=1), by=BY, embedder=lambda: hashed)
    query = """
        SELECT decisions.choice, reviews.action
        FROM reviews JOIN decisions ON decisions.decision_id = reviews.decision_id AND decisions.recorded_to IS NULL
        WHERE reviews.recorded_to IS NULL
        ORDER BY decisions.choice
    """
    with open_reader(settings.store, wait_s=5) as db:
        assert db.execute(query).fetchall() == [(first[1], "ratified"), (second[1], "dismissed")]
    assert record_upkeep.quarantined(settings).total == 0
    assert record_upkeep.verify(settings).findings == []


def test_a_reviewed_decision_whose_words_are_gone_is_noted_and_waits_through_a_retry(
    give: Give, settings: Settings, hashed: Embedder, tmp_path: Path
) -> None:
    file = tmp_path / "talk.vtt"
    talk = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Mara>{}\n"
    file.write_text(talk.format("Let's go with DuckDB because it needs no server."))
    give(file)
    with open_reader(settings.store, wait_s=5) as db:
        ((decision_id,),) = db.execute("SELECT decision_id FROM intent.decisions").fetchall()
    record_review.ratify(settings, decision_id, by=BY, now=LATER)
    file.write_text(talk.format("Good morning, everybody."))
    notes = give(file).notes
    assert notes == ["1 reviewed decision lost its words in the source (`intent quarantine list`)"]
    answer = record_upkeep.retry(settings, None, now=LATER + timedelta(hours=1), by=BY, embedder=lambda: hashed)
    assert (answer.resolved, answer.remaining) == (0, 1)


def test_what_is_still_broken_stays_the_same_item(
    give: Give, settings: Settings, hashed: Embedder, tmp_path: Path
) -> None:
    file = tmp_path / "talk.jsonl"
    file.write_bytes(SAMPLE.read_bytes()[:-40])
    give(file)
    before = record_upkeep.quarantined(settings)
    answer = record_upkeep.retry(settings, [before.items[0].item_id[:13]], now=LATER, by=BY, embedder=lambda: hashed)
    assert (answer.resolved, answer.remaining) == (0, 1)
    assert record_upkeep.quarantined(settings) == before


def test_a_source_is_read_again_as_it_was_declared(
    give: Give, settings: Settings, hashed: Embedder, tmp_path: Path
) -> None:
    file = tmp_path / "talk.vtt"
    broken = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v José>Let's use DuckDB für Köln.\n\n00:00:0x --> 1\nAgreed.\n"
    file.write_bytes(broken.encode("cp1252"))
    day = datetime(2026, 1, 2, tzinfo=UTC)
    assert give(file, Declared(encoding="cp1252", date=day)).quarantined == 1
    file.write_bytes(broken.replace("00:00:0x --> 1", "00:00:05.000 --> 00:00:06.000").encode("cp1252"))
    assert record_upkeep.retry(settings, None, now=LATER, by=BY, embedder=lambda: hashed).resolved == 1
    with open_reader(settings.store, wait_s=5) as db:
        assert db.execute("SELECT started_at FROM intent.sessions").fetchall() == [(day.replace(tzinfo=None),)]
        assert db.execute("SELECT text FROM intent.utterances ORDER BY utterance_index").fetchall() == [
            ("Let's use DuckDB für Köln.",),
            ("Agreed.",),
        ]
        kept = [json.loads(row[0]) for row in db.execute("SELECT declared FROM batches").fetchall()]
    assert kept == [{"encoding": "cp1252", "date": "2026-01-02T00:00:00.000000", "reader": None, "excluded": []}] * 2


def test_a_session_left_out_by_name_stays_out_when_its_source_is_read_again(
    give: Give, settings: Settings, hashed: Embedder, tmp_path: Path
) -> None:
    file = tmp_path / "talk.jsonl"
    file.write_bytes(SAMPLE.read_bytes()[:-40])
    native_id = json.loads(SAMPLE.read_bytes().splitlines()[-1])["sessionId"]
    give(file, exclude=[native_id])
    record_upkeep.retry(settings, None, now=LATER, by=BY, embedder=lambda: hashed)
    assert held(settings.store)["utterances"] == []
    with open_reader(settings.store, wait_s=5) as db:
        assert native_id not in str(db.execute("SELECT declared FROM batches").fetchall())


def test_a_store_that_kept_no_declaration_is_read_again_with_the_date_its_sessions_were_given(
    give: Give, settings: Settings, hashed: Embedder, tmp_path: Path
) -> None:
    file = tmp_path / "talk.vtt"
    file.write_text("WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>Yes.\n\nbroken --> x\nNo.\n")
    day = datetime(2026, 1, 2, tzinfo=UTC)
    give(file, Declared(date=day))
    with record.open_writer(settings.store, wait_s=5) as db:
        db.execute("UPDATE batches SET declared = NULL")
    file.write_text("WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>Yes.\n")
    assert record_upkeep.retry(settings, None, now=LATER, by=BY, embedder=lambda: hashed).resolved == 1
    with open_reader(settings.store, wait_s=5) as db:
        assert db.execute("SELECT started_at FROM intent.sessions").fetchall() == [(day.replace(tzinfo=None),)]


def test_a_file_read_by_another_reader_replaces_what_the_first_one_made_of_it(
    give: Give, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "talk.vtt"
    file.write_text("WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Ann>Yes: all of it.\n\nbroken --> x\nBob: No.\n")
    give(file)
    assert record_upkeep.quarantined(settings).total == 1
    give(file, reader_name="plain_text")
    assert [row[0] for row in _uris(settings.store)] == [file.as_posix()]
    assert "cue" not in str([item.place for item in record_upkeep.quarantined(settings).items])
    give(file)
    assert [row[0] for row in _uris(settings.store)] == [file.as_posix()]
    assert record_upkeep.quarantined(settings).total == 1
    assert record_upkeep.verify(settings).findings == []


def _uris(place: Path) -> list[tuple[object, ...]]:
    with open_reader(place, wait_s=5) as db:
        return db.execute("SELECT source_uri FROM intent.sessions").fetchall()


def test_what_came_through_standard_input_or_is_gone_is_told_and_stays(
    give: Give, settings: Settings, hashed: Embedder, tmp_path: Path
) -> None:
    broken = SAMPLE.read_bytes()[:-40]
    piped = stdin_source(broken, Declared(stdin_name="log"))
    record.ingest_source(record.recorder(settings, embedder=lambda: hashed), piped, reader_for(piped))
    gone = tmp_path / "gone.vtt"
    gone.write_text("WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>Yes.\n\nbroken --> x\nNo.\n")
    give(gone)
    gone.unlink()
    answer = record_upkeep.retry(settings, None, now=LATER, by=BY)
    assert (answer.resolved, answer.remaining) == (0, 2)
    errors = {source.source: str(source.error) for source in answer.sources}
    assert "intent ingest - --name log" in errors["stdin:log"]
    assert "No file or folder" in errors[gone.as_posix()]
    with pytest.raises(BadRequest, match="No open item"):
        record_upkeep.retry(settings, None, now=LATER, by=BY, source=str(tmp_path / "none"))


def test_a_dismissed_item_says_who_dismissed_it_and_why_and_stays_dismissed(
    give: Give, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "talk.jsonl"
    broken = SAMPLE.read_bytes() + b'{"type": "user", "mess\n'
    file.write_bytes(broken)
    give(file)
    item_id = record_upkeep.quarantined(settings).items[0].item_id
    with pytest.raises(BadRequest, match="reason"):
        record_upkeep.dismiss_item(settings, item_id, now=LATER, by=BY, reason="  ")
    closed = record_upkeep.dismiss_item(
        settings, item_id, now=LATER, by=Actor("mara", "pen 1.0"), reason="cut off; password = 'hunter2-Xk29fjQ'"
    )
    assert str(closed.ended).startswith("dismissed by mara via pen 1.0: cut off")
    assert "hunter2" not in str(closed.ended)
    file.write_bytes(broken + b'{"type": "summary", "summary": "Retries", "leafUuid": "1"}\n')
    assert give(file).quarantined == 1
    assert record_upkeep.quarantined(settings).total == 0
    assert record_upkeep.quarantined(settings, closed=True).items[0] == closed


def test_the_command_line_tries_lists_and_dismisses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, file = str(tmp_path / "i.duckdb"), tmp_path / "talk.jsonl"
    file.write_bytes(SAMPLE.read_bytes()[:-40])
    assert run(["ingest", str(file), "--store", store]) == ExitCode.QUARANTINED
    assert run(["quarantine", "retry", "--store", store]) == ExitCode.USAGE
    assert run(["quarantine", "retry", "--all", "--store", store]) == ExitCode.QUARANTINED
    file.write_bytes(SAMPLE.read_bytes())
    capsys.readouterr()
    assert run(["quarantine", "retry", "--source", str(file), "--store", store]) == ExitCode.DONE
    shown = capsys.readouterr()
    assert "1 item refused no longer, 0 still refused" in shown.out
    assert run(["quarantine", "list", "--all", "--store", store]) == ExitCode.DONE
    assert "refused no longer" in capsys.readouterr().out
    file.write_bytes(SAMPLE.read_bytes()[:-40])
    run(["ingest", str(file), "--store", store])
    capsys.readouterr()
    run(["quarantine", "list", "--json", "--store", store])
    item_id = json.loads(capsys.readouterr().out)["items"][0]["item_id"]
    assert run(["quarantine", "dismiss", item_id, "--store", store]) == ExitCode.USAGE
    assert run(["quarantine", "dismiss", item_id, "--reason", "cut off", "--store", store]) == ExitCode.DONE
    file.unlink()
    assert run(["quarantine", "retry", item_id, "--store", store]) != ExitCode.DONE
