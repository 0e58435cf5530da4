"""`intent ingest` of folders and places that hold less than one hoped for: what is left alone is told, with why."""

import json
import os
from pathlib import Path

import pytest

from intent_server.cli.main import run
from intent_server.errors import ExitCode

TALK = "Mara: Let's go with DuckDB because nobody has to look after a server.\nJonas: Agreed.\nMara: Good.\n"
FALA = (
    "Mara: Vamos usar o DuckDB para o painel, porque ninguém precisa cuidar de um servidor.\n"
    "Jonas: Concordo, e também acho que devemos guardar os relatórios antigos em outra pasta.\n"
    "Mara: Então está decidido, amanhã eu começo a escrever as consultas que faltam para a equipe.\n"
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without a store, with an empty folder `some`."""
    monkeypatch.delenv("INTENT_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "some").mkdir()
    return tmp_path


def report(capsys: pytest.CaptureFixture[str]) -> dict[str, list[dict[str, object]]]:
    shown = json.loads(capsys.readouterr().out)
    assert isinstance(shown, dict)
    return shown


def test_an_empty_folder_is_told_to_hold_nothing_readable(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ingest", "some"]) == ExitCode.FAILED
    assert "Left alone, no readable file in it: some." in capsys.readouterr().err


def test_a_folder_of_files_that_nobody_reads_is_told_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "some" / "a.bin").write_bytes(b"\x00\x01")
    assert run(["ingest", "some"]) == ExitCode.FAILED
    told = capsys.readouterr().err
    assert "Left alone, binary content: a.bin." in told
    assert "Left alone, no readable file in it: some." in told


def test_an_empty_folder_beside_a_good_one_fails_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "talk.txt").write_text(TALK)
    assert run(["ingest", "talk.txt", "some"]) == ExitCode.DONE
    assert "no readable file in it" in capsys.readouterr().err


def test_a_broken_link_in_a_folder_is_left_alone_with_the_reason(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "some" / "talk.txt").write_text(TALK)
    (here / "some" / "gone.txt").symlink_to(here / "nowhere")
    assert run(["ingest", "some", "--json"]) == ExitCode.QUARANTINED
    shown = report(capsys)
    assert (len(shown["sources"]), shown["failed"]) == (1, [])
    [skipped] = shown["skipped"]
    assert (skipped["reason"], skipped["is_lost"]) == ("a link that leads nowhere", True)


def test_a_pipe_in_a_folder_is_left_alone_with_the_reason(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "some" / "talk.txt").write_text(TALK)
    os.mkfifo(here / "some" / "queue")
    assert run(["ingest", "some", "--json"]) == ExitCode.DONE
    assert [skipped["reason"] for skipped in report(capsys)["skipped"]] == ["a pipe"]


def test_a_pipe_that_is_named_fails_with_the_remedy(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(here / "queue")
    assert run(["ingest", "queue"]) == ExitCode.FAILED
    assert "intent ingest - --name NAME" in capsys.readouterr().err


def test_the_readers_are_listed_once_for_many_files(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.bin", "b.bin"):
        (here / name).write_bytes(b"\x00\x01")
    assert run(["ingest", "a.bin", "b.bin"]) == ExitCode.FAILED
    told = capsys.readouterr().err
    assert (told.count("No reader accepts"), told.count("Readers: ")) == (2, 1)


def test_the_summary_tells_why_nothing_was_found_in_another_language(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "fala.txt").write_text(FALA, encoding="utf-8")
    run(["ingest", "fala.txt"])
    told = capsys.readouterr().err
    assert "1 source not in English (1 Portuguese (pt))" in told
    assert "in English only" in told


def test_the_totals_are_those_of_the_store(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One conversation in two files is one conversation, and what was ingested before counts."""
    (here / "talk.txt").write_text(TALK)
    (here / "some" / "more.txt").write_text(TALK.replace("DuckDB", "SQLite"))
    run(["ingest", "talk.txt"])
    assert "1 source read; 1 decision in " in capsys.readouterr().err
    run(["ingest", "some"])
    assert "1 source read; 2 decisions in " in capsys.readouterr().err
    run(["ingest", "some", "--json"])
    assert json.loads(capsys.readouterr().out)["held"] == {"decisions": 2, "waiting": 0}


def test_who_names_a_talk_of_one_speaker_is_told_how_it_is_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "notes.txt").write_text("Ana: we keep the export.\nAna: finance reads it.\n", encoding="utf-8")
    assert run(["ingest", "notes.txt"]) == ExitCode.FAILED
    assert "`--reader plain_text`" in capsys.readouterr().err
    assert run(["ingest", "notes.txt", "--reader", "plain_text"]) == ExitCode.DONE
