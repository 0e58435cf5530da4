"""`verify` reads every source again: what it gives now is what was recorded, or it is told by name."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.registry import reader_for
from ingest.sources import Declared, stdin_source
from intent_server import record
from intent_server.answers_record import Verified
from intent_server.cli.main import run
from intent_server.config import Settings
from intent_server.errors import ExitCode
from intent_server.record_upkeep import forget, verify
from intent_server.store.connect import open_reader, open_writer
from intent_server.store.rows import fetched, session_fingerprint, utterances_fingerprint

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
NOW = datetime(2026, 3, 3, tzinfo=UTC)
TALK = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Mara>Let's go with DuckDB because it needs no server.\n"
AGENT = SAMPLES / "claude_code" / "retry-policy.jsonl"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "intent.duckdb"


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.vtt"
    path.write_text(TALK)
    return path


def ingest(store: Path, *paths: Path, options: tuple[str, ...] = ()) -> None:
    assert run(["ingest", *map(str, paths), "--store", str(store), *options]) == ExitCode.DONE


def checked(store: Path) -> Verified:
    return verify(Settings(store=store))


def counts(answer: Verified) -> dict[str, int]:
    return {item.rule: item.count for item in (*answer.checked, *answer.not_recomputed)}


def names(answer: Verified) -> set[str]:
    return {finding.check for finding in answer.findings}


def test_every_batch_of_the_samples_is_made_again(sampled: Path, store: Path) -> None:
    shutil.copy(sampled / "intent.duckdb", store)
    with open_reader(store, wait_s=5) as db:
        read = [Path(row[0]) for row in db.execute("SELECT source_uri FROM intent.batches").fetchall()]
    assert {path.relative_to(SAMPLES).parts[0] for path in read} == {path.name for path in SAMPLES.iterdir()}
    answer = checked(store)
    assert answer.findings == []
    found = counts(answer)
    assert found["batches made again"] == found["batches"] > 0


def test_a_source_with_one_byte_changed_is_told_with_its_place(store: Path, talk: Path) -> None:
    ingest(store, talk)
    talk.write_text(TALK.replace("DuckDB", "DuckDb"))
    answer = checked(store)
    assert [(finding.check, finding.where) for finding in answer.findings] == [("source changed", talk.as_posix())]
    assert "intent ingest" in str(answer.findings[0].remedy)
    assert counts(answer)["its source changed or is missing"] == 1
    assert verify(Settings(store=store), quick=True).findings == []


def test_a_source_that_is_gone_is_told_and_one_that_was_moved_is_not(store: Path, talk: Path) -> None:
    ingest(store, talk)
    moved = talk.rename(talk.with_name("moved.vtt"))
    assert names(checked(store)) == {"source missing"}
    ingest(store, moved)
    assert names(checked(store)) == set()


def test_a_forged_record_with_fingerprints_that_fit_is_found_by_reading_its_source_again(
    store: Path, talk: Path
) -> None:
    ingest(store, talk)
    with open_writer(store, wait_s=5) as db:
        db.execute("UPDATE utterances SET speaker = 'Somebody'")
        session = next(fetched(db, "open_sessions"))
        words = utterances_fingerprint(
            fetched(db, "held_utterances", session_id=session["session_id"]), session["time_basis"]
        )
        gone = ("session_id", "utterance_count", "fingerprint")
        facts = {name: value for name, value in session.items() if name not in gone}
        facts["notes"] = json.loads(str(facts["notes"]))
        db.execute("UPDATE sessions SET fingerprint = ?", [session_fingerprint(facts, words)])
    assert verify(Settings(store=store), quick=True).findings == []
    assert names(checked(store)) == {"record"}


def test_what_another_version_made_is_counted_and_no_failure(
    store: Path, talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(store, talk)
    monkeypatch.setattr(pipeline, "EXTRACTION_VERSION", 99)
    answer = checked(store)
    assert answer.findings == []
    assert counts(answer)["made by another version"] == 1
    assert counts(answer)["batches made again"] == 0


def test_an_extractor_that_gives_something_else_under_the_same_version_is_found(
    store: Path, talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(store, talk)
    monkeypatch.setattr(pipeline, "PASSES", tuple(step for step in pipeline.PASSES if step.__name__ != "propose"))
    monkeypatch.setattr("intent_server.record_verify.extractor_fingerprint", lambda _reader: made_by(store))
    monkeypatch.setattr("intent_server.record_reading.extractor_fingerprint", lambda _reader: made_by(store))
    answer = checked(store)
    assert "decision 1 then, 0 now" in next(item.problem for item in answer.findings if item.check == "signature")


def made_by(store: Path) -> str:
    with open_writer(store, wait_s=5) as db:
        row = db.execute("SELECT max(extractor_fingerprint) FROM batches").fetchone()
    return str(row[0]) if row else ""


def test_batches_of_before_and_of_standard_input_are_counted(store: Path, talk: Path) -> None:
    ingest(store, talk)
    talk.write_text(TALK.replace("DuckDB", "Postgres"))
    ingest(store, talk)
    piped = stdin_source(TALK.encode(), Declared(stdin_name="talk"))
    record.ingest_source(record.recorder(Settings(store=store)), piped, reader_for(piped))
    answer = checked(store)
    assert answer.findings == []
    found = counts(answer)
    assert found["its source was read again since"] == 1
    assert found["no file holds them: standard input, a statement or commit messages"] == 1
    assert found["batches made again"] == 1


def test_a_source_is_made_again_as_it_was_declared(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "talk.vtt"
    path.write_bytes(TALK.replace("server", "Küche").encode("cp1252"))
    ingest(store, path, options=("--encoding", "cp1252", "--date", "2026-01-02", "--reader", "plain_text"))
    answer = checked(store)
    assert answer.findings == []
    assert counts(answer)["batches made again"] == 1


def test_what_other_sources_forgot_or_hold_is_no_failure(store: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in AGENT.read_text().splitlines()]
    fork = tmp_path / "fork.jsonl"
    fork.write_text("".join(json.dumps({**line, "sessionId": "f0" * 18}) + "\n" for line in lines))
    ingest(store, AGENT)
    run(["ingest", str(fork), "--store", str(store)])
    assert checked(store).findings == []
    with open_writer(store, wait_s=5) as db:
        parent = db.execute("SELECT session_id FROM intent.sessions ORDER BY session_id").fetchall()[0][0]
    forget(Settings(store=store), parent, now=NOW + timedelta(days=1))
    answer = checked(store)
    assert answer.findings == []
    assert counts(answer)["other sources hold, or forgot, a part of it since"] >= 1


def test_the_exit_code_says_whether_all_holds(store: Path, talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(store, talk)
    capsys.readouterr()
    assert run(["verify", "--store", str(store)]) == ExitCode.DONE
    assert capsys.readouterr().err.splitlines()[-1] == "Everything holds."
    talk.unlink()
    assert run(["verify", "--store", str(store)]) == ExitCode.FAILED
    assert f"FAILED source missing: {talk.as_posix()}" in capsys.readouterr().out
    assert run(["verify", "--quick", "--json", "--store", str(store)]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["findings"] == []
