from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.records import Candidate, Session
from intent_server.store.audit import broken_links, store_version
from intent_server.store.connect import Db, open_writer
from intent_server.store.known import match
from intent_server.store.rows import fetched
from intent_server.store.save import Origin, Prepared, Saved, Tally, outline, save_session, standing
from intent_server.store.verify import verified
from tests.intent_server.store.records import TALK, candidate, prepared, session

ORIGIN = Origin("/talks/planning.vtt", "vtt")
TABLES = ("sources", "sessions", "utterances", "decisions", "parts", "evidence", "people", "links", "audit", "postings")
Save = Callable[..., Saved]


@pytest.fixture
def save(db: Db, now: datetime) -> Save:
    def saved(of: Session, candidates: list[Candidate] | None = None, at: datetime = now) -> Saved:
        return save_session(db, prepared(of, candidates), ORIGIN, now=at, actor="test")

    return saved


def contents(db: Db) -> dict[str, list[tuple[object, ...]]]:
    return {table: db.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for table in TABLES}  # noqa: S608


def open_texts(db: Db) -> list[str]:
    return [row[0] for row in db.execute("SELECT text FROM intent.utterances ORDER BY utterance_index").fetchall()]


def test_saving_twice_changes_nothing(db: Db, save: Save) -> None:
    first = save(session())
    before = contents(db)
    second = save(session())
    assert (first.outcome, second.outcome) == ("added", "unchanged")
    assert (second.session_id, second.decision_ids) == (first.session_id, first.decision_ids)
    assert contents(db) == before


def test_what_is_held_is_known_before_anything_is_prepared(db: Db, save: Save) -> None:
    saved = save(session())
    same = prepared(session())
    assert known(db, same) == replace(saved, outcome="unchanged", tally=Tally())
    grown = prepared(session([*TALK, "And one more thing."]))
    assert known(db, grown) is None


def known(db: Db, ready: Prepared) -> Saved | None:
    found = match(db, ready.ingested.session, ORIGIN.uri, ready.outline.session)
    return standing(db, ready.ingested, ready.outline, found)


def test_a_grown_session_keeps_its_id_and_its_decisions(db: Db, save: Save) -> None:
    first = save(session())
    more = [*TALK, "We retry payments three times."]
    grown = session(more)
    second = save(grown, [candidate(grown), candidate(grown, "retry payments three times")])
    assert second.outcome == "updated"
    assert second.session_id == first.session_id
    assert second.decision_ids[0] == first.decision_ids[0]
    assert open_texts(db) == more
    assert db.execute("SELECT count(*) FROM sessions").fetchone() == (2,)
    assert db.execute("SELECT count(*) FROM intent.sessions").fetchone() == (1,)


def test_a_decision_no_longer_found_is_closed_and_leaves_the_index(db: Db, save: Save) -> None:
    first = save(session())
    second = save(session(), [])
    assert (second.outcome, second.session_id) == ("updated", first.session_id)
    assert db.execute("SELECT count(*) FROM decisions WHERE recorded_to IS NULL").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM decisions").fetchone() == (1,)
    assert db.execute("SELECT count(*) FROM documents WHERE kind = 'decision'").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM terms WHERE document_count < 0").fetchone() == (0,)


def test_a_changed_session_is_closed_and_a_new_one_added(db: Db, save: Save) -> None:
    first = save(session())
    second = save(session(["We keep the mart in DuckDB after all."]))
    assert second.outcome == "updated"
    assert second.session_id != first.session_id
    assert open_texts(db) == ["We keep the mart in DuckDB after all."]
    closed = db.execute("SELECT recorded_to IS NOT NULL FROM sessions WHERE session_id = ?", [first.session_id])
    assert closed.fetchall() == [(True,)]
    assert db.execute("SELECT count(DISTINCT session_id) FROM documents").fetchone() == (1,)


def test_a_new_title_alone_keeps_the_session(db: Db, save: Save) -> None:
    first = save(session())
    second = save(session(title="Planning of the mart"))
    assert (second.outcome, second.session_id) == ("updated", first.session_id)
    assert db.execute("SELECT title FROM intent.sessions").fetchall() == [("Planning of the mart",)]
    assert db.execute("SELECT count(*) FROM utterances").fetchone() == (3,)


def test_another_assumed_time_is_no_change(db: Db, save: Save) -> None:
    assumed = session(time_basis="assumed")
    later = replace(
        assumed,
        started_at=datetime.fromisoformat("2026-09-09T09:00:00+00:00"),
        utterances=tuple(
            replace(one, said_at=datetime.fromisoformat("2026-09-09T09:00:00+00:00")) for one in assumed.utterances
        ),
    )
    save(assumed)
    assert save(later).outcome == "unchanged"


def test_equal_candidates_are_one_decision(db: Db, save: Save) -> None:
    talk = session()
    saved = save(talk, [candidate(talk), candidate(talk)])
    assert len(set(saved.decision_ids)) == 1
    assert db.execute("SELECT count(*) FROM decisions").fetchone() == (1,)


def test_every_span_is_equal_in_sql(db: Db, save: Save) -> None:
    save(session())
    rows = db.execute(
        "SELECT substr(text, start_char + 1, end_char - start_char) = quote FROM intent.evidence "
        "JOIN intent.utterances USING (session_id, utterance_index)"
    ).fetchall()
    assert len(rows) == 5
    assert all(row[0] for row in rows)


def test_a_reason_points_to_its_alternative(db: Db, save: Save) -> None:
    save(session())
    found = db.execute(
        "SELECT about.text FROM intent.parts JOIN intent.parts AS about ON about.part_id = parts.about_part_id"
    ).fetchall()
    assert found == [("Postgres",)]


def test_a_failure_in_the_middle_leaves_no_row(db: Db, now: datetime) -> None:
    class Cut(Exception):
        pass

    def broken() -> str:
        raise Cut

    ready = prepared(session())
    bad = replace(ready.documents[-1], terms=_Failing(broken))
    with pytest.raises(Cut):
        save_session(db, replace(ready, documents=(*ready.documents[:-1], bad)), ORIGIN, now=now, actor="test")
    assert all(not rows for rows in contents(db).values())


class _Failing(dict[str, int]):
    """Terms that break off while being written."""

    def __init__(self, fail: Callable[[], str]) -> None:
        super().__init__({"mart": 1})
        self.fail = fail

    def values(self):  # type: ignore[no-untyped-def]  # breaks off, gives nothing
        self.fail()


def test_what_was_saved_verifies(db: Db, save: Save) -> None:
    save(session())
    save(session([*TALK, "More."]))
    save(session(native_id="other", time_basis="assumed"))
    assert verified(db).findings == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1), max_size=4))
def test_any_text_comes_back_as_it_was(place: Path, now: datetime, texts: list[str]) -> None:
    talk = session(texts, native_id="law")
    with open_writer(place, wait_s=5) as db:
        save_session(db, prepared(talk, []), ORIGIN, now=now, actor="test")
        held = next(fetched(db, "sessions_known_as", source_kind="meeting", native_id="law"))
        stored = [row["text"] for row in fetched(db, "held_utterances", session_id=held["session_id"])]
    assert stored == texts
    assert held["fingerprint"] == outline(prepared(talk, []).ingested).session


def test_the_store_version_rises_with_each_change(db: Db, save: Save) -> None:
    assert store_version(db) == 0
    save(session())
    first = store_version(db)
    save(session())
    assert store_version(db) == first
    save(session([*TALK, "More."]))
    assert store_version(db) > first > 0
    assert list(broken_links(db)) == []
