"""The doubt of an utterance through the record: stored, checked, forgotten, carried over, known at its time, told."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mcp import Client

from ingest.records import Session
from intent_server import questions
from intent_server.config import Settings
from intent_server.embed import Embedder, bundled
from intent_server.mcp.server import build_server
from intent_server.record_transfer import Format, export, import_
from intent_server.record_upkeep import forget, verify
from intent_server.store.connect import open_reader, open_writer
from intent_server.store.rows import utterance_row, utterances_fingerprint
from tests.intent_server.conftest import Kept
from tests.intent_server.store.records import candidate, session

Keep = Callable[..., Path]
WHY = "low log-probability -1.31"
ASKED = "why is the mart in DuckDB?"


def doubted(of: Session, *indexes: int) -> Session:
    return replace(
        of, utterances=tuple(replace(one, doubt=WHY) if one.index in indexes else one for one in of.utterances)
    )


def kept(of: Session) -> Kept:
    return of, [candidate(of)]


def words(of: Session) -> str:
    return utterances_fingerprint(map(utterance_row, of.utterances), of.time_basis)


def doubts(store: Path) -> list[str | None]:
    with open_reader(store, wait_s=5) as db:
        rows = db.execute("SELECT doubt FROM intent.utterances ORDER BY utterance_index").fetchall()
    return [row[0] for row in rows]


def asker(store: Path, hashed: Embedder) -> questions.Asker:
    return questions.asker(Settings(store=store), lambda: hashed)


def test_a_doubt_counts_in_the_fingerprint_and_its_absence_does_not() -> None:
    row = utterance_row(session().utterances[0])
    before_doubts = [{name: value for name, value in row.items() if name != "doubt"} | {"doubt": None}]
    assert utterances_fingerprint([row], "source") == utterances_fingerprint(before_doubts, "source")
    assert words(doubted(session(), 0)) != words(session())


def test_a_stored_doubt_is_shown_and_holds(keep: Keep) -> None:
    store = keep(kept(doubted(session(), 1)))
    assert doubts(store) == [None, WHY, None]
    assert verify(Settings(store=store), quick=True).findings == []


def test_a_doubt_that_is_taken_away_by_hand_is_found(keep: Keep) -> None:
    store = keep(kept(doubted(session(), 0)))
    with open_writer(store, wait_s=5) as db:
        db.execute("UPDATE utterances SET doubt = NULL")
    assert "session fingerprint" in {finding.check for finding in verify(Settings(store=store), quick=True).findings}


def test_the_same_words_heard_clearly_replace_those_in_doubt(keep: Keep, hashed: Embedder) -> None:
    store = keep(kept(doubted(session(), 0)))
    keep(kept(session()))
    assert doubts(store) == [None, None, None]
    assert questions.why(asker(store, hashed), ASKED).decisions[0].unclear is None


def test_forgetting_a_session_leaves_no_doubt(keep: Keep) -> None:
    store = keep(kept(doubted(session(), 0)))
    forget(Settings(store=store), "Planning", now=datetime(2026, 4, 1, tzinfo=UTC))
    with open_reader(store, wait_s=5) as db:
        assert db.execute("SELECT count(*) FROM store.main.utterances").fetchone() == (0,)


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_an_export_carries_doubts(keep: Keep, tmp_path: Path, form: Format) -> None:
    store = keep(kept(doubted(session(), 0, 2)))
    export(Settings(store=store), form, tmp_path / "out")
    other = Settings(store=tmp_path / "other.duckdb")
    import_(other, tmp_path / "out")
    assert doubts(other.store) == [WHY, None, WHY]
    assert verify(other, quick=True).findings == []


def test_what_was_doubted_then_is_told_as_of_then(keep: Keep, hashed: Embedder) -> None:
    store = keep(kept(doubted(session(), 0)))
    with open_writer(store, wait_s=5) as db:
        then = db.execute("SELECT max(recorded_from) + INTERVAL 1 MINUTE FROM sessions").fetchone()
    assert then
    answer = questions.why(asker(store, hashed), ASKED, known_at=then[0].replace(tzinfo=UTC))
    assert WHY in str(answer.decisions[0].unclear)


def test_answers_tell_of_doubts(keep: Keep, hashed: Embedder) -> None:
    store = keep(kept(doubted(session(), 0)))
    one = asker(store, hashed)
    [decision] = questions.why(one, ASKED).decisions
    assert decision.unclear == f"Hard to hear: its choice ({WHY}). Listen to the recording before relying on it."
    assert decision.choice.quotes[0].place.doubt == WHY
    assert decision.rationale[0].quotes[0].place.doubt is None
    assert {hit.kind: hit.doubt is not None for hit in questions.search(one, "mart in DuckDB").hits} == {
        "decision": True,
        "conversation": True,
    }
    assert [event.doubt for event in questions.history(one, decision.decision_id).events] == [WHY]
    found = questions.get(one, decision.choice.quotes[0].evidence_id)
    assert found.session is not None
    assert [line.doubt for line in found.session.lines] == [WHY, None, None]


def test_answers_on_clear_words_have_no_word_of_doubt(keep: Keep, hashed: Embedder) -> None:
    one = asker(keep(kept(session())), hashed)
    answers = [questions.why(one, ASKED), questions.search(one, "mart in DuckDB"), questions.get(one, "Planning")]
    told = " ".join(answer.model_dump_json(exclude_none=True) for answer in answers)
    assert "doubt" not in told
    assert "unclear" not in told


@pytest.mark.anyio
async def test_over_mcp_a_decision_says_that_it_was_hard_to_hear(keep: Keep) -> None:
    store = keep(kept(doubted(session(), 0)), model=bundled())
    async with Client(build_server(Settings(store=store, max_chars=2000))) as client:
        result = await client.call_tool("why", {"question": ASKED})
    facts = json.loads(result.content[0].text)  # type: ignore[union-attr]  # text
    assert "Hard to hear: its choice" in facts["decisions"][0]["unclear"]
    assert len(result.content[0].text) <= 2000  # type: ignore[union-attr]  # text


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
