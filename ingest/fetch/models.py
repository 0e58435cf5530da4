"""Fetches Whisper models from the Hugging Face Hub when a person asks for one; the only module that does.

A model is complete or not there: it comes into a folder beside its own and takes its place at the end. A pull that was
cut off goes on where it stopped. The client comes with the `audio` extra and is imported when a pull begins.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from ingest.errors import IntentError
from ingest.hearing import EXTRA, MODEL_FILES, WHISPER_MODELS

if TYPE_CHECKING:
    from huggingface_hub import HfApi

Told = Callable[[int, int], None]
"""Called with (bytes here, bytes in all)."""

_NEEDED = ("config.json", "model.bin", "tokenizer.json")
_MEGABYTE = 1_000_000
_TELL_S = 0.5


@dataclass(frozen=True, slots=True)
class Lying:
    """A model as it lies, or would lie, on this machine."""

    name: str
    folder: Path
    megabytes: int
    """Of the files where it is there, else of the download."""
    is_there: bool
    repository: str | None
    """On the hub; None for one that was put there by hand."""


class PullFailed(IntentError):
    """The model `name` could not be fetched; `cause` says why and what would help."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(f"The Whisper model '{name}' was not fetched: {cause}.")
        self.name = name
        self.cause = cause


def is_model(folder: Path) -> bool:
    """Whether a folder holds a whole model in CTranslate2 form."""
    return all((folder / name).is_file() for name in _NEEDED)


def lying(models: Path) -> list[Lying]:
    """Every model that can be had by name, smallest first, then what else lies among them."""
    known = [_lying(name, models / name) for name in WHISPER_MODELS]
    others = sorted(at for at in models.iterdir() if is_model(at)) if models.is_dir() else []
    return known + [_lying(at.name, at) for at in others if at.name not in WHISPER_MODELS]


def pull(name: str, models: Path, *, tell: Told, endpoint: str | None = None) -> Path:
    """Fetch a model by its name; the folder it lies in. One that is there already is not fetched again.

    `endpoint`: the hub's address, if not its own.
    Raises: PullFailed for a name that is not known, without the `audio` extra, room, a network or leave to write.
    """
    if name not in WHISPER_MODELS:
        raise PullFailed(name, f"it is none of {', '.join(WHISPER_MODELS)}")
    folder = models / name
    if is_model(folder):
        return folder
    if find_spec("huggingface_hub") is None:
        raise PullFailed(name, f"the {EXTRA} extra is not installed. Run: pip install 'intent-server[{EXTRA}]'")
    partial = models / f".{name}.partial"
    with _failing(name, folder):
        partial.mkdir(parents=True, exist_ok=True)
        _fetch(name, partial, tell, endpoint)
        if not is_model(partial):
            raise PullFailed(name, f"'{WHISPER_MODELS[name].repository}' has no {' and '.join(_NEEDED)}")
        shutil.rmtree(partial / ".cache", ignore_errors=True)
        if folder.exists():
            shutil.rmtree(folder)  # what is there is no model
        partial.rename(folder)
    return folder


def _fetch(name: str, partial: Path, tell: Told, endpoint: str | None) -> None:
    from huggingface_hub import HfApi  # noqa: PLC0415  slow to load
    from huggingface_hub.utils.tqdm import disable_progress_bars  # noqa: PLC0415  as above

    disable_progress_bars()  # ours is shown instead
    hub = HfApi(endpoint=endpoint, token=False)
    total = _bytes_in_all(hub, name)
    missing = total - _bytes_in(partial)
    free = shutil.disk_usage(partial).free
    if missing > free:
        told = f"{missing // _MEGABYTE:,} MB are missing and {free // _MEGABYTE:,} MB are free in '{partial.parent}'"
        raise PullFailed(name, f"{told}. Make room, or set INTENT_MODELS to another folder")
    with _watched(partial, total, tell):
        hub.snapshot_download(WHISPER_MODELS[name].repository, local_dir=partial, allow_patterns=list(MODEL_FILES))
    tell(total, total)


def _bytes_in_all(hub: HfApi, name: str) -> int:
    """What the hub says that the files take."""
    found = hub.model_info(WHISPER_MODELS[name].repository, files_metadata=True).siblings or []
    wanted = (one for one in found if any(fnmatch(one.rfilename, pattern) for pattern in MODEL_FILES))
    return sum(one.size or 0 for one in wanted)


@contextmanager
def _failing(name: str, folder: Path) -> Iterator[None]:
    """What goes wrong between here and the hub, as a PullFailed."""
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError  # noqa: PLC0415  slow to load

    # The root of its HTTP library's errors, whichever that is in its version: no OSError in all of them.
    from huggingface_hub.errors import HTTPError as NetworkError  # type: ignore[attr-defined]  # noqa: PLC0415

    again = "What came is kept; run it again to go on"
    try:
        yield
    except HfHubHTTPError as error:
        raise PullFailed(name, f"the hub answered {error.response.status_code}. {again}") from error
    except (NetworkError, OSError) as error:
        if isinstance(error, OSError) and not isinstance(error, (LocalEntryNotFoundError, ConnectionError)):
            raise PullFailed(name, f"{error.strerror or error} ('{folder.parent}'). {again}") from error
        copied = f"or copy the model's files ({', '.join(MODEL_FILES)}) into '{folder}'"
        raise PullFailed(name, f"the hub cannot be reached. {again} with a network, {copied}") from error


@contextmanager
def _watched(folder: Path, total: int, tell: Told) -> Iterator[None]:
    """Tell how much lies in a folder, twice a second, while something is fetched into it."""
    done = Event()

    def watch() -> None:
        while not done.wait(_TELL_S):
            tell(min(_bytes_in(folder), total), total)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue  # took its place meanwhile
    return total


def _lying(name: str, folder: Path) -> Lying:
    is_there = is_model(folder)
    known = WHISPER_MODELS.get(name)
    megabytes = known.megabytes if known is not None else 0
    if is_there:
        megabytes = round(_bytes_in(folder) / _MEGABYTE)
    return Lying(name, folder, megabytes, is_there, known.repository if known is not None else None)
