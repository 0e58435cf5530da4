"""Laws of reviews: after any acts in any order the record holds, and taking them back gives back what was there."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.fingerprint import fingerprint
from ingest.records import Candidate, Ingested, Reference, Session
from ingest.sources import Declared, file_source
from intent_server import record, record_review, record_upkeep
from intent_server.answers import Decision
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.errors import BadRequest
from intent_server.record_review import Correction, Piece
from intent_server.record_statement import Claimed, Stated, record_decision
from intent_server.store import load
from intent_server.store.connect import Db, open_reader
from tests.intent_server.store.records import TALK, candidate, session
from tests.intent_server.test_record import reader_of

BY = Actor("mara")
START = datetime(2026, 6, 1, 9, tzinfo=UTC)
NEWER = Reference("supersedes", "decision", "0001-mart.md", "explicit")
MART, RETRY = "keep the mart in DuckDB", "retry payments three times"
PLAIN = Embedder("plain", "b2:plain", 256, lambda texts: np.full((len(texts), 256), 1 / 16, dtype=np.float32))


def meeting(*texts: str, finds: Sequence[str] = (), confidence: float = 0.7, doubtful: Sequence[str] = ()) -> Session:
    """A conversation in which an extractor found decisions, some of them too weak to be delivered."""
    made = session(texts)
    found = (_extracted(made, quote, confidence) for quote in finds)
    return replace(made, stated=tuple(replace(one, is_doubtful=one.subject in doubtful) for one in found))


def call(*texts: str, finds: Sequence[str] = ()) -> Session:
    """The same from a file without an id of its own."""
    return replace(meeting(*texts, finds=finds), native_id=fingerprint(list(texts)), identity="content")


def _extracted(of: Session, quote: str, confidence: float) -> Candidate:
    made = candidate(of, quote)
    return replace(made, authority="extracted", confidence=confidence, subject=quote)


def adr(number: int, text: str, quote: str, *references: Reference) -> Session:
    """A decision record of one decision."""
    day = datetime(2026, number, 5, tzinfo=UTC)
    made = session([text], native_id=f"shop/000{number}-mart", kind="decision_record", project="shop", started_at=day)
    dated = replace(made, utterances=tuple(replace(one, said_at=day) for one in made.utterances))
    return replace(dated, stated=(candidate(dated, quote, references=references),))


SOURCES: dict[str, Sequence[Session]] = {
    "talk.txt": (
        meeting(*TALK, "We retry payments three times.", finds=[MART, RETRY]),
        meeting(*TALK, "We retry payments three times.", finds=[MART, RETRY], confidence=0.9),
        meeting(*TALK, "We retry payments three times.", "More.", finds=[RETRY]),
        meeting("Hello.", *TALK, finds=[MART]),
        meeting(*TALK, "We retry payments three times.", finds=[TALK[0], "retry payments", "three times"]),
        meeting(*TALK, "We retry payments three times.", finds=["the mart in DuckDB", RETRY], doubtful=[RETRY]),
        meeting("Hello.", "Nothing is left of it."),
    ),
    "call.vtt": (
        call("We mail the report weekly.", finds=["mail the report weekly"]),
        call("Hello.", "We mail the report weekly.", finds=["mail the report weekly"]),
        call("Hello.", "We mail the report weekly.", "Fine."),
        call("Nothing is left of it."),
    ),
    "adr/0001-mart.md": (
        adr(1, "We keep the mart in Postgres.", "keep the mart in Postgres"),
        adr(1, "We keep the mart in Postgres for now.", "keep the mart in Postgres"),
    ),
    "adr/0002-mart.md": (
        adr(2, "We keep the mart in DuckDB.", MART, NEWER),
        adr(2, "We keep the mart in DuckDB.", MART),
        adr(2, "After all we keep the mart in DuckDB.", MART, NEWER),
    ),
}
Begin = Callable[..., "World"]
STATEMENTS = ("We mail the sheet.", "We drop the sheet.")


@dataclass
class World:
    """A store, and what its sources say now."""

    folder: Path
    now: datetime = START
    said: dict[str, Session] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return Settings(store=self.folder / "intent.duckdb", actor="mara")

    def ingest(self, name: str, version: int) -> None:
        of = SOURCES[name][version % len(SOURCES[name])]
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(repr(of), encoding="utf-8")
        run = record.recorder(
            self.settings, embedder=lambda: PLAIN, clock=lambda: self.now, extract=lambda of: Ingested(of, of.stated)
        )
        record.ingest_source(run, file_source(path, Declared()), reader_of([of]))
        self.said[name] = of

    def again(self, name: str) -> None:
        self.ingest(name, SOURCES[name].index(self.said[name]))

    @contextmanager
    def reading(self) -> Iterator[Db]:
        with open_reader(self.settings.store, wait_s=5) as db:
            yield db

    def decisions(self) -> list[Decision]:
        with self.reading() as db:
            ids = db.execute("SELECT decision_id FROM decisions WHERE recorded_to IS NULL ORDER BY 1").fetchall()
            return load.decisions(db, [row[0] for row in ids])

    def picked(self, number: int) -> str:
        found = self.decisions()
        return found[number % len(found)].decision_id if found else "nothing-is-here"

    def halves(self, wanted: str) -> list[Piece]:
        """The words of a decision's choice as two choices."""
        found = [one.choice.text.split() for one in self.decisions() if one.decision_id == wanted]
        words = found[0] if found else []
        cut = len(words) // 2
        return [Piece(" ".join(words[:cut])), Piece(" ".join(words[cut:]))] if cut else []

    def written(self) -> object:
        with self.reading() as db:
            return db.execute("SELECT count(*) FROM audit").fetchone()

    def state(self) -> list[dict[str, object]]:
        """All that is held now, but for when its rows were recorded."""
        return [one.model_dump(exclude={"recorded_from"}) for one in self.decisions()]


ACT = st.one_of(
    st.tuples(st.just("ingest"), st.sampled_from(sorted(SOURCES)), st.integers(0, 6)),
    st.tuples(st.just("split"), st.integers(0, 5), st.none()),
    st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("state"), st.integers(0, 1), st.none() | st.integers(0, 5)),
    st.tuples(st.sampled_from(["ratify", "dismiss", "undo"]), st.integers(0, 5), st.none()),
    st.tuples(st.just("correct"), st.integers(0, 5), st.integers(0, 4)),
    st.tuples(
        st.just("supersede"), st.integers(0, 5), st.tuples(st.integers(0, 5), st.none() | st.integers(-300, 300))
    ),
)
CORRECTIONS = (
    Correction(subject="another subject"),
    Correction(status="proposed"),
    Correction(valid_from=START - timedelta(days=200)),
    Correction(valid_to=START + timedelta(days=200)),
    Correction(parts=(Claimed("choice", "the mart in"),)),
)


def do(world: World, act: tuple[str, object, object]) -> None:
    """One step; what cannot be done is refused and changes nothing."""
    name, given_, more = act
    world.now += timedelta(hours=1)
    named = {"by": BY, "now": world.now}
    if name == "ingest":
        world.ingest(str(given_), int(str(more)))
        return
    if name == "state":
        words = STATEMENTS[int(str(given_))]
        older = None if more is None else world.picked(int(str(more)))
        stated = Stated("the sheet", (Claimed("choice", words),), supersedes=older)
        record_decision(world.settings, stated, **named, statement=words, embedder=lambda: PLAIN)  # type: ignore[arg-type]  # named above
        return
    wanted = world.picked(int(str(given_)))
    if name == "ratify":
        record_review.ratify(world.settings, wanted, **named)  # type: ignore[arg-type]  # named above
    elif name == "dismiss":
        record_review.dismiss(world.settings, wanted, **named, reason="noise")  # type: ignore[arg-type]  # named above
    elif name == "undo":
        record_review.undo(world.settings, wanted, **named, embedder=lambda: PLAIN)  # type: ignore[arg-type]  # named above
    elif name == "correct":
        mended = CORRECTIONS[int(str(more))]
        record_review.correct(world.settings, wanted, mended, **named, reason="wrong", embedder=lambda: PLAIN)  # type: ignore[arg-type]  # named above
    elif name == "split":
        record_review.split(world.settings, wanted, world.halves(wanted), **named, reason="two", embedder=lambda: PLAIN)  # type: ignore[arg-type]  # named above
    elif name == "merge":
        others = [world.picked(int(str(more)))]
        record_review.merge(world.settings, wanted, others, **named, embedder=lambda: PLAIN)  # type: ignore[arg-type]  # named above
    else:
        assert isinstance(more, tuple)
        since = None if more[1] is None else START + timedelta(days=more[1])
        record_review.supersede(world.settings, wanted, world.picked(more[0]), **named, valid_from=since)  # type: ignore[arg-type]  # named above


def holds(world: World) -> None:
    """What is true after every step."""
    findings = record_upkeep.verify(world.settings).findings
    assert [one for one in findings if one.check not in ("source changed", "source missing")] == []
    assert record_upkeep.doctor(world.settings, embedder=lambda: PLAIN).findings == []
    with world.reading() as db:
        query = "SELECT count(*) FROM decisions WHERE recorded_to IS NULL AND choice = 'mail the report weekly'"
        assert db.execute(query).fetchall()[0][0] <= 1
    by_id = {one.decision_id: one for one in world.decisions()}
    for one in by_id.values():
        assert not (one.is_doubtful and any(act.action != "dismissed" for act in one.reviews))
        judged = [other for other in by_id.values() if other.reviews and other is not one]
        assert one.reviews or one.authority == "structured" or not any(_says_the_same(one, other) for other in judged)
    for newer in by_id.values():
        for older in (by_id[one] for one in newer.supersedes):
            assert older.status == "superseded"
            assert not _overlap(older, newer)


def _says_the_same(one: Decision, judged: Decision) -> bool:
    """Whether one chose, in the same place, exactly the words of a decision that a person judged."""
    return one.session_id == judged.session_id and {
        (quote.place.utterance_index, quote.start_char, quote.end_char) for quote in one.choice.quotes
    } <= {(quote.place.utterance_index, quote.start_char, quote.end_char) for quote in judged.choice.quotes}


def _overlap(older: Decision, newer: Decision) -> bool:
    if None in (newer.valid_from, older.valid_from):
        return False
    ends = min(one.valid_to or datetime.max.replace(tzinfo=UTC) for one in (older, newer))
    return max(older.valid_from, newer.valid_from) < ends  # type: ignore[type-var]  # neither is None


def undo_all(world: World) -> None:
    """Take back every act, the last ones first."""
    while due := [one for one in world.decisions() if one.reviews]:
        last = max(due, key=lambda one: one.reviews[-1].recorded_from)
        record_review.undo(world.settings, last.decision_id, by=BY, now=world.now, embedder=lambda: PLAIN)


@pytest.fixture(scope="module")
def begin(tmp_path_factory: pytest.TempPathFactory) -> Begin:
    """Gives a world as its sources said first: made once, and put back in its place for every example."""
    root = tmp_path_factory.mktemp("worlds")

    def begun(name: str = "world") -> World:
        world, first = World(root / name), root / f"{name}-first"
        if not first.exists():
            for source in SOURCES:
                world.ingest(source, 0)
            shutil.copytree(world.folder, first)
        shutil.rmtree(world.folder)
        shutil.copytree(first, world.folder)
        world.said = {source: versions[0] for source, versions in SOURCES.items()}
        return world

    return begun


@settings(max_examples=3, deadline=None)
@given(st.lists(ACT, min_size=3, max_size=9))
def test_the_record_holds_after_any_acts_and_reading_again_changes_nothing(
    begin: Begin, acts: list[tuple[str, object, object]]
) -> None:
    world = begin()
    for act in acts:
        before, state = world.written(), world.state()
        try:
            do(world, act)
        except BadRequest:
            assert world.written() == before
            assert world.state() == state
        holds(world)
        said = world.written()
        for name in world.said:
            world.again(name)
        assert world.written() == said


@settings(max_examples=3, deadline=None)
@given(st.lists(ACT, max_size=5), ACT)
def test_undoing_an_act_gives_back_exactly_what_was_there(
    begin: Begin, acts: list[tuple[str, object, object]], last: tuple[str, object, object]
) -> None:
    world = begin()
    for act in acts:
        try:
            do(world, act)
        except BadRequest:
            continue
    if last[0] in ("ingest", "undo"):
        return
    before, known = world.state(), {act.review_id for one in world.decisions() for act in one.reviews}
    try:
        do(world, last)
    except BadRequest:
        return
    fresh = [act.review_id for one in world.decisions() for act in one.reviews if act.review_id not in known]
    if fresh:
        recorded = [
            one.decision_id
            for one in world.decisions()
            if any(act.action == "recorded" for act in one.reviews[-1:] if act.review_id in fresh)
        ]
        wanted = recorded[0] if recorded else fresh[0]
        record_review.undo(world.settings, wanted, by=BY, now=world.now, embedder=lambda: PLAIN)
    assert world.state() == before
    holds(world)


@settings(max_examples=2, deadline=None)
@given(st.lists(ACT, min_size=2, max_size=8))
def test_with_every_act_undone_the_store_says_what_its_sources_say(
    begin: Begin, acts: list[tuple[str, object, object]]
) -> None:
    world, fresh = begin(), begin("fresh")
    for act in acts:
        try:
            do(world, act)
        except BadRequest:
            continue
    undo_all(world)
    for name, of in world.said.items():
        world.again(name)
        fresh.ingest(name, SOURCES[name].index(of))
    # What was read again under other words meanwhile is another row of the same words: compare what is said.
    assert sorted(map(_said, world.decisions())) == sorted(map(_said, fresh.decisions()))
    holds(world)


def _said(one: Decision) -> tuple[str, ...]:
    times = (str(one.valid_from), str(one.valid_to))
    return (
        one.subject,
        one.choice.text,
        one.status,
        one.authority,
        str(one.confidence),
        *times,
        str(len(one.supersedes)),
    )
