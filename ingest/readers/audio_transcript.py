"""Part of the audio reader: from a recording to its transcript, a batch of stretches at a time.

What is finished is kept at once: a run that is killed and started again finds its stretches by their place and goes on
after them. A finished transcript is found by the sound's fingerprint, and nothing is decoded.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ingest.errors import HearingMissing
from ingest.fingerprint import fingerprint, fingerprint_of_bytes
from ingest.hearing import Heard, Hearing, Spoken, Stretch, Transcriber
from ingest.language_names import tag
from ingest.readers.audio_cache import Kept, Transcript, VoiceHeard, kept
from ingest.readers.audio_decode import recording
from ingest.readers.audio_stretches import Detector, stretches
from ingest.readers.audio_survey import WINDOW_S, Survey, Voice, bleeding, sound_of, survey
from ingest.readers.audio_whisper import speech_detector, whisper
from ingest.records import Source

_VERSION = 2
"""Raised when the same sound gives other stretches or voices."""
_CHUNK_BYTES = 1024 * 1024


def sound_fingerprint(source: Source) -> str:
    """Of a recording's bytes, as they are."""
    with source.open() as stream:
        return fingerprint_of_bytes(iter(lambda: stream.read(_CHUNK_BYTES), b""))


def transcript(source: Source, *, mixed: bool) -> Transcript:
    """All that is said in a recording, heard now or kept from before. `mixed`: see `survey`.

    Raises: HearingMissing, ExtraMissing, WhisperMissing, WhisperUnusable; SourceMalformed; NoSound.
    """
    hearing = source.hearing
    if hearing is None:
        raise HearingMissing(source.uri)
    transcriber = hearing.transcriber or whisper(source.uri, hearing)
    sound = sound_fingerprint(source)
    place = kept(hearing.cache, sound, _options(hearing, transcriber, mixed=mixed))
    found = place.transcript()
    if found is None:
        found = _Run(source, hearing, transcriber, place).transcript(sound, mixed=mixed)
        place.put_transcript(found)
    return found


def _options(hearing: Hearing, transcriber: Transcriber, *, mixed: bool) -> str:
    """What decides the words; hot words are hints, and no reason to hear a recording anew."""
    return fingerprint([_VERSION, transcriber.fingerprint, hearing.language, hearing.task, hearing.prompt, mixed])


@dataclass(slots=True)
class _Run:
    """One recording being transcribed."""

    source: Source
    hearing: Hearing
    transcriber: Transcriber
    kept: Kept
    began: float = field(default_factory=time.monotonic)
    total_s: float = 0.0
    voices: int = 1
    behind_s: float = 0.0
    """Of the voices that are done."""
    reused_s: float = 0.0
    """Of what an earlier run left, with the pauses before it."""
    reached_s: float = 0.0
    """Where in its voice the last stretch ended."""
    is_fresh: bool = False
    """Whether anything was heard in this run."""
    language: str | None = None

    def transcript(self, sound: str, *, mixed: bool) -> Transcript:
        """Surveys the recording, then hears its voices one after the other."""
        told = recording(self.source)
        found = survey(self.source, told, mixed=mixed)
        self.voices = len(found.voices)
        self.total_s = found.seconds * self.voices
        self.language = tag(self.hearing.language) or self.hearing.language or self.kept.language()
        self._tell(0.0)
        detector = speech_detector(self.source.uri)
        heard = tuple(self._voice(at, found, detector) for at in range(len(found.voices)))
        self._tell(self.total_s)
        return Transcript(
            sound=sound,
            language=self.language,
            is_told=self.hearing.language is None,
            seconds=round(found.seconds, 3),
            title=told.title,
            created=told.created,
            notes=found.notes,
            hints=tuple(hint for hint in (self.hearing.prompt, " ".join(self.hearing.hot_words)) if hint),
            voices=heard,
        )

    def _voice(self, at: int, found: Survey, detector: Detector) -> VoiceHeard:
        voice = found.voices[at]
        spoken: list[Spoken] = []
        wordless = 0
        self.reached_s = 0.0
        for batch in self._batches(at, voice, found, detector):
            for one in self._heard(batch):
                spoken.extend(one)
                wordless += not one
            self._tell(self.behind_s + batch[-1].end_ms / 1000)
        self.behind_s += found.seconds
        return VoiceHeard(voice.label, voice.keys, tuple(spoken), wordless)

    def _batches(self, at: int, voice: Voice, found: Survey, detector: Detector) -> Iterator[list[Stretch]]:
        """Stretches in the order they were spoken; what is kept from an earlier run does not fill a batch."""
        drowned = bleeding(voice, found.voices)

        def faint(second: float) -> bool:
            window = int(second / WINDOW_S)
            return window < len(drowned) and bool(drowned[window])

        batch: list[Stretch] = []
        missing = 0
        for stretch in stretches(sound_of(self.source, voice), at, detector, faint):
            is_kept = self.kept.stretch(stretch) is not None
            batch.append(_without_sound(stretch) if is_kept else stretch)
            missing += not is_kept
            if missing == self.hearing.batch_size:
                yield batch
                batch, missing = [], 0
        if batch:
            yield batch

    def _heard(self, batch: Sequence[Stretch]) -> list[Sequence[Spoken]]:
        """What is said in each stretch of a batch: kept from before, or heard now and kept."""
        found = {at: self.kept.stretch(stretch) for at, stretch in enumerate(batch)}
        missing = [at for at, spoken in found.items() if spoken is None]
        for at, one in enumerate(batch):
            self.reused_s += one.end_ms / 1000 - self.reached_s if at not in missing else 0.0
            self.reached_s = one.end_ms / 1000
        if missing:
            self.is_fresh = True
            fresh = [batch[at] for at in missing]
            for at, spoken in zip(missing, self.transcriber.transcribe(fresh, self._language(fresh)), strict=True):
                self.kept.put_stretch(batch[at], spoken)
                found[at] = tuple(spoken)
        return [spoken or () for spoken in found.values()]

    def _language(self, stretches: Sequence[Stretch]) -> str:
        if self.language is None:
            told = self.transcriber.language(stretches)
            self.language = tag(told) or told
            self.kept.put_language(self.language)
        return self.language

    def _tell(self, done_s: float) -> None:
        fresh_s = done_s - self.reused_s
        is_known = fresh_s > 0 and (self.is_fresh or not self.reused_s)
        factor = (time.monotonic() - self.began) / fresh_s if is_known else None
        self.hearing.tell(Heard(done_s, self.total_s, factor, peak_bytes(), self.source.uri, self.voices))


def _without_sound(stretch: Stretch) -> Stretch:
    return Stretch(stretch.voice, stretch.start_ms, stretch.end_ms, np.zeros(0, np.float32))


def peak_bytes() -> int | None:
    """The most memory that this process has held; None on Windows, which does not say it this way."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415  not on Windows

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1024
