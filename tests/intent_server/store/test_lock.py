import threading
import time
from pathlib import Path

import pytest

from intent_server.errors import StoreLocked
from intent_server.store import lock
from intent_server.store.connect import open_reader, open_writer


def started(work: "threading.Thread") -> threading.Thread:
    work.start()
    return work


def until(is_met: "object") -> None:
    end = time.monotonic() + 10
    while not is_met():  # type: ignore[operator]  # a plain callable
        assert time.monotonic() < end, "it never came to that"


def test_a_waiting_writer_goes_before_readers_who_come_later(place: Path) -> None:
    order: list[str] = []
    go = threading.Event()

    def first_reader() -> None:
        with lock.reading(place, wait_s=5):
            order.append("first reader")
            go.wait(10)

    def writer() -> None:
        with lock.writing(place, wait_s=5):
            order.append("writer")

    def later_reader() -> None:
        with lock.reading(place, wait_s=5):
            order.append("later reader")

    place.parent.mkdir()
    threads = [started(threading.Thread(target=first_reader))]
    until(lambda: order)
    threads.append(started(threading.Thread(target=writer)))
    until(lambda: lock._places[place].passing.locked())
    threads.append(started(threading.Thread(target=later_reader)))
    go.set()
    for thread in threads:
        thread.join()
    assert order == ["first reader", "writer", "later reader"]


def test_threads_that_read_and_write_lose_nothing(place: Path) -> None:
    errors: list[Exception] = []

    def write() -> None:
        for _ in range(5):
            try:
                with open_writer(place, wait_s=20) as db:
                    db.execute("INSERT INTO sources VALUES ('1', '/x', 'vtt', now()::TIMESTAMP)")
            except StoreLocked as error:
                errors.append(error)

    def read() -> None:
        for _ in range(10):
            try:
                with open_reader(place, wait_s=20) as db:
                    db.execute("SELECT count(*) FROM sources").fetchall()
            except StoreLocked as error:
                errors.append(error)

    with open_writer(place, wait_s=5):
        pass
    threads = [started(threading.Thread(target=work)) for work in (write, read, write, read, read)]
    for thread in threads:
        thread.join()
    assert errors == []
    with open_reader(place, wait_s=5) as db:
        assert db.execute("SELECT count(*) FROM sources").fetchone() == (10,)


def test_the_wait_is_bounded_and_the_store_usable_afterwards(place: Path) -> None:
    caught: list[StoreLocked] = []

    def wait_in_vain() -> None:
        for opened in (lock.reading, lock.writing):
            try:
                with opened(place, wait_s=0.05):
                    pass
            except StoreLocked as error:
                caught.append(error)

    with lock.writing(place, wait_s=1):
        started(threading.Thread(target=wait_in_vain)).join()
    assert [error.waited_s < 5 for error in caught] == [True, True]
    with lock.writing(place, wait_s=1):
        pass
    with lock.reading(place, wait_s=1):
        pass


def test_a_reader_needs_no_lock_file_where_none_can_be_made(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_writer(place, wait_s=1):
        pass
    monkeypatch.setattr(lock._FileLock, "_opened", lambda _self: False)
    with open_reader(place, wait_s=1) as db:
        assert db.execute("SELECT count(*) FROM sources").fetchone() == (0,)
