"""One conversation in several files, and one file in several places."""

import io
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as law
from hypothesis import strategies as st

from ingest.records import Reader, Session, Source
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source
from intent_server import record, record_reading, record_upkeep
from intent_server.answers_record import SourceReport
from intent_server.config import Settings
from intent_server.embed import Embedder
from intent_server.store.connect import open_reader
from tests.intent_server.store.records import TALK, session

CANONICAL = (
    "sources", "batches", "sessions", "utterances", "decisions", "parts", "evidence", "people", "links", "quarantine",
    "audit",
)  # fmt: skip
NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
PLAIN = Embedder("plain", "b2:plain", 256, lambda texts: np.full((len(texts), 256), 1 / 16, dtype=np.float32))
VTT = "WEBVTT{}\n\n00:00:01.000 --> 00:00:04.000\n<v Mara>Let us keep DuckDB.\n"
SRT = "1\n00:00:01,000 --> 00:00:04,000\nMara: Let us keep DuckDB.\n"
Give = Callable[..., SourceReport]


def part(*numbers: int, **facts: object) -> Session:
    """A dump of the comments with these numbers."""
    made = session([f"Comment {number} says something." for number in numbers], native_id="pr-7", **facts)
    own = zip(made.utterances, numbers, strict=True)
    return replace(made, utterances=tuple(replace(one, native_id=f"c{number}") for one, number in own))


def reader_of(*items: Session) -> Reader:
    count = sum(item.kept for item in items)
    return Reader("made", frozenset(), lambda _s: 1, lambda _s: iter(items), lambda _s: count, "comments")


@pytest.fixture
def give(place: Path, tmp_path: Path) -> Give:
    """Ingests a file by name that gives these sessions."""

    def given(name: str, *items: Session, exclude: Sequence[str] = ()) -> SourceReport:
        (tmp_path / name).write_text(name)
        run = record.recorder(Settings(store=place), embedder=lambda: PLAIN, clock=lambda: NOW, exclude=exclude)
        return record.ingest_source(run, file_source(tmp_path / name, Declared()), reader_of(*items))

    return given


@pytest.fixture
def take(place: Path, tmp_path: Path) -> Give:
    """Ingests a real file."""

    def taken(name: str, text: str, declared: Declared | None = None) -> SourceReport:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return ingested(place, file_source(path, declared or Declared()))

    return taken


def ingested(place: Path, source: Source) -> SourceReport:
    run = record.recorder(Settings(store=place), embedder=lambda: PLAIN, clock=lambda: NOW)
    return record.ingest_source(run, source, reader_for(source))


def rows(place: Path, query: str) -> list[tuple[object, ...]]:
    with open_reader(place, wait_s=5) as db:
        return db.execute(query).fetchall()


def canonical(place: Path) -> dict[str, list[tuple[object, ...]]]:
    with open_reader(place, wait_s=5) as db:
        return {table: db.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for table in CANONICAL}  # noqa: S608


def held(place: Path) -> list[str]:
    """The comments of each session, by file."""
    said = rows(
        place,
        "SELECT string_agg(regexp_extract(text, '\\d+'), ' ' ORDER BY utterance_index) FROM intent.utterances "
        "JOIN intent.sessions USING (session_id) GROUP BY source_uri, session_id ORDER BY source_uri, session_id",
    )
    return [str(row[0]) for row in said]


def test_another_file_of_a_conversation_adds_what_the_first_does_not_hold(give: Give, place: Path) -> None:
    give("a", part(1, 2))
    report = give("b", part(2, 3))
    assert (report.outcome, report.read, report.kept) == ("added", 2, 1)
    assert [(rule.rule, rule.count) for rule in report.set_aside_by_rule] == [("copied_from_other_session", 1)]
    assert held(place) == ["1 2", "3"]


@pytest.mark.parametrize("order", list(itertools.permutations("abc")), ids="".join)
def test_parts_of_a_conversation_lose_nothing_in_any_order(give: Give, place: Path, order: Sequence[str]) -> None:
    files = {"a": part(1, 2, 3), "b": part(3, 4), "c": part(5, 1, 4)}
    for name in order:
        give(name, files[name])
    assert sorted(" ".join(held(place)).split()) == ["1", "2", "3", "4", "5"]
    before = canonical(place)
    first = {name: give(name, item) for name, item in files.items()}
    again = {name: give(name, files[name]) for name in reversed(order)}
    assert {report.outcome for report in (*first.values(), *again.values())} == {"unchanged"}
    assert {name: report.signature for name, report in first.items()} == {
        name: report.signature for name, report in again.items()
    }
    assert canonical(place) == before


def test_a_file_whose_every_record_is_held_has_no_session(give: Give, place: Path) -> None:
    give("a", part(1, 2, 3))
    assert give("b", part(2)).sessions == 0
    assert give("b", part(2)).outcome == "unchanged"
    assert held(place) == ["1 2 3"]


def test_an_edited_comment_is_no_copy(give: Give, place: Path) -> None:
    give("a", part(1, 2))
    edited = part(2, 3)
    first = replace(edited.utterances[0], text="Comment 22 says something else.")
    give("b", replace(edited, utterances=(first, edited.utterances[1])))
    assert held(place) == ["1 2", "22 3"]


def test_a_copy_elsewhere_is_the_same_session(give: Give, place: Path) -> None:
    give("a", part(1, 2))
    before = rows(place, "SELECT * FROM sessions")
    assert give("copy", part(1, 2)).outcome == "unchanged"
    assert give("retitled", part(1, 2, title="Another title")).outcome == "unchanged"
    assert rows(place, "SELECT * FROM sessions") == before


def test_a_longer_copy_grows_the_session_and_the_shorter_one_leaves_it(give: Give, place: Path) -> None:
    give("a", part(1, 2))
    first = rows(place, "SELECT session_id FROM intent.sessions")
    assert give("b", part(1, 2, 3)).outcome == "updated"
    assert give("a", part(1, 2)).outcome == "unchanged"
    assert give("b", part(1, 2, 3)).outcome == "unchanged"
    assert held(place) == ["1 2 3"]
    assert rows(place, "SELECT session_id FROM intent.sessions") == first


def test_a_file_that_says_something_else_replaces_its_own_part_only(give: Give, place: Path) -> None:
    give("a", part(1, 2))
    give("b", part(3))
    assert give("b", part(4)).outcome == "updated"
    assert held(place) == ["1 2", "4"]


def test_a_file_that_became_a_copy_of_another_has_no_part_of_its_own(give: Give, place: Path) -> None:
    give("a", part(1, 2))
    give("b", part(3, 4))
    give("b", part(1, 2))
    assert held(place) == ["1 2"]
    assert give("b", part(1, 2)).outcome == "unchanged"


def test_two_sessions_of_one_source_with_one_id_stay_two(give: Give, place: Path) -> None:
    both = (part(1, 2), part(3, 4))
    give("a", *both)
    assert sorted(held(place)) == ["1 2", "3 4"]
    before = canonical(place)
    assert give("a", *both).outcome == "unchanged"
    assert canonical(place) == before


def test_a_fork_of_a_conversation_in_parts_repeats_nothing(give: Give, place: Path) -> None:
    runs = {name: part(*numbers, kind="agent_session") for name, numbers in {"a": (1, 2), "b": (3, 4)}.items()}
    fork = replace(part(1, 3, 5, kind="agent_session"), native_id="fork")
    for name, item in {**runs, "fork": fork}.items():
        give(name, item)
    assert sorted(held(place)) == ["1 2", "3 4", "5"]
    before = canonical(place)
    assert {give(name, item).outcome for name, item in {"fork": fork, **runs}.items()} == {"unchanged"}
    assert canonical(place) == before


def test_a_conversation_off_the_record_is_forgotten_in_all_its_parts(give: Give, place: Path) -> None:
    give("a", part(1, 2))
    give("b", part(3))
    give("a", part(1, 2), exclude=["pr-7"])
    assert rows(place, "SELECT count(*) FROM utterances") == [(0,)]
    assert give("b", part(3)).sessions == 0


def test_the_other_part_of_a_forgotten_conversation_stays(give: Give, place: Path) -> None:
    give("a", part(1, 2))
    give("b", part(2, 3))
    settings = Settings(store=place)
    session_id = str(rows(place, "SELECT session_id FROM intent.sessions WHERE source_uri LIKE '%/a'")[0][0])
    record_upkeep.forget(settings, session_id, now=NOW)
    give("b", part(2, 3))
    assert held(place) == ["3"]


DUMP = st.lists(st.integers(1, 5), min_size=1, max_size=4, unique=True)


@law(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(DUMP, min_size=1, max_size=4), st.randoms())
@example([[1], [2, 1], [2, 1, 3]], Random(7))
def test_the_second_run_over_any_parts_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[int]], random: Random
) -> None:
    folder = tmp_path_factory.mktemp("law")
    settings = Settings(store=folder / "intent.duckdb")
    names = [str(number) for number in range(len(parts))]

    def run_over(order: Sequence[str]) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for name in order:
            (folder / name).write_text(name)
            run = record.recorder(settings, embedder=lambda: PLAIN, clock=lambda: NOW)
            report = record.ingest_source(
                run, file_source(folder / name, Declared()), reader_of(part(*parts[int(name)]))
            )
            found[name] = (report.outcome, report.signature)
        return found

    first = run_over(names)
    before = canonical(settings.store)
    assert set(" ".join(held(settings.store)).split()) == {str(number) for one in parts for number in one}
    random.shuffle(names)
    assert run_over(names) == {name: ("unchanged", signature) for name, (_, signature) in first.items()}
    assert canonical(settings.store) == before


def test_the_same_transcript_in_another_folder_is_known_again(take: Give, place: Path) -> None:
    take("a/talk.vtt", VTT.format(""))
    assert take("b/talk.vtt", VTT.format("")).outcome == "unchanged"
    before = canonical(place)
    assert [take(f"{folder}/talk.vtt", VTT.format("")).outcome for folder in "ab"] == ["unchanged"] * 2
    assert canonical(place) == before
    assert rows(place, "SELECT count(*) FROM sessions") == [(1,)]


def test_the_same_words_with_other_facts_are_a_session_of_their_own(take: Give, place: Path) -> None:
    files = {"a.vtt": VTT.format(""), "b.vtt": VTT.format(" Planning"), "c.srt": SRT}
    for name, text in files.items():
        take(name, text)
    before = canonical(place)
    assert {take(name, text).outcome for name, text in files.items()} == {"unchanged"}
    assert canonical(place) == before


@pytest.fixture
def pipe(place: Path) -> Callable[..., SourceReport]:
    """Ingests from standard input."""

    def piped(name: str, day: int | None = None) -> SourceReport:
        date = None if day is None else datetime(2026, 3, day, tzinfo=UTC)
        data = io.BytesIO(VTT.format("").encode()).getvalue()
        return ingested(place, stdin_source(data, Declared(stdin_name=name, date=date)))

    return piped


def test_the_same_standard_input_under_another_name_is_known_again(pipe: Give, place: Path) -> None:
    outcomes = [pipe(name, 1).outcome for name in ("one.vtt", "two.vtt", "one.vtt", "two.vtt")]
    assert outcomes == ["added", "unchanged", "unchanged", "unchanged"]
    assert rows(place, "SELECT count(*) FROM sessions") == [(1,)]


def test_another_date_for_the_same_name_of_standard_input_corrects_it(pipe: Give, place: Path) -> None:
    pipe("one.vtt", 1)
    assert pipe("one.vtt", 2).outcome == "updated"
    assert pipe("one.vtt", 2).outcome == "unchanged"
    assert rows(place, "SELECT day(started_at) FROM intent.sessions") == [(2,)]


def test_another_name_and_date_of_standard_input_is_another_session(pipe: Give, place: Path) -> None:
    for _ in range(2):
        pipe("one.vtt", 1)
        last = pipe("two.vtt", 2)
    assert last.outcome == "unchanged"
    assert rows(place, "SELECT day(started_at) FROM intent.sessions ORDER BY 1") == [(1,), (2,)]
    assert rows(place, "SELECT count(*) FROM sessions") == [(2,)]


def test_analysts_see_how_a_date_is_known(pipe: Give, take: Give, place: Path) -> None:
    pipe("one.vtt", 1)
    take("later.vtt", VTT.format(" Planning"))
    assert rows(place, "SELECT time_basis FROM intent.session_dates ORDER BY 1") == [("assumed",), ("given",)]


def test_a_run_waits_longer_for_the_store_than_a_question(
    give: Give, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    for module, name in ((record_reading, "open_reader"), (record_reading, "open_writer"), (record, "open_writer")):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda at, *, wait_s, _real=real: waits.append(wait_s) or _real(at, wait_s=5))
    give("a", part(1))
    assert set(waits) == {30.0}


def test_parts_that_are_talk_are_as_whole_as_they_were(give: Give, place: Path) -> None:
    give("a", session(TALK), session(native_id="other"))
    assert record_upkeep.verify(Settings(store=place)).findings == []
