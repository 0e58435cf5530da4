"""Files known by their content alone, edited and read again: what people said of their decisions stands."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.records import Reader, Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import record, record_review, record_upkeep
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.store.connect import open_reader
from intent_server.store.forget import forget_session
from tests.intent_server.store.records import session

MARA = Actor("mara")
BEGIN = datetime(2026, 6, 1, 9, tzinfo=UTC)
VTT = "WEBVTT\n\n" + "\n".join(
    f"00:00:0{at}.000 --> 00:00:0{at + 1}.000\n<v {who}>{said}\n"
    for at, (who, said) in enumerate(
        (
            ("Mara", "Good morning, everybody."),
            ("Jonas", "Let's go with DuckDB for the mart because it needs no server."),
            ("Mara", "Let's use a message queue for order events."),
        )
    )
)
TXT = (
    "Mara: Good morning, everybody.\n"
    "Jonas: Let's go with DuckDB for the mart because it needs no server.\n"
    "Mara: Let's use a message queue for order events.\n"
)
Give = Callable[..., None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "intent.duckdb", actor="mara")


@pytest.fixture
def clock() -> Iterator[datetime]:
    return (BEGIN + timedelta(hours=hour) for hour in itertools.count())


@pytest.fixture
def give(settings: Settings, hashed: Embedder, clock: Iterator[datetime]) -> Give:
    def given(path: Path, reader: Reader | None = None) -> None:
        moment = next(clock)
        run_by = record.recorder(settings, embedder=lambda: hashed, clock=lambda: moment)
        source = file_source(path, Declared())
        record.ingest_source(run_by, source, reader or reader_for(source))

    return given


@pytest.fixture(autouse=True)
def whole(settings: Settings, hashed: Embedder) -> object:
    """After every test all of the record still holds, and the index fits it."""
    yield
    assert record_upkeep.verify(settings).findings == []
    assert record_upkeep.doctor(settings, embedder=lambda: hashed).findings == []


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with open_reader(settings.store, wait_s=5) as db:
        return db.execute(query).fetchall()


def held(settings: Settings) -> dict[str, str]:
    """The open decisions by choice; none of them twice."""
    found = rows(settings, "SELECT choice, decision_id FROM decisions WHERE recorded_to IS NULL")
    ids = {str(choice): str(decision_id) for choice, decision_id in found}
    assert len(ids) == len(found)
    return ids


def review(settings: Settings, clock: Iterator[datetime]) -> dict[str, str]:
    """Ratifies the decision about the mart and dismisses the one about the queue; their ids by act."""
    ids = held(settings)
    mart = next(ids[choice] for choice in ids if "DuckDB" in choice)
    queue = next(ids[choice] for choice in ids if "message queue" in choice)
    record_review.ratify(settings, mart, by=MARA, now=next(clock))
    record_review.dismiss(settings, queue, by=MARA, now=next(clock), reason="said in jest")
    return {"ratified": mart, "dismissed": queue}


def reviewed(settings: Settings) -> dict[str, str]:
    query = """
        SELECT reviews.action, decisions.decision_id
        FROM decisions JOIN reviews ON reviews.decision_id = decisions.decision_id AND reviews.recorded_to IS NULL
        WHERE decisions.recorded_to IS NULL
    """
    return {str(action): str(decision_id) for action, decision_id in rows(settings, query)}


@pytest.mark.parametrize(("name", "text"), [("talk.vtt", VTT), ("talk.txt", TXT)])
def test_an_edited_file_keeps_what_people_said_of_its_decisions(
    name: str, text: str, give: Give, settings: Settings, clock: Iterator[datetime], tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_text(text)
    give(file)
    acts = review(settings, clock)
    for edited in (text.replace("Good morning", "Good evening"), text.replace("everybody", "all"), text):
        file.write_text(edited)
        give(file)
        assert len(held(settings)) == 2
        assert reviewed(settings) == acts
    assert rows(settings, "SELECT count(*) FROM sessions WHERE recorded_to IS NULL") == [(1,)]
    assert record_review.waiting(settings).waiting == []


def test_a_file_of_several_edited_conversations_keeps_what_people_said(
    give: Give, settings: Settings, clock: Iterator[datetime], tmp_path: Path
) -> None:
    file = tmp_path / "talks.bin"

    def read(*talks: tuple[str, ...]) -> None:
        file.write_text(repr(talks))
        found = [talk(*said) for said in talks]
        give(
            file, Reader("talks", frozenset(), lambda _: 1, lambda _: iter(found), lambda _: sum(map(len, talks)), "l")
        )

    mart = "Let's go with DuckDB for the mart because it needs no server."
    queue = "Let's use a message queue for order events."
    read((mart, "Good."), (queue, "Yes."))
    acts = review(settings, clock)
    read((mart, "Good, good."), (queue, "Yes, yes."))
    assert reviewed(settings) == acts
    assert len(held(settings)) == 2
    read(("Nothing here.", mart), (queue, "Yes!", "And so on."), ("Good day.",))
    assert reviewed(settings) == acts
    assert len(held(settings)) == 2


def talk(*said: str) -> Session:
    return session(said, native_id=repr(said), identity="content")


@pytest.mark.parametrize(("name", "text"), [("talk.vtt", VTT), ("talk.txt", TXT)])
def test_forgetting_a_session_forgets_what_its_file_said_earlier(
    name: str, text: str, give: Give, settings: Settings, clock: Iterator[datetime], tmp_path: Path
) -> None:
    file = tmp_path / name
    for edited in (
        text.replace("no server", "no Quetzalcoatl"),
        text.replace("Good morning", "Good Xochipilli"),
        text,
    ):
        file.write_text(edited)
        give(file)
        if "Quetzalcoatl" in edited:
            review(settings, clock)
    other = tmp_path / f"other-{name}"
    other.write_text(text.replace("Good morning", "Good evening"))
    give(other)
    assert b"Quetzalcoatl" in settings.store.read_bytes()
    ((session_id, _),) = rows(
        settings,
        f"SELECT session_id, source_uri FROM intent.sessions WHERE source_uri = '{file.as_posix()}'",  # noqa: S608  # a test's own path
    )
    record_upkeep.forget(settings, str(session_id), now=next(clock))
    kept = settings.store.read_bytes()
    assert [word for word in (b"Quetzalcoatl", b"Xochipilli", b"Good morning") if word in kept] == []
    assert rows(settings, "SELECT count(*) FROM reviews") == [(0,)]
    assert len(held(settings)) == 2
    file.unlink()


def test_a_decision_that_goes_on_elsewhere_keeps_the_words_it_has_there(
    give: Give, settings: Settings, clock: Iterator[datetime], hashed: Embedder, tmp_path: Path
) -> None:
    file = tmp_path / "talk.txt"
    file.write_text(TXT.replace("no server", "No Server").replace("for order events", "for Quetzalcoatl events"))
    give(file)
    mart = next(one for choice, one in held(settings).items() if "DuckDB" in choice)
    record_review.ratify(settings, mart, by=MARA, now=next(clock))
    mended = record_review.Correction(subject="the warehouse")
    record_review.correct(settings, mart, mended, by=MARA, now=next(clock), reason="so it is called")
    file.write_text(TXT)
    give(file)
    ((earlier,),) = rows(settings, "SELECT session_id FROM sessions WHERE recorded_to IS NOT NULL")
    forget_session(settings.store, str(earlier), wait_s=5, now=next(clock), actor="mara", reason="asked for")
    assert b"Quetzalcoatl" not in settings.store.read_bytes()
    assert b"No Server" not in settings.store.read_bytes()
    assert mart in held(settings).values()
    assert record_upkeep.verify(settings).findings == []
    for _ in range(2):
        record_review.undo(settings, mart, by=MARA, now=next(clock), embedder=lambda: hashed)
    states = rows(settings, "SELECT decision_id, authority, subject FROM decisions WHERE recorded_to IS NULL")
    assert [(authority, subject == "the warehouse") for one, authority, subject in states if one == mart] == [
        ("extracted", False)
    ]
