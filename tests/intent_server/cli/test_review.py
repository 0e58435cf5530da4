"""`intent record` and `intent review`, as a person types them."""

import json
from pathlib import Path

import pytest

from intent_server.cli.main import run
from intent_server.errors import ExitCode

TALK = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Mara>Let's go with DuckDB for the mart because it needs no server.\n\n"
    "00:00:05.000 --> 00:00:09.000\n<v Aiko>Agreed, let's do that.\n"
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A store of one meeting, in which the extractor found a decision; `mara` is at the terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTENT_ACTOR", "mara")
    (tmp_path / "talk.vtt").write_text(TALK)
    assert run(["ingest", "talk.vtt"]) == ExitCode.DONE
    capsys.readouterr()
    return tmp_path / ".intent" / "intent.duckdb"


@pytest.fixture
def found(store: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The id of what waits."""
    waiting = told(capsys, "review", "list")["waiting"]
    assert isinstance(waiting, list)
    return str(waiting[0]["decision_id"])


def told(capsys: pytest.CaptureFixture[str], *command: str) -> dict[str, object]:
    assert run([*command, "--json"]) == ExitCode.DONE
    shown = json.loads(capsys.readouterr().out)
    assert isinstance(shown, dict)
    return shown


def decision(answer: dict[str, object]) -> dict[str, object]:
    shown = answer["decision"]
    assert isinstance(shown, dict)
    return shown


@pytest.mark.parametrize("command", [["review"], ["review", "list"], ["quarantine"], ["token", "list"]])
def test_the_store_may_be_named_before_the_command_of_a_group(
    store: Path, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    group, *rest = command
    assert run([group, "--store", str(store), *rest]) == ExitCode.DONE
    assert ("DuckDB" in capsys.readouterr().out) is (group == "review")


def test_review_alone_lists_what_waits_and_why(store: Path, found: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review"]) == ExitCode.DONE
    shown = capsys.readouterr()
    heading, decision, place = shown.out.splitlines()
    assert "nobody has looked at it yet" in heading
    assert decision.split()[0] == found[-12:]
    assert "“Let's go with DuckDB for the mart" in decision
    assert "  in " in place
    assert "intent review ratify" in shown.err
    assert run(["review", "show", decision.split()[0]]) == ExitCode.DONE


def test_a_ratified_decision_waits_no_longer(store: Path, found: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "ratify", found[-8:], "-m", "yes"]) == ExitCode.DONE
    shown = capsys.readouterr()
    assert "(ratified)" in shown.out
    assert "by mara" in shown.out
    assert f"intent review undo {found}" in shown.err
    assert run(["review", "list"]) == ExitCode.DONE
    assert "Nothing waits" in capsys.readouterr().err


def test_a_dismissed_decision_is_in_no_answer(store: Path, found: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "dismiss", found]) == ExitCode.USAGE
    assert "--reason" in capsys.readouterr().err
    assert run(["review", "dismiss", found, "--reason", "a joke"]) == ExitCode.DONE
    assert "no answer uses it" in capsys.readouterr().err
    assert found not in json.dumps(told(capsys, "why", "Why DuckDB for the mart?"))
    assert found in json.dumps(told(capsys, "get", found))
    assert run(["review", "undo", found]) == ExitCode.DONE
    assert "Undone." in capsys.readouterr().err
    assert found in json.dumps(told(capsys, "why", "Why DuckDB for the mart?"))


def test_a_decision_is_shown_in_its_conversation(store: Path, found: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "show", found]) == ExitCode.DONE
    shown = capsys.readouterr()
    assert ">    0  Mara: Let's go with DuckDB for the mart because it needs no server.  [choice" in shown.out
    assert "part 1" in shown.out
    assert "nobody has looked at it yet" in shown.out
    assert f"intent review split {found} -m WHY" in shown.err


def test_a_split_and_a_merge_are_typed_and_undone(store: Path, found: str, capsys: pytest.CaptureFixture[str]) -> None:
    pieces = ["--choice", "DuckDB for the mart", "--choice", "no server", "--subject", "the mart", "--parts", "-"]
    assert run(["review", "split", found, *pieces, "-m", "two matters"]) == ExitCode.DONE
    shown = capsys.readouterr()
    assert "the mart" in shown.out
    assert f"intent review undo {found}" in shown.err
    [whole, other] = [
        one["decision_id"] for one in told(capsys, "search", "mart server")["hits"] if one["kind"] == "decision"
    ]  # type: ignore[index, union-attr]  # JSON
    assert told(capsys, "review", "merge", str(whole), str(other))["closed"] == [other]
    assert run(["review", "undo", found]) == ExitCode.USAGE
    assert "Undo that first" in capsys.readouterr().err
    assert run(["review", "undo", str(whole)]) == ExitCode.DONE
    assert run(["review", "undo", found]) == ExitCode.DONE
    capsys.readouterr()
    assert decision(told(capsys, "get", found))["decision_id"] == found
    assert (
        run(["review", "split", found, "--choice", "x", "--subject", "a", "--subject", "b", "-m", "y"])
        == ExitCode.USAGE
    )


def test_a_correction_quotes_the_session(store: Path, found: str, capsys: pytest.CaptureFixture[str]) -> None:
    mended = [
        "--subject",
        "the orders mart",
        "--because",
        "it needs no server",
        "--from",
        "2026-01-01",
        "-m",
        "was wrong",
    ]
    after = decision(told(capsys, "review", "correct", found, *mended))
    assert (after["subject"], after["valid_from"]) == ("the orders mart", "2026-01-01T00:00:00Z")
    assert run(["review", "correct", found, "-m", "x", "--because", "it needs no servers at all"]) == ExitCode.USAGE
    shown = capsys.readouterr().err
    assert "it needs no servers at all" in shown
    assert "nearest is" in shown


def test_what_is_said_here_and_now_is_recorded(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "We mail the sheet on Mondays because managers asked for it, instead of a dashboard."
    command = ["record", "--subject", "the sheet", "--say", said, "--choice", "mail the sheet on Mondays"]
    command += ["--because", "managers asked for it", "--instead-of", "a dashboard"]
    assert run(command) == ExitCode.DONE
    shown = capsys.readouterr()
    assert "“mail the sheet on Mondays”" in shown.out
    assert "not taken" in shown.out
    assert "intent review undo" in shown.err
    assert told(capsys, *command)["outcome"] == "unchanged"


def test_a_statement_without_a_choice_is_the_choice(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = decision(told(capsys, "record", "--subject", "the sheet", "--say", "We mail the sheet."))
    assert made["choice"]["quotes"][0]["recorded_text"] == "We mail the sheet."  # type: ignore[index]  # JSON


def test_a_recorded_decision_replaces_another(store: Path, found: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = decision(
        told(capsys, "record", "--subject", "the mart", "--say", "Postgres from now on.", "--supersedes", found)
    )
    assert made["supersedes"] == [found]
    assert decision(told(capsys, "get", found))["status"] == "superseded"


def test_one_decision_is_said_to_replace_another(store: Path, found: str, capsys: pytest.CaptureFixture[str]) -> None:
    newer = str(decision(told(capsys, "record", "--subject", "x", "--say", "Postgres."))["decision_id"])
    answer = told(capsys, "review", "supersede", found, "--by", newer, "--from", "2030-01-01")
    assert decision(answer)["valid_to"] == "2030-01-01T00:00:00Z"
    assert decision(told(capsys, "review", "undo", found))["status"] == "accepted"


def test_words_must_be_given_somewhere(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "--subject", "x"]) == ExitCode.USAGE
    assert run(["record", "--subject", "x", "--say", "a", "--session", "talk.vtt"]) == ExitCode.USAGE
    assert run(["record", "--subject", "x", "--choice", "go with DuckDB", "--date", "soon"]) == ExitCode.USAGE
    assert "2026-03-03" in capsys.readouterr().err


def test_an_undone_record_is_gone(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = str(decision(told(capsys, "record", "--subject", "x", "--say", "Postgres."))["decision_id"])
    assert run(["review", "undo", made]) == ExitCode.DONE
    assert "no longer in the record" in capsys.readouterr().err
    assert run(["get", made]) == ExitCode.FAILED


def test_several_are_dismissed_at_once(tmp_path: Path, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "more.vtt").write_text(TALK.replace("DuckDB", "Parquet").replace("mart", "archive"))
    assert run(["ingest", "more.vtt"]) == ExitCode.DONE
    capsys.readouterr()
    waiting = told(capsys, "review", "list")["waiting"]
    assert isinstance(waiting, list)
    assert len(waiting) == 2
    assert run(["review", "dismiss", *(one["decision_id"] for one in waiting), "-m", "noise"]) == ExitCode.DONE
    capsys.readouterr()
    assert told(capsys, "review", "list")["waiting"] == []


def test_of_a_long_utterance_what_is_quoted_is_shown_with_some_words_around(
    tmp_path: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noise = "The weather was fine and nobody minded the long walk to the office. " * 30
    words = f"{noise}We chose Parquet for the archive because it is columnar. {noise}"
    quote = "We chose Parquet for the archive"
    stated = ["record", "--subject", "archive format", "--say", words, "--choice", quote, "--json"]
    assert run(stated) == ExitCode.DONE
    made = json.loads(capsys.readouterr().out)["decision"]["decision_id"]
    assert run(["review", "show", made]) == ExitCode.DONE
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith(">"))
    assert quote in line
    assert len(line) < 1000
