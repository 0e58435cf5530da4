"""`intent ingest` as a person uses it, with good and bad input."""

import json
import os
import shutil
import stat
from pathlib import Path

import duckdb
import pytest

from intent_server.cli.main import run
from intent_server.errors import ExitCode
from intent_server.store.lock import writing

SAMPLES = Path(__file__).parents[3] / "data" / "samples"
TALK = (
    "Mara: Let's go with DuckDB because nobody has to look after a server.\nJonas: Agreed.\nMara: Good.\nJonas: Yes.\n"
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without a store, and no settings from outside."""
    for name in ("INTENT_STORE", "INTENT_WAIT_S", "INTENT_MAX_CHARS", "INTENT_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def samples(here: Path, sampled: Path) -> Path:
    """All samples are in the store of the working directory already; the folder that tells of it."""
    (here / ".intent").mkdir()
    shutil.copy(sampled / "intent.duckdb", here / ".intent")
    return sampled


def report(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    shown = json.loads(capsys.readouterr().out)
    assert isinstance(shown, dict)
    return shown


def canonical(store: Path) -> str:
    with duckdb.connect(str(store), read_only=True) as db:
        tables = [
            "sources", "batches", "sessions", "utterances", "decisions", "parts", "evidence", "people", "links",
            "quarantine", "audit",
        ]  # fmt: skip
        return json.dumps([db.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in tables], default=str)  # noqa: S608  names are the list above


def test_ingesting_everything_twice_changes_no_row_and_gives_the_same_signatures(
    samples: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = json.loads((samples / "report.json").read_text(encoding="utf-8"))
    rows = canonical(here / ".intent" / "intent.duckdb")
    assert run(["ingest", str(SAMPLES), "--json"]) == ExitCode.DONE
    second = report(capsys)
    assert canonical(here / ".intent" / "intent.duckdb") == rows
    sources = second["sources"]
    assert isinstance(sources, list)
    assert {source["outcome"] for source in sources} == {"unchanged"}
    assert [source["signature"] for source in sources] == [source["signature"] for source in first["sources"]]


def test_every_evidence_row_quotes_its_utterance_by_sql(samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check = """
        SELECT count(*) AS rows, count(*) FILTER (
            substr(text, start_char::INTEGER + 1, (end_char - start_char)::INTEGER) = quote) AS exact
        FROM intent.evidence JOIN intent.utterances USING (session_id, utterance_index)"""
    assert run(["sql", check, "--json"]) == ExitCode.DONE
    rows, exact = report(capsys)["rows"][0]  # type: ignore[index]  # JSON
    assert rows == exact > 0


def test_counts_add_up_for_every_sample(sampled: Path) -> None:
    sources = json.loads((sampled / "report.json").read_text(encoding="utf-8"))["sources"]
    assert sources
    for source in sources:
        assert source["read"] == source["kept"] + source["set_aside"] + source["quarantined"]
        assert source["read"] > 0


def test_standard_input_is_read_under_its_given_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], here: Path
) -> None:
    (here / "talk").write_text(TALK)
    with (here / "talk").open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert run(["ingest", "-", "--name", "2026-03-03-standup", "--json"]) == ExitCode.DONE
    source = report(capsys)["sources"][0]  # type: ignore[index]  # JSON
    assert (source["source"], source["date_basis"]) == ("stdin:2026-03-03-standup", "name")


def test_an_undated_transcript_takes_the_given_date_else_its_file_time_marked_as_assumed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "talk.txt").write_text(TALK)
    run(["ingest", "talk.txt"])
    assert "file's time is assumed" in capsys.readouterr().err
    (here / "dated.txt").write_text(TALK + "Mara: Bye.\n")
    run(["ingest", "dated.txt", "--date", "2026-03-03", "--json"])
    assert report(capsys)["sources"][0]["date_basis"] == "given"  # type: ignore[index]  # JSON


def test_a_marked_or_excluded_session_is_kept_out_altogether(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "talk.txt").write_text(TALK + "Mara: one more thing\n[intent: off the record]\n")
    run(["ingest", "talk.txt", "--json"])
    source = report(capsys)["sources"][0]  # type: ignore[index]  # JSON
    assert (source["kept"], source["decisions"], source["set_aside"]) == (0, 0, source["read"])
    session = "5f0c7a12-0d0f-4f5e-9f54-2b5a0b6d8c11"
    line = {"type": "user", "sessionId": session, "uuid": "u1", "message": {"role": "user", "content": "use DuckDB"}}
    (here / "run.jsonl").write_text(json.dumps(line) + "\n")
    run(["ingest", "run.jsonl", "--exclude-session", session, "--json"])
    source = report(capsys)["sources"][0]  # type: ignore[index]  # JSON
    assert (source["kept"], source["set_aside"]) == (0, 1)
    run(["sql", "SELECT count(*) FROM intent.utterances", "--json"])
    assert report(capsys)["rows"] == [[0]]


def test_a_secret_is_masked_before_anything_is_stored(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2  # the shape of a GitHub token, made up
    (here / "talk.txt").write_text(TALK + f"Mara: The token is {token[:40]} by the way.\n")
    run(["ingest", "talk.txt", "--json"])
    assert report(capsys)["sources"][0]["masked"]  # type: ignore[index]  # JSON
    assert token[:40].encode() not in (here / ".intent" / "intent.duckdb").read_bytes()


def test_truncated_json_lines_are_quarantined_with_their_line_and_the_rest_is_kept(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = (SAMPLES / "claude_code" / "retry-policy.jsonl").read_bytes()
    (here / "run.jsonl").write_bytes(data[: len(data) - 40])
    assert run(["ingest", "run.jsonl"]) == ExitCode.QUARANTINED
    capsys.readouterr()
    assert run(["quarantine", "list", "--json"]) == ExitCode.DONE
    items = report(capsys)["items"]
    assert isinstance(items, list)
    assert len(items) == 1
    assert items[0]["place"] == f"line {data.count(bytes([10]))}"
    assert run(["quarantine", "show", items[0]["item_id"]]) == ExitCode.DONE


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("picture.vtt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" * 20, "binary content"),
        ("empty.vtt", b"", "is empty"),
        ("blank.vtt", b" \n \n", "only white space"),
        ("latin.vtt", b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nMara: caf\xe9\n", "byte 49 is 0xe9"),
        ("unknown.json", b'{"a": [1, 2]}', "JSON of an unknown shape"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_with_value_place_and_remedy(
    name: str, data: bytes, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / name).write_bytes(data)
    assert run(["ingest", name]) == ExitCode.FAILED
    shown = capsys.readouterr().err
    assert name in shown
    assert said in shown
    assert "Traceback" not in shown
    assert run(["sql", "SELECT count(*) FROM intent.sessions", "--json"]) in (ExitCode.DONE, ExitCode.STORE)


def test_one_bad_file_in_a_folder_does_not_stop_the_others(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "in").mkdir()
    (here / "in" / "a.vtt").write_bytes(b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nMara: caf\xe9\n")
    (here / "in" / "b.txt").write_text(TALK)
    (here / "in" / "c.bin").write_bytes(b"\x00\x01")
    assert run(["ingest", "in", "--json"]) == ExitCode.FAILED
    shown = report(capsys)
    assert [len(shown[key]) for key in ("sources", "failed", "skipped")] == [1, 1, 1]  # type: ignore[arg-type]  # JSON


def test_a_whole_document_over_the_limit_is_refused_with_its_size(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (here / "long.vtt").open("wb") as stream:
        stream.write(b"WEBVTT\n\n" + b"1\n00:00:01.000 --> 00:00:02.000\nMara: hello\n\n" * 2000)
        stream.truncate(200 * 1024 * 1024)
    assert run(["ingest", "long.vtt"]) == ExitCode.FAILED
    assert "209,715,200 bytes" in capsys.readouterr().err


def test_a_directory_loop_ends(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "in").mkdir()
    (here / "in" / "talk.txt").write_text(TALK)
    (here / "in" / "loop").symlink_to(here / "in", target_is_directory=True)
    assert run(["ingest", "in", "--json"]) == ExitCode.DONE
    assert len(report(capsys)["sources"]) == 1  # type: ignore[arg-type]  # JSON


def test_a_missing_path_a_bad_date_and_a_bad_encoding_say_what_would_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ingest", "nowhere.vtt"]) == ExitCode.FAILED
    assert "nowhere.vtt" in capsys.readouterr().err
    assert run(["ingest", "x", "--date", "yesterday"]) == ExitCode.USAGE
    assert "--date 'yesterday'" in capsys.readouterr().err
    assert run(["ingest", "x", "--encoding", "base64"]) == ExitCode.USAGE
    assert "cp1252" in capsys.readouterr().err


def test_a_store_of_a_newer_version_is_left_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "talk.txt").write_text(TALK)
    run(["ingest", "talk.txt"])
    store = here / ".intent" / "intent.duckdb"
    with duckdb.connect(str(store)) as db:
        db.execute("INSERT INTO migrations (number, name, fingerprint, applied_at) SELECT 999, 'later', '', now()")
    capsys.readouterr()
    for command in (["ingest", "talk.txt"], ["why", "why DuckDB?"], ["verify"]):
        assert run(command) == ExitCode.STORE
        shown = capsys.readouterr().err
        assert "Upgrade" in shown
        assert "999" in shown


def test_a_file_that_is_no_store_is_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "notes.duckdb").write_text("these are not the rows you are looking for")
    assert run(["why", "why DuckDB?", "--store", "notes.duckdb"]) == ExitCode.STORE
    assert "notes.duckdb" in capsys.readouterr().err


def test_a_store_in_use_is_an_error_that_names_its_holder(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "talk.txt").write_text(TALK)
    run(["ingest", "talk.txt"])
    monkeypatch.setenv("INTENT_WAIT_S", "0.2")
    capsys.readouterr()
    with writing(here / ".intent" / "intent.duckdb", wait_s=1):
        child = os.spawnv(os.P_WAIT, os.sys.executable, [os.sys.executable, "-m", "intent_server.cli.main", "why", "x"])  # type: ignore[attr-defined]  # os.sys is sys
    assert child == ExitCode.STORE


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_takes_no_writes_is_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "talk.txt").write_text(TALK)
    (here / "locked").mkdir()
    (here / "locked").chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert run(["ingest", "talk.txt", "--store", "locked/intent.duckdb"]) == ExitCode.STORE
    assert "locked" in capsys.readouterr().err


def test_a_place_under_a_file_is_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "talk.txt").write_text(TALK)
    assert run(["ingest", "talk.txt", "--store", "talk.txt/intent.duckdb"]) == ExitCode.STORE
    assert "talk.txt/intent.duckdb" in capsys.readouterr().err


def test_a_date_once_given_is_kept_when_the_file_is_read_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talk = here / "standup.txt"
    talk.write_text(TALK)
    assert run(["ingest", "standup.txt", "--date", "2026-03-11"]) == ExitCode.DONE
    talk.write_text(TALK.replace("Good.", "Fine."))
    capsys.readouterr()
    assert run(["ingest", "standup.txt", "--json"]) == ExitCode.DONE
    [source] = report(capsys)["sources"]  # type: ignore[misc]  # JSON
    assert (source["outcome"], source["date_basis"]) == ("updated", "given")
    assert run(["ingest", "standup.txt", "--date", "2026-03-12", "--json"]) == ExitCode.DONE
    assert run(["sessions", "--json"]) == ExitCode.DONE
    assert '"started_at": "2026-03-12T00:00:00Z"' in capsys.readouterr().out
