"""The questions analysts ask, each with the answer it gives on the samples and the example shop."""

import csv
import io
import re
import shutil
from pathlib import Path

import pytest

from intent_server.cli.main import run
from intent_server.errors import ExitCode

DATA = Path(__file__).parents[2] / "data"
CODE = re.compile(r"intent\.(?:commits|commit_files|nodes|pipeline_versions|runs)\b")
"""What a question asks about that only the example shop has."""
QUESTIONS = sorted((DATA / "questions").glob("*.sql"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of all samples, those without a date on one day."""
    place = tmp_path_factory.mktemp("questions") / "intent.duckdb"
    assert run(["ingest", str(DATA / "samples"), "--date", "2026-03-31", "--store", str(place)]) == ExitCode.DONE
    return place


@pytest.fixture(scope="module")
def shop(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the example shop: its conversations, its repository and its manifests."""
    return Path(shutil.copy(example / "intent.duckdb", tmp_path_factory.mktemp("shop")))


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_gives_its_recorded_answer(
    path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    query = path.read_text(encoding="utf-8")
    place = request.getfixturevalue("shop" if CODE.search(query) else "store")
    capsys.readouterr()
    assert run(["sql", query, "--csv", "--store", str(place)]) == ExitCode.DONE
    shown = capsys.readouterr().out
    assert len(list(csv.reader(io.StringIO(shown)))) > 1
    answer = path.with_suffix(".csv")
    if request.config.getoption("--regen"):
        answer.write_text(shown, encoding="utf-8")
    assert shown == answer.read_text(encoding="utf-8")


def test_every_question_says_what_it_asks() -> None:

    for path in QUESTIONS:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("-- ") and first.endswith("?"), path.name
