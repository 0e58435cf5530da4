"""Other embedders than the bundled one: a folder in sentence-transformers' layout, or the name of a model on the hub.

A static model (`StaticEmbedding`) is read as the bundled one is, without torch. Any other is run by
sentence-transformers (extra `models`), which takes seconds to import: only once it is asked to embed. A named model is
looked for in the hub's cache on this machine; it is fetched only where the caller says so. Nothing but safetensors is
read: no pickled code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Lock
from types import ModuleType

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

from ingest.fingerprint import fingerprint_of_bytes
from intent_server.config import Settings
from intent_server.embed import TEXT_LIMIT_CHARS, Embedder, Vectors, bundled, embedder
from intent_server.errors import BadRequest

INSTALL = "pip install 'intent-server[models]'"
_STATIC = "StaticEmbedding"
_NEEDED = ("*.safetensors", "*.json", "*.txt", "*.model")
"""Of a repository on the hub: weights, tokenizer and settings, without other formats of the same weights."""

_LOADING = Lock()
_LOADED: dict[str, Embedder] = {}


def chosen_model(settings: Settings, *, may_fetch: bool = False) -> Callable[[], Embedder]:
    """The embedder that the settings name, loaded once a process at the first call; else the bundled one.

    `may_fetch`: a named model that is not on this machine is fetched from the hub.
    What is returned raises BadRequest where there is no such model, or the `models` extra is not installed.
    """
    if settings.embedder is None:
        return bundled
    return partial(_once, settings.embedder, may_fetch=may_fetch)


def _once(name: str, *, may_fetch: bool) -> Embedder:
    with _LOADING:
        if name not in _LOADED:
            _LOADED[name] = load_model(name, may_fetch=may_fetch)
        return _LOADED[name]


def load_model(name: str, *, may_fetch: bool = False) -> Embedder:
    """The model in a folder, or by its name on the hub (`sentence-transformers/all-MiniLM-L6-v2`).

    Raises: BadRequest.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _from_folder(folder, folder.resolve().name)
    if folder.is_absolute() or name.startswith((".", "~")) or folder.exists():
        raise BadRequest(f"The embedder '{name}' is no folder. Give a model's folder, or its name on the hub.")
    return _from_folder(_fetched(name, may_fetch=may_fetch), name)


def _from_folder(folder: Path, name: str) -> Embedder:
    modules = _modules(folder)
    if modules and modules[0][0] == _STATIC and all(kind in (_STATIC, "Normalize") for kind, _ in modules):
        return _static(folder / modules[0][1], name)
    if not modules and not (folder / "config.json").is_file():
        raise BadRequest(
            f"The folder '{folder}' holds no embedder: neither modules.json nor config.json is in it. "
            "Give a folder that sentence-transformers saved."
        )
    return _transformer(folder, name)


def _modules(folder: Path) -> list[tuple[str, str]]:
    """(class, place) of each step of the model, as modules.json lists them; none without that file."""
    try:
        listed = json.loads((folder / "modules.json").read_text("utf-8"))
        return [(str(step["type"]).rpartition(".")[2], str(step["path"])) for step in listed]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError) as error:
        raise BadRequest(f"'{folder / 'modules.json'}' does not list a model's steps: {error}.") from error


def _static(folder: Path, name: str) -> Embedder:
    """Rows as int8 with a scale each, or as plain numbers."""
    try:
        weights, tokenizer = ((folder / part).read_bytes() for part in ("model.safetensors", "tokenizer.json"))
        tensors = load(weights)
    except (OSError, SafetensorError) as error:
        raise BadRequest(f"The static model '{folder}' cannot be read: {error}.") from error
    if {"embeddings", "weights"} <= tensors.keys():
        return embedder(weights, tokenizer, name=name)
    rows = next((tensors[key] for key in ("embedding.weight", "embeddings") if key in tensors), None)
    if rows is None or rows.ndim != 2:
        raise BadRequest(f"'{folder / 'model.safetensors'}' holds no table of token vectors: {', '.join(tensors)}.")
    plain = {"embeddings": rows.astype(np.float32), "weights": np.ones(len(rows), dtype=np.float32)}
    return embedder(save(plain), tokenizer, name=name)


def _transformer(folder: Path, name: str) -> Embedder:
    weights = sorted(folder.rglob("*.safetensors"))
    if not weights:
        raise BadRequest(f"The model '{name}' has no weights as safetensors, the only form that is read.")
    library = _library()
    try:
        encoder = library.SentenceTransformer(str(folder), local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise BadRequest(f"sentence-transformers cannot load the model '{name}': {_first_line(error)}") from error
    run = partial(_encoded, encoder.encode, Lock())
    settings = (path for path in sorted(folder.rglob("*")) if path.suffix in (".json", ".txt", ".model"))
    return Embedder(
        name=name,
        revision=fingerprint_of_bytes(path.read_bytes() for path in (*weights, *settings) if path.is_file()),
        dimensions=run(["dimensions"]).shape[1],
        embed=run,
    )


def _encoded(encode: Callable[..., npt.ArrayLike], running: Lock, texts: Sequence[str]) -> Vectors:
    """One unit vector per text, as an Embedder gives them; a blank text is a row of zeros.

    One call at a time: a tokenizer of that library fails where two threads use it.
    """
    readable = [text[:TEXT_LIMIT_CHARS].encode("utf-8", "replace").decode("utf-8") for text in texts]
    with running:  # no texts: one is embedded, for the width of a row
        found = encode(readable or ["-"], normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
    vectors = np.array(found, dtype=np.float32)[: len(texts)]
    vectors[[not text.strip() for text in texts]] = 0
    return vectors


def _library() -> ModuleType:
    try:
        return import_module("sentence_transformers")
    except ImportError as error:
        raise BadRequest(f"A model that is not static needs sentence-transformers: {INSTALL}") from error


def _fetched(name: str, *, may_fetch: bool) -> Path:
    """Where a model's files from the hub are on this machine."""
    hub = import_module("huggingface_hub")
    options: Mapping[str, object] = {"allow_patterns": list(_NEEDED), "local_files_only": not may_fetch}
    try:
        return Path(hub.snapshot_download(name, **options))
    except (OSError, ValueError) as error:
        if may_fetch:
            raise BadRequest(f"The model '{name}' cannot be fetched: {_first_line(error)}") from error
        raise BadRequest(
            f"The model '{name}' is not on this machine. `intent doctor --rebuild --embedder {name}` fetches it "
            "and makes the vectors anew; or give the folder that holds it."
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
