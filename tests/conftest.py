"""Fixtures for all tests: a store, a fixed clock, golden files."""

import contextlib
import io
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

from intent_server.cli.main import run
from intent_server.errors import ExitCode
from intent_server.store.connect import Db, open_writer
from tests.made_once import made_once

hypothesis.settings.register_profile("gate", deadline=None)  # machines are noisy: a slow example is no failure
hypothesis.settings.load_profile("gate")

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = Path(__file__).parents[1] / "data" / "samples"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regen", action="store_true", help="write the golden files anew; their diff is to be reviewed")


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


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with intent.duckdb, a store of all samples, and report.json, what was told as it was made."""

    def make(folder: Path) -> None:
        with contextlib.redirect_stdout(io.StringIO()) as shown:
            assert run(["ingest", str(SAMPLES), "--json", "--store", str(folder / "intent.duckdb")]) == ExitCode.DONE
        (folder / "report.json").write_text(shown.getvalue(), encoding="utf-8")

    return made_once(tmp_path_factory, "sampled", make)


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
