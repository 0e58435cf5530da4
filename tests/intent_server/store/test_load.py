from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.records import Candidate, Part, Session, Span, Utterance
from intent_server.embed import Embedder
from intent_server.errors import AmbiguousId, NotFound
from intent_server.store import load, load_index, load_sessions, load_states
from intent_server.store.connect import open_reader

Keep = Callable[..., Path]
SAID = datetime(2026, 2, 3, 9, 30, tzinfo=UTC)


def meeting(name: str, *texts: str, title: str | None = None) -> Session:
    said = tuple(Utterance(i, text, "person", f"cue {i}", speaker="Mara", said_at=SAID) for i, text in enumerate(texts))
    return Session("meeting", name, said, len(said), title=title, started_at=SAID)


def test_moments_come_back_as_utc(keep: Keep) -> None:
    with open_reader(keep((meeting("one", "Hello there."), [])), wait_s=5) as db:
        assert [head.spoken_until for head in load_sessions.heads_named(db, "")] == [SAID]
        [[line]] = load_sessions.lines(db, [load_sessions.Stretch(load_sessions.session_id(db, "one"), 0, 0)])
        assert line.said_at == SAID


@pytest.mark.parametrize(
    ("words", "number", "found"),
    [
        ("hauptstrasse 7", None, ["street"]),  # as `casefold` writes the title
        ("notes/plan", None, ["C:\\notes\\plan"]),
        ("one", 12, ["one", "record"]),
        ("", None, ["C:\\notes\\plan", "one", "record", "street"]),
    ],
)
def test_sessions_are_found_by_words_of_their_names(
    keep: Keep, words: str, number: int | None, found: list[str]
) -> None:
    record = replace(meeting("record", "Use Postgres.", title="ADR 12"), kind="decision_record")
    street = meeting("street", "Hello.", title="Hauptstraße 7")
    place = keep((meeting("C:\\notes\\plan", "Hello."), []), (record, []), (street, []), (meeting("one", "Hello."), []))
    with open_reader(place, wait_s=5) as db:
        assert sorted(head.native_id for head in load_sessions.heads_named(db, words, number)) == found


@pytest.mark.parametrize("title", ["Αριθμός", "İstanbul toplantısı", "µservice", "Μαΐου", "Մայիս և", "Straße ŻÓŁĆ"])
def test_a_title_in_any_script_is_found_by_its_folded_words(keep: Keep, title: str) -> None:
    with open_reader(keep((meeting("one", "Hello.", title=title), [])), wait_s=5) as db:
        assert [head.title for head in load_sessions.heads_named(db, title.casefold())] == [title]


def test_an_empty_store_has_heard_nothing(keep: Keep) -> None:
    with open_reader(keep(), wait_s=5) as db:
        assert load_sessions.heads_named(db, "") == []
        assert load_sessions.sessions(db, limit=5) == []
        assert len(load_index.indexed(db).document_nos) == 0
        assert load_states.heard_until(db) is None
        assert len(load_states.states(db).decision_ids) == 0


def test_the_reason_of_an_alternative_stands_with_it_and_nowhere_else(keep: Keep) -> None:
    talk = meeting("one", "We take Postgres. Not Kafka, too heavy.")
    parts = (
        Part("choice", (Span(0, 8, 16, "Postgres"),)),
        Part("alternative", (Span(0, 22, 27, "Kafka"),)),
        Part("rationale", (Span(0, 29, 38, "too heavy"),), about=1),
    )
    made = Candidate("Queue", "accepted", "structured", 1.0, parts, "x/1")
    with open_reader(keep((talk, [made])), wait_s=5) as db:
        [session] = load_sessions.sessions(db, limit=5)
        [decision] = load.decisions(db, session.decisions)
    assert decision.rationale == []
    assert [reason.text for reason in decision.alternatives[0].reasons] == ["too heavy"]
    assert decision.alternatives[0].reasons[0].quotes[0].place.locator == "cue 0"


@pytest.mark.parametrize("wanted", ["Weekly sync", "weekly SYNC", "one.vtt", "one", "sync"])
def test_a_session_is_found_by_title_name_or_part_of_it(keep: Keep, wanted: str) -> None:
    kept = keep((meeting("one", "Hello.", title="Weekly sync"), []), (meeting("two", "Hello.", title="Retro"), []))
    with open_reader(kept, wait_s=5) as db:
        assert load_sessions.session(db, load_sessions.session_id(db, wanted)).title == "Weekly sync"


def test_a_title_of_two_sessions_is_ambiguous_and_one_of_none_is_not_found(keep: Keep) -> None:
    kept = keep((meeting("one", "Hello.", title="Sync"), []), (meeting("two", "Bye.", title="Sync"), []))
    with open_reader(kept, wait_s=5) as db:
        with pytest.raises(AmbiguousId) as caught:
            load_sessions.session_id(db, "Sync")
        assert len(caught.value.choices) == 2
        with pytest.raises(NotFound):
            load_sessions.session_id(db, "Planning")


def test_codes_come_by_document_and_only_from_the_model_asked_for(keep: Keep, hashed: Embedder) -> None:
    kept = keep((meeting("one", *(f"{'word ' * 110}{n}" for n in range(3))), []), (meeting("two", "Other words."), []))
    with open_reader(kept, wait_s=5) as db:
        every = load_index.indexed(db)
        newer = load_index.indexed(db, after=1)
        made = [number for numbers, _ in load_index.codes(db, hashed.revision, 256, after=-1) for number in numbers]
        assert list(load_index.codes(db, "b2:another", 256, after=-1)) == []
    assert sorted(made) == list(every.document_nos)
    first, *_, last = found = [every.session_ids[at] for at in every.session_nos]
    assert found == [first, first, first, last]
    assert sorted(every.session_ids) == every.session_ids == sorted({first, last})
    assert list(newer.document_nos) == [number for number in every.document_nos if number > 1]


def test_decisions_stand_as_their_cores_say(keep: Keep) -> None:
    talk = meeting("one", "We take Postgres.", "Not Kafka.")
    parts = (Part("choice", (Span(0, 8, 16, "Postgres"),)), Part("alternative", (Span(1, 4, 9, "Kafka"),)))
    made = Candidate("Queue", "accepted", "structured", 1.0, parts, "x/1")
    with open_reader(keep((talk, [made]), (meeting("two", "Nothing decided."), [])), wait_s=5) as db:
        [core] = load.cores(db).values()
        found = load_states.states(db)
        place = load_states.Place(
            core.decision_id, core.session_id, core.status, core.authority, False, False, core.utterances
        )
        assert load_states.cores_of(db, [place]) == {core.decision_id: core}
        assert load_states.cores_of(db, []) == {}
    assert found.decision_ids.tolist() == [core.decision_id.encode()]
    assert found.session_ids[int(found.session_nos[0])] == core.session_id
    assert found.utterances[found.first[0] : found.first[1]].tolist() == core.utterances == [0, 1]
    assert not found.is_doubtful[0]


@pytest.mark.parametrize(("unclear", "expected"), [(0, True), (1, False)])
def test_a_decision_whose_words_were_hard_to_hear_stands_so(keep: Keep, unclear: int, expected: bool) -> None:
    talk = meeting("one", "We take Postgres.", "Fine.")
    said = tuple(replace(one, doubt="noise" if one.index == unclear else None) for one in talk.utterances)
    made = Candidate("Store", "accepted", "structured", 1.0, (Part("choice", (Span(0, 8, 16, "Postgres"),)),), "x/1")
    with open_reader(keep((replace(talk, utterances=said), [made])), wait_s=5) as db:
        [core] = load.cores(db).values()
        assert load_states.states(db).is_unclear.tolist() == [expected] == [core.is_unclear]
        assert load_states.states(db, [core.decision_id]).is_unclear.tolist() == [expected]
