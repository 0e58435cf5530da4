"""Reviews: what people say of decisions counts, survives re-reading, and can be taken back."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.records import Candidate, Session
from intent_server import record_review, record_upkeep
from intent_server.answers import Decision
from intent_server.answers_record import Finding, Review
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.errors import BadRequest, NotFound, QuotesMissing, StoreMissing
from intent_server.questions import asker, get, search, why
from intent_server.record_review import Correction
from intent_server.record_statement import Claimed
from intent_server.store.connect import open_reader, open_writer
from tests.intent_server.store.records import TALK, candidate, session

MARA, AIKO = Actor("mara"), Actor("aiko", "claude-code 2.1")
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
Keep = Callable[..., Path]
MORE = "We retry payments three times."


def settings_of(place: Path) -> Settings:
    return Settings(store=place, actor="mara")


def found_in(of: Session, quote: str = "keep the mart in DuckDB", **facts: object) -> Candidate:
    made = candidate(of, quote)
    return replace(made, authority="extracted", confidence=0.7, **facts)  # type: ignore[arg-type]  # a test's free facts


def rows(place: Path, query: str) -> list[tuple[object, ...]]:
    with open_reader(place, wait_s=5) as db:
        return db.execute(query).fetchall()


def ids(place: Path) -> list[str]:
    return [
        str(row[0]) for row in rows(place, "SELECT decision_id FROM decisions WHERE recorded_to IS NULL ORDER BY 1")
    ]


def standing(place: Path, decision_id: str) -> Decision:
    answer = get(asker(settings_of(place)), decision_id).decision
    assert answer is not None
    return answer


def facts(decision: Decision) -> dict[str, object]:
    """All that a decision says, but for when its row was recorded, its reviews and its evidence's ids."""
    return decision.model_dump(exclude={"recorded_from", "reviews"})


@pytest.fixture
def place(keep: Keep) -> Path:
    """A meeting with two decisions that the extractor found."""
    talk = session([*TALK, MORE])
    return keep((talk, [found_in(talk), found_in(talk, "retry payments three times", subject="payments")]))


@pytest.fixture
def mart(place: Path) -> str:
    return str(rows(place, "SELECT decision_id FROM decisions WHERE subject = 'the mart'")[0][0])


@pytest.fixture
def payments(place: Path) -> str:
    return str(rows(place, "SELECT decision_id FROM decisions WHERE subject = 'payments'")[0][0])


@pytest.fixture(autouse=True)
def whole(place: Path, hashed: Embedder) -> object:
    """After every test all of the record still holds, and the index fits it."""
    yield
    assert findings(place) == []
    assert record_upkeep.doctor(settings_of(place), embedder=lambda: hashed).findings == []


def findings(place: Path) -> list[Finding]:
    """What does not hold, but for sources, which these sessions never had."""
    return [one for one in record_upkeep.verify(settings_of(place)).findings if one.check != "source missing"]


def ratify(place: Path, wanted: str, by: Actor = MARA, **named: object) -> Review:
    return record_review.ratify(settings_of(place), wanted, by=by, now=NOW, **named)  # type: ignore[arg-type]  # handed through


def dismiss(place: Path, wanted: str, reason: str = "noise") -> Review:
    return record_review.dismiss(settings_of(place), wanted, by=MARA, now=NOW, reason=reason)


def correct(place: Path, wanted: str, hashed: Embedder, **named: object) -> Review:
    made = Correction(**named)  # type: ignore[arg-type]  # handed through
    return record_review.correct(
        settings_of(place), wanted, made, by=MARA, now=NOW, reason="it was wrong", embedder=lambda: hashed
    )


def supersede(place: Path, older: str, newer: str, since: datetime | None = None) -> Review:
    return record_review.supersede(settings_of(place), older, newer, by=MARA, now=NOW, valid_from=since)


def undo(place: Path, wanted: str, hashed: Embedder, reason: str | None = None) -> Review:
    return record_review.undo(settings_of(place), wanted, by=AIKO, now=NOW, reason=reason, embedder=lambda: hashed)


def test_what_nobody_looked_at_waits_with_the_reason(place: Path, mart: str, payments: str) -> None:
    answer = record_review.waiting(settings_of(place))
    assert {one.decision_id for one in answer.waiting} == {mart, payments}
    assert answer.total == 2
    assert all("nobody has looked at it" in one.why_waiting for one in answer.waiting)
    ratify(place, mart)
    dismiss(place, payments)
    assert record_review.waiting(settings_of(place)).waiting == []


def test_the_newest_sessions_wait_first_and_pages_go_on(place: Path, keep: Keep) -> None:
    later = session(["We move the queue to Kafka."], native_id="later", title="Later", started_at=NOW)
    keep((later, [found_in(later, "move the queue to Kafka", subject="queue")]))
    first = record_review.waiting(settings_of(place), limit=1)
    assert [one.session for one in first.waiting] == ["Later"]
    rest = record_review.waiting(settings_of(place), limit=5, cursor=first.next_cursor)
    assert [one.session for one in rest.waiting] == ["Planning", "Planning"]
    assert [one.session for one in record_review.waiting(settings_of(place), session="Later").waiting] == ["Later"]
    for bad in ({"limit": 0}, {"cursor": "x"}):
        with pytest.raises(BadRequest):
            record_review.waiting(settings_of(place), **bad)  # type: ignore[arg-type]  # that is the point


def test_contradictions_wait_before_all_else(place: Path, keep: Keep, mart: str) -> None:
    other = session(
        ["We keep the mart in Postgres, not DuckDB."],
        native_id="old",
        title="Old",
        started_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    rival = candidate(other, "keep the mart in Postgres")
    keep((other, [rival]))
    first, second, *_ = record_review.waiting(settings_of(place)).waiting
    assert first.why_waiting.startswith("Contradicts decision")
    assert second.why_waiting.startswith("Contradicts decision")
    assert mart in {first.decision_id, second.decision_id}


def test_ratifying_says_who_stands_behind_it(place: Path, mart: str) -> None:
    answer = ratify(place, mart[-8:], reason="we agreed on Monday")
    assert answer.decision is not None
    assert answer.decision.authority == "ratified"
    acts = [(act.action, act.actor, act.client, act.reason) for act in answer.decision.reviews]
    assert acts == [("ratified", "mara", None, "we agreed on Monday")]
    again = ratify(place, mart)
    assert again.decision == answer.decision
    assert [act.actor for act in ratify(place, mart, by=AIKO).decision.reviews] == ["mara", "aiko"]  # type: ignore[union-attr]  # as above


def test_a_dismissed_decision_is_in_no_answer_but_still_there(place: Path, mart: str, hashed: Embedder) -> None:
    before = standing(place, mart)
    after = dismiss(place, mart, "somebody's joke").decision
    assert after is not None
    assert facts(after) == facts(before)
    me = asker(settings_of(place), lambda: hashed)
    assert mart not in [hit.decision_id for hit in search(me, "the mart in DuckDB").hits]
    assert mart not in [one.decision_id for one in why(me, "why the mart in DuckDB?").decisions]
    assert standing(place, mart).reviews[0].reason == "somebody's joke"
    assert rows(place, "SELECT action, recorded_to FROM intent.reviews") == [("dismissed", None)]
    undo(place, mart, hashed)
    assert mart in [hit.decision_id for hit in search(me, "the mart in DuckDB").hits]
    assert facts(standing(place, mart)) == facts(before)


def test_a_dismissal_needs_a_reason_and_a_dismissed_one_takes_no_other_act(
    place: Path, mart: str, payments: str, hashed: Embedder
) -> None:
    with pytest.raises(BadRequest, match="reason"):
        dismiss(place, mart, " ")
    dismiss(place, mart)
    for act in (
        lambda: dismiss(place, mart),
        lambda: ratify(place, mart),
        lambda: supersede(place, payments, mart),
        lambda: correct(place, mart, hashed, subject="x"),
    ):
        with pytest.raises(BadRequest, match=r"dismissed by mara on 2026-06-01.*review undo"):
            act()


def test_a_secret_in_a_reason_is_masked(place: Path, mart: str) -> None:
    dismiss(place, mart, "password = 'hunter2-Xk29fjQ' was pasted")
    assert b"hunter2" not in place.read_bytes()


def test_a_correction_replaces_fields_and_quotes_and_is_taken_back_exactly(
    place: Path, mart: str, hashed: Embedder
) -> None:
    before = standing(place, mart)
    parts = (Claimed("choice", "the mart in DuckDB"), Claimed("rationale", "because it needs no server"))
    correct(place, mart, hashed, subject="the orders mart", status="proposed", parts=parts)
    after = standing(place, mart)
    assert (after.subject, after.status, after.choice.text) == ("the orders mart", "proposed", "the mart in DuckDB")
    assert [claim.text for claim in after.rationale] == ["because it needs no server"]
    assert after.alternatives == before.alternatives
    assert after.alternatives[0].reasons != []
    undo(place, mart, hashed)
    assert facts(standing(place, mart)) == facts(before)


def test_a_corrected_subject_is_found(place: Path, mart: str, hashed: Embedder) -> None:
    correct(place, mart, hashed, subject="the warehouse")
    me = asker(settings_of(place), lambda: hashed)
    assert mart in [hit.decision_id for hit in search(me, "warehouse").hits]


def test_alternatives_given_take_the_old_ones_reasons_with_them(place: Path, mart: str, hashed: Embedder) -> None:
    parts = (Claimed("alternative", "Postgres"), Claimed("rationale", "the other option", about=0))
    correct(place, mart, hashed, parts=parts)
    after = standing(place, mart)
    assert [[reason.text for reason in one.reasons] for one in after.alternatives] == [["the other option"]]
    assert [claim.text for claim in after.rationale] == ["needs no server"]


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ({}, "Nothing of decision"),
        ({"subject": "the mart"}, "Nothing of decision"),
        ({"parts": (Claimed("choice", "keep the mart in DuckDB"),)}, "Nothing of decision"),
        ({"parts": (Claimed("rationale", "needs no server"),)}, "Nothing of decision"),
        ({"subject": " "}, "subject"),
        ({"status": "rejected"}, "rejected"),
        ({"valid_to": datetime(2020, 1, 1, tzinfo=UTC)}, "before valid_from"),
        ({"parts": (Claimed("choice", "keep"), Claimed("choice", "mart"))}, "Two choices"),
    ],
)
def test_a_correction_that_cannot_be_used_changes_nothing(
    place: Path, mart: str, hashed: Embedder, named: dict[str, object], problem: str
) -> None:
    before = rows(place, "SELECT count(*) FROM audit")
    with pytest.raises(BadRequest, match=problem):
        correct(place, mart, hashed, **named)
    assert rows(place, "SELECT count(*) FROM audit") == before


def test_a_corrected_quote_must_stand_in_the_decision_s_session(
    place: Path, keep: Keep, mart: str, hashed: Embedder
) -> None:
    other = session(["Nobody said Oracle."], native_id="other", title="Other")
    keep((other, []))
    with pytest.raises(QuotesMissing, match="Planning"):
        correct(place, mart, hashed, parts=(Claimed("choice", "Nobody said Oracle"),))


def test_corrected_words_that_stand_in_several_places_are_those_nearest_to_the_decision(
    keep: Keep, hashed: Embedder
) -> None:
    talk = session(["Use Kafka here.", *TALK, MORE, "Fine, use Kafka here then."], native_id="twice")
    place = keep((talk, [found_in(talk, "retry payments three times", subject="payments again")]))
    wanted = str(rows(place, "SELECT decision_id FROM decisions WHERE subject = 'payments again'")[0][0])
    answer = correct(place, wanted, hashed, parts=(Claimed("choice", "use Kafka here"),))
    assert answer.decision is not None
    assert answer.decision.choice.quotes[0].place.utterance_index == len(talk.utterances) - 1


def test_superseding_ends_the_older_one_where_the_newer_begins(
    place: Path, mart: str, payments: str, hashed: Embedder
) -> None:
    before = standing(place, mart), standing(place, payments)
    answer = supersede(place, mart, payments, NOW)
    assert answer.decision is not None
    assert answer.other is not None
    assert (answer.decision.status, answer.decision.valid_to, answer.decision.superseded_by) == (
        "superseded",
        NOW,
        [payments],
    )
    assert (answer.other.valid_from, answer.other.supersedes) == (NOW, [mart])
    for wrong, problem in (((mart, payments), "already"), ((payments, mart), "circle"), ((mart, mart), "itself")):
        with pytest.raises(BadRequest, match=problem):
            supersede(place, *wrong)
    with pytest.raises(BadRequest, match="It was said to replace"):
        undo(place, payments, hashed)
    undo(place, mart, hashed)
    assert (facts(standing(place, mart)), facts(standing(place, payments))) == tuple(map(facts, before))


def test_a_newer_one_that_began_before_the_older_is_refused(place: Path, mart: str, payments: str) -> None:
    with pytest.raises(BadRequest, match="wrong way round"):
        supersede(place, mart, payments, datetime(2020, 1, 1, tzinfo=UTC))


def test_what_a_dismissed_decision_replaced_holds_again(
    place: Path, mart: str, payments: str, hashed: Embedder
) -> None:
    supersede(place, mart, payments)
    replaced = standing(place, mart)
    dismiss(place, payments)
    assert (standing(place, mart).status, standing(place, mart).superseded_by) == ("accepted", [])
    undo(place, payments, hashed)
    assert facts(standing(place, mart)) == facts(replaced)


def test_times_of_a_replaced_decision_follow_the_newer_one(
    place: Path, mart: str, payments: str, hashed: Embedder
) -> None:
    supersede(place, mart, payments)
    correct(place, payments, hashed, valid_from=NOW)
    assert standing(place, mart).valid_to == NOW
    with pytest.raises(BadRequest, match="was replaced by"):
        correct(place, mart, hashed, status="accepted")
    with pytest.raises(BadRequest, match="which it replaced, began"):
        correct(place, payments, hashed, valid_from=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(BadRequest, match="replaced it"):
        correct(place, mart, hashed, valid_from=NOW + DAY)


def test_acts_are_undone_last_first(place: Path, mart: str, hashed: Embedder) -> None:
    states = [facts(standing(place, mart))]
    ratify(place, mart)
    states.append(facts(standing(place, mart)))
    correct(place, mart, hashed, subject="one")
    states.append(facts(standing(place, mart)))
    correct(place, mart, hashed, subject="two")
    first, _, last = (act.review_id for act in standing(place, mart).reviews)
    with pytest.raises(BadRequest, match=f"corrected by mara.*{last}.*later ones first"):
        undo(place, first, hashed)
    for state in reversed(states):
        undo(place, mart, hashed)
        assert facts(standing(place, mart)) == state
    with pytest.raises(BadRequest, match="Nothing was done"):
        undo(place, mart, hashed)
    with pytest.raises(BadRequest, match="undone already"):
        undo(place, last, hashed)


def test_who_undid_it_and_why_is_kept(place: Path, mart: str, hashed: Embedder) -> None:
    ratify(place, mart)
    undo(place, mart, hashed, "too early")
    found = rows(place, "SELECT undone_by, undone_reason, recorded_to IS NOT NULL FROM intent.reviews")
    assert found == [("aiko via claude-code 2.1", "too early", True)]


def test_an_act_needs_a_decision_and_a_store(place: Path, hashed: Embedder, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="review list"):
        ratify(place, "no-such-id")
    with pytest.raises(StoreMissing):
        ratify(tmp_path / "none.duckdb", "no-such-id")
    assert not (tmp_path / "none.duckdb").exists()


def grown() -> Session:
    return session([*TALK, MORE, "And one more thing."])


def changed(*texts: str) -> Session:
    return session(["Good morning.", *(texts or (*TALK, MORE))])


def again(of: Session, *quotes: str, confidence: float = 0.9) -> Sequence[Candidate]:
    """What a newer extractor finds; of payments its own subject."""
    subjects = {"retry payments three times": "payments"}
    return [replace(found_in(of, one, subject=subjects.get(one, "the mart")), confidence=confidence) for one in quotes]


@pytest.mark.parametrize("source", [grown(), changed()], ids=["grown", "changed"])
def test_what_was_dismissed_stays_dismissed_when_its_source_is_read_again(
    keep: Keep, place: Path, mart: str, hashed: Embedder, source: Session
) -> None:
    dismiss(place, mart)
    keep((source, again(source, "keep the mart in DuckDB", "retry payments three times")))
    me = asker(settings_of(place), lambda: hashed)
    assert "the mart" not in " ".join(
        str(hit.subject) for hit in search(me, "keep the mart in DuckDB").hits if hit.decision_id
    )
    assert standing(place, mart).reviews[0].action == "dismissed"
    assert len(ids(place)) == 2
    held = rows(place, "SELECT count(*) FROM audit")
    keep((source, again(source, "keep the mart in DuckDB", "retry payments three times")))
    assert rows(place, "SELECT count(*) FROM audit") == held


@pytest.mark.parametrize("source", [grown(), changed()], ids=["grown", "changed"])
@pytest.mark.parametrize("finds", [["keep the mart in DuckDB"], []], ids=["found again", "not found"])
def test_what_people_said_goes_on_when_its_source_is_read_again(
    keep: Keep, place: Path, mart: str, hashed: Embedder, source: Session, finds: list[str]
) -> None:
    ratify(place, mart)
    correct(place, mart, hashed, subject="the warehouse", parts=(Claimed("rationale", "because it needs no server"),))
    before = standing(place, mart)
    keep((source, again(source, *finds)))
    after = standing(place, mart)
    assert ids(place) == [mart]
    assert (after.authority, after.subject, after.reviews) == ("ratified", "the warehouse", before.reviews)
    assert [claim.text for claim in after.rationale] == ["because it needs no server"]
    me = asker(settings_of(place), lambda: hashed)
    assert mart in [hit.decision_id for hit in search(me, "the warehouse").hits]
    held = rows(place, "SELECT count(*) FROM audit")
    keep((source, again(source, *finds)))
    assert rows(place, "SELECT count(*) FROM audit") == held
    undo(place, mart, hashed)
    undone = standing(place, mart)
    assert (undone.subject, [claim.text for claim in undone.rationale]) == ("the mart", ["needs no server"])
    assert len(undone.alternatives) == 1


def test_what_lost_its_words_is_closed_and_told(keep: Keep, place: Path, mart: str, hashed: Embedder) -> None:
    ratify(place, mart)
    gone = changed("Nothing is left of it.")
    keep((gone, []))
    assert ids(place) == []
    told = rows(place, "SELECT stage, text, place FROM intent.quarantine")
    assert told == [("review", "keep the mart in DuckDB", f"decision {mart}")]
    waits = record_review.waiting(settings_of(place)).waiting
    assert [(one.decision_id, one.why_waiting[:15]) for one in waits] == [(mart, "Lost its words:")]
    back = changed(*TALK)
    keep((back, again(back, "keep the mart in DuckDB")))
    assert (ids(place), standing(place, mart).authority) == ([mart], "ratified")
    assert rows(place, "SELECT count(*) FROM intent.quarantine") == [(0,)]


def test_a_part_that_lost_its_words_is_told(keep: Keep, place: Path, mart: str) -> None:
    ratify(place, mart)
    keep((changed("We keep the mart in DuckDB.", "Postgres was the other option 🦆."), []))
    after = standing(place, mart)
    assert (after.rationale, len(after.alternatives)) == ([], 1)
    assert rows(place, "SELECT text FROM intent.quarantine") == [("needs no server",)]


def test_equal_words_about_different_things_are_told_apart(keep: Keep, hashed: Embedder, place: Path) -> None:
    talk = session(["Shall we cache? Yes.", "Shall we log? Yes."], native_id="dialogs")
    asked = [
        found_in(talk, "Yes", subject="cache"),
        replace(
            found_in(talk, "Yes", subject="log"),
            parts=(
                replace(
                    candidate(talk, "Yes").parts[0],
                    spans=(
                        replace(
                            candidate(talk, "Yes").parts[0].spans[0], utterance_index=1, start_char=14, end_char=17
                        ),
                    ),
                ),
            ),
        ),
    ]
    keep((talk, asked))
    cache = str(rows(place, "SELECT decision_id FROM decisions WHERE subject = 'cache'")[0][0])
    dismiss(place, cache)
    keep((talk, [replace(one, confidence=0.8) for one in asked]))
    dismissed = "SELECT d.subject FROM intent.reviews JOIN intent.decisions AS d USING (decision_id)"
    assert rows(place, f"{dismissed} WHERE d.recorded_to IS NULL") == [("cache",)]
    assert len(rows(place, "SELECT 1 FROM decisions WHERE recorded_to IS NULL AND subject = 'log'")) == 1


def test_forgetting_a_session_erases_what_was_said_of_its_decisions(place: Path, mart: str) -> None:
    dismiss(place, mart, "Quetzalcoatl told me so")
    session_id = str(rows(place, "SELECT session_id FROM intent.sessions")[0][0])
    record_upkeep.forget(settings_of(place), session_id, now=NOW)
    assert rows(place, "SELECT count(*) FROM reviews") == [(0,)]
    assert b"Quetzalcoatl" not in place.read_bytes()


EDITS = {
    "a valid_from": "UPDATE decisions SET valid_from = valid_from - INTERVAL 1 DAY",
    "a valid_to": "UPDATE decisions SET valid_to = TIMESTAMP '2027-01-01' WHERE recorded_to IS NULL",
    "a changed subject": "UPDATE decisions SET subject = 'x' WHERE recorded_to IS NULL AND subject = 'the warehouse'",
    "an authority": "UPDATE decisions SET authority = 'recorded' WHERE authority = 'ratified'",
    "a reason": "UPDATE reviews SET reason = 'because'",
    "an actor": "UPDATE reviews SET actor = 'eve'",
    "a dismissal removed": "DELETE FROM reviews WHERE action = 'dismissed'",
    "a dismissal ended": "UPDATE reviews SET recorded_to = recorded_from WHERE action = 'dismissed'",
    "a review of nothing": "UPDATE reviews SET decision_id = 'nothing' WHERE action = 'ratified'",
    "a part's version": "UPDATE parts SET recorded_to = recorded_to + INTERVAL 1 DAY",
    "a part reopened": "UPDATE parts SET recorded_to = NULL",
    "an interval": "UPDATE decisions SET valid_to = NULL WHERE status = 'superseded'",
}


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that asks leaves a store in which everything was done that people may do."""
    return tmp_path_factory.mktemp("reviewed") / "intent.duckdb"


@pytest.fixture
def edited(reviewed: Path, keep: Keep, hashed: Embedder, tmp_path: Path) -> Path:
    """A copy of it, in which everything holds, to be edited."""
    if not reviewed.exists():
        shutil.copyfile(all_done(keep, hashed), reviewed)
        assert findings(reviewed) == []
    return Path(shutil.copyfile(reviewed, tmp_path / "edited.duckdb"))


def all_done(keep: Keep, hashed: Embedder) -> Path:
    talk = session([*TALK, MORE], native_id="edited")
    names = ("keep the mart in DuckDB", "retry payments three times", "Agreed")
    place = keep((talk, [found_in(talk, quote, subject=quote) for quote in names]))
    by_subject = dict(rows(place, "SELECT subject, decision_id FROM intent.decisions"))
    mart, payments, agreed = (str(by_subject[quote]) for quote in names)
    ratify(place, mart)
    correct(place, mart, hashed, subject="the warehouse", parts=(Claimed("choice", "the mart in DuckDB"),))
    undo(place, mart, hashed)
    correct(place, mart, hashed, subject="the warehouse")
    supersede(place, payments, mart, NOW)
    dismiss(place, agreed)
    return place


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_by_hand_of_what_was_reviewed_is_a_finding(edited: Path, edit: str) -> None:
    with open_writer(edited, wait_s=5) as db:
        db.execute(edit)
    assert findings(edited) != []
