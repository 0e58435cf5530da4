"""One agent's session exported under two names: it is held once, and the report says from where."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import record, record_review, record_upkeep
from intent_server.answers_record import SourceReport
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.store.connect import open_reader
from tests.intent_server.test_record import canonical

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
PLAIN = Embedder("plain", "b2:plain", 256, lambda texts: np.full((len(texts), 256), 1 / 16, dtype=np.float32))
WHOLE = next(Path("data/samples/specstory").glob("2026-*.md")).read_text(encoding="utf-8")
SHORT = WHOLE[: WHOLE.index("_**User (2026-03-05 08:43:40Z)")]
"""An earlier export: the second of two turns was not said yet."""


def exported_again(text: str) -> str:
    """The export of a newer version: a role line of an empty turn is kept, and a tool's output is masked."""
    again = text.replace("_**Agent (claude", "_**Agent (claude-opus-5 2026-03-05 08:41:16Z)**_\n\n_**Agent (claude", 1)
    again = again.replace("from {{ source('shop', 'orders') }}", "from [REDACTED:generic-api-key]", 1)
    assert len(again.splitlines()) == len(text.splitlines()) + 2
    assert again.count("REDACTED") == 1
    return again


Take = Callable[[str, str], SourceReport]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "intent.duckdb", actor="test")


@pytest.fixture
def take(settings: Settings, tmp_path: Path) -> Take:
    def taken(name: str, text: str) -> SourceReport:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        source = file_source(path, Declared())
        run = record.recorder(settings, embedder=lambda: PLAIN, clock=lambda: NOW)
        return record.ingest_source(run, source, reader_for(source))

    return taken


def held(settings: Settings) -> tuple[list[str], list[str]]:
    """The files that sessions are held from, and the choices of the decisions held."""
    with open_reader(settings.store, wait_s=5) as db:
        files = db.execute("""
            SELECT sources.uri FROM sessions JOIN sources USING (source_id) WHERE sessions.recorded_to IS NULL
            """).fetchall()
        choices = db.execute("SELECT choice FROM intent.decisions WHERE recorded_to IS NULL ORDER BY choice").fetchall()
    return [Path(uri).name for (uri,) in files], [choice for (choice,) in choices]


def test_an_export_that_tells_the_same_session_again_adds_nothing(
    take: Take, settings: Settings, tmp_path: Path
) -> None:
    take("a.md", WHOLE)
    files, choices = held(settings)
    again = take("b.md", exported_again(WHOLE))
    assert (again.outcome, again.added) == ("unchanged", 0)
    assert f"the same session is held from {tmp_path / 'a.md'}: nothing of it was added" in again.notes
    assert held(settings) == (files, choices)
    assert files == ["a.md"]
    assert choices
    assert record_upkeep.verify(settings).findings == []


@pytest.mark.parametrize("order", [("whole.md", "short.md"), ("short.md", "whole.md")])
def test_of_a_beginning_and_the_whole_only_the_whole_is_held(
    order: tuple[str, str], take: Take, settings: Settings, tmp_path: Path
) -> None:
    texts = {"whole.md": exported_again(WHOLE), "short.md": SHORT}
    for name in order:
        report = take(name, texts[name])
    told = f"the same session as in {tmp_path / 'short.md'}, with more of it: it is held once, from here"
    assert (told in report.notes) == (order[1] == "whole.md")
    files, choices = held(settings)
    assert files == ["whole.md"]
    assert len(choices) == len(set(choices))
    before = canonical(settings.store)
    for name in order:
        assert take(name, texts[name]).outcome == "unchanged"
    assert canonical(settings.store) == before
    assert record_upkeep.verify(settings).findings == []


def test_what_a_person_said_of_a_decision_stands_when_a_longer_export_takes_the_sessions_place(
    take: Take, settings: Settings
) -> None:
    take("short.md", SHORT)
    with open_reader(settings.store, wait_s=5) as db:
        ((decision_id, choice),) = db.execute(
            "SELECT decision_id, choice FROM intent.decisions WHERE authority = 'structured' AND recorded_to IS NULL"
        ).fetchall()
    record_review.dismiss(settings, decision_id, by=Actor("mara"), now=lambda: NOW, reason="a joke")
    take("whole.md", exported_again(WHOLE))
    assert held(settings)[0] == ["whole.md"]
    with open_reader(settings.store, wait_s=5) as db:
        found = db.execute(
            """
            SELECT decision_id, action FROM intent.decisions LEFT JOIN intent.reviews USING (decision_id)
            WHERE choice = ? AND decisions.recorded_to IS NULL
            """,
            [choice],
        ).fetchall()
    assert found == [(decision_id, "dismissed")]


def logged(result: str, *more: str) -> str:
    """An agent's log that tells what a tool gave in a record of its own."""
    call = {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "ls"}}
    gave = {"type": "tool_result", "tool_use_id": "t1", "content": result}
    said = ("Which store for the mart?", [call], [gave], "Let's go with DuckDB because it needs no server.", *more)
    records = [
        {
            "type": (role := "assistant" if content == [call] else "user"),
            "sessionId": "s1",
            "uuid": f"u{at}",
            "parentUuid": f"u{at - 1}" if at else None,
            "timestamp": f"2026-02-03T09:00:0{at}Z",
            "message": {"role": role, "content": content},
        }
        for at, content in enumerate(said)
    ]
    return "\n".join(map(json.dumps, records))


def test_what_a_tool_gave_in_a_record_of_its_own_may_differ_too(take: Take, settings: Settings) -> None:
    take("short.jsonl", logged("a.py b.py"))
    take("whole.jsonl", logged("a.py [1 more]", "Thanks."))
    assert held(settings) == (["whole.jsonl"], ["Let's go with DuckDB"])


def test_an_export_in_which_somebody_says_something_else_is_a_session_of_its_own(
    take: Take, settings: Settings
) -> None:
    take("a.md", WHOLE)
    other = exported_again(WHOLE).replace("Tomás sees 213 orders", "Tomás sees 214 orders")
    assert take("b.md", other).outcome == "added"
    assert sorted(held(settings)[0]) == ["a.md", "b.md"]
