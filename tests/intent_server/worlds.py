"""A small world for tests of time: records and threads that change, people who review, and a store that follows.

Steps are an hour apart. A thread is a meeting in which one line is said a day; a record is a Markdown file.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.errors import IntentError
from ingest.records import Reader, Session, Utterance
from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import questions, record, record_review
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


@dataclass
class World:
    """A store, and what the threads say now."""

    folder: Path
    steps: int = 0
    said: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return BEGIN + timedelta(hours=self.steps)

    @property
    def after(self) -> datetime:
        """A moment after the last step and before the next."""
        return self.now + timedelta(minutes=1)

    @property
    def store(self) -> Path:
        return self.folder / "intent.duckdb"

    def asker(self, place: Path | None = None) -> Asker:
        return questions.asker(Settings(store=place or self.store, actor="mara"), bundled)

    def rows(self, query: str, *given: object) -> list[tuple[object, ...]]:
        return rows(self.store, query, *given)

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
        ids = open_decisions(self.store) if self.store.exists() else []
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


def rows(place: Path, query: str, *given: object) -> list[tuple[object, ...]]:
    with open_reader(place, wait_s=5) as db:
        return db.execute(query, list(given)).fetchall()


def open_decisions(place: Path) -> list[str]:
    return [
        str(row[0]) for row in rows(place, "SELECT decision_id FROM decisions WHERE recorded_to IS NULL ORDER BY 1")
    ]


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
