"""Recordings on the command line: from sound to a decision, to the seconds in which it was said."""

import json
import shutil
import stat
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.hearing import Heard, Hearing
from intent_server.answers_record import HeardReport
from intent_server.cli.ingest_audio import progress_line
from intent_server.cli.main import run
from intent_server.errors import ExitCode
from tests.sound import Line, Scripted, conversation, write

MEETING = (
    (0, "Let's go with DuckDB for the mart because nobody has to look after a server."),
    (1, "Agreed."),
    (0, "Good, then I will write it down."),
)
MARK = {"avg_logprob": -1.31}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without a store, and no settings from outside."""
    for name in ("INTENT_STORE", "INTENT_WHISPER", "INTENT_MAX_CHARS", "INTENT_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTENT_MODELS", str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def meeting(here: Path) -> list[Line]:
    """meeting.wav, two voices on two channels, and when each line is said."""
    channels, lines = conversation(MEETING)
    write(here / "meeting.wav", [channels])
    return lines


@pytest.fixture
def scripted(meeting: list[Line], monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """Stands in for Whisper, wherever a model is asked for."""
    heard = Scripted(meeting)
    monkeypatch.setattr("ingest.readers.audio_transcript.whisper", lambda uri, hearing: heard)
    monkeypatch.setattr("intent_server.record_hearing.whisper", lambda uri, hearing: heard)
    return heard


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    shown = json.loads(capsys.readouterr().out)
    assert isinstance(shown, dict)
    return shown


def ingest(*options: str) -> int:
    return run(["ingest", "meeting.wav", "--date", "2026-03-03", "--language", "en", *options])


def why(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert run(["why", "why DuckDB for the mart?", "--json"]) == ExitCode.DONE
    return said(capsys)["decisions"][0]  # type: ignore[index,no-any-return]  # JSON


def test_a_recording_leads_to_the_seconds_in_which_its_decision_was_said(
    here: Path, scripted: Scripted, meeting: list[Line], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ingest() == ExitCode.DONE
    told = capsys.readouterr()
    assert "1 decision" in told.out
    assert "each of 2 voices, heard by small" in told.err
    quote = why(capsys)["choice"]["quotes"][0]  # type: ignore[index]  # JSON
    assert abs(quote["place"]["start_ms"] - meeting[0].start_ms) < 300
    assert run(["play", quote["evidence_id"], "--out", "clip.wav"]) == ExitCode.DONE
    with wave.open("clip.wav") as clip:
        seconds = clip.getnframes() / clip.getframerate()
        loud = np.abs(np.frombuffer(clip.readframes(clip.getnframes()), np.int16)).max()
    assert abs(seconds - (meeting[0].end_ms - meeting[0].start_ms) / 1000) < 0.5
    assert loud > 1000


def test_ingesting_a_recording_again_hears_nothing_twice_and_changes_nothing(
    here: Path, scripted: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ingest("--json") == ExitCode.DONE
    first = said(capsys)
    stretches = len(scripted.heard)
    assert stretches
    assert run(["ingest", "meeting.wav", "--json"]) == ExitCode.DONE
    again = said(capsys)
    assert len(scripted.heard) == stretches
    assert again["sources"][0]["outcome"] == "unchanged"  # type: ignore[index]  # JSON
    assert again["sources"][0]["signature"] == first["sources"][0]["signature"]  # type: ignore[index]  # JSON
    assert first["heard"][0]["model"] == "small"  # type: ignore[index]  # JSON
    assert again["heard"] == []
    capsys.readouterr()
    assert run(["verify"]) == ExitCode.DONE
    assert len(scripted.heard) == stretches


def test_a_killed_run_goes_on_where_it_was(here: Path, scripted: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    scripted.stop_after = 1
    assert ingest("--batch-size", "1") == ExitCode.INTERRUPTED
    told = capsys.readouterr().err
    assert "run it again" in told
    assert "heard by small" not in told
    scripted.stop_after = None
    assert ingest("--batch-size", "1") == ExitCode.DONE
    assert len(scripted.heard) == len(set(scripted.heard))


def test_what_was_heard_is_kept_for_its_owner_alone_until_it_is_forgotten(
    here: Path, scripted: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest()
    kept = here / ".intent" / "intent.heard"
    assert list(kept.rglob("transcript.json"))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert (kept / ".gitignore").read_text() == "*\n"
    capsys.readouterr()
    run(["sessions", "--json"])
    session = said(capsys)["sessions"][0]["session_id"]  # type: ignore[index]  # JSON
    assert run(["forget", session]) == ExitCode.DONE
    assert not list(kept.rglob("*.json"))
    assert ingest() == ExitCode.DONE
    assert not list(kept.rglob("*.json"))


def test_verify_transcribes_nothing_and_says_what_it_could_not_make_again(
    here: Path, scripted: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest()
    stretches = len(scripted.heard)
    shutil.rmtree(here / ".intent" / "intent.heard")
    capsys.readouterr()
    assert run(["verify", "--json"]) == ExitCode.DONE
    unmade = said(capsys)["not_recomputed"]
    assert unmade == [{"rule": "a recording whose model or transcript is not on this machine any more", "count": 1}]
    assert len(scripted.heard) == stretches


def test_what_is_said_off_the_record_is_kept_nowhere(
    here: Path, scripted: Scripted, meeting: list[Line], capsys: pytest.CaptureFixture[str]
) -> None:
    scripted.script = [replace(meeting[0], words="[intent: off the record]"), *meeting[1:]]
    assert ingest("--json") == ExitCode.DONE
    assert said(capsys)["sources"][0]["sessions"] == 0  # type: ignore[index]  # JSON
    assert not list((here / ".intent" / "intent.heard").rglob("*.json"))


def test_a_dry_run_with_a_language_model_hears_nothing(
    here: Path, scripted: Scripted, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTENT_LLM_URL", "http://127.0.0.1:9/v1")
    options = ["--llm", "--llm-model", "openai:none", "--dry-run"]
    assert run(["ingest", "meeting.wav", *options]) == ExitCode.DONE
    assert "1 recording not heard yet, not counted" in capsys.readouterr().err
    assert scripted.heard == []
    ingest()
    capsys.readouterr()
    assert run(["ingest", "meeting.wav", *options]) == ExitCode.DONE
    told = capsys.readouterr().err
    assert "1 page to ask" in told
    assert "not heard" not in told


def test_another_model_is_another_transcript_with_fresh_hints(
    here: Path, scripted: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest()
    capsys.readouterr()
    assert run(["ingest", "meeting.wav", "--model", "medium", "--json"]) == ExitCode.DONE
    assert "transcribed by Whisper (medium)" in str(said(capsys)["sources"])
    run(["sql", "SELECT declared FROM intent.batches ORDER BY batch_id DESC LIMIT 1", "--json"])
    declared = json.loads(said(capsys)["rows"][0][0])  # type: ignore[index]  # JSON
    assert declared["hearing"]["model"] == "medium"
    assert declared["hearing"]["language"] == "en"


def test_a_decision_that_was_hard_to_hear_says_so_wherever_it_is_shown(
    here: Path, scripted: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    scripted.marks = MARK
    ingest()
    decision = why(capsys)
    assert "its choice" in str(decision["unclear"])
    assert "low log-probability -1.31" in str(decision["unclear"])
    run(["why", "why DuckDB for the mart?"])
    shown = capsys.readouterr().out
    assert "Hard to hear: its choice" in shown
    assert "uncertain words: low log-probability -1.31" in shown
    run(["search", "DuckDB mart", "--json"])
    assert all(hit["doubt"] for hit in said(capsys)["hits"])  # type: ignore[attr-defined]  # JSON
    run(["sql", "SELECT DISTINCT doubt FROM intent.utterances", "--csv"])
    assert capsys.readouterr().out.splitlines() == ["doubt", "low log-probability -1.31"]


def test_evidence_from_a_recording_tells_its_offset(
    here: Path, scripted: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest()
    evidence = why(capsys)["choice"]["quotes"][0]["evidence_id"]  # type: ignore[index]  # JSON
    run(["get", evidence, "--json"])
    place = said(capsys)["evidence"]["place"]  # type: ignore[index]  # JSON
    assert place["offset"].startswith("00:00:0")
    assert place["end_ms"] > place["start_ms"]
    run(["get", evidence])
    assert f"{place['offset']}, meeting.wav" in capsys.readouterr().out


def test_without_its_model_a_named_recording_is_an_error_with_the_command_that_fetches_it(
    here: Path, meeting: list[Line], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ingest() == ExitCode.FAILED
    assert "intent models pull small" in capsys.readouterr().err


def test_without_its_model_a_recording_in_a_folder_is_left_alone_and_the_rest_is_read(
    here: Path, meeting: list[Line], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = here / "talks"
    folder.mkdir()
    (here / "meeting.wav").rename(folder / "meeting.wav")
    (folder / "talk.txt").write_text("Mara: Let's go with DuckDB.\nJonas: Agreed.\n" * 3, encoding="utf-8")
    assert run(["ingest", "talks"]) == ExitCode.DONE
    told = capsys.readouterr()
    assert "talk.txt" in told.out
    assert "Left alone, a recording, and the model 'small'" in told.err
    assert "intent models pull small" in told.err


def test_the_names_that_the_store_knows_are_hints_and_stay_those_of_the_first_reading(
    here: Path, scripted: Scripted, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hints: list[tuple[str, ...]] = []

    def whisper(uri: str, hearing: Hearing) -> Scripted:
        hints.append(hearing.hot_words)
        return scripted

    monkeypatch.setattr("ingest.readers.audio_transcript.whisper", whisper)
    talk = "Mara Lindqvist: Let's go with stg_orders for the mart.\nJonas: Agreed.\nMara Lindqvist: Good.\n"
    (here / "talk.txt").write_text(talk, encoding="utf-8")
    run(["ingest", "talk.txt"])
    ingest()
    assert "Mara Lindqvist" in hints[0]
    (here / "more.txt").write_text(talk.replace("Jonas", "Aiko Tan"), encoding="utf-8")
    run(["ingest", "more.txt"])
    run(["ingest", "meeting.wav"])
    assert set(hints) == {hints[0]}


def test_a_roster_names_the_channels(here: Path, scripted: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "names.json").write_text('{"channel 1": "Mara", "channel 2": "Jonas"}', encoding="utf-8")
    assert ingest("--roster", "names.json") == ExitCode.DONE
    assert why(capsys)["choice"]["quotes"][0]["place"]["speaker"] == "Mara"  # type: ignore[index]  # JSON


def test_a_roster_is_refused_for_several_recordings(
    here: Path, meeting: list[Line], capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy("meeting.wav", "other.wav")
    (here / "names.json").write_text("{}", encoding="utf-8")
    assert run(["ingest", "meeting.wav", "other.wav", "--roster", "names.json"]) == ExitCode.USAGE
    assert "about one recording" in capsys.readouterr().err


def test_progress_tells_the_time_left() -> None:
    told = Heard(done_s=720, total_s=3600, factor=0.5)
    assert progress_line("m.m4a", replace(told, voices=2)) == "m.m4a: 6:00 of 30:00 heard, about 24:00 left"
    assert progress_line("meeting.m4a", told) == "meeting.m4a: 12:00 of 1:00:00 heard, about 24:00 left"
    assert progress_line("meeting.m4a", replace(told, done_s=3600)) == "meeting.m4a: 1:00:00 of 1:00:00 heard"
    assert HeardReport(source="a", model="small", seconds=1).factor is None
