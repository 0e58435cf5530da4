"""Part of the audio reader: what was heard, kept in plain JSON files.

A transcript is kept by the sound's fingerprint and by what decided its words: `FOLDER/<sound>/<options>/`. While it is
being made, the folder holds one file for each stretch that is finished; when it is done, `transcript.json` alone. Each
file is written under another name and then renamed, so that a killed run leaves whole files only; one that cannot be
read is made anew. They hold what was said, so only their owner may read them.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from ingest.hearing import Spoken, Stretch

_TRANSCRIPT = "transcript.json"
_LANGUAGE = "language.json"
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class VoiceHeard:
    """All that one voice said."""

    label: str
    keys: tuple[str, ...]
    spoken: tuple[Spoken, ...]
    wordless: int
    """Stretches of which the model made nothing."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that was heard in one recording."""

    sound: str
    """The fingerprint of its bytes."""
    language: str | None
    """None where nobody speaks."""
    is_told: bool
    """Whether the model told the language, rather than a person."""
    seconds: float
    title: str | None
    created: str | None
    notes: tuple[str, ...]
    hints: tuple[str, ...]
    """The prompt and the hot words it was heard with: the model may repeat them where nothing is said."""
    voices: tuple[VoiceHeard, ...]


_TRANSCRIPTS: TypeAdapter[Transcript] = TypeAdapter(Transcript)
_STRETCHES: TypeAdapter[tuple[Spoken, ...]] = TypeAdapter(tuple[Spoken, ...])
_TEXTS: TypeAdapter[str] = TypeAdapter(str)


@dataclass(frozen=True, slots=True)
class Kept:
    """The files of one recording, heard one way."""

    folder: Path

    def transcript(self) -> Transcript | None:
        """The finished one, if there is one."""
        return _read(self.folder / _TRANSCRIPT, _TRANSCRIPTS)

    def stretch(self, stretch: Stretch) -> tuple[Spoken, ...] | None:
        """What was heard in a stretch, if it is finished."""
        return _read(self._place(stretch), _STRETCHES)

    def language(self) -> str | None:
        """The language that the first stretches told, if they did."""
        return _read(self.folder / _LANGUAGE, _TEXTS)

    def put_language(self, language: str) -> None:
        """Keeps the language for the stretches to come."""
        _write(self.folder / _LANGUAGE, _TEXTS.dump_json(language))

    def put_stretch(self, stretch: Stretch, spoken: Sequence[Spoken]) -> None:
        """Keeps a finished stretch."""
        _write(self._place(stretch), _STRETCHES.dump_json(tuple(spoken)))

    def put_transcript(self, transcript: Transcript) -> None:
        """Keeps the finished transcript and removes its parts."""
        _write(self.folder / _TRANSCRIPT, _TRANSCRIPTS.dump_json(transcript, indent=1))
        for path in self.folder.glob("*.json"):
            if path.name != _TRANSCRIPT:
                path.unlink(missing_ok=True)

    def _place(self, stretch: Stretch) -> Path:
        return self.folder / f"{stretch.voice}-{stretch.start_ms:09}-{stretch.end_ms:09}.json"


def kept(folder: Path | None, sound: str, options: str) -> Kept:
    """Where a recording's files are, by two fingerprints; without a folder, until the process ends."""
    return Kept((folder or Path(_passing().name)) / _bare(sound) / _bare(options))


def _bare(fingerprint: str) -> str:
    return fingerprint.removeprefix("b2:")


@cache
def _passing() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="intent-heard-")


def _read(path: Path, form: TypeAdapter[_Kept]) -> _Kept | None:
    try:
        return form.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
