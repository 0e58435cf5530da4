"""Cuts some seconds out of a recording, all its sound tracks together, into a sound file of their own.

Positions are those of a player: milliseconds from the recording's start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ExtraMissing, SourceMalformed, SourceMissing
from ingest.hearing import EXTRA
from ingest.readers.audio_kinds import demuxer
from ingest.sources import HEAD_BYTES

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        ".wav": "pcm_s16le",
        ".flac": "flac",
        ".mp3": "libmp3lame",
        ".m4a": "aac",
        ".ogg": "libopus",
        ".opus": "libopus",
    }
)
"""Ending of the file that is written to the encoder that writes it."""
_EARLY_US = 500_000
"""Decoding begins a little before: the first frames after a jump are often lost."""
_MICROSECONDS = 1_000_000
_LOUDEST = 32_767


@dataclass(frozen=True, slots=True)
class Clip:
    """What was cut out."""

    start_ms: int
    end_ms: int
    """Where the recording ends, if that is earlier than what was asked for."""


def cut(path: Path, start_ms: int, end_ms: int, out: Path) -> Clip:
    """Write the sound between two moments of the recording at `path` to `out`, in the format that its ending names.

    Raises: SourceMissing; SourceMalformed where nothing can be decoded there; ExtraMissing; OSError where `out` cannot
    be written.
    """
    try:
        import av  # noqa: PLC0415  the optional extra, and slow to load
    except ModuleNotFoundError as error:
        raise ExtraMissing(path.as_posix(), "a recording", EXTRA) from error
    if not path.is_file():
        raise SourceMissing(path.as_posix())
    codec = FORMATS[out.suffix.lower()]
    try:
        with _opened(path, start_ms) as container:
            streams = container.streams.audio
            if not streams:
                raise _malformed(path, "it has no sound track", start_ms)
            rate = _written_rate(codec, streams[0].rate)
            sounds = [_sound(container, stream, rate, (start_ms, end_ms)) for stream in streams]
    except av.FFmpegError as error:
        raise _malformed(path, error.strerror or "it cannot be decoded", start_ms) from error
    length = max(sound.shape[1] for sound in sounds)
    if not length:
        raise _malformed(path, "nothing can be heard", start_ms)
    _write(out, codec, rate, _mixed(sounds, length))
    return Clip(start_ms, start_ms + round(length * 1000 / rate))


@contextmanager
def _opened(path: Path, start_ms: int) -> Iterator[InputContainer]:
    """By its bytes, as the reader opens it: a name with a colon is no protocol, a playlist no recording."""
    import av  # noqa: PLC0415  slow to load

    with path.open("rb") as stream:
        kind = demuxer(stream.read(HEAD_BYTES))
        if kind is None:
            raise _malformed(path, "it begins like no sound and no film", start_ms)
        stream.seek(0)
        with av.open(stream, "r", format=kind, metadata_errors="ignore") as container:
            yield container


def _written_rate(codec: str, rate: int) -> int:
    """The recording's rate, or the one above it that the encoder can write; its highest where there is none."""
    import av  # noqa: PLC0415  slow to load

    known = sorted(av.Codec(codec, "w").audio_rates or [rate])
    return next((one for one in known if one >= rate), known[-1])


def _sound(container: InputContainer, stream: AudioStream, rate: int, between: tuple[int, int]) -> NDArray[np.float32]:
    """One track between two moments; as long as there is any of it. Shape: (2 channels, samples)."""
    start_ms, end_ms = between
    room = (end_ms - start_ms) * rate // 1000
    found = np.zeros((2, room), dtype=np.float32)
    reached = 0
    for at, samples in _placed(container, stream, rate, start_ms):
        if at >= room:
            break
        first, last = max(0, at), min(room, at + samples.shape[1])
        if last > first:
            found[:, first:last] = samples[:, first - at : last - at]
            reached = max(reached, last)
    return found[:, :reached]


def _placed(
    container: InputContainer, stream: AudioStream, rate: int, start_ms: int
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Each frame as stereo samples, with its place counted in samples from `start_ms`."""
    from av import AudioResampler  # noqa: PLC0415  slow to load

    base = Fraction(container.start_time or 0, _MICROSECONDS)
    container.seek(max(0, start_ms * 1000 - _EARLY_US) + (container.start_time or 0))
    resampler = AudioResampler(format="fltp", layout="stereo", rate=rate)
    at: int | None = None
    for frame in _frames(container, stream):
        if at is None:
            at = round((frame.time - float(base) - start_ms / 1000) * rate) if frame.time is not None else 0
        for made in resampler.resample(frame):
            samples = made.to_ndarray().astype(np.float32, copy=False)
            yield at, samples
            at += samples.shape[1]


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """What can be decoded; damaged packets are passed over."""
    from av import FFmpegError  # noqa: PLC0415  slow to load

    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except FFmpegError:
            continue


def _mixed(sounds: list[NDArray[np.float32]], length: int) -> NDArray[np.int16]:
    """All tracks together, as one would hear them in the room."""
    mixed = np.zeros((2, length), dtype=np.float32)
    for sound in sounds:
        mixed[:, : sound.shape[1]] += sound
    return (np.clip(mixed, -1.0, 1.0) * _LOUDEST).astype(np.int16)


def _write(out: Path, codec: str, rate: int, samples: NDArray[np.int16]) -> None:
    import av  # noqa: PLC0415  slow to load

    with av.open(str(out.absolute()), "w") as container:
        stream = cast("AudioStream", container.add_stream(codec, rate=rate, layout="stereo"))
        frame = av.AudioFrame.from_ndarray(samples.T.reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate = rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


def _malformed(path: Path, problem: str, start_ms: int) -> SourceMalformed:
    return SourceMalformed(path.as_posix(), reader="audio", where=f"{start_ms} ms", problem=problem)
