"""Fixtures for all tests: a store, a fixed clock, golden files."""

import contextlib
import functools
import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

from intent_server.cli.main import run
from intent_server.errors import ExitCode
from intent_server.store import connect
from intent_server.store.connect import Db, open_writer
from intent_server.store.workplace import put, workplace
from tests.made_once import made_once

hypothesis.settings.register_profile("gate", deadline=None)  # machines are noisy: a slow example is no failure
hypothesis.settings.load_profile("gate")

GOLDEN = Path(__file__).parent / "golden"
DATA = Path(__file__).parents[1] / "data"
SAMPLES, SHOP = DATA / "samples", DATA / "examples" / "shop"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regen", action="store_true", help="write the golden files anew; their diff is to be reviewed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of whole processes come first: begun last, one of them keeps all others waiting for a minute."""
    items.sort(key=lambda item: item.path.parent.name != "e2e" and item.path.name != "test_docs.py")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a store may be made."""
    return tmp_path / ".intent" / "intent.duckdb"


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated store to copy: making one takes ten times as long."""
    made = tmp_path_factory.mktemp("blank") / "intent.duckdb"
    with open_writer(made, wait_s=5):
        pass
    return made


@pytest.fixture(scope="session", autouse=True)
def copied_at_first(blank: Path) -> Iterator[None]:
    """Stores that tests make begin as copies of that one; the tests of the store itself make theirs from nothing."""

    @functools.wraps(connect._make_empty)
    def copy(place: Path) -> None:
        with workplace(place) as folder:
            put(Path(shutil.copyfile(blank, folder / place.name)), place)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(connect, "_make_empty", copy)
        yield


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with intent.duckdb, a store of all samples, and report.json, what was told as it was made."""

    def make(folder: Path) -> None:
        with contextlib.redirect_stdout(io.StringIO()) as shown:
            assert run(["ingest", str(SAMPLES), "--json", "--store", str(folder / "intent.duckdb")]) == ExitCode.DONE
        (folder / "report.json").write_text(shown.getvalue(), encoding="utf-8")

    return made_once(tmp_path_factory, "sampled", make)


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with shop, the repository of the example shop, and intent.duckdb, which heard and read all of it."""

    def make(folder: Path) -> None:
        subprocess.run([sys.executable, str(SHOP / "make.py"), str(folder / "shop")], check=True, capture_output=True)
        for told in (
            [str(SHOP / "sources")],
            ["git", str(folder / "shop")],
            ["dbt", str(SHOP / "target_before")],
            ["dbt", str(SHOP / "target_after")],
        ):
            assert run(["ingest", *told, "--store", str(folder / "intent.duckdb")]) == ExitCode.DONE

    return made_once(tmp_path_factory, "example", make)


@pytest.fixture
def db(place: Path, blank: Path) -> Iterator[Db]:
    """An empty, migrated store, open for writing."""
    place.parent.mkdir(parents=True)
    shutil.copyfile(blank, place)
    with open_writer(place, wait_s=5) as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    """The fixed clock."""
    return datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with tests/golden/<name>; with --regen it is written instead."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--regen"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{name} changed: look at the diff, then run with --regen"

    return compare
