import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from intent_server import questions
from intent_server.config import Settings
from intent_server.store import lock
from intent_server.store.connect import open_reader, open_writer
from intent_server.store.warm import Warm

WRITES = """
import sys
from pathlib import Path
from intent_server.store.connect import open_writer
with open_writer(Path(sys.argv[1]), wait_s=30.0) as db:
    db.execute("INSERT INTO sources VALUES ('s', 'uri', 'vtt', TIMESTAMP '2026-01-01 00:00:00')")
"""

ASKS_AND_ENDS = """
import sys, time
from pathlib import Path
from intent_server.store.connect import open_reader
from intent_server.store.warm import Warm
warm = Warm(Path(sys.argv[1]), kept_s=float(sys.argv[2]))
with open_reader(warm.place, wait_s=5.0):
    warm.keep()
while time.monotonic() < warm._until - 0.005 and warm.kept_s < 1.0:
    pass
"""

TALK = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Mara>Let's go with {}.
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    place = tmp_path / "intent.duckdb"
    with open_writer(place, wait_s=5.0):
        pass
    return place


def kept_open(place: Path) -> Warm:
    """A store that is kept open for longer than any test takes."""
    warm = Warm(place, kept_s=600.0)
    with open_reader(place, wait_s=5.0):
        warm.keep()
        until(lambda: lock._here(place).readers == 2)
    return warm


def until(is_so: Callable[[], bool]) -> None:
    """Wait for another thread; the time limit of the run ends what never comes."""
    while not is_so():
        threading.Event().wait(0.001)


def test_a_store_stays_open_after_a_question(store: Path) -> None:
    kept_open(store)
    assert lock._here(store).readers == 1
    assert not lock.is_wanted(store)


def test_a_writer_of_this_process_gets_a_store_that_is_kept_open(store: Path) -> None:
    kept_open(store)
    with open_writer(store, wait_s=5.0):
        assert lock._here(store).readers == 0


def test_a_writer_of_another_process_gets_a_store_that_is_kept_open(store: Path) -> None:
    kept_open(store)
    subprocess.run([sys.executable, "-c", WRITES, str(store)], check=True, timeout=300)
    with open_reader(store, wait_s=5.0) as db:
        assert db.execute("SELECT uri FROM sources").fetchall() == [("uri",)]


@pytest.mark.parametrize("kept_s", ["600.0", "0.05", "0.05", "0.05"])
def test_a_program_that_keeps_a_store_open_ends_at_once_and_without_a_word(store: Path, kept_s: str) -> None:
    command = [sys.executable, "-c", ASKS_AND_ENDS, str(store), kept_s]
    ended = subprocess.run(command, check=False, timeout=300, capture_output=True, text=True)
    assert (ended.returncode, "Error" in ended.stderr) == (0, False), ended.stderr


def test_a_file_put_in_the_place_of_a_store_that_is_kept_open_is_read(store: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    subprocess.run([sys.executable, "-c", WRITES, str(other)], check=True, timeout=300)
    kept_open(store)
    other.replace(store)
    until(lambda: lock._here(store).readers == 0)
    with open_reader(store, wait_s=5.0) as db:
        assert db.execute("SELECT uri FROM sources").fetchall() == [("uri",)]


def test_an_asker_that_stays_open_answers_from_what_another_process_wrote(tmp_path: Path) -> None:
    store = tmp_path / "intent.duckdb"
    first, second = tmp_path / "first.vtt", tmp_path / "second.vtt"
    first.write_text(TALK.format("DuckDB for the sales mart because it reads Parquet"), encoding="utf-8")
    second.write_text(TALK.format("Kafka for the order queue because it replays"), encoding="utf-8")
    command = [sys.executable, "-m", "intent_server.cli.main", "ingest", "--store", str(store)]
    subprocess.run([*command, str(first)], check=True, timeout=300, capture_output=True)
    asker = questions.asker(Settings(store=store), stays_open=True)
    assert asker.warm is not None
    assert [hit.kind for hit in questions.search(asker, "Kafka order queue").hits if "Kafka" in hit.recorded_text] == []
    subprocess.run([*command, str(second)], check=True, timeout=300, capture_output=True)
    assert any("Kafka" in hit.recorded_text for hit in questions.search(asker, "Kafka order queue").hits)


def test_what_is_kept_of_a_file_is_not_taken_for_the_one_put_in_its_place_while_it_is_open(tmp_path: Path) -> None:
    store, other = tmp_path / "intent.duckdb", tmp_path / "other.duckdb"
    for place, chosen in ((store, "DuckDB for the sales mart"), (other, "Kafka for the order queue")):
        said = tmp_path / f"{place.stem}.vtt"
        said.write_text(TALK.format(chosen), encoding="utf-8")
        command = [sys.executable, "-m", "intent_server.cli.main", "ingest", "--store", str(place), str(said)]
        subprocess.run(command, check=True, timeout=300, capture_output=True)
    asker = questions.asker(Settings(store=store))
    has_asked, may_end = threading.Event(), threading.Event()

    def read_on() -> None:
        with open_reader(store, wait_s=5.0):
            has_asked.set()
            may_end.wait()

    reader = threading.Thread(target=read_on)
    reader.start()
    has_asked.wait()
    other.replace(store)
    questions.search(asker, "Kafka order queue")
    may_end.set()
    reader.join()
    assert any("Kafka" in hit.recorded_text for hit in questions.search(asker, "Kafka order queue").hits)
