"""Part of the audio reader: the sound of a recording's tracks, decoded piece by piece.

What comes out is float samples at SAMPLE_RATE, in pieces of about a second, whatever the file's length: a recording
is never held as a whole. Positions are those of a player: a track that starts late, and a gap in its own clock, are
filled with silence. Damaged packets are passed over and counted. PyAV is reached from here alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ExtraMissing, NoSound, SourceMalformed
from ingest.hearing import EXTRA, SAMPLE_RATE
from ingest.readers.audio_kinds import demuxer
from ingest.records import Source

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

Channels = NDArray[np.float32]
"""(channels, samples)."""

_GAP_SAMPLES = SAMPLE_RATE // 5
"""A shorter gap in a track's clock is jitter."""
_LONGEST_GAP_SAMPLES = 6 * 3600 * SAMPLE_RATE
"""A longer one is a broken clock."""
_PIECE_SAMPLES = SAMPLE_RATE
_MICROSECONDS = 1_000_000
_OPTIONS = {"wav": {"max_size": "65536"}}
"""Larger packets of what needs no decoding: each costs as much as thousands of its samples."""
_ESTIMATED = frozenset({"aac", "amr"})
"""Demuxers that only guess how long a file is."""
_OGG_PAGE_BYTES = 65_307
"""The longest page there is."""
_UNKNOWN_SIZE = 0xFFFF_0000
"""Programs that write while they record put a size so large into the header, or none."""
_COUNTED = (b"Xing", b"Info", b"VBRI")
"""What an MP3 file's own count of its frames begins with; without one its length is a guess."""


@dataclass(frozen=True, slots=True)
class Track:
    """One sound track. `channels` is 1 where its channels are places around a listener, not voices."""

    index: int
    channels: int
    title: str | None


@dataclass(frozen=True, slots=True)
class Recording:
    """What a recording says of itself."""

    tracks: tuple[Track, ...]
    declared_s: float | None
    """Its length; None where the file states none."""
    title: str | None
    created: str | None
    is_exact: bool = False
    """Whether its length is a count of samples."""
    is_unfinished: bool = False
    """Whether an Ogg stream lacks its last page, which alone tells that it was not cut off."""


@dataclass(slots=True)
class Damage:
    """What could not be decoded, noted on the way."""

    places: list[float] = field(default_factory=list)
    """Seconds at which packets were passed over."""
    gaps: list[tuple[float, float]] = field(default_factory=list)
    """(where, how long) of the gaps in the track's clock, in seconds; how late it starts is none."""
    broke_off: str | None = None
    """Why the rest could not be reached."""


def recording(source: Source) -> Recording:
    """The tracks of a recording, and what it says of itself.

    Raises: ExtraMissing without PyAV; SourceMalformed where it cannot be opened; NoSound.
    """
    with _opened(source) as container:
        tracks = tuple(
            Track(at, _voices(stream), stream.metadata.get("title"))
            for at, stream in enumerate(container.streams.audio)
        )
        if not tracks:
            raise NoSound(source.uri)
        return Recording(
            tracks,
            _declared_s(source, container),
            container.metadata.get("title"),
            _created(container.metadata),
            demuxer(source.head) == "flac",
            demuxer(source.head) == "ogg" and _lacks_last_page(source),
        )


def pieces(source: Source, track: Track, damage: Damage) -> Iterator[Channels]:
    """The track's sound from the start of the recording, a second or so at a time; damage is noted.

    Shape: (track.channels, samples) float32.
    """
    with _opened(source) as container:
        stream = container.streams.audio[track.index]
        base_s = (container.start_time or 0) / _MICROSECONDS
        yield from _placed(_frames(container, stream, damage), track, base_s, damage)


@contextmanager
def _opened(source: Source) -> Iterator[InputContainer]:
    try:
        import av  # noqa: PLC0415  the optional extra, and slow to load
    except ModuleNotFoundError as error:
        raise ExtraMissing(source.uri, "a recording", EXTRA) from error
    with source.open() as stream:
        try:
            kind = demuxer(source.head)
            container = av.open(
                stream, "r", format=kind, options=_OPTIONS.get(kind or "", {}), metadata_errors="ignore"
            )
        except (av.FFmpegError, OSError) as error:
            said = error.strerror or type(error).__name__
            problem = f"the recording is broken, or was cut off before its index was written ({said})"
            raise SourceMalformed(source.uri, reader="audio", where="its opening", problem=problem) from error
        with container:
            yield container


def _voices(stream: AudioStream) -> int:
    """The channels that may be voices: all but those of surround sound, whose low-frequency channel tells it."""
    names = {channel.name for channel in stream.layout.channels}
    return 1 if "LFE" in names else max(1, stream.layout.nb_channels)


def _declared_s(source: Source, container: InputContainer) -> float | None:
    kind = demuxer(source.head)
    if kind in _ESTIMATED or (kind == "mp3" and not any(mark in source.head for mark in _COUNTED)):
        return None
    if not container.duration:
        return None
    return container.duration / _MICROSECONDS * _promised(source)


def _promised(source: Source) -> float:
    """How much larger a file says it is than it is: of a RIFF or IFF cut short, FFmpeg measures what is left."""
    order: Literal["little", "big"] | None = {b"RIFF": "little", b"FORM": "big"}.get(source.head[:4])  # type: ignore[assignment]  # as listed
    size = int.from_bytes(source.head[4:8], order) + 8 if order else 0
    return size / source.size_bytes if source.size_bytes < size < _UNKNOWN_SIZE else 1.0


def _lacks_last_page(source: Source) -> bool:
    with source.open() as stream:
        stream.seek(max(0, source.size_bytes - _OGG_PAGE_BYTES))
        end = stream.read()
    page = end.rfind(b"OggS")
    return page < 0 or len(end) <= page + 5 or not end[page + 5] & 4


def _created(metadata: dict[str, str]) -> str | None:
    return metadata.get("creation_time") or metadata.get("date")


def _frames(container: InputContainer, stream: AudioStream, damage: Damage) -> Iterator[AudioFrame]:
    import av  # noqa: PLC0415  as above

    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.FFmpegError as error:
            damage.broke_off = error.strerror or type(error).__name__
            return
        try:
            yield from packet.decode()
        except av.FFmpegError:
            damage.places.append((packet.pts or 0) * float(packet.time_base or 0))


def _placed(frames: Iterator[AudioFrame], track: Track, base_s: float, damage: Damage) -> Iterator[Channels]:
    """Frames resampled, behind as much silence as the track's clock says."""
    given_s = 0.0
    """Of the frames so far, with the silence before them."""
    form: tuple[str, str, int] | None = None
    line = _Line(track)
    for frame in frames:
        gap = _gap(frame, base_s, given_s)
        if gap or form != (form := (frame.format.name, frame.layout.name, frame.sample_rate)):
            yield from line.rest()
            yield from _silence(track, gap)
            line = _Line(track)
        if gap and given_s:
            damage.gaps.append((given_s, gap / SAMPLE_RATE))
        given_s += gap / SAMPLE_RATE + frame.samples / frame.sample_rate
        frame.pts = None  # the resampler would pad and drop by it a second time
        yield from line.add(frame)
    yield from line.rest()


def _gap(frame: AudioFrame, base_s: float, given_s: float) -> int:
    """Samples of silence that the track's clock puts before a frame."""
    at_s = frame.time
    if at_s is None:
        return 0
    gap = round((at_s - base_s - given_s) * SAMPLE_RATE)
    return gap if _GAP_SAMPLES < gap < _LONGEST_GAP_SAMPLES else 0


class _Line:
    """Frames of one form, gathered (each call costs as much as a thousand samples) and resampled."""

    def __init__(self, track: Track) -> None:
        import av  # noqa: PLC0415  as above

        layout = "mono" if track.channels == 1 else None  # None: as the frames have it
        self._resampler = av.AudioResampler(format="fltp", layout=layout, rate=SAMPLE_RATE)
        self._waiting = av.AudioFifo()

    def add(self, frame: AudioFrame) -> Iterator[Channels]:
        """What comes out with one more frame."""
        self._waiting.write(frame)
        if self._waiting.samples >= frame.sample_rate:
            yield from self._resampled(self._waiting.read())

    def rest(self) -> Iterator[Channels]:
        """What is left when no more frames of the form come."""
        if self._waiting.samples:
            yield from self._resampled(self._waiting.read())
        yield from self._resampled(None)

    def _resampled(self, frame: AudioFrame | None) -> Iterator[Channels]:
        for made in self._resampler.resample(frame):
            yield np.asarray(made.to_ndarray(), np.float32)


def _silence(track: Track, samples: int) -> Iterator[Channels]:
    for start in range(0, samples, _PIECE_SAMPLES):
        yield np.zeros((track.channels, min(_PIECE_SAMPLES, samples - start)), np.float32)
