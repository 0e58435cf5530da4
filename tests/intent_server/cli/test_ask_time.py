"""The reading commands as of another time, and `intent history`."""

import json
from pathlib import Path

import pytest

from intent_server.cli.main import run
from intent_server.errors import ExitCode
from tests.intent_server.worlds import Act, Record, World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A record of 5 January that one of the 9th replaces; both read on 1 June, an hour apart."""
    made = World(tmp_path_factory.mktemp("world"))
    made.take(Record(1, 5, choice=0, reason=0, replaces=None))
    made.take(Record(2, 9, choice=1, reason=2, replaces=1))
    made.take(Act("ratify", 1, 0, 1))
    return made


def asked(capsys: pytest.CaptureFixture[str], *command: str) -> tuple[str, str]:
    capsys.readouterr()
    assert run(list(command)) == ExitCode.DONE
    shown = capsys.readouterr()
    return shown.out, shown.err


def test_history_tells_when_each_held_and_what_replaced_it(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = asked(capsys, "history", "0001-record.md", "--store", str(world.store))
    older, newer = out.split("\n\n")
    assert older.startswith("2026-01-05  Store of the orders mart  superseded")
    assert "held          2026-01-05 to 2026-01-09" in older
    assert "“Postgres”" in older
    assert "replaced by" in older
    assert newer.startswith("2026-01-09  Transport of order events  accepted  (ratified)")
    assert "held          2026-01-09 to now" in newer
    assert "ratified by mara" in newer
    assert "\x1b" not in out


def test_history_as_json_is_the_model(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = asked(capsys, "history", "0002", "--json", "--store", str(world.store))
    shown = json.loads(out)
    assert [event["status"] for event in shown["events"]] == ["superseded", "accepted"]
    assert shown["total"] == 2


def test_a_plain_date_is_the_end_of_that_day(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    for day, subject in (("2026-01-08", "Store of the orders mart"), ("2026-01-09", "Transport of order events")):
        out, err = asked(capsys, "search", "nightly mart events", "--as-of", day, "--store", str(world.store))
        assert subject in out
        assert f"Only what held at {day} 23:59 UTC." in err


@pytest.mark.parametrize("command", [("why", "orders mart"), ("search", "orders mart"), ("history", "orders mart")])
def test_what_was_not_known_then_is_not_told(
    world: World, command: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for moment, is_known in (("2026-06-01T13:30:00Z", False), ("2026-06-01", True)):
        out, err = asked(capsys, *command, "--known-at", moment, "--store", str(world.store))
        assert ("superseded" in out) == is_known
        assert "Only what the record knew at 2026-06-01" in err


def test_get_and_sessions_go_back_in_time_too(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = asked(capsys, "sessions", "--known-at", "2026-06-01T13:30:00Z", "--json", "--store", str(world.store))
    [session] = json.loads(out)["sessions"]
    [decision] = session["decisions"]
    moment = ("--as-of", "2026-01-06")
    out, _ = asked(capsys, "get", decision, *moment, "--json", "--store", str(world.store))
    assert json.loads(out)["decision"]["status"] == "accepted"
    assert json.loads(out)["as_of"].startswith("2026-01-06T23:59:59")


def test_before_the_record_began_is_said_so(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = asked(capsys, "why", "orders mart", "--known-at", "2020-01-01", "--store", str(world.store))
    assert out.startswith("no record")
    assert "its first entry is of 2026-06-01 13:00 UTC" in err


@pytest.mark.parametrize("option", ["--as-of", "--known-at"])
def test_what_is_no_time_is_named(world: World, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["why", "mart", option, "last Tuesday", "--store", str(world.store)]) != ExitCode.DONE
    assert f"{option} 'last Tuesday'" in capsys.readouterr().err


def test_a_subject_without_history_is_said_so(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = asked(capsys, "history", "the bicycle shed", "--store", str(world.store))
    assert out == ""
    assert "No decision is recorded of this subject" in err


def test_history_says_not_until_now_of_what_was_replaced_on_a_day_nobody_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "0003-use-kafka.md"
    record.write_text(
        "# 3. Use Kafka\n\nDate: 2024-02-01\n\n## Status\n\nSuperseded\n\n## Decision\n\nWe will use Kafka.\n", "utf-8"
    )
    store = str(tmp_path / "intent.duckdb")
    asked(capsys, "ingest", str(record), "--store", store)
    out, _ = asked(capsys, "history", "Kafka", "--store", store)
    assert "held          2024-02-01 until replaced, nobody says when" in out


def test_history_of_what_is_no_longer_held_says_so_and_names_a_source_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talk, store = tmp_path / "talk.txt", str(tmp_path / "store.duckdb")
    talk.write_text("Mara: Let's go with DuckDB for the mart because it needs no server.\nJonas: Agreed.\n")
    asked(capsys, "ingest", str(talk), "--store", store)
    talk.write_text("Mara: How was your weekend?\nJonas: Fine, thank you.\n")
    asked(capsys, "ingest", str(talk), "--store", store)
    out, _ = asked(capsys, "history", "DuckDB for the mart", "--store", store)
    assert "no longer held" in out
    assert "to now" not in out
    assert "until it was dropped from the record" in out
    assert "said in       talk.txt\n" in out
