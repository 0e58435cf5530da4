"""Splitting and merging: the words stay the source's, history names what became of what, undo gives all of it back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.records import Candidate, Part, Session
from intent_server import record_review, record_upkeep
from intent_server.answers import Decision
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.errors import BadRequest, QuotesMissing
from intent_server.questions import asker, get, history, search
from intent_server.record_review import Correction, Piece, part_numbers
from intent_server.store.connect import open_reader
from tests.intent_server.store.records import TALK, candidate, session, span

BY = Actor("mara")
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
MART, RETRY = "keep the mart in DuckDB", "retry payments three times"
SAID = (*TALK, "We retry payments three times.", "The bank drops one call in ten.", "DuckDB for the mart, then.")
Keep = Callable[..., Path]


def extracted(of: Session, quote: str, **facts: object) -> Candidate:
    made = replace(candidate(of, quote), authority="extracted", confidence=0.7, subject=quote)
    return replace(made, **facts)  # type: ignore[arg-type]  # a test's free facts


@pytest.fixture
def settings(keep: Keep) -> Settings:
    """A meeting with one decision that is two, and the first of these said again at the end."""
    talk = session(SAID)
    both = extracted(talk, MART, subject="planning", is_doubtful=True)
    both = replace(both, parts=(*both.parts, Part("rationale", (span(talk, "The bank drops one call in ten"),))))
    again = replace(
        extracted(talk, "DuckDB for the mart"), parts=(Part("choice", (span(talk, "DuckDB for the mart"),)),)
    )
    return Settings(store=keep((talk, [both, again])), actor="mara")


@pytest.fixture(autouse=True)
def whole(settings: Settings, hashed: Embedder) -> object:
    """After every test all of the record still holds, and the index fits it."""
    yield
    findings = record_upkeep.verify(settings).findings
    assert [one for one in findings if one.check != "source missing"] == []
    assert record_upkeep.doctor(settings, embedder=lambda: hashed).findings == []


def held(settings: Settings) -> dict[str, Decision]:
    """What is held now, by its subject."""
    with open_reader(settings.store, wait_s=5) as db:
        ids = [
            str(row[0]) for row in db.execute("SELECT decision_id FROM decisions WHERE recorded_to IS NULL").fetchall()
        ]
    found = [get(asker(settings), one).decision for one in ids]
    return {one.subject: one for one in found if one is not None}


def facts(settings: Settings) -> list[dict[str, object]]:
    """All that is held, but for when its rows were recorded and the ids of evidence."""
    return sorted((one.model_dump(exclude={"recorded_from"}) for one in held(settings).values()), key=str)


def split(settings: Settings, hashed: Embedder, *into: Piece, wanted: str | None = None) -> list[Decision]:
    whole_id = wanted or held(settings)["planning"].decision_id
    named = {"by": BY, "now": NOW, "reason": "two matters", "embedder": lambda: hashed}
    return record_review.split(settings, whole_id, into, **named).became  # type: ignore[arg-type]  # named above


def merge(settings: Settings, hashed: Embedder, keeper: str, *others: str) -> Decision:
    named = {"by": BY, "now": NOW, "embedder": lambda: hashed}
    answer = record_review.merge(settings, keeper, others, **named)  # type: ignore[arg-type]  # named above
    assert answer.decision is not None
    assert answer.closed == list(others)
    return answer.decision


def undo(settings: Settings, hashed: Embedder, wanted: str) -> None:
    record_review.undo(settings, wanted, by=BY, now=NOW, embedder=lambda: hashed)


def texts(claims: Sequence[object]) -> list[str]:
    return [claim.text for claim in claims]  # type: ignore[attr-defined]  # claims


def test_a_split_gives_each_choice_its_words_and_the_parts_nearest_to_it(settings: Settings, hashed: Embedder) -> None:
    mart, retry = split(settings, hashed, Piece(MART, "the mart"), Piece(RETRY, "payments"))
    assert (mart.choice.text, retry.choice.text) == (MART, RETRY)
    assert (mart.subject, retry.subject) == ("the mart", "payments")
    assert texts(mart.rationale) == ["needs no server"]
    assert texts(retry.alternatives) == ["Postgres"]
    assert texts(retry.alternatives[0].reasons) == ["other option 🦆"]
    assert texts(retry.rationale) == ["The bank drops one call in ten"]
    assert [one.person for one in retry.people] == ["Mara"]
    assert {one.authority for one in (mart, retry)} == {"recorded"}
    assert {one.is_doubtful for one in (mart, retry)} == {None}
    assert held(settings).keys() == {"the mart", "payments", "DuckDB for the mart"}


def test_parts_go_where_a_person_says(settings: Settings, hashed: Embedder) -> None:
    shown = record_review.show(settings, held(settings)["planning"].decision_id)
    numbers = {part.recorded_text: part.number for part in shown.parts}
    assert numbers == {"needs no server": 1, "The bank drops one call in ten": 2, "Postgres": 3}
    mart, retry = split(settings, hashed, Piece(MART, parts=(2,)), Piece(RETRY, "payments", parts=part_numbers("1, 3")))
    assert texts(mart.rationale) == ["The bank drops one call in ten"]
    assert mart.alternatives == []
    assert texts(retry.rationale) == ["needs no server"]
    assert texts(retry.alternatives[0].reasons) == ["other option 🦆"]


def test_history_names_what_a_decision_became_and_search_finds_that(settings: Settings, hashed: Embedder) -> None:
    whole_id = held(settings)["planning"].decision_id
    mart, retry = split(settings, hashed, Piece(MART, "the mart"), Piece(RETRY, "payments"))
    told = history(asker(settings), whole_id, doubtful=True).events[0]
    assert not told.is_held
    assert told.dropped_because == f"split into {mart.decision_id} and {retry.decision_id}, by mara"
    assert [act.action for act in told.reviews] == ["split"]
    hits = search(asker(settings, lambda: hashed), "retry payments three times").hits
    assert retry.decision_id in {hit.decision_id for hit in hits}
    assert whole_id not in {hit.decision_id for hit in hits}


@pytest.mark.parametrize("by_whole", [True, False])
def test_undoing_a_split_gives_back_exactly_what_was_there(
    by_whole: bool, settings: Settings, hashed: Embedder
) -> None:
    before, whole_id = facts(settings), held(settings)["planning"].decision_id
    mart, _ = split(settings, hashed, Piece(MART, "the mart"), Piece(RETRY, "payments"))
    undo(settings, hashed, whole_id if by_whole else mart.decision_id)
    assert facts(settings) == before


def test_a_split_stands_while_something_was_done_with_a_piece(settings: Settings, hashed: Embedder) -> None:
    mart, retry = split(settings, hashed, Piece(MART, "the mart"), Piece(RETRY, "payments"))
    record_review.ratify(settings, retry.decision_id, by=BY, now=NOW)
    with pytest.raises(BadRequest, match="was ratified by mara"):
        undo(settings, hashed, mart.decision_id)
    undo(settings, hashed, retry.decision_id)
    undo(settings, hashed, mart.decision_id)
    assert "planning" in held(settings)


def test_the_dates_that_a_person_gave_the_whole_are_those_of_its_pieces(settings: Settings, hashed: Embedder) -> None:
    since = datetime(2026, 2, 1, tzinfo=UTC)
    whole_id = held(settings)["planning"].decision_id
    mended = Correction(valid_from=since)
    record_review.correct(settings, whole_id, mended, by=BY, now=NOW, reason="since February", embedder=lambda: hashed)
    assert [one.valid_from for one in split(settings, hashed, Piece(MART, "a"), Piece(RETRY, "b"))] == [since, since]


@pytest.mark.parametrize(
    ("into", "problem"),
    [
        ([Piece(MART)], "1 choices are given"),
        ([Piece(MART), Piece(MART)], "the same words"),
        ([Piece(MART, parts=(9,)), Piece(RETRY)], "Part 9 is none of the 3"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(
    into: Sequence[Piece], problem: str, settings: Settings, hashed: Embedder
) -> None:
    before = facts(settings)
    with pytest.raises(BadRequest, match=problem):
        split(settings, hashed, *into)
    assert facts(settings) == before


def test_a_choice_that_nobody_said_splits_nothing(settings: Settings, hashed: Embedder) -> None:
    with pytest.raises(QuotesMissing):
        split(settings, hashed, Piece(MART), Piece("retry payments for ever"))


def test_numbers_of_parts_are_numbers() -> None:
    assert part_numbers("-") == part_numbers("") == ()
    with pytest.raises(BadRequest, match="'two' is no part's number"):
        part_numbers("1,two")


def test_merged_decisions_are_the_first_with_the_others_words_beside_its_own(
    settings: Settings, hashed: Embedder
) -> None:
    keeper, other = held(settings)["planning"].decision_id, held(settings)["DuckDB for the mart"].decision_id
    one = merge(settings, hashed, keeper, other)
    assert one.decision_id == keeper
    assert [quote.recorded_text for quote in one.choice.quotes] == [MART, "DuckDB for the mart"]
    assert texts(one.rationale) == ["needs no server", "The bank drops one call in ten"]
    assert texts(one.alternatives[0].reasons) == ["other option 🦆"]
    assert one.is_doubtful is None
    assert held(settings).keys() == {"planning"}
    gone = history(asker(settings), other).events[0]
    assert gone.dropped_because == f"merged into {keeper}, by mara"


def test_parts_that_say_the_same_are_one_part_with_several_quotes(keep: Keep, hashed: Embedder) -> None:
    talk = session([*TALK, "DuckDB for the mart, it needs no server."], "other")
    reason = Part("rationale", (span(talk, "needs no server"),))
    said = talk.utterances[3].text
    second = replace(
        reason.spans[0], utterance_index=3, start_char=said.index("needs"), end_char=said.index("needs") + 15
    )
    again = replace(
        extracted(talk, "DuckDB for the mart"),
        parts=(Part("choice", (span(talk, "DuckDB for the mart"),)), Part("rationale", (second,))),
    )
    settings = Settings(store=keep((talk, [extracted(talk, MART), again])), actor="mara")
    found = {one.subject: one.decision_id for one in held(settings).values()}
    before = facts(settings)
    one = merge(settings, hashed, found[MART], found["DuckDB for the mart"])
    assert [[quote.place.utterance_index for quote in claim.quotes] for claim in one.rationale] == [[1, 3]]
    undo(settings, hashed, found[MART])
    assert [one["subject"] for one in facts(settings)] == [one["subject"] for one in before]


def test_undoing_a_merge_gives_back_all_of_them(settings: Settings, hashed: Embedder) -> None:
    def said() -> object:
        return sorted(
            (one.subject, one.is_doubtful, len(one.choice.quotes), texts(one.rationale))
            for one in held(settings).values()
        )

    before = said()
    keeper, other = held(settings)["planning"].decision_id, held(settings)["DuckDB for the mart"].decision_id
    merge(settings, hashed, keeper, other)
    undo(settings, hashed, keeper)
    assert said() == before


def test_decisions_of_two_sessions_and_replaced_ones_are_not_merged(
    keep: Keep, settings: Settings, hashed: Embedder
) -> None:
    talk = session(["We keep the mart in DuckDB."], "other", title="Other")
    keep((talk, [extracted(talk, MART, subject="elsewhere")]))
    found = {subject: one.decision_id for subject, one in held(settings).items()}
    with pytest.raises(BadRequest, match="stands in session"):
        merge(settings, hashed, found["planning"], found["elsewhere"])
    with pytest.raises(BadRequest, match="with itself only"):
        merge(settings, hashed, found["planning"], found["planning"])
    record_review.supersede(settings, found["planning"], found["DuckDB for the mart"], by=BY, now=NOW)
    with pytest.raises(BadRequest, match="replaced"):
        merge(settings, hashed, found["planning"], found["DuckDB for the mart"])
    with pytest.raises(BadRequest, match="was replaced by"):
        split(settings, hashed, Piece(MART), Piece(RETRY))
