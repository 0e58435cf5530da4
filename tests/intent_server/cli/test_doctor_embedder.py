"""`intent doctor --embedder`: the index made anew by another model, and what is said where two models differ."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from intent_server.cli.main import run
from intent_server.errors import ExitCode
from intent_server.store.connect import open_reader

RECORDS = Path(__file__).parents[3] / "data" / "samples" / "decision_record"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    place = tmp_path / "intent.duckdb"
    sample = next(iter(sorted(RECORDS.glob("*.md"))))
    assert run(["ingest", str(sample), "--store", str(place)]) == ExitCode.DONE
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A static model of three words and four numbers each."""
    made = tmp_path / "tiny"
    made.mkdir()
    step = {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"}
    (made / "modules.json").write_text(json.dumps([step]), "utf-8")
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "the": 1, "we": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(made / "tokenizer.json"))
    save_file({"embedding.weight": np.eye(3, 4, dtype=np.float32)}, made / "model.safetensors")
    return made


def models(store: Path) -> list[tuple[object, ...]]:
    with open_reader(store, wait_s=5) as db:
        return db.execute("SELECT DISTINCT model_name, octet_length(code) FROM vectors").fetchall()


def test_rebuilding_with_a_folder_puts_its_name_and_vectors_into_the_store(
    store: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["doctor", "--rebuild", "--embedder", str(folder), "--store", str(store), "--json"]
    capsys.readouterr()
    assert run(arguments) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["embedder"].startswith("tiny b2:")
    assert models(store) == [("tiny", 4)]


def test_an_index_of_another_embedder_is_a_finding_with_its_remedy(
    store: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["doctor", "--rebuild", "--embedder", str(folder), "--store", str(store)]) == ExitCode.DONE
    capsys.readouterr()
    assert run(["doctor", "--store", str(store)]) == ExitCode.FAILED
    assert "vectors are of another model than bundled" in capsys.readouterr().out
    monkeypatch.setenv("INTENT_EMBEDDER", str(folder))
    assert run(["doctor", "--store", str(store)]) == ExitCode.DONE


def test_an_embedder_that_is_not_there_ends_as_a_bad_request(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["doctor", "--embedder", "./gone", "--store", str(store)]) == ExitCode.USAGE
    assert "The embedder './gone' is no folder." in capsys.readouterr().err
