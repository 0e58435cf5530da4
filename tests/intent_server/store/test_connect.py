import errno
import multiprocessing
import os
import stat
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from intent_server.errors import StoreDamaged, StoreLocked, StoreMissing, StoreNewer, StoreReadOnly
from intent_server.store import migrate, workplace
from intent_server.store.connect import open_copy, open_fresh, open_reader, open_writer, rewrite, transaction

ADD = "INSERT INTO sources VALUES ('1', '/x', 'vtt', now()::TIMESTAMP)"


def test_a_reader_of_no_store_is_told_and_makes_nothing(place: Path) -> None:
    with pytest.raises(StoreMissing, match="intent init"), open_reader(place, wait_s=1):
        pass
    assert not place.parent.exists()


def test_a_writer_makes_the_store_and_a_reader_reads_it(place: Path) -> None:
    with open_writer(place, wait_s=1) as db:
        db.execute(ADD)
    with open_reader(place, wait_s=1) as db:
        assert db.execute("SELECT count(*) FROM sources").fetchone() == (1,)


@pytest.mark.parametrize("name", ["intent.duckdb", "main.duckdb", "it's a store.db", "memory.duckdb"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with open_writer(tmp_path / name, wait_s=1) as db:
        db.execute(ADD)
        assert db.execute("SELECT count(*) FROM intent.sessions").fetchone() == (0,)
    with open_reader(tmp_path / name, wait_s=1) as db:
        assert db.execute("SELECT count(*) FROM intent.sessions").fetchone() == (0,)


@pytest.mark.parametrize(
    "attempt",
    [
        "INSERT INTO sources VALUES ('2', '/y', 'vtt', now()::TIMESTAMP)",
        "SELECT * FROM read_text('{other}')",
        "COPY (SELECT 1) TO '{other}'",
        "ATTACH '{other}' AS other",
        "SET enable_external_access = true",
        "SET memory_limit = '64GB'",
    ],
)
def test_a_reading_connection_touches_nothing_else(place: Path, attempt: str) -> None:
    other = place.parent.parent / "other.txt"
    other.write_text("unread")
    with open_writer(place, wait_s=1):
        pass
    with open_reader(place, wait_s=1) as db, pytest.raises(duckdb.Error):
        db.execute(attempt.format(other=other))
    assert other.read_text() == "unread"


def test_a_failed_transaction_leaves_nothing(place: Path) -> None:
    with open_writer(place, wait_s=1) as db:
        with pytest.raises(ZeroDivisionError), transaction(db):
            db.execute(ADD)
            raise ZeroDivisionError
        assert db.execute("SELECT count(*) FROM sources").fetchone() == (0,)


def test_garbage_is_no_store(place: Path) -> None:
    place.parent.mkdir()
    place.write_bytes(b"garbage" * 1000)
    with pytest.raises(StoreDamaged, match="not a valid DuckDB"), open_reader(place, wait_s=1):
        pass
    with pytest.raises(StoreDamaged), open_writer(place, wait_s=1):
        pass
    assert place.read_bytes() == b"garbage" * 1000


def test_somebody_elses_database_is_left_alone(place: Path) -> None:
    place.parent.mkdir()
    with duckdb.connect(place) as other:
        other.execute("CREATE TABLE orders (id INTEGER)")
    for opened in (open_reader(place, wait_s=1), open_writer(place, wait_s=1)):
        with pytest.raises(StoreDamaged, match="orders"), opened:
            pass


def test_an_empty_file_is_where_a_store_may_be_made(place: Path) -> None:
    place.parent.mkdir()
    place.touch()
    with pytest.raises(StoreMissing), open_reader(place, wait_s=1):
        pass
    with open_writer(place, wait_s=1) as db:
        assert db.execute("SELECT count(*) FROM sessions").fetchone() == (0,)


def test_a_newer_store_says_so(place: Path) -> None:
    with open_writer(place, wait_s=1) as db:
        db.execute("INSERT INTO migrations VALUES (9000, '9000_x.sql', 'b2:x', now()::TIMESTAMP)")
    for opened in (open_reader(place, wait_s=1), open_writer(place, wait_s=1)):
        with pytest.raises(StoreNewer, match="schema 9000"), opened:
            pass


def test_a_newer_duckdb_file_says_so(place: Path) -> None:
    with open_writer(place, wait_s=1):
        pass
    data = bytearray(place.read_bytes())
    version = int.from_bytes(data[12:20], "little")
    data[12:20] = (version + 100_000).to_bytes(8, "little")
    place.write_bytes(data)
    with pytest.raises((StoreNewer, StoreDamaged)), open_reader(place, wait_s=1):
        pass


def test_an_older_store_is_brought_up_to_date_by_a_reader(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_writer(place, wait_s=1):
        pass
    known = migrate.scripts("migrations")
    later = (*known, ("8000_more.sql", "CREATE TABLE more (x BIGINT)"))
    monkeypatch.setattr(migrate, "scripts", lambda folder: later if folder == "migrations" else ())
    with open_reader(place, wait_s=1) as db:
        assert db.execute("SELECT count(*) FROM more").fetchone() == (0,)


def test_a_migration_that_fails_leaves_the_store_as_it_was(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_writer(place, wait_s=1):
        pass
    known = migrate.scripts("migrations")
    broken = (*known, ("8000_bad.sql", "CREATE TABLE more (x BIGINT); SELECT error('no')"))
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "scripts", lambda folder: broken if folder == "migrations" else ())
        with pytest.raises(duckdb.Error), open_writer(place, wait_s=1):
            pass
    with open_reader(place, wait_s=1) as db:
        assert db.execute("SELECT max(number) FROM migrations").fetchone() == (migrate.known_version(),)


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that not even root may write to")
def test_a_folder_that_takes_no_writes_says_so() -> None:
    with pytest.raises(StoreReadOnly, match="--store"), open_writer(Path("/sys/kernel/intent.duckdb"), wait_s=1):
        pass


def test_a_file_in_the_way_of_the_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreReadOnly), open_writer(tmp_path / "file" / "intent.duckdb", wait_s=1):
        pass


def test_readers_of_one_process_read_at_the_same_time(place: Path) -> None:
    with open_writer(place, wait_s=1):
        pass
    together = threading.Barrier(4, timeout=20)

    def read() -> None:
        with open_reader(place, wait_s=5) as db:
            together.wait()
            counts.append(db.execute("SELECT count(*) FROM sessions").fetchone())

    counts: list[object] = []
    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [(0,)] * 4


def test_who_waits_in_vain_learns_who_has_the_store(place: Path) -> None:
    with open_writer(place, wait_s=1), pytest.raises(StoreLocked, match=f"process {os.getpid()}") as caught:
        _in_thread(place)
    assert caught.value.waited_s >= 0.1


def _in_thread(place: Path) -> None:
    errors: list[StoreLocked] = []

    def read() -> None:
        try:
            with open_reader(place, wait_s=0.1):
                pass
        except StoreLocked as error:
            errors.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    raise errors[0]


def test_a_duckdb_shell_that_has_the_file_is_named(place: Path) -> None:
    with open_writer(place, wait_s=1):
        pass
    spawn = multiprocessing.get_context("spawn")
    ready, done = spawn.Event(), spawn.Event()
    shell = spawn.Process(target=hold_by_duckdb_alone, args=(place, ready, done))
    shell.start()
    try:
        assert ready.wait(30)
        with pytest.raises(StoreLocked, match=str(shell.pid)), open_reader(place, wait_s=0.2):
            pass
    finally:
        done.set()
        shell.join()


def hold_by_duckdb_alone(place: Path, ready: object, done: object) -> None:
    with duckdb.connect(place):
        ready.set()  # type: ignore[attr-defined]  # a multiprocessing Event has no public type
        done.wait(30)  # type: ignore[attr-defined]  # the same


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_forked_child_reads_and_writes_for_itself(place: Path) -> None:
    with open_writer(place, wait_s=1):
        pass
    fork = multiprocessing.get_context("fork")
    child = fork.Process(target=write_one, args=(place,))
    with open_reader(place, wait_s=1):
        pass
    child.start()
    child.join(30)
    assert child.exitcode == 0
    with open_reader(place, wait_s=1) as db:
        assert db.execute("SELECT count(*) FROM sources").fetchone() == (1,)


def write_one(place: Path) -> None:
    with open_writer(place, wait_s=5) as db:
        db.execute(ADD)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def everything_beside(place: Path) -> set[str]:
    return {path.name for path in place.parent.iterdir()} - {place.name, place.name + ".locks", ".gitignore"}


def test_a_store_that_we_make_is_for_its_owner_alone(place: Path) -> None:
    with open_writer(place, wait_s=1):
        pass
    assert (mode(place), mode(place.parent)) == (0o600, 0o700)
    assert {mode(path) for path in place.with_name(place.name + ".locks").iterdir()} == {0o600}
    rewrite(place, wait_s=1)
    assert mode(place) == 0o600
    other = place.with_name("other.duckdb")
    with open_fresh(other, wait_s=1, check=lambda db: None) as db:
        migrate.migrate(db, other, now=datetime(2026, 3, 3))  # noqa: DTZ001  as it is stored
    assert mode(other) == 0o600


def test_modes_that_are_there_stay_and_who_may_use_the_store_may_lock_it(place: Path) -> None:
    place.parent.mkdir()
    place.parent.chmod(0o770)
    place.touch()
    place.chmod(0o640)
    with open_writer(place, wait_s=1):
        pass
    rewrite(place, wait_s=1)
    with open_fresh(place, wait_s=1, check=lambda db: None) as db:
        migrate.migrate(db, place, now=datetime(2026, 3, 3))  # noqa: DTZ001  as it is stored
    assert (mode(place), mode(place.parent)) == (0o640, 0o770)
    assert {mode(path) for path in place.with_name(place.name + ".locks").iterdir()} == {0o640}


EXPORTING = """
import os, signal, sys
from pathlib import Path
from intent_server.store.connect import open_copy
with open_copy(Path(sys.argv[1]), wait_s=5) as db:
    print(db.execute("SELECT count(*) FROM sources").fetchone())
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")
def test_a_copy_leaves_nothing_when_its_process_is_killed(place: Path, tmp_path: Path) -> None:
    with open_writer(place, wait_s=1) as db:
        db.execute(ADD)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    env = os.environ | {"TMPDIR": str(temporary)}
    killed = subprocess.run([sys.executable, "-c", EXPORTING, str(place)], env=env, check=False)
    assert killed.returncode < 0
    assert not everything_beside(place)
    assert not list(temporary.iterdir())


def test_what_killed_processes_left_goes_with_the_next_writer_and_a_copy_is_read_on(place: Path) -> None:
    with open_writer(place, wait_s=1) as db:
        db.execute(ADD)

    def write() -> None:
        with open_writer(place, wait_s=1):
            pass

    for again in (lambda: rewrite(place, wait_s=1), write):
        left = place.with_name(f".{place.name}.work-x")
        left.mkdir()
        (left / "copy.duckdb").write_bytes(b"words")
        with open_copy(place, wait_s=1) as db:
            again()
            assert db.execute("SELECT count(*) FROM sources").fetchone() == (1,)
        assert not everything_beside(place)


def test_a_store_on_a_disk_that_takes_no_writes_is_copied_elsewhere(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_writer(place, wait_s=1) as db:
        db.execute(ADD)
    made: list[object] = []
    really = workplace.tempfile.mkdtemp

    def mkdtemp(*, prefix: str, dir: Path = tmp_path) -> str:
        if dir == place.parent:
            raise OSError(errno.EROFS, "Read-only file system")
        made.append(dir)
        return really(prefix=prefix, dir=dir)

    monkeypatch.setattr(workplace.tempfile, "mkdtemp", mkdtemp)
    with open_copy(place, wait_s=1) as db:
        assert db.execute("SELECT count(*) FROM sources").fetchone() == (1,)
    assert made == [tmp_path]
    assert [path.name for path in tmp_path.iterdir()] == [place.parent.name]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts the process's threads as Linux tells them")
def test_a_process_that_sees_many_stores_keeps_few_of_them_in_memory(tmp_path: Path) -> None:
    def read(number: int) -> None:
        with open_writer(tmp_path / f"{number}.duckdb", wait_s=1):
            pass
        with open_reader(tmp_path / f"{number}.duckdb", wait_s=1) as db:
            assert db.execute("SELECT count(*) FROM sources").fetchone() == (0,)

    for number in range(4):
        read(number)
    before = len(list(Path("/proc/self/task").iterdir()))
    for number in range(4, 20):
        read(number)
    assert len(list(Path("/proc/self/task").iterdir())) <= before
    read(0)
