"""Settings of transcription: which Whisper model, and where fetched models lie."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from ingest.hearing import OTHER_NAMES, WHISPER_MODELS

DEFAULT_MODEL = "small"
"""A middle size, of all languages: 486 MB to fetch, where `tiny` has 78 and `large-v3` 3,091."""


def whisper_model(named: str | None = None, *, environment: Mapping[str, str] = os.environ) -> str:
    """The model to transcribe with: `--model`, else INTENT_WHISPER, else `small`.

    A folder by its whole path, for it is remembered and may be asked for from another place.
    """
    model = known_name(named or environment.get("INTENT_WHISPER") or DEFAULT_MODEL)
    folder = Path(model).expanduser()
    return folder.absolute().as_posix() if model not in WHISPER_MODELS and folder.is_dir() else model


def known_name(model: str) -> str:
    """The name it is known by here, of a model that has two."""
    return OTHER_NAMES.get(model, model)


def models_folder(*, environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Where fetched models lie: INTENT_MODELS, else in the user's cache, shared by all stores."""
    if given := environment.get("INTENT_MODELS"):
        return Path(given).expanduser().absolute()
    return _cache(environment, platform) / "intent-server" / "models"


def _cache(environment: Mapping[str, str], platform: str) -> Path:
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    if platform == "darwin":
        return Path.home() / "Library" / "Caches"
    given = environment.get("XDG_CACHE_HOME")
    return Path(given) if given and Path(given).is_absolute() else Path.home() / ".cache"
