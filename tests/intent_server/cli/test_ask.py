"""The reading commands."""

import json
import shutil
from pathlib import Path

import pytest

from intent_server.cli.main import run
from intent_server.errors import ExitCode


@pytest.fixture(scope="module")
def store(sampled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of all samples."""
    return Path(shutil.copy(sampled / "intent.duckdb", tmp_path_factory.mktemp("asked")))


def asked(capsys: pytest.CaptureFixture[str], *command: str) -> dict[str, object]:
    capsys.readouterr()
    assert run([*command, "--json"]) == ExitCode.DONE
    shown = json.loads(capsys.readouterr().out)
    assert isinstance(shown, dict)
    return shown


def test_why_shows_the_words_that_said_it(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["why", "Why DuckDB and not Postgres for the mart?", "--store", str(store)]) == ExitCode.DONE
    shown = capsys.readouterr().out
    assert shown.startswith("decided")
    assert "“DuckDB”" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Why DuckDB and not Postgres for the mart?", "decided"),
        ("why are test orders dropped in stg_orders?", "decided"),
        ("what is the retry policy of the payments client?", "decided"),
        ("who won the football match on Saturday?", "no record"),
        ("why did we choose Kubernetes for the web shop?", "no record"),
    ],
)
def test_the_verdict_says_whether_anything_is_known(
    question: str, verdict: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(capsys, "why", question, "--store", str(store))["verdict"] == verdict


def test_a_rejected_alternative_is_found_with_its_reason(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(capsys, "why", "why not Parquet files read by the notebooks?", "--store", str(store))
    alternatives = [item for decision in answer["decisions"] for item in decision["alternatives"]]  # type: ignore[attr-defined]  # JSON
    parquet = [item for item in alternatives if "Parquet" in item["quotes"][0]["recorded_text"]]
    assert parquet
    assert parquet[0]["reasons"][0]["quotes"][0]["recorded_text"] == "every notebook would define revenue on its own"


def test_search_names_session_and_utterances_and_keeps_to_one_session(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    title = "Retry policy for the payments client"
    answer = asked(capsys, "search", "retry", "--session", title, "--limit", "3", "--store", str(store))
    hits = answer["hits"]
    assert isinstance(hits, list)
    assert 0 < len(hits) <= 3
    assert {hit["session"] for hit in hits} == {title}
    assert all(hit["first_utterance"] <= hit["last_utterance"] for hit in hits)


def test_a_decision_found_by_search_can_be_got_by_its_id(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(capsys, "search", "DuckDB mart", "--store", str(store))
    found = next(hit["decision_id"] for hit in answer["hits"] if hit.get("decision_id"))  # type: ignore[attr-defined]  # JSON
    assert asked(capsys, "get", found, "--store", str(store))["decision"]["decision_id"] == found  # type: ignore[index]  # JSON


def test_an_id_that_is_not_there_says_where_ids_come_from(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["get", "01a20000-0000-7000-8000-000000000000", "--store", str(store)]) == ExitCode.FAILED
    assert "search" in capsys.readouterr().err


WIDE = "SELECT d.*, d.* FROM intent.decisions AS d ORDER BY d.decision_id LIMIT 2"
NARROW = "SELECT subject, status FROM intent.decisions WHERE status = 'accepted' ORDER BY length(subject) LIMIT 3"


@pytest.mark.parametrize("is_terminal", [False, True])
def test_sql_prints_rows_too_wide_for_a_table_as_blocks(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)
    assert run(["sql", WIDE, "--store", str(store)]) == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("row ")] == ["row 1", "row 2"]
    first = next(line for line in lines if line.startswith("  decision_id "))
    assert len(first.split()[1]) == 36
    assert any(line.startswith("  choice ") for line in lines)
    assert not is_terminal or max(map(len, lines)) <= 80


def test_sql_in_a_pipe_gives_each_row_one_line(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = "SELECT repeat('word ', 30) AS words, 1 AS number"
    for query, count in ((NARROW, 3), (long, 1)):
        capsys.readouterr()
        assert run(["sql", query, "--store", str(store)]) == ExitCode.DONE
        assert len(capsys.readouterr().out.splitlines()) == 1 + count


def test_sql_on_a_terminal_folds_a_table_whose_columns_stay_legible(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    capsys.readouterr()
    assert run(["sql", "SELECT repeat('word ', 30) AS words, 'accepted' AS status", "--store", str(store)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["words", "status"]
    assert 3 <= len(lines) <= 6
    assert max(map(len, lines)) <= 60


def test_sql_prints_csv_and_refuses_a_write(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    query = "SELECT status, count(*) AS n FROM intent.decisions WHERE recorded_to IS NULL GROUP BY ALL ORDER BY ALL"
    assert run(["sql", query, "--csv", "--store", str(store)]) == ExitCode.DONE
    assert capsys.readouterr().out.splitlines()[0] == "status,n"
    assert run(["sql", "DELETE FROM decisions", "--store", str(store)]) == ExitCode.FAILED
    assert "SELECT" in capsys.readouterr().err


def test_asking_where_there_is_no_store_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["why", "why DuckDB?", "--store", str(tmp_path / "none.duckdb")]) == ExitCode.STORE
    assert "intent ingest" in capsys.readouterr().err
    assert not (tmp_path / "none.duckdb").exists()


def test_a_verified_store_holds_and_a_changed_source_is_a_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = tmp_path / "talk.txt"
    talk.write_text("Mara: Let's go with DuckDB.\nJonas: Agreed.\nMara: Good.\nJonas: Yes.\n")
    store = str(tmp_path / "intent.duckdb")
    run(["ingest", str(talk), "--store", store])
    assert run(["verify", "--store", store]) == ExitCode.DONE
    talk.write_text("Mara: Let's go with Postgres.\nJonas: Agreed.\nMara: Good.\nJonas: Yes.\n")
    capsys.readouterr()
    assert run(["verify", "--store", store]) == ExitCode.FAILED
    assert "talk.txt" in capsys.readouterr().out


def test_a_forgotten_session_leaves_no_word_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talk = tmp_path / "talk.txt"
    talk.write_text("Mara: Let's go with Zanzibarium.\nJonas: Agreed.\nMara: Good.\nJonas: Yes.\n")
    store = tmp_path / "intent.duckdb"
    run(["ingest", str(talk), "--store", str(store)])
    found = asked(capsys, "sql", "SELECT session_id FROM intent.sessions", "--store", str(store))["rows"]
    assert run(["forget", found[0][0], "--store", str(store)]) == ExitCode.DONE  # type: ignore[index]  # JSON
    assert b"Zanzibarium" not in store.read_bytes()
    assert asked(capsys, "why", "why Zanzibarium?", "--store", str(store))["verdict"] == "no record"


def test_a_session_without_a_title_goes_by_its_files_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talk = tmp_path / "notes.txt"
    talk.write_text("Mara: let's go with DuckDB for the mart.\nJonas: Agreed.\n")
    store = str(tmp_path / "intent.duckdb")
    assert run(["ingest", f"{tmp_path}/sub/../notes.txt", "--date", "2026-03-03", "--store", store]) == ExitCode.DONE
    decision = asked(capsys, "why", "why DuckDB?", "--store", store)["decisions"][0]  # type: ignore[index]  # JSON
    assert decision["session"] == "notes.txt"
    assert decision["choice"]["quotes"][0]["place"]["source"] == talk.as_posix()


def test_a_decision_is_shown_under_the_session_it_was_made_in(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the session's name says more than its file's, which for agents is a number, and than the subject."""
    shown = []
    for question in ("Why three attempts for a charge?", "Why DuckDB and not Postgres for the mart?"):
        capsys.readouterr()
        assert run(["why", question, "--limit", "8", "--store", str(store)]) == ExitCode.DONE
        shown.append([line for line in capsys.readouterr().out.splitlines() if line.startswith("  in    ")])
    named = asked(capsys, "why", "Why three attempts for a charge?", "--limit", "8", "--store", str(store))
    sessions = {decision["session"] for decision in named["decisions"]}  # type: ignore[attr-defined]  # JSON
    assert shown[0]
    assert {line.split(maxsplit=1)[1] for line in shown[0]} <= sessions
    assert "Keep the sales mart in DuckDB" not in "".join(shown[1])
