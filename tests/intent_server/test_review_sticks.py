"""A newer extractor finds other words for the same matter: what people said of it stands, and what changed is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from ingest.fingerprint import fingerprint
from ingest.records import Candidate, Ingested, Part, Session
from ingest.sources import Declared, file_source
from intent_server import record, record_review, record_upkeep
from intent_server.answers_record import SourceReport
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.record_review import Correction, Piece
from intent_server.record_statement import Claimed
from intent_server.store.connect import open_reader
from tests.intent_server.store.records import session, span
from tests.intent_server.test_record import reader_of

BY = Actor("mara")
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
SAID = (
    "Let's keep the mart in DuckDB and retry payments three times.",
    "Agreed, it needs no server.",
    "We mail the report weekly.",
    "So: DuckDB for the mart.",
)
PLAIN = Embedder("plain", "b2:plain", 256, lambda texts: np.full((len(texts), 256), 1 / 16, dtype=np.float32))
LONG, MART, RETRY = (
    "keep the mart in DuckDB and retry payments three times",
    "keep the mart in DuckDB",
    "retry payments three times",
)
MAIL, WIDER, LAST = "mail the report weekly", "We mail the report weekly.", "DuckDB for the mart"


class World:
    """A store and one conversation, read again and again by newer extractors."""

    def __init__(self, folder: Path, identity: str) -> None:
        self.identity = identity
        self.settings = Settings(store=folder / "intent.duckdb", actor="mara")
        self.path = folder / "talk.txt"

    def ingest(
        self, *quotes: str, version: int = 1, said: Sequence[str] = SAID, doubtful: Sequence[str] = (), **facts: object
    ) -> SourceReport:
        """Read it by the extractor of a version that finds these."""
        talk = session(said)
        if self.identity == "content":
            talk = replace(talk, native_id=fingerprint(list(said)), identity="content")
        found = tuple(_found(talk, quote, version, is_doubtful=quote in doubtful, **facts) for quote in quotes)
        self.path.write_text(repr((said, found)), encoding="utf-8")
        run = record.recorder(
            self.settings, embedder=lambda: PLAIN, clock=lambda: NOW, extract=lambda of: Ingested(of, found)
        )
        return record.ingest_source(run, file_source(self.path, Declared()), reader_of([talk]))

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with open_reader(self.settings.store, wait_s=5) as db:
            return db.execute(query).fetchall()

    def held(self) -> dict[str, str]:
        """The ids of what is held and not dismissed, by choice."""
        query = """
            SELECT choice, decision_id FROM decisions WHERE recorded_to IS NULL AND decision_id NOT IN
            (SELECT decision_id FROM reviews WHERE recorded_to IS NULL AND action = 'dismissed')
        """
        return {str(choice): str(decision_id) for choice, decision_id in self.rows(query)}

    def doubtful(self) -> set[str]:
        query = "SELECT choice FROM decisions WHERE recorded_to IS NULL AND is_doubtful"
        return {str(row[0]) for row in self.rows(query)}

    def act(self, name: str, *given: object, **named: object) -> None:
        getattr(record_review, name)(self.settings, *given, by=BY, now=NOW, **named)


def _found(of: Session, quote: str, version: int, **facts: object) -> Candidate:
    made = Candidate(
        subject=quote,
        status="accepted",
        authority="extracted",
        confidence=0.7 + version / 100,
        parts=(Part("choice", (span(of, quote),)),),
        extractor=f"extract/{version}",
    )
    return replace(made, **facts)  # type: ignore[arg-type]  # a test's free facts


@pytest.fixture(params=["native", "content"])
def world(tmp_path: Path, request: pytest.FixtureRequest) -> World:
    """The conversation has an id of its own, or is known by its place and words."""
    return World(tmp_path, str(request.param))


@pytest.fixture(autouse=True)
def whole(world: World) -> object:
    """After every test all of the record still holds, the index fits it, and reading again changes nothing."""
    yield
    findings = record_upkeep.verify(world.settings, quick=True).findings
    assert findings == []
    assert record_upkeep.doctor(world.settings, embedder=lambda: PLAIN).findings == []


def told(report: SourceReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.gone, report.kept_by_verdict


@pytest.mark.parametrize("again", [(WIDER,), ("mail the report",), (WIDER, "report weekly")])
def test_what_was_dismissed_stays_dismissed_under_other_spans(again: tuple[str, ...], world: World) -> None:
    world.ingest(MAIL, LAST)
    world.act("dismiss", world.held()[MAIL], reason="a chore")
    report = world.ingest(*again, LAST, version=2)
    assert world.held().keys() == {LAST}
    assert told(report) == (0, 1, 0, 1)
    assert world.ingest(*again, LAST, version=2).outcome == "unchanged"


def test_what_was_dismissed_stays_dismissed_in_pieces_and_when_it_was_gone_for_a_while(world: World) -> None:
    world.ingest(LONG)
    world.act("dismiss", world.held()[LONG], reason="said in jest")
    world.ingest(MART, RETRY, version=2)
    assert world.held() == {}
    world.ingest(version=3)
    world.ingest(RETRY, version=4)
    assert world.held() == {}


def test_a_dismissal_says_nothing_of_the_sentence_beside_it(world: World) -> None:
    world.ingest(MART, LAST)
    world.act("dismiss", world.held()[MART], reason="a chore")
    world.ingest(RETRY, LAST, version=2)
    assert world.held().keys() == {RETRY, LAST}


def test_the_words_that_a_dismissal_is_about_are_known_in_an_edited_source(world: World) -> None:
    world.ingest(MAIL, LAST)
    world.act("dismiss", world.held()[MAIL], reason="a chore")
    report = world.ingest(WIDER, LAST, version=2, said=("Hello.", *SAID))
    assert world.held().keys() == {LAST}
    assert told(report) == (0, 1, 0, 1)


@pytest.mark.parametrize("act", ["ratify", "correct"])
@pytest.mark.parametrize("said", [SAID, ("Hello.", *SAID)])
def test_what_was_ratified_or_corrected_stands_alone(act: str, said: Sequence[str], world: World) -> None:
    world.ingest(MAIL, LAST)
    mail = world.held()[MAIL]
    if act == "ratify":
        world.act("ratify", mail)
    else:
        mended = Correction(subject="the report", parts=(Claimed("choice", "the report weekly"),))
        world.act("correct", mail, mended, reason="shorter", embedder=lambda: PLAIN)
    choice = MAIL if act == "ratify" else "the report weekly"
    report = world.ingest(WIDER, LAST, version=2, said=said)
    assert world.held()[choice] == mail
    assert world.held().keys() == {choice, LAST}
    assert told(report) == (0, 1, 0, 1)


def test_a_reviewed_decision_that_a_newer_extractor_does_not_find_stands(world: World) -> None:
    world.ingest(MAIL, LAST)
    world.act("ratify", world.held()[MAIL])
    report = world.ingest(version=2)
    assert world.held().keys() == {MAIL}
    assert told(report) == (0, 0, 1, 1)


@pytest.mark.parametrize("said", [SAID, ("Hello.", *SAID)])
@pytest.mark.parametrize("again", [(LONG,), (MART, RETRY), ("Let's keep the mart in DuckDB", LONG)])
def test_what_was_split_stays_split(said: Sequence[str], again: tuple[str, ...], world: World) -> None:
    world.ingest(LONG, LAST)
    pieces = [Piece("the mart in DuckDB", "the mart"), Piece("payments three times", "payments")]
    world.act("split", world.held()[LONG], pieces, reason="two", embedder=lambda: PLAIN)
    world.ingest(*again, LAST, version=2, said=said)
    assert world.held().keys() == {"the mart in DuckDB", "payments three times", LAST}
    assert world.ingest(*again, LAST, version=2, said=said).outcome == "unchanged"


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("said", [SAID, ("Hello.", *SAID)])
def test_what_was_merged_stays_merged(version: int, said: Sequence[str], world: World) -> None:
    world.ingest(MART, LAST)
    world.act("merge", world.held()[MART], [world.held()[LAST]], embedder=lambda: PLAIN)
    again = (MART, LAST) if version == 1 else ("Let's keep the mart in DuckDB", "So: DuckDB for the mart.")
    world.ingest(*again, version=version, said=said)
    assert world.held().keys() == {MART}
    world.act("undo", world.held()[MART], embedder=lambda: PLAIN)
    assert world.held().keys() == {MART, LAST}


def test_doubt_comes_and_goes_with_the_extractor_until_a_person_has_spoken(world: World) -> None:
    report = world.ingest(MAIL, LAST, doubtful=[MAIL])
    assert (report.decisions, report.waiting, report.added) == (1, 1, 2)
    report = world.ingest(MAIL, LAST, doubtful=[LAST])
    assert world.doubtful() == {LAST}
    assert (report.waiting, told(report)) == (1, (0, 2, 0, 0))
    world.act("ratify", world.held()[LAST])
    report = world.ingest(MAIL, LAST, version=2, doubtful=[MAIL, LAST])
    assert world.doubtful() == {MAIL}
    assert (report.decisions, report.waiting) == (1, 1)
    assert world.ingest(MAIL, LAST, version=2, doubtful=[MAIL, LAST]).waiting == 1


def test_what_a_newer_extractor_changed_is_told(world: World) -> None:
    assert told(world.ingest(MART, MAIL)) == (2, 0, 0, 0)
    assert told(world.ingest(MART, MAIL)) == (0, 0, 0, 0)
    assert told(world.ingest(MART, WIDER, RETRY, version=2)) == (1, 2, 0, 0)
    assert told(world.ingest(RETRY, version=2)) == (0, 0, 2, 0)


def test_after_a_dismissal_is_undone_the_newer_words_come_in(world: World) -> None:
    world.ingest(MAIL)
    mail = world.held()[MAIL]
    world.act("dismiss", mail, reason="a chore")
    world.ingest(WIDER, version=2)
    world.act("undo", mail, embedder=lambda: PLAIN)
    assert world.held().keys() == {MAIL}
    world.ingest(WIDER, version=2)
    assert world.held().keys() == {WIDER}


def test_what_the_source_states_itself_is_no_copy_of_what_was_found_in_it(world: World) -> None:
    world.ingest(MAIL)
    world.act("dismiss", world.held()[MAIL], reason="a chore")
    world.ingest(WIDER, version=2, authority="structured")
    assert world.held().keys() == {WIDER}
