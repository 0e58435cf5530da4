"""Whisper models fetched from a hub on this machine, and what lies in their folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.fetch.models import PullFailed, is_model, lying, pull
from ingest.hearing import WHISPER_MODELS
from tests.hub_server import Hub, hub

FILES = {
    "config.json": b"{}",
    "model.bin": bytes(300_000),
    "tokenizer.json": b"{}",
    "vocabulary.txt": b"a\n",
    "README.md": b"not needed",
}
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def served() -> Iterator[Hub]:
    with hub(FILES) as one:
        yield one


def quiet(_here: int, _total: int) -> None:
    """Tells nobody."""


def test_a_model_is_fetched_with_the_files_it_needs_and_nothing_else(served: Hub, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    folder = pull("tiny", tmp_path, tell=lambda here, total: told.append((here, total)), endpoint=served.url)
    assert folder == tmp_path / "tiny"
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES.keys() - {"README.md"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()}["model.bin"] == FILES["model.bin"]
    total = sum(len(data) for name, data in FILES.items() if name != "README.md")
    assert told[-1] == (total, total)
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_a_model_that_is_there_is_not_fetched_again(served: Hub, tmp_path: Path) -> None:
    pull("tiny", tmp_path, tell=quiet, endpoint=served.url)
    served.asked.clear()
    pull("tiny", tmp_path, tell=quiet, endpoint=NOWHERE)
    assert served.asked == []


def test_a_pull_that_was_cut_off_leaves_no_model_and_goes_on_with_what_is_missing(
    served: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda _: None, raising=False)
    served.broken = {"model.bin"}
    with pytest.raises(PullFailed, match="run it again"):
        pull("tiny", tmp_path, tell=quiet, endpoint=served.url)
    assert not is_model(tmp_path / "tiny")
    served.broken = set()
    served.asked.clear()
    assert is_model(pull("tiny", tmp_path, tell=quiet, endpoint=served.url))
    assert "model.bin" in served.asked


def test_without_a_network_it_says_so_and_how_to_bring_a_model_by_hand(tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match=r"hub cannot be reached.*copy the model's files \(config\.json, model\.bin"):
        pull("tiny", tmp_path, tell=quiet, endpoint=NOWHERE)
    assert not (tmp_path / "tiny").exists()


def test_what_the_hub_refuses_is_told_with_its_answer(served: Hub, tmp_path: Path) -> None:
    served.status = 403
    with pytest.raises(PullFailed, match="the hub answered 403"):
        pull("tiny", tmp_path, tell=quiet, endpoint=served.url)


def test_a_name_that_is_no_model_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match=r"tiny, tiny\.en, base"):
        pull("huge", tmp_path, tell=quiet, endpoint=NOWHERE)


def test_a_disk_without_room_is_said_to_have_none(served: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        free = 1000

    monkeypatch.setattr("ingest.fetch.models.shutil.disk_usage", lambda _: Full)
    with pytest.raises(PullFailed, match="INTENT_MODELS"):
        pull("tiny", tmp_path, tell=quiet, endpoint=served.url)
    assert served.asked == []


def test_models_known_by_name_and_those_put_there_by_hand_are_listed(tmp_path: Path) -> None:
    for name in ("small", "our-own"):
        folder = tmp_path / name
        folder.mkdir()
        for file in ("config.json", "model.bin", "tokenizer.json"):
            (folder / file).write_bytes(bytes(2_000_000) if file == "model.bin" else b"{}")
    (tmp_path / "half").mkdir()
    found = {one.name: one for one in lying(tmp_path)}
    assert list(found) == [*WHISPER_MODELS, "our-own"]
    assert (found["small"].is_there, found["small"].megabytes) == (True, 2)
    assert (found["tiny"].is_there, found["tiny"].megabytes) == (False, 78)
    assert found["our-own"].repository is None


def test_a_folder_that_is_not_there_holds_no_model(tmp_path: Path) -> None:
    assert not any(one.is_there for one in lying(tmp_path / "none"))
