"""`intent play`: what it plays, cuts and refuses."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from intent_server.cli.main import run
from intent_server.errors import ExitCode
from tests.sound import Line, Scripted, conversation, write

Played = Callable[[str], int]
MEETING = ((0, "Let's go with DuckDB for the mart because nobody has to look after a server."), (1, "Agreed, then."))
TALK = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Mara>Let's go with DuckDB for the mart because nobody has to look after a server.

00:00:05.000 --> 00:00:06.000
<v Jonas>Agreed.
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without a store, and no settings from outside."""
    for name in ("INTENT_STORE", "INTENT_WHISPER", "INTENT_MAX_CHARS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTENT_MODELS", str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def line(here: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """meeting.wav in the store; when its decision was said."""
    channels, lines = conversation(MEETING)
    write(here / "meeting.wav", [channels])
    heard = Scripted(lines)
    monkeypatch.setattr("ingest.readers.audio_transcript.whisper", lambda uri, hearing: heard)
    assert run(["ingest", "meeting.wav", "--date", "2026-03-03"]) == ExitCode.DONE
    return lines[0]


@pytest.fixture
def evidence(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """The evidence of the one decision's choice."""

    def of_choice() -> str:
        capsys.readouterr()
        run(["why", "why DuckDB for the mart?", "--json"])
        return str(json.loads(capsys.readouterr().out)["decisions"][0]["choice"]["quotes"][0]["evidence_id"])

    return of_choice


@pytest.fixture
def played(here: Path, evidence: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> Played:
    """Plays the choice on the only player of this machine, a script of these lines that is given the file last."""

    def by(script: str) -> int:
        place = here / "bin"
        place.mkdir()
        (place / "aplay").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (place / "aplay").chmod(0o755)
        monkeypatch.setenv("PATH", f"{place}{os.pathsep}/bin")
        monkeypatch.setattr("intent_server.cli.play.PLAYERS", (("aplay", "--quiet"),))
        return run(["play", evidence()])

    return by


def test_the_player_is_given_the_seconds_and_the_words_are_shown(
    here: Path, line: Line, played: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    assert played('cp "$2" played.wav') == ExitCode.DONE
    seconds = (here / "played.wav").stat().st_size / 4 / 16_000
    assert abs(seconds - (line.end_ms - line.start_ms) / 1000) < 0.5
    told = capsys.readouterr()
    assert told.out == ""
    assert "Playing 00:00:0" in told.err
    assert "“" in told.err


@pytest.mark.usefixtures("line")
def test_without_a_player_the_file_to_write_is_named(
    evidence: Callable[[], str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = evidence()
    monkeypatch.setattr("intent_server.cli.play.PLAYERS", (("no-such-player",),))
    assert run(["play", found]) == ExitCode.FAILED
    assert "--out FILE.wav" in capsys.readouterr().err


@pytest.mark.usefixtures("line")
def test_a_player_that_fails_is_said_to_have_failed(played: Played, capsys: pytest.CaptureFixture[str]) -> None:
    assert played("exit 3") == ExitCode.FAILED
    assert "exit code 3" in capsys.readouterr().err


def test_seconds_around_the_words_come_with_them(here: Path, line: Line, evidence: Callable[[], str]) -> None:
    found = evidence()
    assert (
        run(["play", found, "--out", "bare.wav"]) == run(["play", found, "--out", "more.wav", "--around", "0.4"]) == 0
    )
    added = ((here / "more.wav").stat().st_size - (here / "bare.wav").stat().st_size) / 4 / 16_000
    assert abs(added - 0.8) < 0.01


def test_a_decision_is_played_by_its_choice(
    here: Path, line: Line, evidence: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = evidence()
    run(["why", "why DuckDB for the mart?", "--json"])
    decision = json.loads(capsys.readouterr().out)["decisions"][0]["decision_id"]
    assert run(["play", decision, "--out", "a.wav"]) == run(["play", found, "--out", "b.wav"]) == ExitCode.DONE
    assert (here / "a.wav").read_bytes() == (here / "b.wav").read_bytes()


def test_a_moved_recording_is_an_error_until_its_new_place_is_named(
    here: Path, line: Line, evidence: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = evidence()
    (here / "meeting.wav").rename(here / "moved.wav")
    assert run(["play", found, "--out", "clip.wav"]) == ExitCode.FAILED
    told = capsys.readouterr().err
    assert "meeting.wav" in told
    assert "--recording FILE" in told
    assert run(["play", found, "--out", "clip.wav", "--recording", "moved.wav"]) == ExitCode.DONE
    assert "byte for byte" not in capsys.readouterr().err


def test_a_moved_recording_that_was_ingested_from_its_new_place_is_found(
    here: Path, line: Line, evidence: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = evidence()
    (here / "meeting.wav").rename(here / "moved.wav")
    run(["ingest", "moved.wav", "--date", "2026-03-03"])
    capsys.readouterr()
    assert run(["play", found, "--out", "clip.wav"]) == ExitCode.DONE
    assert "moved.wav" in capsys.readouterr().err


def test_a_recording_that_has_changed_since_is_refused(
    here: Path, line: Line, evidence: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = evidence()
    write(here / "meeting.wav", [[np.zeros(16_000, np.float32)]])
    assert run(["play", found, "--out", "clip.wav"]) == ExitCode.FAILED
    assert "has changed since" in capsys.readouterr().err
    assert not (here / "clip.wav").exists()


def test_another_file_in_its_place_is_played_with_a_warning(
    here: Path, line: Line, evidence: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = evidence()
    write(here / "other.wav", [[np.zeros(160_000, np.float32)]])
    assert run(["play", found, "--out", "clip.wav", "--recording", "other.wav"]) == ExitCode.DONE
    assert "not, byte for byte, the recording" in capsys.readouterr().err


def test_words_of_a_transcript_are_played_from_the_recording_that_is_named(
    here: Path, evidence: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "talk.vtt").write_text(TALK, encoding="utf-8")
    run(["ingest", "talk.vtt", "--date", "2026-03-03"])
    found = evidence()
    assert run(["play", found, "--out", "clip.wav"]) == ExitCode.USAGE
    assert "--recording FILE" in capsys.readouterr().err
    write(here / "talk.wav", [[np.zeros(160_000, np.float32)]])
    assert run(["play", found, "--out", "clip.wav", "--recording", "talk.wav"]) == ExitCode.DONE
    assert "00:00:01.000 to 00:00:04.000" in capsys.readouterr().err


def test_words_that_were_heard_at_one_moment_are_played_all_the_same(
    here: Path, monkeypatch: pytest.MonkeyPatch, evidence: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    channels, lines = conversation(MEETING)
    write(here / "meeting.wav", [channels])
    heard = Scripted([replace(line, start_ms=line.end_ms) for line in lines])
    monkeypatch.setattr("ingest.readers.audio_transcript.whisper", lambda uri, hearing: heard)
    assert run(["ingest", "meeting.wav", "--date", "2026-03-03"]) == ExitCode.DONE
    assert run(["play", evidence(), "--out", "clip.wav"]) == ExitCode.DONE


def test_words_without_a_time_are_said_to_have_none(
    here: Path, evidence: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    talk = "Mara: Let's go with DuckDB for the mart because it is simple.\nJonas: Agreed.\nMara: Good.\nJonas: Yes.\n"
    (here / "talk.txt").write_text(talk, encoding="utf-8")
    run(["ingest", "talk.txt"])
    found = evidence()
    assert run(["play", found, "--out", "clip.wav"]) == ExitCode.USAGE
    assert "has no time in a recording" in capsys.readouterr().err


def test_an_ending_that_cannot_be_written_is_refused_with_those_that_can(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["play", "anything", "--out", "clip.xyz"]) == ExitCode.USAGE
    assert ".wav, .flac, .mp3" in capsys.readouterr().err


def test_the_recording_is_never_written_over(
    here: Path, line: Line, evidence: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = (here / "meeting.wav").read_bytes()
    assert run(["play", evidence(), "--out", "meeting.wav"]) == ExitCode.USAGE
    assert (here / "meeting.wav").read_bytes() == before
    assert "the recording itself" in capsys.readouterr().err
