"""Stated decisions: what is kept are the words as they stand in their source."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from ingest.records import Candidate, Part, Person, Session
from intent_server import record_review, record_upkeep
from intent_server.answers_record import Recorded
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.errors import AmbiguousId, BadRequest, NotFound, QuotesMissing, StoreMissing
from intent_server.questions import asker, search, why
from intent_server.record_statement import Claimed, Stated, record_decision
from intent_server.store.connect import open_reader, open_writer
from intent_server.store.rows import insert
from intent_server.store.save import Origin, save_session
from tests.intent_server.conftest import prepared
from tests.intent_server.store.records import candidate, session, span

MARA = Actor("mara")
AGENT = Actor("mara", "claude-code 2.1")
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
SAID = "We keep one DuckDB file per team because it needs no server. Postgres was too much."
CHOICE = Claimed("choice", "keep one DuckDB file per team")
BECAUSE = Claimed("rationale", "it needs no server")
Keep = Callable[..., Path]


def settings_of(place: Path) -> Settings:
    return Settings(store=place, actor="mara")


def state(
    place: Path, hashed: Embedder, *parts: Claimed, by: Actor = MARA, at: datetime = NOW, **facts: object
) -> Recorded:
    named = {name: facts.pop(name) for name in ("session", "statement") if name in facts}
    stated = Stated("the store", parts or (CHOICE, BECAUSE), **facts)  # type: ignore[arg-type]  # a test's free facts
    return record_decision(settings_of(place), stated, by=by, now=at, embedder=lambda: hashed, **named)  # type: ignore[arg-type]  # likewise


def rows(place: Path, query: str) -> list[tuple[object, ...]]:
    with open_reader(place, wait_s=5) as db:
        return db.execute(query).fetchall()


def clean(place: Path, hashed: Embedder) -> bool:
    problems = record_upkeep.verify(settings_of(place)).findings
    return not problems and not record_upkeep.doctor(settings_of(place), embedder=lambda: hashed).findings


def test_a_statement_is_a_session_of_its_own_and_its_quotes_are_spans_of_it(place: Path, hashed: Embedder) -> None:
    told = state(place, hashed, statement=SAID)
    decision = told.decision
    assert (told.outcome, decision.authority, decision.confidence, decision.status) == (
        "recorded",
        "recorded",
        1.0,
        "accepted",
    )
    assert (decision.choice.text, [claim.text for claim in decision.rationale]) == (CHOICE.quote, [BECAUSE.quote])
    quote = decision.choice.quotes[0]
    assert SAID[quote.start_char : quote.end_char] == quote.recorded_text
    assert (decision.decided_at, quote.place.speaker, quote.place.source) == (NOW, "mara", "stated:mara")
    assert rows(place, "SELECT source_kind, text FROM intent.sessions JOIN intent.utterances USING (session_id)") == [
        ("statement", SAID)
    ]
    assert [(act.action, act.actor, act.client) for act in decision.reviews] == [("recorded", "mara", None)]
    assert clean(place, hashed)


@pytest.mark.parametrize(
    ("by", "role", "source"), [(MARA, "person", "stated:mara"), (AGENT, "assistant", "stated:mara via claude-code 2.1")]
)
def test_who_states_it_is_told(place: Path, hashed: Embedder, by: Actor, role: str, source: str) -> None:
    state(place, hashed, statement=SAID, by=by)
    assert rows(place, "SELECT role, source_uri FROM intent.utterances JOIN intent.sessions USING (session_id)") == [
        (role, source)
    ]
    assert rows(place, "SELECT DISTINCT actor FROM audit") == [(by.label,)]


def test_the_same_statement_again_changes_nothing(place: Path, hashed: Embedder) -> None:
    first = state(place, hashed, statement=SAID)
    before = rows(place, "SELECT count(*) FROM audit")
    again = state(place, hashed, statement=f"  {SAID}\n", at=NOW + timedelta(days=3))
    assert (again.outcome, again.decision) == ("unchanged", first.decision)
    assert rows(place, "SELECT count(*) FROM audit") == before


def test_another_decision_of_the_same_words_is_another_one(place: Path, hashed: Embedder) -> None:
    first = state(place, hashed, statement=SAID)
    second = state(place, hashed, CHOICE, Claimed("alternative", "Postgres"), statement=SAID)
    assert second.outcome == "recorded"
    assert second.decision.decision_id != first.decision.decision_id
    assert second.decision.session_id == first.decision.session_id
    assert clean(place, hashed)


def test_what_is_recorded_is_found(place: Path, hashed: Embedder) -> None:
    told = state(place, hashed, statement=SAID)
    me = asker(settings_of(place), lambda: hashed)
    assert [one.decision_id for one in why(me, "why one DuckDB file per team?").decisions] == [
        told.decision.decision_id
    ]
    record_upkeep.rebuild(settings_of(place), embedder=lambda: hashed)
    assert told.decision.decision_id in [hit.decision_id for hit in search(me, "DuckDB file").hits]
    assert clean(place, hashed)


def test_a_secret_in_a_statement_is_masked(place: Path, hashed: Embedder) -> None:
    said = "We keep password = 'hunter2-Xk29fjQ' in the vault."
    state(place, hashed, Claimed("choice", said), statement=said)
    assert b"hunter2" not in place.read_bytes()


def test_reasons_of_an_alternative_stand_with_it(place: Path, hashed: Embedder) -> None:
    parts = (Claimed("rationale", "too much", about=1), Claimed("alternative", "Postgres"), CHOICE)
    decision = state(place, hashed, *parts, statement=SAID).decision
    assert [reason.text for reason in decision.alternatives[0].reasons] == ["too much"]
    assert decision.rationale == []


@pytest.fixture
def held(keep: Keep) -> Path:
    """Two meetings; both speak of Postgres."""
    return keep(
        (session(), []),
        (session(["Let’s keep  the queue —\nin “Postgres”, then."], native_id="queue", title="Queue"), []),
    )


def test_quotes_are_looked_up_in_the_session_named(held: Path, hashed: Embedder) -> None:
    decision = state(held, hashed, Claimed("choice", "keep the mart in DuckDB"), session="Planning").decision
    assert (decision.session, decision.choice.quotes[0].place.utterance_index) == ("Planning", 0)
    assert decision.decided_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert clean(held, hashed)


@pytest.mark.parametrize(
    "typed", ['let\'s keep the queue - in "postgres", then.', "Let’s keep the queue —\nin “Postgres”, then."]
)
def test_what_is_kept_is_the_source_s_own_text_however_it_was_typed(held: Path, hashed: Embedder, typed: str) -> None:
    decision = state(held, hashed, Claimed("choice", typed)).decision
    assert decision.choice.text == "Let’s keep  the queue —\nin “Postgres”, then."
    assert clean(held, hashed)


def test_without_a_session_the_only_one_that_holds_all_quotes_is_meant(held: Path, hashed: Embedder) -> None:
    decision = state(held, hashed, Claimed("choice", "Postgres"), Claimed("rationale", "needs no server")).decision
    assert decision.session == "Planning"
    with pytest.raises(AmbiguousId, match="2 sessions"):
        state(held, hashed, Claimed("choice", "Postgres"))


def test_a_miss_names_the_nearest_words_their_utterance_and_session(held: Path, hashed: Embedder) -> None:
    with pytest.raises(QuotesMissing) as caught:
        state(held, hashed, Claimed("choice", "we keep our mart in DuckDB"), Claimed("rationale", "it needs no server"))
    message = str(caught.value)
    assert [missed.kind for missed in caught.value.missed] == ["choice"]
    assert "“We keep the mart in DuckDB” (utterance 0)" in message
    assert "utterance 0" in message
    assert "Planning" in message


def test_each_missing_quote_of_a_statement_is_named(place: Path, hashed: Embedder) -> None:
    with pytest.raises(QuotesMissing, match="needs no server") as caught:
        state(
            place,
            hashed,
            Claimed("choice", "we use Oracle"),
            Claimed("rationale", "it needs no servers"),
            statement=SAID,
        )
    assert [missed.kind for missed in caught.value.missed] == ["choice", "rationale"]
    assert not place.exists()


def test_words_that_stand_nowhere_are_told_so(held: Path, hashed: Embedder) -> None:
    with pytest.raises(QuotesMissing, match=r"any session.*nothing near it"):
        state(held, hashed, Claimed("choice", "zzzz qqqq"))


@pytest.mark.parametrize(
    ("parts", "facts", "problem"),
    [
        ((BECAUSE,), {}, "0 choices"),
        ((CHOICE, CHOICE), {}, "2 choices"),
        ((Claimed("choice", "  "),), {}, "empty"),
        ((Claimed("choice", "it is the"),), {}, "does not say by itself"),
        ((CHOICE, Claimed("rationale", "server", about=0)), {}, "about=0"),
        ((CHOICE, Claimed("rationale", "server", about=9)), {}, "about=9"),
        ((Claimed("choice", "x" * 5000),), {}, "5,000 characters"),
        ((CHOICE,), {"status": "superseded"}, "superseded"),
        ((CHOICE,), {"decided_at": datetime(2026, 1, 1)}, "zone"),  # noqa: DTZ001  that is the point
        ((CHOICE,), {"session": "one"}, "not both"),
        ((CHOICE,), {"people": (Person(" ", "decided"),)}, "person"),
    ],
)
def test_a_statement_that_cannot_be_used_is_refused(
    place: Path, hashed: Embedder, parts: tuple[Claimed, ...], facts: dict[str, object], problem: str
) -> None:
    with pytest.raises(BadRequest, match=problem):
        state(place, hashed, *parts, statement=SAID, **facts)
    assert not place.exists()


def test_a_session_or_store_that_is_not_there_is_told(held: Path, hashed: Embedder, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="statement"):
        state(held, hashed, session="Nobody's")
    with pytest.raises(StoreMissing):
        state(tmp_path / "none.duckdb", hashed)


def test_what_it_replaces_ends_when_it_begins(place: Path, hashed: Embedder) -> None:
    older = state(place, hashed, statement=SAID).decision
    later = NOW + timedelta(days=1)
    said = "From now on we keep Postgres."
    newer = state(
        place, hashed, Claimed("choice", said), statement=said, supersedes=older.decision_id, at=later
    ).decision
    assert newer.supersedes == [older.decision_id]
    found = rows(place, "SELECT status, valid_to FROM intent.decisions WHERE recorded_to IS NULL ORDER BY valid_from")
    assert found == [("superseded", later.replace(tzinfo=None)), ("accepted", None)]
    record_review.undo(settings_of(place), newer.decision_id, by=MARA, now=later, embedder=lambda: hashed)
    found = rows(place, "SELECT status, valid_to FROM intent.decisions WHERE recorded_to IS NULL")
    assert found == [("accepted", None)]
    assert clean(place, hashed)


def test_one_that_would_begin_before_what_it_replaces_is_refused(place: Path, hashed: Embedder) -> None:
    older = state(place, hashed, statement=SAID).decision
    before = rows(place, "SELECT count(*) FROM audit")
    with pytest.raises(BadRequest, match="wrong way round"):
        state(
            place,
            hashed,
            Claimed("choice", "Postgres"),
            statement="Postgres!",
            supersedes=older.decision_id,
            decided_at=NOW - timedelta(days=9),
        )
    assert rows(place, "SELECT count(*) FROM audit") == before


def extracted(of: Session) -> Candidate:
    made = candidate(of)
    return Candidate(made.subject, made.status, "extracted", 0.7, made.parts, "test/1", made.people)


def test_what_the_extractor_found_in_the_same_words_gives_way_and_comes_back(keep: Keep, hashed: Embedder) -> None:
    place = keep((session(), [extracted(session())]))
    found = rows(place, "SELECT decision_id FROM intent.decisions")[0][0]
    told = state(place, hashed, Claimed("choice", "keep the mart in DuckDB")).decision
    standing = "SELECT decision_id FROM intent.decisions WHERE recorded_to IS NULL"
    assert rows(place, standing) == [(told.decision_id,)]
    keep((session(), [extracted(session())]))
    assert rows(place, standing) == [(told.decision_id,)]
    assert clean(place, hashed)
    record_review.undo(settings_of(place), told.decision_id, by=MARA, now=NOW, embedder=lambda: hashed)
    assert rows(place, standing) == [(found,)]
    assert clean(place, hashed)


def test_a_recorded_decision_stays_when_its_session_grows(keep: Keep, hashed: Embedder) -> None:
    place = keep((session(), []))
    told = state(place, hashed, Claimed("choice", "keep the mart in DuckDB")).decision
    keep((session([*(one.text for one in session().utterances), "And one more thing."]), []))
    me = asker(settings_of(place), lambda: hashed)
    assert told.decision_id in [one.decision_id for one in why(me, "the mart in DuckDB?").decisions]
    assert clean(place, hashed)


def test_a_quote_among_a_hundred_thousand_utterances_is_found_or_missed_at_once(place: Path, hashed: Embedder) -> None:
    with open_writer(place, wait_s=5) as db:
        head = {
            "source_id": "s",
            "session_id": "big",
            "source_kind": "meeting",
            "native_id": "big",
            "identity": "native",
            "time_basis": "source",
            "notes": [],
            "fingerprint": "b2:",
            "utterance_count": 100_000,
            "recorded_from": "2026-01-01",
        }
        insert(db, "sources", [{"source_id": "s", "uri": "/big.vtt", "reader": "vtt", "recorded_from": "2026-01-01"}])
        insert(db, "sessions", [head])
        said = (
            {
                "session_id": "big",
                "utterance_index": n,
                "role": "person",
                "text": f"We settled question {n} of the orders mart in the planning call.",
                "locator": f"cue {n}",
            }
            for n in range(100_000)
        )
        insert(db, "utterances", list(said))
    begun = perf_counter()
    assert state(place, hashed, Claimed("choice", "question 77321 of the orders mart")).outcome == "recorded"
    with pytest.raises(QuotesMissing, match="question 77321"):
        state(place, hashed, Claimed("choice", "settled the question 77321 in the orders mart of planning"))
    assert perf_counter() - begun < 10, "some 0.5 s on an idle machine"


def found(place: Path, hashed: Embedder, quote: str, **facts: object) -> list[str]:
    """A session in which extraction found a decision in these words."""
    talk = session()
    given = {"authority": "extracted", "confidence": 0.6, "parts": (Part("choice", (span(talk, quote),)),)} | facts
    save(place, hashed, talk, replace(candidate(talk), **given))  # type: ignore[arg-type]  # a test's free facts
    return [str(row[0]) for row in rows(place, "SELECT decision_id FROM decisions WHERE recorded_to IS NULL")]


def save(place: Path, hashed: Embedder, talk: Session, one: Candidate) -> None:
    with open_writer(place, wait_s=5) as db:
        save_session(db, prepared(talk, [one], hashed), Origin("/t.vtt", "vtt"), now=NOW, actor="test")


@pytest.mark.parametrize("quote", ["We keep the mart in DuckDB.", "keep the mart in DuckDB", "the mart in DuckDB"])
def test_what_extraction_found_in_overlapping_words_gives_way_and_is_named(
    place: Path, hashed: Embedder, quote: str
) -> None:
    [old] = found(place, hashed, quote)
    told = state(place, hashed, Claimed("choice", "keep the mart in DuckDB"), by=AGENT, session="Planning")
    assert (told.outcome, told.replaces) == ("recorded", [old])
    assert [(act.action, act.client) for act in told.decision.reviews] == [("recorded", "claude-code 2.1")]
    assert told.decision.authority == "recorded"
    assert len(rows(place, "SELECT 1 FROM decisions WHERE recorded_to IS NULL")) == 1
    assert clean(place, hashed)


@pytest.mark.parametrize("authority", ["structured", "recorded"])
def test_firmer_decisions_in_the_same_words_are_told_and_not_doubled(
    place: Path, hashed: Embedder, authority: str
) -> None:
    [old] = found(place, hashed, "We keep the mart in DuckDB.", authority=authority, confidence=1.0)
    told = state(place, hashed, Claimed("choice", "keep the mart in DuckDB"), by=AGENT, session="Planning")
    assert (told.outcome, told.decision.decision_id) == ("already_held", old)
    assert len(rows(place, "SELECT 1 FROM decisions WHERE recorded_to IS NULL")) == 1


def test_an_agent_cannot_record_again_what_a_person_dismissed_but_the_person_can(place: Path, hashed: Embedder) -> None:
    [old] = found(place, hashed, "We keep the mart in DuckDB.")
    record_review.dismiss(settings_of(place), old, by=MARA, now=NOW, reason="said in jest")
    choice = Claimed("choice", "keep the mart in DuckDB")
    with pytest.raises(BadRequest, match="was dismissed"):
        state(place, hashed, choice, by=AGENT, session="Planning")
    assert state(place, hashed, choice, session="Planning").outcome == "recorded"
