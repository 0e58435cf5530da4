"""A file that gives less than before: what is there no longer is told, kept as history, and comes back with it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import record
from intent_server.answers_record import SourceReport
from intent_server.cli.main import run
from intent_server.config import Settings
from intent_server.store.connect import open_reader

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "claude_code" / "retry-policy.jsonl"
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
Take = Callable[[bytes], SourceReport]


@pytest.fixture
def take(place: Path, tmp_path: Path) -> Take:
    """Ingests these bytes as one file, a day after the time before."""
    days = iter(range(100))

    def taken(data: bytes) -> SourceReport:
        path = tmp_path / "session.jsonl"
        path.write_bytes(data)
        moment = NOW + timedelta(days=next(days))
        source = file_source(path, Declared())
        run_by = record.recorder(Settings(store=place, actor="test"), clock=lambda: moment)
        return record.ingest_source(run_by, source, reader_for(source))

    return taken


def held(place: Path) -> int:
    with open_reader(place, wait_s=5) as db:
        return int((db.execute("SELECT count(*) FROM intent.utterances").fetchone() or (0,))[0])


def turns(report: SourceReport) -> tuple[int, int, int]:
    return report.turns_before, report.turns_added, report.turns_gone


def test_a_truncated_file_tells_how_many_utterances_are_no_longer_in_it(take: Take, place: Path) -> None:
    whole = SAMPLE.read_bytes()
    take(whole)
    before = held(place)
    report = take(whole[: len(whole) // 2])
    left = held(place)
    assert 0 < left < before
    assert turns(report) == (before, 0, before - left)


def test_the_whole_file_brings_them_back_and_tells_so(take: Take, place: Path) -> None:
    whole = SAMPLE.read_bytes()
    take(whole)
    before = held(place)
    take(whole[: len(whole) // 2])
    left = held(place)
    report = take(whole)
    assert held(place) == before
    assert turns(report) == (left, before - left, 0)


def test_a_file_that_grew_or_is_the_same_lost_nothing(take: Take, place: Path) -> None:
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    assert turns(take(b"".join(lines[:-6]))) == (0, 0, 0)
    before = held(place)
    grown = take(b"".join(lines))
    assert turns(grown) == (before, held(place) - before, 0)
    assert turns(take(b"".join(lines))) == (0, 0, 0)


def test_what_is_gone_is_history_that_known_at_shows(
    take: Take, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = SAMPLE.read_bytes()
    take(whole)
    before = held(place)
    take(whole[: len(whole) // 2])
    run(["sessions", "--known-at", "2026-06-01T12:00:00", "--store", str(place)])
    assert f" {before}  " in capsys.readouterr().out


def test_the_command_says_it_with_the_remedy(
    take: Take, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = SAMPLE.read_bytes()
    take(whole)
    before = held(place)
    (tmp_path / "session.jsonl").write_bytes(whole[: len(whole) // 2])
    run(["ingest", str(tmp_path / "session.jsonl"), "--store", str(place)])
    told = capsys.readouterr().out
    assert f"{before - held(place)} of {before} utterances held before are no longer in it" in told
    assert "kept as history" in told
    assert "bring the whole of it back and ingest it again" in told
