"""Part of the write side: how recordings are to be heard, as a person says, else as the place was heard before.

What was heard is kept beside the store, in `<store>.heard`, a folder for each recording's fingerprint, so that a run
that was cut off goes on and reading again hears nothing twice. It holds what was said, before secrets are masked: only
its owner may read it, `intent forget` removes it, and so does a recording that is off the record.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import cast, get_args

from ingest.errors import SourceError
from ingest.hearing import BATCH_SIZE, Device, Heard, Hearing, Spoken, Stretch, Task, silent
from ingest.readers.audio_whisper import whisper
from ingest.records import Source
from intent_server.config import Settings
from intent_server.config_hearing import models_folder, whisper_model
from intent_server.hot_words import hot_words
from intent_server.store.connect import Db, open_reader
from intent_server.store.load_names import telling_names
from intent_server.store.rows import fetched
from intent_server.store.workplace import make_home

READER = "audio"
_UNTRACKED = ".gitignore"
"""Keeps what was said, secrets and all, out of a repository that the store lies in."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was said of how a recording is to be heard; None: nothing. What decides its words is kept with its batch."""

    model: str | None = None
    language: str | None = None
    task: str | None = None
    prompt: str | None = None
    roster: str | None = None
    speakers: str | None = None
    batch_size: int | None = None
    hot_words: tuple[str, ...] | None = None
    """Hints; kept because a segment that only repeats them is set aside."""

    def over(self, before: Wanted | None) -> Wanted:
        """This, and where nothing is said what was said before; its hints only where the rest is the same."""
        if before is None:
            return self
        said = {name: value for name, value in asdict(self).items() if value is not None}
        both = replace(before, **said)
        return both if both == before else replace(both, hot_words=self.hot_words)


class HeardNoMore(SourceError):
    """What is said in a recording is not kept: only transcribing it would tell."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri, f"What is said in '{uri}' is not kept. `intent ingest '{uri}'` hears it.")


@dataclass(frozen=True, slots=True)
class KeptOnly:
    """Stands for the model where only what it heard before counts: asked to hear anything, it refuses."""

    uri: str
    fingerprint: str

    def language(self, stretches: Sequence[Stretch]) -> str:
        """Never."""
        raise HeardNoMore(self.uri)

    def transcribe(self, stretches: Sequence[Stretch], language: str) -> Sequence[Sequence[Spoken]]:
        """Never."""
        raise HeardNoMore(self.uri)


def wanted_before(facts: object) -> Wanted | None:
    """From what a batch says was declared; None where its source was no recording."""
    if not isinstance(facts, Mapping):
        return None
    texts = {one.name: facts.get(one.name) for one in fields(Wanted)}
    return Wanted(**texts | {"hot_words": tuple(facts.get("hot_words") or ())})


def declared_hearing(hearing: Hearing | None) -> Mapping[str, object]:
    """What a batch keeps of it; nothing where its source is no recording."""
    if hearing is None:
        return {}
    wanted = Wanted(
        model=hearing.model,
        language=hearing.language,
        task=hearing.task,
        prompt=hearing.prompt,
        roster=_path(hearing.roster),
        speakers=_path(hearing.speakers),
        batch_size=hearing.batch_size,
        hot_words=hearing.hot_words,
    )
    return {"hearing": asdict(wanted)}


def hearing(
    settings: Settings,
    wanted: Wanted,
    *,
    device: Device = "auto",
    tell: Callable[[Heard], None] = silent,
) -> Hearing:
    """How a recording is to be heard, by what was said and what stands for what was not."""
    kept = _folder(settings.store)
    make_home(settings.store)
    kept.mkdir(mode=0o700, exist_ok=True)
    if not (kept / _UNTRACKED).exists():
        (kept / _UNTRACKED).write_text("*\n", encoding="utf-8")
    return Hearing(
        model=whisper_model(wanted.model),
        models=models_folder(),
        language=wanted.language,
        task=cast(Task, wanted.task or get_args(Task)[0]),
        prompt=wanted.prompt,
        hot_words=wanted.hot_words or (),
        device=device,
        batch_size=wanted.batch_size or BATCH_SIZE,
        cache=kept,
        roster=Path(wanted.roster) if wanted.roster else None,
        speakers=Path(wanted.speakers) if wanted.speakers else None,
        tell=tell,
    )


def heard_again(settings: Settings, source: Source, wanted: Wanted | None, *, is_kept_only: bool = False) -> Source:
    """The source, to be heard as it was; another kind of source as it is.

    `is_kept_only`: nothing is transcribed; HeardNoMore is raised where what was heard is gone.
    Raises: WhisperMissing, WhisperUnusable with `is_kept_only`.
    """
    if wanted is None:
        return source
    again = hearing(settings, wanted)
    if is_kept_only:
        again = replace(again, transcriber=KeptOnly(source.uri, whisper(source.uri, again).fingerprint))
    return replace(source, hearing=again)


def names_in(settings: Settings) -> tuple[str, ...]:
    """The names that recordings for this store may mention, the most telling first; none where there is no store."""
    if not settings.store.exists():
        return ()
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        return hot_words(telling_names(db))


def transcripts_of_session(db: Db, store: Path, session_id: str) -> list[Path]:
    """The folders of what was heard in a session's recordings, those that its place held before among them."""
    before = [str(row["session_id"]) for row in fetched(db, "predecessors", session_id=session_id)]
    found = fetched(db, "recordings_of", session_ids=[*before, session_id])
    return [transcript_folder(store, str(row["input_fingerprint"])) for row in found]


def transcript_folder(store: Path, fingerprint: str) -> Path:
    """Where what was heard in a recording is kept, by the fingerprint of its bytes."""
    return _folder(store) / fingerprint.rpartition(":")[2]


def forget_transcripts(places: Iterable[Path]) -> None:
    """Remove what was heard."""
    for place in places:
        shutil.rmtree(place, ignore_errors=True)


def _folder(store: Path) -> Path:
    return store.with_suffix(".heard")


def _path(path: Path | None) -> str | None:
    return None if path is None else path.absolute().as_posix()
