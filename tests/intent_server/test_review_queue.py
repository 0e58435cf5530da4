"""The review queue: what is too weak to be delivered waits, is in no answer, and comes out by a person's act."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mcp import Client

from ingest.records import Candidate, Session
from intent_server import record_review, record_upkeep
from intent_server.answers_record import HeldCounts, IngestReport, Review, SourceReport
from intent_server.cli import output_ingest
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.errors import BadRequest
from intent_server.mcp.server import build_server
from intent_server.questions import Asker, asker, get, history, search, sessions, why
from intent_server.record_madr import madr_files
from intent_server.record_review import Correction
from intent_server.store.connect import open_reader
from tests.intent_server.store.records import TALK, candidate, session

BY = Actor("mara")
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
MART, RETRY, MAIL = "keep the mart in DuckDB", "retry payments three times", "mail the report weekly"
SAID = (*TALK, "We retry payments three times.", "We mail the report weekly.")
Keep = Callable[..., Path]


def found_in(of: Session, quote: str, confidence: float, **facts: object) -> Candidate:
    made = replace(candidate(of, quote), authority="extracted", confidence=confidence, subject=quote)
    return replace(made, **facts)  # type: ignore[arg-type]  # a test's free facts


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings(keep: Keep) -> Settings:
    """A meeting with a decision that is delivered, and two that are too weak for that."""
    talk = session(SAID)
    place = keep(
        (
            talk,
            [
                found_in(talk, MART, 0.9),
                found_in(talk, RETRY, 0.4, is_doubtful=True),
                found_in(talk, MAIL, 0.5, is_doubtful=True),
            ],
        )
    )
    return Settings(store=place, actor="mara")


@pytest.fixture
def ask(settings: Settings, hashed: Embedder) -> Asker:
    return asker(settings, lambda: hashed)


@pytest.fixture(autouse=True)
def whole(settings: Settings, hashed: Embedder) -> object:
    """After every test all of the record still holds, and the index fits it."""
    yield
    findings = record_upkeep.verify(settings).findings
    assert [one for one in findings if one.check != "source missing"] == []
    assert record_upkeep.doctor(settings, embedder=lambda: hashed).findings == []


def ids(settings: Settings) -> dict[str, str]:
    with open_reader(settings.store, wait_s=5) as db:
        rows = db.execute("SELECT subject, decision_id FROM decisions WHERE recorded_to IS NULL").fetchall()
    return {str(subject): str(decision_id) for subject, decision_id in rows}


def listed(settings: Settings, **named: object) -> Review:
    return record_review.waiting(settings, **named)  # type: ignore[arg-type]  # handed through


def subjects(answer: Review) -> Sequence[str]:
    return [one.subject for one in answer.waiting]


def test_a_doubtful_decision_is_in_no_answer(ask: Asker, settings: Settings) -> None:
    weak = ids(settings)[RETRY]
    assert why(ask, "Why do we retry payments three times?").decisions == []
    assert [hit.decision_id for hit in search(ask, "retry payments").hits if hit.kind == "decision"] in ([], [None])
    assert weak not in {hit.decision_id for hit in search(ask, "retry payments three times").hits}
    assert history(ask, "retry payments three times").events == []
    assert sessions(ask).sessions[0].decisions == [ids(settings)[MART]]
    shown = get(ask, sessions(ask).sessions[0].session_id).session
    assert shown is not None
    assert shown.decisions == [ids(settings)[MART]]
    with open_reader(settings.store, wait_s=5) as db:
        assert len(madr_files(db)) == 1


def test_its_words_are_found_as_conversation(ask: Asker) -> None:
    hits = [hit for hit in search(ask, "retry payments three times").hits if hit.kind == "conversation"]
    assert any("retry payments three times" in hit.recorded_text for hit in hits)
    assert why(ask, "Why do we retry payments three times?").verdict == "discussed, no decision found"


def test_who_asks_for_doubtful_ones_gets_them_marked_and_no_verdict_rests_on_them(
    ask: Asker, settings: Settings
) -> None:
    answer = why(ask, "Why do we retry payments three times?", doubtful=True)
    assert answer.verdict == "discussed, no decision found"
    assert [one.is_doubtful for one in answer.decisions][:1] == [True]
    hits = search(ask, "retry payments three times", doubtful=True).hits
    assert next(hit for hit in hits if hit.decision_id == ids(settings)[RETRY]).is_doubtful
    assert history(ask, "retry payments three times", doubtful=True).events[0].is_doubtful
    assert len(sessions(ask, doubtful=True).sessions[0].decisions) == 3


def test_one_named_by_its_id_is_shown_and_said_to_wait(ask: Asker, settings: Settings) -> None:
    weak = ids(settings)[RETRY]
    answer = get(ask, weak)
    assert answer.decision is not None
    assert answer.decision.is_doubtful
    assert "waits for a person's review" in (answer.note or "")
    assert history(ask, weak).events[0].decision_id == weak
    told = why(ask, "", subject=weak)
    assert told.decisions == []
    assert "waits for a person's review" in (told.left_out or "")


def test_the_queue_has_the_most_confident_first_then_what_is_delivered_already(settings: Settings) -> None:
    answer = listed(settings)
    assert subjects(answer) == [MAIL, RETRY, MART]
    assert [one.is_doubtful for one in answer.waiting] == [True, True, None]
    assert [(count.rule, count.count) for count in answer.counts] == [
        ("not delivered until reviewed", 2),
        ("delivered, not yet reviewed", 1),
    ]
    assert subjects(listed(settings, doubtful=True)) == [MAIL, RETRY]
    first = listed(settings, limit=1)
    assert (first.total, first.next_cursor) == (3, "1")
    assert subjects(listed(settings, limit=5, cursor="1")) == [RETRY, MART]


def test_the_queue_is_asked_of_one_session_or_since_a_day(settings: Settings) -> None:
    assert subjects(listed(settings, session="Planning", since=datetime(2026, 3, 1, tzinfo=UTC))) == [MAIL, RETRY, MART]
    assert subjects(listed(settings, since=datetime(2026, 3, 2, tzinfo=UTC))) == []


@pytest.mark.parametrize("act", ["ratify", "correct"])
def test_an_act_upon_it_ends_the_doubt_and_undoing_it_brings_it_back(
    act: str, ask: Asker, settings: Settings, hashed: Embedder
) -> None:
    weak = ids(settings)[RETRY]
    if act == "ratify":
        record_review.ratify(settings, weak, by=BY, now=NOW)
    else:
        mended = Correction(status="proposed")
        record_review.correct(settings, weak, mended, by=BY, now=NOW, reason="so", embedder=lambda: hashed)
    assert why(ask, "Why do we retry payments three times?").decisions[0].decision_id == weak
    assert RETRY not in subjects(listed(settings))
    record_review.undo(settings, weak, by=BY, now=NOW, embedder=lambda: hashed)
    assert why(ask, "Why do we retry payments three times?").decisions == []
    assert RETRY in subjects(listed(settings))


def test_a_dismissed_one_waits_no_longer_and_stays_out(ask: Asker, settings: Settings) -> None:
    record_review.dismiss(settings, ids(settings)[RETRY], by=BY, now=NOW, reason="small talk")
    assert RETRY not in subjects(listed(settings))
    assert ids(settings)[RETRY] not in {hit.decision_id for hit in search(ask, "retry payments", doubtful=True).hits}


def test_before_it_was_ratified_the_record_did_not_deliver_it(ask: Asker, settings: Settings) -> None:
    record_review.ratify(settings, ids(settings)[RETRY], by=BY, now=NOW)
    then = datetime(2026, 4, 1, tzinfo=UTC)
    assert why(ask, "Why do we retry payments three times?", known_at=then).decisions == []
    assert why(ask, "Why do we retry payments three times?").decisions != []


def test_it_is_shown_in_the_conversation_round_its_words(settings: Settings) -> None:
    answer = record_review.show(settings, ids(settings)[RETRY], around=1)
    marked = {line.utterance_index: line.evidence for line in answer.context}
    assert marked[3] == ["choice 3-29"]
    assert marked[4] == []
    assert answer.extractor == "test/1"
    assert answer.why_waiting is not None
    assert answer.may_follow == ["ratify", "dismiss", "correct", "split", "merge", "supersede"]
    assert [(part.number, part.kind) for part in answer.parts] == [(1, "rationale"), (2, "alternative")]


def test_of_a_dismissed_one_only_undoing_may_follow(settings: Settings) -> None:
    record_review.dismiss(settings, ids(settings)[RETRY], by=BY, now=NOW, reason="small talk")
    assert record_review.show(settings, ids(settings)[RETRY]).may_follow == ["undo"]
    with pytest.raises(BadRequest, match="not between 0 and 20"):
        record_review.show(settings, ids(settings)[RETRY], around=21)


async def asked(settings: Settings, tool: str, **given: object) -> dict[str, object]:
    async with Client(build_server(settings)) as client:
        result = await client.call_tool(tool, given)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    assert len(json.dumps(result.structured_content)) <= settings.max_chars * 1.2
    return result.structured_content


@pytest.mark.anyio
async def test_an_agent_gets_doubtful_ones_only_when_it_asks(settings: Settings) -> None:
    weak = ids(settings)[RETRY]
    plain = await asked(settings, "search", query="retry payments three times")
    more = await asked(settings, "search", query="retry payments three times", doubtful=True)
    assert weak not in json.dumps(plain)
    assert weak in json.dumps(more)
    listed_ = await asked(settings, "review", action="list", since="2026-03-01")
    assert listed_["total"] == 3


@pytest.mark.anyio
async def test_a_decision_in_a_long_conversation_is_shown_within_the_budget(keep: Keep, settings: Settings) -> None:
    talk = session([*(["So we talked on and on. " * 150] * 8), "We retry payments three times."], "long", title="Long")
    keep((talk, [found_in(talk, RETRY, 0.3, is_doubtful=True, subject="long")]))
    shown = await asked(settings, "review", action="show", decision_id=ids(settings)["long"])
    assert "Left out to fit" in str(shown["left_out"])
    context = shown["context"]
    assert isinstance(context, list)
    assert [line["evidence"] for line in context if line.get("evidence")] == [["choice 3-29"]]


def test_ingest_says_how_many_wait_and_what_changed(capsys: pytest.CaptureFixture[str]) -> None:
    counts = {"read": 9, "kept": 9, "set_aside": 0, "quarantined": 0, "sessions": 1, "decisions": 2}
    told = {"waiting": 3, "added": 1, "changed": 2, "kept_by_verdict": 4}
    named = {"source": "/talks/a.vtt", "reader": "vtt", "unit": "cues", "outcome": "updated", "signature": "b2:x"}
    report = SourceReport.model_validate({**counts, **told, **named})
    output_ingest.ingested_source(report)
    held = HeldCounts(decisions=2, waiting=3)
    output_ingest.ingested(IngestReport(store="a.duckdb", sources=[report], held=held))
    shown = capsys.readouterr()
    assert "1 session, 2 decisions, 3 more to review" in shown.out
    assert "decisions: 1 added, 2 changed, 4 kept as reviewed" in shown.out
    assert "3 more to review (`intent review list`)" in shown.err
