"""Laws of time: an answer as of a moment is what a copy made then says, and holds nothing that did not hold then.

A small world of decision records and threads is written, ingested, changed and ingested again, and people review what
was found, an hour apart; after each step the store's file is copied.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ingest.errors import IntentError
from ingest.records import Reader, Session, Utterance
from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import questions, record, record_review
from intent_server.answers import Answer
from intent_server.config import Actor, Settings
from intent_server.embed import bundled
from intent_server.questions import Asker
from intent_server.record_review import Correction
from intent_server.store.connect import open_reader

BEGIN = datetime(2026, 6, 1, 12, tzinfo=UTC)
CHOICES = ("Postgres", "DuckDB", "a message queue", "plain files")
SUBJECTS = ("Store of the orders mart", "Transport of order events", "Format of the nightly export")
REASONS = ("nobody has to look after another server", "the team already knows it", "a backup is one copy")
LINES = (
    ("Mara", "Where do the order events go tonight, and who looks after them when the loader stops in the middle?"),
    ("Jonas", "We should use DuckDB for the mart, because a backup is one copy and the notebooks read the same file."),
    ("Mara", "Agreed, let's go with DuckDB for the mart."),
    ("Jonas", "The nightly export is late again. " + "It waits for the same table as the loader does. " * 4),
    ("Aiko", "Let's use a message queue for order events instead of plain files."),
    ("Mara", "Sounds good, we go with the message queue then."),
    ("Jonas", "Lunch at noon? " + "The noodle place has a queue around the corner at noon, the bakery has none. " * 4),
)
ASKED = ("Why DuckDB for the orders mart?", "a message queue for order events")


@dataclass(frozen=True)
class Record:
    """A decision record, written anew; `replaces` another by its number."""

    number: int
    day: int
    choice: int
    reason: int
    replaces: int | None


@dataclass(frozen=True)
class Talk:
    """Lines said in a thread, one a day: after those that it has, or instead of them."""

    name: str
    lines: tuple[int, ...]
    is_new: bool


@dataclass(frozen=True)
class Act:
    """Something a person does with one of the decisions; `other` and `day` for what needs them."""

    kind: str
    which: int
    other: int
    day: int


Step = Record | Talk | Act

records = st.builds(
    Record,
    number=st.integers(1, 3),
    day=st.integers(1, 28),
    choice=st.integers(0, len(CHOICES) - 1),
    reason=st.integers(0, len(REASONS) - 1),
    replaces=st.none() | st.integers(1, 3),
)
talks = st.builds(
    Talk,
    name=st.sampled_from(["2026-02-10-standup", "2026-03-12-planning"]),
    lines=st.lists(st.integers(0, len(LINES) - 1), min_size=2, max_size=6).map(tuple),
    is_new=st.sampled_from([False, False, True]),
)
acts = st.builds(
    Act,
    kind=st.sampled_from(["ratify", "dismiss", "correct", "end", "supersede", "undo"]),
    which=st.integers(0, 9),
    other=st.integers(0, 9),
    day=st.integers(1, 28),
)
worlds = st.lists(records | talks | acts, min_size=3, max_size=6)


@dataclass
class World:
    """A store and its copies, with the moment of each."""

    folder: Path
    steps: int = 0
    said: dict[str, tuple[int, ...]] = field(default_factory=dict)
    copies: list[tuple[datetime, Path]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return BEGIN + timedelta(hours=self.steps)

    @property
    def store(self) -> Path:
        return self.folder / "intent.duckdb"

    def asker(self, place: Path | None = None) -> Asker:
        return questions.asker(Settings(store=place or self.store, actor="mara"), bundled)

    def take(self, step: Step) -> None:
        self.steps += 1
        settings = Settings(store=self.store, actor="mara")
        if isinstance(step, Act):
            self.act(settings, step)
        else:
            path = self.folder / "sources" / _name(step)
            path.parent.mkdir(exist_ok=True)
            reader = self.written(path, step)
            run = record.recorder(settings, embedder=bundled, clock=lambda: self.now)
            source = file_source(path, Declared())
            record.ingest_source(run, source, reader or reader_for(source))
        if self.store.exists():
            copy = self.folder / f"copy-{self.steps}.duckdb"
            shutil.copy(self.store, copy)
            self.copies.append((self.now + timedelta(minutes=1), copy))

    def written(self, path: Path, step: Record | Talk) -> Reader | None:
        """Writes the source; with a reader of its own, where no other knows its form."""
        if isinstance(step, Record):
            path.write_text(_record(step), "utf-8")
            return None
        before = () if step.is_new else self.said.get(step.name, ())
        self.said[step.name] = before + step.lines
        path.write_text(repr(self.said[step.name]), "utf-8")
        session = _session(step.name, self.said[step.name])
        return Reader("thread", frozenset(), lambda _: 1, lambda _: iter([session]), lambda _: session.kept, "lines")

    def act(self, settings: Settings, step: Act) -> None:
        """Does it, where it can be done; a refused act is a step like any other."""
        ids = _open(self.store) if self.store.exists() else []
        if not ids:
            return
        chosen, other = ids[step.which % len(ids)], ids[step.other % len(ids)]
        by, now = Actor("mara"), self.now
        day = datetime(2026, 1, step.day, tzinfo=UTC)
        with suppress(IntentError):
            if step.kind == "ratify":
                record_review.ratify(settings, chosen, by=by, now=now)
            elif step.kind == "dismiss":
                record_review.dismiss(settings, chosen, by=by, now=now, reason="said in jest")
            elif step.kind == "correct":
                mended = Correction(subject=f"{SUBJECTS[step.day % 3]} anew", valid_from=day)
                record_review.correct(settings, chosen, mended, by=by, now=now, reason="dated wrongly")
            elif step.kind == "end":
                ended = Correction(valid_to=day + timedelta(days=31))
                record_review.correct(settings, chosen, ended, by=by, now=now, reason="no longer so")
            elif step.kind == "supersede":
                record_review.supersede(settings, chosen, other, by=by, now=now)
            else:
                record_review.undo(settings, chosen, by=by, now=now)


@contextmanager
def world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        yield World(Path(folder))


def _name(step: Step) -> str:
    return f"{step.name}.txt" if isinstance(step, Talk) else f"000{step.number}-record.md"


def _session(name: str, lines: Sequence[int]) -> Session:
    start = datetime.fromisoformat(name[:10]).replace(hour=9, tzinfo=UTC)
    said = tuple(
        Utterance(index, text, "person", f"line {index + 1}", speaker=speaker, said_at=start + timedelta(days=index))
        for index, (speaker, text) in enumerate(LINES[line] for line in lines)
    )
    return Session("meeting", name, said, len(said), title=name, started_at=start, ended_at=said[-1].said_at)


def _record(step: Record) -> str:
    named = f"Supersedes [{step.replaces}. Earlier](000{step.replaces}-record.md)\n\n"
    status = "Accepted" if step.replaces in (None, step.number) else f"{named}Accepted"
    other = CHOICES[(step.choice + 1) % len(CHOICES)]
    return (
        f"# {SUBJECTS[step.number - 1]}\n\n- Date: 2026-01-{step.day:02}\n\n## Status\n\n{status}\n\n"
        f"## Considered Options\n\n- {CHOICES[step.choice]}\n- {other}\n\n"
        f'## Decision Outcome\n\nChosen option: "{CHOICES[step.choice]}", because {REASONS[step.reason]}.\n'
    )


def answers(asker: Asker, known_at: datetime | None = None, as_of: datetime | None = None) -> Iterator[Answer]:
    """What can be asked of a small store."""
    when = {"known_at": known_at, "as_of": as_of}
    yield questions.why(asker, ASKED[0], limit=20, **when)
    yield questions.why(asker, "", subject="0001-record.md", limit=20, **when)
    yield questions.search(asker, ASKED[1], limit=100, **when)
    yield questions.history(asker, ASKED[1], limit=100, **when)
    yield questions.history(asker, "0002", limit=100, **when)
    listed = questions.sessions(asker, limit=100, **when)
    yield listed
    for session in listed.sessions:
        yield questions.get(asker, session.session_id, **when)
    for decision_id in [one for session in listed.sessions for one in session.decisions][:2]:
        yield questions.get(asker, decision_id, **when)


def told(answer: Answer) -> dict[str, object]:
    """An answer without what says as of when it is."""
    return answer.model_dump(exclude={"known_at", "as_of", "note"})


few = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(worlds)
def test_an_answer_as_known_then_is_that_of_a_copy_made_then(steps: Sequence[Step]) -> None:
    with world() as made:
        for step in steps:
            made.take(step)
        asker = made.asker()
        for moment, copy in made.copies:
            then = [told(answer) for answer in answers(asker, known_at=moment)]
            assert then == [told(answer) for answer in answers(made.asker(copy))]
        event(f"{len(list(answers(asker)))} answers of {len(made.copies)} copies")


@few
@given(worlds, st.integers(0, 75))
def test_an_answer_as_of_a_day_holds_what_held_that_day_and_nothing_else(steps: Sequence[Step], days: int) -> None:
    moment = datetime(2026, 1, 1, 10, tzinfo=UTC) + timedelta(days=days)
    with world() as made:
        for step in steps:
            made.take(step)
        held, sessions = _held(made.store, moment)  # a decision dated back brings the session that it was made in
        asker = made.asker()
        listed = questions.sessions(asker, as_of=moment, limit=100)
        assert {one for session in listed.sessions for one in session.decisions} == held
        assert {session.session_id for session in listed.sessions} == sessions
        for answer in answers(asker, as_of=moment):
            assert set(_decisions_in(answer)) <= held
        event("something held" if held else "nothing held")


@few
@given(worlds)
def test_intervals_never_overlap_along_a_chain_of_supersessions(steps: Sequence[Step]) -> None:
    with world() as made:
        for step in steps:
            made.take(step)
        for older_to, newer_from in _chained(made.store):
            assert older_to is not None
            assert older_to <= newer_from or newer_from is None


def _rows(place: Path, query: str, *given: object) -> list[tuple[object, ...]]:
    with open_reader(place, wait_s=5) as db:
        return db.execute(query, list(given)).fetchall()


def _open(place: Path) -> list[str]:
    return [
        str(row[0]) for row in _rows(place, "SELECT decision_id FROM decisions WHERE recorded_to IS NULL ORDER BY 1")
    ]


def _held(place: Path, moment: datetime) -> tuple[set[object], set[object]]:
    """By the tables alone: the decisions that held, and the sessions that had begun or in which those were made."""
    at = moment.replace(tzinfo=None)
    held = _rows(
        place,
        "SELECT decision_id, session_id FROM decisions WHERE recorded_to IS NULL AND valid_from <= $1 "
        "AND (valid_to IS NULL OR valid_to > $1)",
        at,
    )
    begun = _rows(place, "SELECT session_id FROM sessions WHERE recorded_to IS NULL AND started_at <= $1", at)
    return {row[0] for row in held}, {row[0] for row in begun} | {row[1] for row in held}


def _chained(place: Path) -> list[tuple[datetime | None, datetime | None]]:
    rows = _rows(
        place,
        "SELECT older.valid_to, newer.valid_from FROM links "
        "JOIN decisions AS older ON older.decision_id = links.target AND older.recorded_to IS NULL "
        "JOIN decisions AS newer ON newer.decision_id = links.decision_id AND newer.recorded_to IS NULL "
        "WHERE links.recorded_to IS NULL AND links.relation = 'supersedes' AND links.target_kind = 'decision' "
        "AND older.valid_from < newer.valid_from",
    )
    return [(row[0], row[1]) for row in rows]  # type: ignore[misc]  # two TIMESTAMP columns


def _decisions_in(answer: Answer) -> Iterator[str]:
    facts = answer.model_dump()
    for name in ("decisions", "hits", "events"):
        yield from (one["decision_id"] for one in facts.get(name, []) if one["decision_id"])
    if facts.get("decision"):
        yield facts["decision"]["decision_id"]
