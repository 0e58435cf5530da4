"""Part of the audio reader: who speaks, as files beside the recording (or named by the person) say.

A roster maps what a voice is called to a name: a channel (`1`, `channel 1`, `left`), a track (`1`, `track 1`, its
title), all there is in a file of one track (`recording`) or a label of the diarisation (`SPEAKER_00`). A number is not
taken for a mix where several are named: whose it is, the roster does not say. It is an object in JSON, a table in TOML,
or CSV of two columns; beside `standup.m4a` it is `standup.roster.json` (`.toml`, `.csv`). Who speaks when is RTTM,
beside the recording `standup.rttm`, or the JSON of WhisperX, named.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from ingest.errors import SourceMissing, SourceUnreadable, SpeakersUnreadable
from ingest.json_source import label, listed, number
from ingest.json_values import fields
from ingest.records import Source

_ROSTERS = (".roster.json", ".roster.toml", ".roster.csv")
_RTTM = ".rttm"
COLLAR_MS = 250
"""How far a turn's edge may be off: what NIST forgives on either side of one when it scores diarisations."""
_MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's turn in a diarisation."""

    start_ms: int
    end_ms: int
    speaker: str


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of a recording by their starts; `latest` is the latest end so far, for they may overlap."""

    turns: tuple[Turn, ...]
    latest: tuple[int, ...]

    def speaker(self, start_ms: int, end_ms: int) -> str | None:
        """Who speaks most between two times, or just beside them; nobody where no turn is within COLLAR_MS."""
        return self._most(start_ms, end_ms) or self._most(max(0, start_ms - COLLAR_MS), end_ms + COLLAR_MS)

    def _most(self, start_ms: int, end_ms: int) -> str | None:
        first = bisect_right(self.latest, start_ms)
        last = bisect_left(self.turns, max(end_ms, start_ms + 1), key=lambda turn: turn.start_ms)
        shares: dict[str, int] = {}
        for turn in self.turns[first:last]:
            share = min(turn.end_ms, end_ms) - max(turn.start_ms, start_ms)
            if share >= 0 and turn.end_ms > start_ms:
                shares[turn.speaker] = shares.get(turn.speaker, 0) + share
        return max(shares, key=lambda speaker: shares[speaker], default=None)


def roster(source: Source) -> Mapping[str, str]:
    """Names by what a voice or label is called, folded; empty where there is no roster.

    Raises: SpeakersUnreadable; SourceMissing for one that was named and is not there.
    """
    path = (source.hearing.roster if source.hearing else None) or _beside(source, *_ROSTERS)
    if path is None:
        return {}
    text = _text(source, path)
    form = {".toml": _toml, ".csv": _csv}.get(path.suffix.casefold(), _json)
    names: dict[str, str] = {}
    for where, called, name in form(text, _refusal(source, path)):
        if not isinstance(name, str) or not name.strip():
            raise _refusal(source, path)(where, "no name")
        names[folded_key(called)] = name.strip()
    return names


def turns(source: Source) -> Turns | None:
    """Who speaks when; None where nothing says it.

    Raises: SpeakersUnreadable; SourceMissing for a file that was named and is not there.
    """
    path = (source.hearing.speakers if source.hearing else None) or _beside(source, _RTTM)
    if path is None:
        return None
    text, refusal = _text(source, path), _refusal(source, path)
    found = (
        _whisperx(text, refusal) if text.lstrip()[:1] in {"{", "["} else _rttm(text, refusal, Path(source.name).stem)
    )
    ordered = tuple(sorted(found, key=lambda turn: (turn.start_ms, turn.end_ms)))
    if not ordered:
        raise refusal("the top", "it names no speaker's turn")
    return Turns(ordered, tuple(accumulate((turn.end_ms for turn in ordered), max)))


def folded_key(called: str) -> str:
    """What a roster calls a voice, whatever its letter case and white space."""
    return " ".join(called.casefold().split())


Refusal = Callable[[str, str], SpeakersUnreadable]


def _refusal(source: Source, path: Path) -> Refusal:
    return lambda where, problem: SpeakersUnreadable(source.uri, path=path.as_posix(), where=where, problem=problem)


def _beside(source: Source, *endings: str) -> Path | None:
    if source.path is None or source.path.is_dir():
        return None
    places = (source.path.with_name(source.path.stem + ending) for ending in endings)
    return next((place for place in places if place.is_file()), None)


def _text(source: Source, path: Path) -> str:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise _refusal(source, path)("its size", f"more than {_MAX_BYTES:,} bytes")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SourceMissing(path.as_posix()) from error
    except UnicodeDecodeError as error:
        raise _refusal(source, path)(f"byte {error.start}", "not UTF-8") from error
    except OSError as error:
        raise SourceUnreadable(path.as_posix(), error.strerror or str(error)) from error


def _json(text: str, refusal: Refusal) -> Iterator[tuple[str, str, object]]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refusal("the top", "broken JSON") from error
    if not isinstance(value, dict):
        raise refusal("the top", "not an object")
    yield from ((f"/{called}", called, name) for called, name in value.items())


def _toml(text: str, refusal: Refusal) -> Iterator[tuple[str, str, object]]:
    try:
        value = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise refusal("the top", f"broken TOML ({error})") from error
    yield from ((f"'{called}'", called, name) for called, name in value.items())


def _csv(text: str, refusal: Refusal) -> Iterator[tuple[str, str, object]]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise refusal("the top", f"broken CSV ({error})") from error
    for number_of, row in enumerate(rows, start=1):
        if not row or (number_of == 1 and [cell.strip().casefold() for cell in row[1:]] == ["name"]):
            continue  # a heading: `track,name`
        if len(row) != 2:
            raise refusal(f"line {number_of}", "not two columns")
        yield f"line {number_of}", row[0], row[1]


def _rttm(text: str, refusal: Refusal, stem: str) -> list[Turn]:
    """`SPEAKER file channel start duration <NA> <NA> label …`; of several recordings' turns, those of this one."""
    by_file: dict[str, list[Turn]] = {}
    for number_of, line in enumerate(text.splitlines(), start=1):
        cells = line.split()
        if not cells or cells[0] != "SPEAKER":
            continue
        start, length = (_seconds(cells[at]) if len(cells) > at else None for at in (3, 4))
        if start is None or length is None or len(cells) < 8:
            raise refusal(f"line {number_of}", "no RTTM turn")
        by_file.setdefault(cells[1], []).append(Turn(start, start + length, cells[7]))
    if len(by_file) > 1 and stem not in by_file:
        raise refusal("its second column", f"turns of {len(by_file)} recordings, none of them '{stem}'")
    return by_file.get(stem) or next(iter(by_file.values()), [])


def _seconds(cell: str) -> int | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return round(value * 1000) if 0 <= value < 1e6 else None


def _whisperx(text: str, refusal: Refusal) -> list[Turn]:
    """The words' speakers, or of a segment without any its own."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refusal("the top", "broken JSON") from error
    found: list[Turn] = []
    for place, segment in listed(fields(value).get("segments") if isinstance(value, dict) else value, "/segments"):
        words = [(at, fields(word)) for at, word in listed(fields(segment).get("words"), f"{place}/words")]
        named = [
            (at, word) for at, word in words if label(word.get("speaker")) and number(word.get("start")) is not None
        ]
        for at, item in named or [(place, fields(segment))]:
            speaker = label(item.get("speaker"))
            start, end = number(item.get("start")), number(item.get("end"))
            if speaker is None:
                continue
            if start is None or end is None or not 0 <= start <= end < 1e6:
                raise refusal(at, "a speaker without times")
            found.append(Turn(round(start * 1000), round(end * 1000), speaker))
    return found
