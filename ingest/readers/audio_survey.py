"""Part of the audio reader: a first pass over a recording, which tells its voices apart.

Every track is decoded once, and of every channel only its loudness is kept, ten figures a second. From these follow
how much could be decoded, and which channels are voices of their own. Channels that rise and fall together are one
sound heard twice (a stereo microphone, a mono recording in two channels) and are mixed; a channel in which there is no
sound, or only the mix of the others, is left out. Each such choice is a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.hearing import SAMPLE_RATE, clock
from ingest.readers.audio_decode import Channels, Damage, Recording, Track, pieces
from ingest.records import Source

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
_LOUD_PERCENTILE = 99.5
_MIX_SHARE = 0.95
"""So much of a mix is in the others; what is in none of them would be lost with it."""
_MISSING_S, _MISSING_EXACT_S = 1.0, 0.01
"""Less than this is lost by rounding in the file's own figures."""


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """What is transcribed as one: a channel of a track, or (`channel` None) the mix of the track's channels."""

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
    for track in recording.tracks:
        damage = Damage()
        levels, length = _levels(pieces(source, track, damage), track.channels)
        seconds = max(seconds, length)
        notes.extend(_damaged(damage))
        found.extend(_of_track(recording, track, levels, notes, mixed=mixed))
    missing_s = (recording.declared_s or 0.0) - seconds
    if missing_s > (_MISSING_EXACT_S if recording.is_exact else _MISSING_S):
        how = "cut off" if missing_s > _MISSING_S else "damaged"
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


def _levels(sound: Iterator[Channels], channels: int) -> tuple[list[Levels], float]:
    """Each channel's loudness and the length in seconds; the last, unfinished window is left out."""
    kept: list[Levels] = []
    rest = np.zeros((channels, 0), np.float32)
    samples = 0
    for piece in sound:
        samples += piece.shape[1]
        together = np.concatenate([rest, piece], axis=1)
        whole = together.shape[1] // _WINDOW
        windows = together[:, : whole * _WINDOW].reshape(channels, whole, _WINDOW)
        power = np.square(windows).mean(axis=2)
        kept.append((10 * np.log10(power + 10 ** (_FLOOR_DB / 10))).astype(np.float32))
        rest = together[:, whole * _WINDOW :]
    joined = np.concatenate(kept, axis=1) if kept else np.zeros((channels, 0), np.float32)
    return list(joined), samples / SAMPLE_RATE


def _of_track(
    recording: Recording, track: Track, levels: list[Levels], notes: list[str], *, mixed: bool
) -> Iterator[Voice]:
    """A track's channels as voices; the track as one where it has one, or two that rise and fall together."""
    several = len(recording.tracks) > 1
    number = str(track.index + 1)
    whole = track.title or (f"Track {number}" if several else "Recording")
    sounding = [at for at, one in enumerate(levels) if not _is_silent(one)]
    alike = len(levels) == 2 and len(sounding) == 2 and _is_alike(*levels)
    if mixed or alike or len(sounding) < 2:
        only = sounding[0] if len(levels) > 1 and len(sounding) == 1 else None
        if only is not None:
            notes.append(f"there is sound in channel {only + 1} alone")
        if alike and not mixed:
            notes.append("channels that sound alike were read as one")
        loudest = levels[int(np.argmax([_loud(one) for one in levels]))]
        yield Voice(track, only, whole, _keys(f"track {number}", whole, number), loudest)
        return
    for at, one in enumerate(levels):
        label = f"{whole}, channel {at + 1}" if several else f"Channel {at + 1}"
        sides = ("left", "right") if len(levels) == 2 and not several else ()
        yield Voice(track, at, label, _keys(label, *(() if several else (str(at + 1),)), *sides[at : at + 1]), one)


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
