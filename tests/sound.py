"""Sound for tests, made on the spot: speech by espeak-ng, files of any form by PyAV, and who stands in for Whisper.

espeak-ng comes as a library with its data in the development extra, so that no program has to be installed.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import av
import espeakng_loader  # type: ignore[import-untyped]  # published without types
import numpy as np
from numpy.typing import NDArray

from ingest.hearing import SAMPLE_RATE, Hearing, Spoken, SpokenWord, Stretch

Samples = NDArray[np.float32]

_RETRIEVAL, _UTF8 = 1, 1
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


@cache
def _espeak() -> tuple[ctypes.CDLL, int]:
    """The library, initialised, and its samples a second."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_RETRIEVAL, 0, str(espeakng_loader.get_data_path()).encode(), 0)
    assert rate > 0, "espeak-ng finds no data"
    return library, rate


@cache
def speech(words: str, voice: str = "en-us") -> Samples:
    """The words as a voice of espeak-ng says them, at SAMPLE_RATE."""
    library, rate = _espeak()
    pieces: list[NDArray[np.int16]] = []

    def take(wave: object, count: int, _events: object) -> int:
        if wave and count:
            pieces.append(np.ctypeslib.as_array(wave, (count,)).astype(np.int16))  # type: ignore[arg-type]  # ctypes
        return 0

    callback = _CALLBACK(take)
    library.espeak_SetSynthCallback(callback)
    assert library.espeak_SetVoiceByName(voice.encode()) == 0, f"espeak-ng has no voice {voice}"
    data = words.encode()
    library.espeak_Synth(data, len(data) + 1, 0, 0, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    sound = np.concatenate(pieces).astype(np.float32) / 32_768
    at = np.arange(0, len(sound) - 1, rate / SAMPLE_RATE)
    return np.interp(at, np.arange(len(sound)), sound).astype(np.float32)


def pause(seconds: float) -> Samples:
    """Digital silence."""
    return np.zeros(int(seconds * SAMPLE_RATE), np.float32)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a scripted meeting."""

    voice: int
    words: str
    start_ms: int
    end_ms: int


def conversation(
    lines: Sequence[tuple[int, str]], *, voices: Sequence[str] = ("en-us", "en-us+f3"), gap_s: float = 2.5
) -> tuple[list[Samples], list[Line]]:
    """A channel for each voice, all of one length, and when each line is said: (voice, words) one after the other."""
    at = int(0.8 * SAMPLE_RATE)
    placed: list[tuple[int, int, Samples]] = []
    said: list[Line] = []
    for voice, words in lines:
        sound = speech(words, voices[voice])
        placed.append((voice, at, sound))
        said.append(Line(voice, words, at * 1000 // SAMPLE_RATE, (at + len(sound)) * 1000 // SAMPLE_RATE))
        at += len(sound) + int(gap_s * SAMPLE_RATE)
    channels = [np.zeros(at, np.float32) for _ in voices]
    for voice, start, sound in placed:
        channels[voice][start : start + len(sound)] = sound
    return channels, said


def write(
    path: Path,
    tracks: Sequence[Sequence[Samples]],
    *,
    codec: str = "pcm_s16le",
    rate: int = SAMPLE_RATE,
    titles: Mapping[int, str] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """A file of the kind that its name says, with one sound track for each sequence of channels."""
    with av.open(str(path), "w") as container:
        container.metadata.update(metadata or {})
        streams = []
        for at, channels in enumerate(tracks):
            stream = container.add_stream(codec, rate=rate)
            stream.layout = {1: "mono", 2: "stereo", 4: "quad", 6: "5.1"}[len(channels)]  # type: ignore[union-attr]
            stream.metadata.update({"title": titles[at]} if titles and at in titles else {})
            streams.append(stream)
        for stream, channels in zip(streams, tracks, strict=True):
            _encode(container, stream, channels, rate)
    return path


def _encode(container: av.container.OutputContainer, stream: object, channels: Sequence[Samples], rate: int) -> None:
    layout = stream.layout.name  # type: ignore[attr-defined]
    resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate)  # type: ignore[attr-defined]
    together = np.stack(channels)
    for start in range(0, together.shape[1], SAMPLE_RATE):
        piece = np.ascontiguousarray(together[:, start : start + SAMPLE_RATE], np.float32)
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
        frame.sample_rate, frame.pts = SAMPLE_RATE, start
        for made in resampler.resample(frame):
            container.mux(stream.encode(made))  # type: ignore[attr-defined]
    for made in resampler.resample(None):
        container.mux(stream.encode(made))  # type: ignore[attr-defined]
    container.mux(stream.encode(None))  # type: ignore[attr-defined]


@dataclass(slots=True)
class Scripted:
    """Stands in for Whisper where only the words matter: what the script has said in a stretch, it hears there."""

    script: Sequence[Line]
    told: str = "en"
    fingerprint: str = "scripted/1"
    heard: list[tuple[int, int, int]] = field(default_factory=list)
    """(voice, start_ms, end_ms) of the stretches it was given."""
    stop_after: int | None = None
    """Stretches after which the process is as good as killed."""
    marks: Mapping[str, float] = field(default_factory=dict)
    """What the model says of itself: `avg_logprob`, `no_speech_prob`, `compression_ratio`."""

    def language(self, stretches: Sequence[Stretch]) -> str:
        assert stretches
        return self.told

    def transcribe(self, stretches: Sequence[Stretch], language: str) -> Sequence[Sequence[Spoken]]:
        assert language
        return [self._of(stretch) for stretch in stretches]

    def _of(self, stretch: Stretch) -> list[Spoken]:
        if self.stop_after is not None and len(self.heard) >= self.stop_after:
            raise KeyboardInterrupt
        self.heard.append((stretch.voice, stretch.start_ms, stretch.end_ms))
        return [
            Spoken(line.words, line.start_ms, line.end_ms, _words(line), **self.marks)
            for line in self.script
            if line.voice == stretch.voice and stretch.start_ms <= (line.start_ms + line.end_ms) // 2 < stretch.end_ms
        ]


def _words(line: Line) -> tuple[SpokenWord, ...]:
    texts = line.words.split()
    step = (line.end_ms - line.start_ms) / len(texts)
    edges = [line.start_ms + round(at * step) for at in range(len(texts) + 1)]
    return tuple(SpokenWord(text, edges[at], edges[at + 1], 0.9) for at, text in enumerate(texts))


def hearing(place: Path, transcriber: Scripted | None = None, **changes: object) -> Hearing:
    """Hearing with its folders under `place`."""
    told = {"model": "small", "models": place / "models", "cache": place / "cache", "transcriber": transcriber}
    return Hearing(**(told | changes))  # type: ignore[arg-type]  # any of its fields
