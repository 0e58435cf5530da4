"""Part of the audio reader: a first pass over a recording, which tells its voices apart.

Every track is decoded once, and of every channel only its loudness is kept, ten figures a second. From these follow
how much could be decoded, and which channels are voices of their own. Channels that rise and fall together are one
sound heard twice (a stereo microphone, a mono recording in two channels) and are mixed, unless they cancel each other
out; a channel in which there is no sound, or only the mix of the others, is left out. Each such choice is a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.hearing import SAMPLE_RATE, clock
from ingest.readers.audio_decode import Channels, Damage, Recording, Track, pieces
from ingest.records import Source

RECORDING = "recording"
"""What a roster may call all that is in a file of one track."""

Levels = NDArray[np.float32]
"""Decibels below full scale, one figure for each WINDOW_S."""

WINDOW_S = 0.1
_WINDOW = int(SAMPLE_RATE * WINDOW_S)
_FLOOR_DB = -100.0
_NO_SOUND_DB = -60.0
"""A channel that is nowhere louder holds only the noise of its converter."""
_ACTIVE_DB = 25.0
"""How far below a channel's loud passages somebody still speaks."""
_APART_DB = 10.0
"""How much louder, each beside its own loud passages, the voice that speaks is than the one that does not."""
_APART_SHARE = 0.5
"""In so much of the sound one of two voices must be that much louder for them to be two: people in a conversation take
turns and overlap in a tenth of it, while two microphones in one room hear the same."""
_CANCELLED_DB = 15.0
"""So much fainter than its loudest channel is no mix of voices: its channels are each other's inverse (a cable with two
wires crossed). Two that have nothing in common lose 3 to 6 dB."""
_LOUD_PERCENTILE = 99.5
_MIX_SHARE = 0.95
"""So much of a mix is in the others; what is in none of them would be lost with it."""
_MISSING_S, _MISSING_EXACT_S = 1.0, 0.01
"""Less than this is lost by rounding in the file's own figures."""


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """What is transcribed as one: a channel of a track, or (`channel` None) the mix of the track's channels.

    That of a file's only track may be called RECORDING: it may hold everybody.
    """

    track: Track
    channel: int | None
    label: str
    """`Channel 1`, `Track 2`, or the track's own title."""
    keys: tuple[str, ...]
    """What a roster may call it, folded."""
    levels: Levels


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first pass found."""

    voices: tuple[Voice, ...]
    seconds: float
    """Of the longest track."""
    notes: tuple[str, ...]


def survey(source: Source, recording: Recording, *, mixed: bool) -> Survey:
    """The voices of a recording. `mixed`: each track is one, for who speaks when is told otherwise."""
    notes: list[str] = []
    found: list[Voice] = []
    seconds = 0.0
    is_damaged = False
    for track in recording.tracks:
        damage = Damage()
        levels, mix, length = _levels(pieces(source, track, damage), track.channels)
        seconds = max(seconds, length)
        notes.extend(_damaged(damage))
        is_damaged |= any(at_s < length - _MISSING_S for at_s in damage.places)
        found.extend(_of_track(_name(recording, track), track, levels, mix, notes, mixed=mixed))
    missing_s = (recording.declared_s or 0.0) - seconds
    if missing_s > (_MISSING_EXACT_S if recording.is_exact else _MISSING_S):
        how = "cut off" if missing_s > _MISSING_S and not is_damaged else "damaged"
        notes.append(f"{how}: {clock(seconds)} of {clock(seconds + missing_s)} could be decoded")
    elif recording.is_unfinished:
        notes.append(f"cut off: the file ends after {clock(seconds)}, without its last page")
    heard = _distinct(found, notes)
    return Survey(tuple(heard), seconds, tuple(dict.fromkeys(notes)))


def sound_of(source: Source, voice: Voice) -> Iterator[NDArray[np.float32]]:
    """One voice's samples, a second or so at a time."""
    for piece in pieces(source, voice.track, Damage()):
        several = voice.channel is None and len(piece) > 1
        yield piece.mean(axis=0) if several else piece[voice.channel or 0]


def bleeding(voice: Voice, voices: Sequence[Voice]) -> NDArray[np.bool_]:
    """In which windows another voice is so much louder that what this one's microphone hears is that other.

    Twice the distance that tells two voices apart: in doubt the words are kept, at the price of hearing them twice.
    """
    faint = np.zeros(len(voice.levels), np.bool_)
    for other in voices:
        if other is not voice:
            ours, theirs = _matched(_beside(voice.levels), _beside(other.levels))
            faint |= (theirs - ours > 2 * _APART_DB) & (theirs > -_ACTIVE_DB)
    return faint


def _levels(sound: Iterator[Channels], channels: int) -> tuple[list[Levels], Levels, float]:
    """Each channel's loudness, their mix's, and the length in seconds; the last, unfinished window is left out."""
    kept: list[Levels] = []
    rest = np.zeros((channels, 0), np.float32)
    samples = 0
    for piece in sound:
        samples += piece.shape[1]
        together = np.concatenate([rest, piece], axis=1)
        whole = together.shape[1] // _WINDOW
        windows = together[:, : whole * _WINDOW].reshape(channels, whole, _WINDOW)
        power = np.square(np.concatenate([windows, windows.mean(axis=0, keepdims=True)])).mean(axis=2)
        kept.append((10 * np.log10(power + 10 ** (_FLOOR_DB / 10))).astype(np.float32))
        rest = together[:, whole * _WINDOW :]
    joined = np.concatenate(kept, axis=1) if kept else np.zeros((channels + 1, 0), np.float32)
    return list(joined[:-1]), joined[-1], samples / SAMPLE_RATE


def _name(recording: Recording, track: Track) -> str | None:
    """What a track is called among several: its title, unless another has it too; None for the only one."""
    if len(recording.tracks) == 1:
        return None
    titles = [one.title for one in recording.tracks]
    return track.title if track.title and titles.count(track.title) == 1 else f"Track {track.index + 1}"


def _of_track(
    name: str | None, track: Track, levels: list[Levels], mix: Levels, notes: list[str], *, mixed: bool
) -> Iterator[Voice]:
    """A track's channels as voices; the track as one where it has one, or two that rise and fall together."""
    sounding = [at for at, one in enumerate(levels) if not _is_silent(one)]
    only = sounding[0] if len(levels) > 1 and len(sounding) == 1 else None
    if only is not None:
        notes.append(f"there is sound in channel {only + 1} alone")
    alike = len(levels) == 2 and len(sounding) == 2 and _is_alike(*levels)
    if mixed or alike or not sounding or len(levels) == 1:
        if alike and not mixed:
            notes.append("channels that sound alike were read as one")
        loudest = int(np.argmax([_loud(one) for one in levels]))
        if len(sounding) == len(levels) == 2 and _loud(levels[loudest]) - _loud(mix) > _CANCELLED_DB:
            notes.append(f"channels that cancel each other out: channel {loudest + 1} was read")
            only = loudest
        everybody = (RECORDING,) if name is None else ()
        keys = _keys(*_track_names(name, track), str(track.index + 1), *everybody)
        yield Voice(track, only, name or track.title or "Recording", keys, levels[loudest])
    else:
        for at in range(len(levels)) if only is None else (only,):
            yield _channel(name, track, at, levels, is_all=only is not None)


def _track_names(name: str | None, track: Track) -> tuple[str, ...]:
    title = name or track.title
    return (f"track {track.index + 1}", *((title,) if title else ()))


def _channel(name: str | None, track: Track, at: int, levels: list[Levels], *, is_all: bool) -> Voice:
    """One channel as a voice of its own; `is_all` there is in the track, it may be called what the track is."""
    label = f"Channel {at + 1}" if name is None else name if is_all else f"{name}, channel {at + 1}"
    numbers = (str(at + 1),) if name is None else (str(track.index + 1),) if is_all else ()
    sides = ("left", "right")[at : at + 1] if len(levels) == 2 and name is None else ()
    track_names = _track_names(name, track) if is_all else ()
    return Voice(track, at, label, _keys(label, *numbers, *sides, *track_names), levels[at])


def _distinct(voices: list[Voice], notes: list[str]) -> list[Voice]:
    """Without voices in which there is no sound, which are the mix of others, or which another one repeats."""
    kept = [one for one in voices if not _is_silent(one.levels)]
    if not kept:
        return voices[:1]
    notes.extend(f"no sound in {one.label}" for one in voices if _is_silent(one.levels))
    for one in tuple(kept):
        others = [other for other in kept if other is not one]
        if _is_mix(one, others):
            notes.append(f"{one.label} is the mix of others and was left out")
            kept = others
    for one in tuple(kept):
        if any(_is_alike(one.levels, other.levels) for other in kept[: kept.index(one)]):
            notes.append(f"{one.label} repeats another one and was left out")
            kept.remove(one)
    return kept


def _loud(levels: Levels) -> float:
    return float(np.percentile(levels, _LOUD_PERCENTILE)) if len(levels) else _FLOOR_DB


def _is_silent(levels: Levels) -> bool:
    return not len(levels) or float(levels.max()) < _NO_SOUND_DB


def _beside(levels: Levels) -> Levels:
    """Loudness beside the channel's own loud passages: 0 dB is loud."""
    return levels - np.float32(_loud(levels))


def _matched(one: Levels, other: Levels) -> tuple[Levels, Levels]:
    """Two of one length, the first's; the second's missing end is silent."""
    short = np.full(max(0, len(one) - len(other)), _FLOOR_DB, np.float32)
    return one, np.concatenate([other, short])[: len(one)]


def _is_alike(one: Levels, other: Levels) -> bool:
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    first, second = _matched(_beside(longer), _beside(shorter))
    active = np.maximum(first, second) > -_ACTIVE_DB
    if not active.any():
        return True
    apart = np.abs(first - second)[active] > _APART_DB
    return float(apart.mean()) < _APART_SHARE


def _is_mix(voice: Voice, others: Sequence[Voice]) -> bool:
    """Whether, whenever it sounds, one of at least two others does as loudly."""
    ours = _beside(voice.levels)
    active = ours > -_ACTIVE_DB
    if len(others) < 2 or not active.any():
        return False
    close = [np.abs(ours - _matched(ours, _beside(one.levels))[1]) <= _APART_DB for one in others]
    sharing = [one for one in close if float(one[active].mean()) > 1 - _MIX_SHARE]
    return len(sharing) > 1 and float(np.any(sharing, axis=0)[active].mean()) >= _MIX_SHARE


def _keys(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(name.casefold().split()) for name in names))


def _damaged(damage: Damage) -> Iterator[str]:
    if damage.places:
        many = len(damage.places)
        places = "a damaged place" if many == 1 else f"{many} damaged places, the first"
        yield f"{places} at {clock(damage.places[0])} could not be decoded"
    if damage.gaps:
        many, length = len(damage.gaps), sum(length for _, length in damage.gaps)
        places = "a gap" if many == 1 else f"{many} gaps, the first"
        yield f"{places} at {clock(damage.gaps[0][0])}, {length:.1f} s in all, read as silence"
    if damage.broke_off is not None:
        yield f"broken off: {damage.broke_off}"
