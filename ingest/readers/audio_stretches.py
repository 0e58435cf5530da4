"""Part of the audio reader: the stretches of a voice in which somebody speaks, none longer than Whisper hears at once.

A detector gives for each frame of 32 ms how likely it holds speech. Frames make runs, runs with short pauses between
them make a stretch, and a run that is too long is cut where speech is least likely. What a stretch is depends on the
sound alone, not on how it was handed over: a run that is resumed finds the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ingest.hearing import SAMPLE_RATE, Stretch

Sound = NDArray[np.float32]
Detector = Callable[[Sound], Sound]
"""For each frame of FRAME samples the probability that it holds speech; given whole frames."""

FRAME = 512
"""Samples that Silero's detector judges at once."""
_BLOCK_FRAMES = 960
"""Half a minute: what is held at a time besides the stretch that is under way."""
_WARM_FRAMES = 32
"""A second given to the detector again before each block, for it judges by what it has heard before."""
_NOTHING = 1e-4
"""A block nowhere louder than -80 dB below full scale is digital silence; no detector is asked."""
_STARTS, _GOES_ON = 0.5, 0.35
"""Silero's own thresholds, for speech that begins and for speech that goes on."""
_PAUSE = 5
"""Frames (160 ms) without speech that end a run: what faster-whisper takes for its batches."""
_APART = 62
"""Frames (2 s) of pause that end a stretch."""
_LONGEST = 900
"""Frames (28.8 s) of speech in one stretch: with PAD_FRAMES on both sides less than the 30 s that Whisper hears."""
_PAD = 9
"""Frames (0.3 s) around speech that are heard too, where nobody else's are."""


@dataclass(slots=True)
class _Packer:
    """Frames to stretches, as they come. `at` counts frames; a run is (first frame, frame after the last)."""

    runs: list[tuple[int, int]] = field(default_factory=list)
    begun: int | None = None
    spoke: int = 0
    likely: list[float] = field(default_factory=list)
    before: int = 0
    at: int = 0

    def push(self, probability: float) -> Iterator[tuple[int, int]]:
        """The next frame; the stretches (in frames, padded) that are over with it."""
        frame, self.at = self.at, self.at + 1
        if self.begun is None:
            if probability >= _STARTS:
                self.begun, self.spoke, self.likely = frame, frame + 1, [probability]
            elif self.runs and frame - self.runs[-1][1] >= _APART:
                yield self._closed(frame + _PAD)
            return
        self.likely.append(probability)
        if probability >= _GOES_ON:
            self.spoke = frame + 1
        elif frame + 1 - self.spoke >= _PAUSE:
            yield from self._run_ended(self.spoke)
            return
        if frame + 1 - self.begun >= _LONGEST:
            yield from self._cut()

    def end(self) -> Iterator[tuple[int, int]]:
        """What is left when the voice is over."""
        if self.begun is not None:
            yield from self._run_ended(self.spoke)
        if self.runs:
            yield self._closed(self.at + 2 * _PAD)

    @property
    def needed(self) -> int:
        """The first frame that a stretch to come may hold."""
        first = self.runs[0][0] if self.runs else self.at if self.begun is None else self.begun
        return max(0, first - _PAD)

    def _cut(self) -> Iterator[tuple[int, int]]:
        """Ends a run that is too long at its least likely frame, in its latter half."""
        begun, half = self.begun or 0, len(self.likely) // 2
        cut = half + int(np.argmin(self.likely[half:]))
        rest = self.likely[cut:]
        yield from self._run_ended(begun + cut)
        self.begun, self.likely = begun + cut, rest

    def _run_ended(self, end: int) -> Iterator[tuple[int, int]]:
        begun = self.begun or 0
        if self.runs and end - self.runs[0][0] > _LONGEST:
            yield self._closed(begun)
        self.runs.append((begun, end))
        self.begun = None

    def _closed(self, following: int) -> tuple[int, int]:
        """The stretch of the runs so far, with half of the pauses around it, PAD at most."""
        start, end = self.runs[0][0], self.runs[-1][1]
        padded = start - min(_PAD, (start - self.before) // 2), end + min(_PAD, (following - end) // 2)
        self.runs, self.before = [], end
        return padded


def stretches(
    sound: Iterable[Sound], voice: int, detector: Detector, faint: Callable[[float], bool]
) -> Iterator[Stretch]:
    """The stretches of one voice, in order. `faint` tells of a second whether another voice drowns this one."""
    packer = _Packer()
    held = np.zeros(0, np.float32)
    """The sound from frame `first` on."""
    first = 0
    for block, likely in _judged(sound, detector):
        held = np.concatenate([held, block])
        for probability in likely:
            here = 0.0 if faint(packer.at * FRAME / SAMPLE_RATE) else float(probability)
            for span in packer.push(here):
                yield _stretch(held, first, span, voice)
        gone = packer.needed - first
        held, first = held[gone * FRAME :].copy(), first + gone
    for span in packer.end():
        yield _stretch(held, first, span, voice)


def _stretch(held: Sound, first: int, span: tuple[int, int], voice: int) -> Stretch:
    start, end = (span[0] - first) * FRAME, min((span[1] - first) * FRAME, len(held))
    start_ms = span[0] * FRAME * 1000 // SAMPLE_RATE
    return Stretch(voice, start_ms, start_ms + (end - start) * 1000 // SAMPLE_RATE, held[start:end].copy())


def _judged(sound: Iterable[Sound], detector: Detector) -> Iterator[tuple[Sound, Sound]]:
    """The sound in blocks of whole frames (the last one filled up with silence), each with its probabilities."""
    warm = np.zeros(_WARM_FRAMES * FRAME, np.float32)
    for block in _blocks(sound):
        if float(np.abs(block).max()) < _NOTHING:
            likely = np.zeros(len(block) // FRAME, np.float32)
        else:
            likely = detector(np.concatenate([warm, block]))[_WARM_FRAMES:]
        yield block, likely
        warm = np.concatenate([warm, block])[-len(warm) :]


def _blocks(sound: Iterable[Sound]) -> Iterator[Sound]:
    size = _BLOCK_FRAMES * FRAME
    waiting: list[Sound] = []
    samples = 0
    for piece in sound:
        waiting.append(piece)
        samples += len(piece)
        while samples >= size:
            together = np.concatenate(waiting)
            yield together[:size]
            waiting, samples = [together[size:]], samples - size
    if samples:
        yield np.pad(np.concatenate(waiting), (0, -samples % FRAME))
