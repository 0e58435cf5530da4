"""Four writers and ten readers in processes of their own, on one store at once."""

import multiprocessing
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue

from intent_server.store.audit import broken_links
from intent_server.store.connect import open_reader, open_writer
from intent_server.store.save import Origin, save_session
from intent_server.store.verify import verified
from tests.intent_server.store.records import prepared, session

WRITERS, READERS, SESSIONS = 4, 10, 6
LONGEST_WAIT_S = 5.0

Report = tuple[str, float, str]
"""(who, longest wait in seconds, error)."""


def test_four_writers_and_ten_readers_lose_nothing_and_wait_no_longer_than_five_seconds(place: Path) -> None:
    with open_writer(place, wait_s=5):
        pass
    fresh = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
    fresh.set_forkserver_preload(["intent_server.store.save", "intent_server.store.verify", "intent_server.search"])
    reports: Queue[Report] = fresh.Queue()  # type: ignore[assignment]  # the same interface
    start, end = fresh.Barrier(WRITERS + READERS), fresh.Event()
    writers = [fresh.Process(target=write, args=(place, number, start, reports)) for number in range(WRITERS)]
    readers = [fresh.Process(target=read, args=(place, start, end, reports)) for _ in range(READERS)]
    for process in (*writers, *readers):
        process.start()
    found = [reports.get(timeout=120) for _ in writers]
    end.set()
    found += [reports.get(timeout=120) for _ in readers]
    for process in (*writers, *readers):
        process.join(30)
    assert [error for _, _, error in found if error] == []
    assert max(waited for who, waited, _ in found if who == "writer") < LONGEST_WAIT_S
    with open_reader(place, wait_s=5) as db:
        kept = db.execute("SELECT count(*), count(DISTINCT native_id), sum(utterance_count) FROM intent.sessions")
        assert kept.fetchone() == (WRITERS * SESSIONS, WRITERS * SESSIONS, WRITERS * SESSIONS * 3)
        assert list(broken_links(db)) == []
        assert verified(db).findings == []


def write(place: Path, number: int, start: object, reports: "Queue[Report]") -> None:
    """Save sessions as fast as the lock allows."""
    ready = [prepared(session(native_id=f"talk {number} {turn}")) for turn in range(SESSIONS)]
    longest = 0.0
    start.wait(120)  # type: ignore[attr-defined]  # a multiprocessing Barrier has no public type
    try:
        for one in ready:
            asked = time.perf_counter()
            with open_writer(place, wait_s=LONGEST_WAIT_S * 4) as db:
                longest = max(longest, time.perf_counter() - asked)
                save_session(
                    db, one, Origin(f"/talks/{number}", "vtt"), now=datetime.now(UTC), actor=f"writer {number}"
                )
    except Exception as error:  # noqa: BLE001, whatever it is, the parent shows it
        reports.put(("writer", longest, repr(error)))
    else:
        reports.put(("writer", longest, ""))


def read(place: Path, start: object, end: object, reports: "Queue[Report]") -> None:
    """Read without a pause; what is there never becomes less, and no session is there by half."""
    held = 0
    longest = 0.0
    start.wait(120)  # type: ignore[attr-defined]  # a multiprocessing Barrier has no public type
    try:
        while not end.is_set():  # type: ignore[attr-defined]  # nor has an Event
            asked = time.perf_counter()
            with open_reader(place, wait_s=LONGEST_WAIT_S * 4) as db:
                longest = max(longest, time.perf_counter() - asked)
                row = db.execute("SELECT count(*), sum(utterance_count) FROM intent.sessions").fetchone()
                said = db.execute("SELECT count(*) FROM intent.utterances").fetchone()
            assert row is not None and said is not None
            assert row[0] >= held and (row[1] or 0) == said[0]
            held = row[0]
    except Exception as error:  # noqa: BLE001, whatever it is, the parent shows it
        reports.put(("reader", longest, repr(error)))
    else:
        reports.put(("reader", longest, ""))
