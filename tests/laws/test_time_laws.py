"""Laws of time: an answer as of a moment is what a copy made then says, and holds nothing that did not hold then.

A small world of decision records and threads is written, ingested, changed and ingested again, and people review what
was found, an hour apart; after each step the store's file is copied.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from intent_server import questions
from intent_server.answers import Answer
from intent_server.questions import Asker
from tests.intent_server.worlds import CHOICES, LINES, REASONS, Act, Record, Step, Talk, World, rows

ASKED = ("Why DuckDB for the orders mart?", "a message queue for order events")

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
worlds = st.tuples(records | talks, st.lists(records | talks | acts, min_size=2, max_size=5)).map(
    lambda steps: (steps[0], *steps[1])
)


@contextmanager
def world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        yield World(Path(folder))


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


_BY_THEN = re.compile(r"No source said (.+?) by then\.")


def told(answer: Answer) -> dict[str, object]:
    """An answer without what says as of when it is; results of one score, whose order nothing says, by their places."""
    facts: dict[str, Any] = answer.model_dump(exclude={"known_at", "as_of", "note"})
    for name in ("hits", "discussed"):
        facts[name] = sorted(
            facts.get(name, ()), key=lambda one: (-one["score"], one["session_id"], one["first_utterance"])
        )
    facts["left_out"] = _BY_THEN.sub(r"No source says \1.", facts.get("left_out") or "")
    return facts


few = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(worlds)
@example((Record(2, 1, 0, 0, None), Record(1, 11, 2, 2, None), Act("correct", 0, 2, 2)))
def test_an_answer_as_known_then_is_that_of_a_copy_made_then(steps: Sequence[Step]) -> None:
    with world() as made:
        copies = [_copied(made, step) for step in steps]
        asker = made.asker()
        for moment, copy in copies:
            then = [told(answer) for answer in answers(asker, known_at=moment)]
            assert then == [told(answer) for answer in answers(made.asker(copy))]
        event(f"{len(list(answers(asker)))} answers of {len(copies)} copies")


@few
@given(worlds, st.integers(0, 75))
@example((Record(1, 2, 0, 0, None), Act("correct", 0, 0, 1), Act("dismiss", 0, 0, 1)), 0)
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


def _copied(made: World, step: Step) -> tuple[datetime, Path]:
    """The store as the step left it, and a moment at which it was so."""
    made.take(step)
    copy = made.folder / f"copy-{made.steps}.duckdb"
    shutil.copy(made.store, copy)
    return made.after, copy


def _held(place: Path, moment: datetime) -> tuple[set[object], set[object]]:
    """By the tables alone: the decisions that held, and the sessions that had begun or in which those were made.

    What a person dismissed, and nobody took that back, held at no time; what waits for review does not yet.
    """
    at = moment.replace(tzinfo=None)
    held = rows(
        place,
        "SELECT decision_id, session_id FROM decisions WHERE recorded_to IS NULL AND NOT is_doubtful "
        "AND valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1) AND decision_id NOT IN "
        "(SELECT decision_id FROM reviews WHERE action = 'dismissed' AND recorded_to IS NULL)",
        at,
    )
    begun = rows(place, "SELECT session_id FROM sessions WHERE recorded_to IS NULL AND started_at <= $1", at)
    return {row[0] for row in held}, {row[0] for row in begun} | {row[1] for row in held}


def _chained(place: Path) -> list[tuple[datetime | None, datetime | None]]:
    chained = rows(
        place,
        "SELECT older.valid_to, newer.valid_from FROM links "
        "JOIN decisions AS older ON older.decision_id = links.target AND older.recorded_to IS NULL "
        "JOIN decisions AS newer ON newer.decision_id = links.decision_id AND newer.recorded_to IS NULL "
        "WHERE links.recorded_to IS NULL AND links.relation = 'supersedes' AND links.target_kind = 'decision' "
        "AND older.valid_from < newer.valid_from",
    )
    return [(row[0], row[1]) for row in chained]  # type: ignore[misc]  # two TIMESTAMP columns


def _decisions_in(answer: Answer) -> Iterator[str]:
    facts = answer.model_dump()
    for name in ("decisions", "hits", "events"):
        yield from (one["decision_id"] for one in facts.get(name, []) if one["decision_id"])
    if facts.get("decision"):
        yield facts["decision"]["decision_id"]
