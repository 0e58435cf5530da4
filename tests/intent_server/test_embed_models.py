"""Other embedders than the bundled one: static folders without torch, others through a stand-in for their library."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from intent_server import embed_models
from intent_server.config import Settings, settings
from intent_server.embed import bundled
from intent_server.embed_models import chosen_model, load_model
from intent_server.errors import BadRequest

WORDS = {"[UNK]": 0, "retry": 1, "payments": 2, "lunch": 3}
ROWS = np.array([[0, 0, 0, 0], [3, 0, 4, 0], [0, 5, 0, 0], [0, 0, 0, 2]], dtype=np.float32)
STAND_IN = """
import numpy as np
from pathlib import Path

class SentenceTransformer:
    def __init__(self, folder, *, local_files_only):
        assert local_files_only, "only what is on this machine"
        if Path(folder).name == "broken":
            raise ValueError("weights of another shape\\nand more")

    def encode(self, texts, *, normalize_embeddings, convert_to_numpy, show_progress_bar):
        assert normalize_embeddings and convert_to_numpy and not show_progress_bar
        rows = np.array([[len(text), 1.0, 2.0] for text in texts])
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)
"""


def static_folder(folder: Path, tensors: dict[str, np.ndarray]) -> Path:
    folder.mkdir()
    steps = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (folder / "modules.json").write_text(json.dumps(steps), "utf-8")
    tokenizer = Tokenizer(WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(tensors, folder / "model.safetensors")
    return folder


def transformer_folder(folder: Path) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text("{}", "utf-8")
    save_file({"layer": np.zeros(3, dtype=np.float32)}, folder / "model.safetensors")
    return folder


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for sentence-transformers, which brings torch."""
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "sentence_transformers.py").write_text(STAND_IN, "utf-8")
    monkeypatch.syspath_prepend(tmp_path / "library")
    monkeypatch.delitem(sys.modules, "sentence_transformers", raising=False)


def test_a_static_folder_of_plain_numbers_gives_the_mean_of_its_rows(tmp_path: Path) -> None:
    model = load_model(str(static_folder(tmp_path / "tiny", {"embedding.weight": ROWS})))
    assert (model.name, model.dimensions) == ("tiny", 4)
    both = (ROWS[1] + ROWS[2]) / 2
    np.testing.assert_allclose(model.embed(["retry payments"]), [both / np.linalg.norm(both)], atol=1e-7)


def test_a_static_folder_of_small_numbers_is_read_like_the_bundled_model(tmp_path: Path) -> None:
    small = {"embeddings": ROWS.astype(np.int8), "weights": np.full(len(ROWS), 0.5, dtype=np.float32)}
    model = load_model(str(static_folder(tmp_path / "small", small)))
    np.testing.assert_allclose(model.embed(["retry"]), [[0.6, 0, 0.8, 0]], atol=1e-7)


def test_other_weights_are_another_revision(tmp_path: Path) -> None:
    one = load_model(str(static_folder(tmp_path / "one", {"embedding.weight": ROWS})))
    other = load_model(str(static_folder(tmp_path / "other", {"embedding.weight": ROWS * 2})))
    assert one.revision != other.revision


@pytest.mark.usefixtures("library")
def test_any_other_model_runs_through_sentence_transformers(tmp_path: Path) -> None:
    model = load_model(str(transformer_folder(tmp_path / "mini")))
    assert (model.name, model.dimensions) == ("mini", 3)
    vectors = model.embed(["retry", "  ", "half \ud83d"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1], atol=1e-6)
    assert model.embed([]).shape == (0, 3)
    assert vectors.dtype == np.float32


@pytest.mark.usefixtures("library")
def test_a_model_that_the_library_cannot_load_is_a_bad_request(tmp_path: Path) -> None:
    folder = transformer_folder(tmp_path / "broken")
    with pytest.raises(BadRequest, match=r"cannot load the model 'broken': weights of another shape$"):
        load_model(str(folder))


def test_without_the_extra_the_message_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(BadRequest, match=r"pip install 'intent-server\[models\]'"):
        load_model(str(transformer_folder(tmp_path / "mini")))


def test_a_folder_that_holds_no_model_is_told_with_what_would_do(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=r"neither modules\.json nor config\.json"):
        load_model(str(tmp_path))
    with pytest.raises(BadRequest, match="is no folder"):
        load_model(str(tmp_path / "gone"))


def test_weights_that_are_pickled_code_are_not_read(tmp_path: Path) -> None:
    folder = transformer_folder(tmp_path / "pickled")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(BadRequest, match="no weights as safetensors"):
        load_model(str(folder))


def test_a_static_folder_without_a_table_or_with_damaged_files_is_a_bad_request(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no table of token vectors: other"):
        load_model(str(static_folder(tmp_path / "other", {"other": ROWS})))
    damaged = static_folder(tmp_path / "damaged", {"embedding.weight": ROWS})
    (damaged / "model.safetensors").write_bytes(b"not at all")
    with pytest.raises(BadRequest, match="cannot be read"):
        load_model(str(damaged))
    (damaged / "modules.json").write_text("[1]", "utf-8")
    with pytest.raises(BadRequest, match="does not list a model's steps"):
        load_model(str(damaged))


def test_a_named_model_is_fetched_only_where_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def snapshot(name: str, *, allow_patterns: list[str], local_files_only: bool) -> str:
        asked.append((name, local_files_only))
        assert "*.bin" not in allow_patterns
        raise FileNotFoundError(f"no {name} here\nlong story")

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot)
    with pytest.raises(BadRequest, match=r"`intent doctor --rebuild --embedder acme/mini` fetches it"):
        load_model("acme/mini")
    with pytest.raises(BadRequest, match=r"cannot be fetched: no acme/mini here$"):
        load_model("acme/mini", may_fetch=True)
    assert asked == [("acme/mini", True), ("acme/mini", False)]


def test_the_settings_choose_the_model_and_it_is_loaded_once(tmp_path: Path) -> None:
    folder = static_folder(tmp_path / "tiny", {"embedding.weight": ROWS})
    assert chosen_model(Settings(store=tmp_path))() is bundled()
    chosen = Settings(store=tmp_path, embedder=str(folder))
    assert chosen_model(chosen)() is chosen_model(chosen)()


def test_the_flag_outranks_the_environment_and_a_folder_is_found_from_here(tmp_path: Path) -> None:
    (tmp_path / "mini").mkdir()
    environment = {"INTENT_EMBEDDER": "acme/mini"}
    assert settings(environment=environment, here=tmp_path).embedder == "acme/mini"
    assert settings(embedder="mini", environment=environment, here=tmp_path).embedder == str(tmp_path / "mini")
    assert settings(embedder="bundled", environment=environment, here=tmp_path).embedder is None
    assert settings(environment={}, here=tmp_path).embedder is None


def test_nothing_of_it_is_imported_before_a_model_is_asked_for() -> None:
    script = (
        "import sys; import intent_server.embed_models;"
        "print([m for m in ('torch', 'sentence_transformers', 'huggingface_hub') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", embed_models.__doc__
