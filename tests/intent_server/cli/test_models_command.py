"""`intent models`: what is listed, fetched and printed, and what is never done unasked."""

import json
from functools import partial
from pathlib import Path

import pytest

from ingest.fetch import models
from intent_server.cli.main import run
from intent_server.config_hearing import models_folder, whisper_model
from intent_server.errors import ExitCode
from tests.hub_server import hub

FILES = {"config.json": b"{}", "model.bin": b"0" * 1000, "tokenizer.json": b"{}", "vocabulary.txt": b"a\n"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where models lie, with none yet."""
    monkeypatch.setenv("INTENT_MODELS", str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "models"


def test_a_pulled_model_is_listed_and_its_folder_printed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with hub(FILES) as served:
        monkeypatch.setattr("intent_server.cli.models.pull", partial(models.pull, endpoint=served.url))
        assert run(["models", "pull", "small"]) == ExitCode.DONE
    told = capsys.readouterr()
    assert told.out == f"{folder / 'small'}\n"
    assert "486 MB" in told.err.splitlines()[0]
    assert run(["models", "list", "--json"]) == ExitCode.DONE
    listed = {one["name"]: one for one in json.loads(capsys.readouterr().out)["models"]}
    assert listed["small"]["is_there"]
    assert not listed["tiny"]["is_there"]
    assert run(["models", "path", "small"]) == ExitCode.DONE
    assert capsys.readouterr().out == f"{folder / 'small'}\n"


def test_without_a_network_pulling_fails_with_what_would_help(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("intent_server.cli.models.pull", partial(models.pull, endpoint="http://127.0.0.1:9"))
    assert run(["models", "pull", "small"]) == ExitCode.FAILED
    told = capsys.readouterr()
    assert told.out == ""
    assert "the hub cannot be reached" in told.err


def test_listing_and_asking_for_a_path_fetch_and_make_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["models", "list"]) == ExitCode.DONE
    assert "small                486 MB" in capsys.readouterr().out
    assert run(["models", "path"]) == ExitCode.DONE
    assert run(["models", "path", "small"]) == ExitCode.FAILED
    assert not folder.exists()


def test_models_lie_where_the_setting_says_else_in_the_cache_of_the_system(tmp_path: Path) -> None:
    named = str(tmp_path / "m")
    assert models_folder(environment={"INTENT_MODELS": named}) == tmp_path / "m"
    cache = {"XDG_CACHE_HOME": str(tmp_path)}
    assert models_folder(environment=cache, platform="linux") == tmp_path / "intent-server" / "models"
    home = Path.home()
    assert models_folder(environment={}, platform="linux") == home / ".cache" / "intent-server" / "models"
    assert models_folder(environment={}, platform="darwin") == home / "Library" / "Caches" / "intent-server" / "models"
    local = {"LOCALAPPDATA": str(tmp_path)}
    assert models_folder(environment=local, platform="win32") == tmp_path / "intent-server" / "models"


def test_the_model_is_the_flags_else_the_settings_else_small() -> None:
    assert whisper_model("tiny", environment={"INTENT_WHISPER": "base"}) == "tiny"
    assert whisper_model(environment={"INTENT_WHISPER": "base"}) == "base"
    assert whisper_model(environment={}) == "small"


def test_a_model_in_a_folder_is_remembered_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "tiny").mkdir()
    assert whisper_model("./mine", environment={}) == (tmp_path / "mine").as_posix()
    assert whisper_model("tiny", environment={}) == "tiny"
    assert whisper_model("not-here", environment={}) == "not-here"


def test_a_model_of_two_names_is_known_by_both(capsys: pytest.CaptureFixture[str]) -> None:
    assert whisper_model("turbo", environment={}) == "large-v3-turbo"
    assert run(["models", "path", "large"]) == ExitCode.FAILED
    assert "No model 'large-v3'" in capsys.readouterr().err
