"""Part of the vtt reader: cuts a caption file into blocks and tells cues, notes, styles and regions apart.

A run is the lines between empty lines (SRT: blank lines; in WebVTT a line of spaces is part of a cue, YouTube writes
them). A run is one block, but each timing line after the first opens a new block, and two or more lines before the
first timing line are a block of their own. A lone number or GUID just above a timing line is that cue's identifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.times import milliseconds

BlockKind = Literal["header", "cue", "note", "style", "region", "broken"]

_CLOCK = r"(?:\d{1,6}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
TIMING = re.compile(rf"^[^\S\n]*({_CLOCK})[^\S\n]*-->[^\S\n]*({_CLOCK})(?:[^\S\n].*)?$", re.MULTILINE)
_GUID = re.compile(r"^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?:/\d+-\d+)?$", re.IGNORECASE)
_NUMBER = re.compile(r"^\d{1,9}$")
_WEBVTT = re.compile(r"\s*WEBVTT(?=[ \t\n]|$)")
_OPENERS: dict[str, BlockKind] = {"NOTE": "note", "STYLE": "style", "REGION": "region"}


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a caption file; only a cue has times, an identifier and a payload."""

    kind: BlockKind
    line: int
    """The number of its first line, from 1."""
    text: str
    identifier: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    payload: str = ""


def is_webvtt(text: str) -> bool:
    """Whether the text opens as WebVTT; otherwise it is read as SRT."""
    return _WEBVTT.match(text) is not None


def is_guid(identifier: str) -> bool:
    """Whether a cue identifier is unique beyond its file: a GUID, as Teams and Stream write."""
    return _GUID.match(identifier) is not None


def blocks(text: str) -> Iterator[Block]:
    """The header (WebVTT only, first), then every block in order."""
    webvtt = is_webvtt(text)
    for position, (number, lines) in enumerate(_runs(text, webvtt)):
        header = webvtt and position == 0
        for offset, kind_of_lead, part in _cut(lines, header):
            yield _block(number + offset, part, "header" if kind_of_lead and header else None, webvtt)


def block_count(text: str) -> int:
    """How many blocks the text has, header not counted; told from runs and timing lines alone."""
    webvtt = is_webvtt(text)
    runs = [run.strip() for run in re.split(r"\n{2,}" if webvtt else r"\n(?:[^\S\n]*\n)+", text)]
    total = 0
    for position, run in enumerate(run for run in runs if run):
        header = webvtt and position == 0
        found = list(TIMING.finditer(run))
        if not found:
            total += not header
        else:
            before = run.count("\n", 0, found[0].start())
            total += len(found) + (before >= 2 and not header)
    return total


def _runs(text: str, webvtt: bool) -> Iterator[tuple[int, list[str]]]:
    run: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        ends = line == "" or (not webvtt and not line.strip())
        if not ends and (run or line.strip()):
            run.append(line)
        if ends and run:
            yield number - len(run), _without_blank_tail(run)
            run = []


def _without_blank_tail(run: list[str]) -> list[str]:
    while not run[-1].strip():
        run.pop()
    return run


def _cut(lines: list[str], header: bool) -> Iterator[tuple[int, bool, list[str]]]:
    """(offset in the run, whether it lies before the first cue, lines) of each block."""
    timed = [at for at, line in enumerate(lines) if TIMING.match(line)]
    starts = [_start(lines, at, timed[n - 1] + 1 if n else int(header), n == 0) for n, at in enumerate(timed)]
    bounds = [*starts, len(lines)]
    if bounds[0] > 0:
        yield 0, True, lines[: bounds[0]]
    for start, end in zip(starts, bounds[1:], strict=True):
        yield start, False, lines[start:end]


def _start(lines: list[str], at: int, free_from: int, opens_run: bool) -> int:
    """Where the cue timed at line `at` begins: with its identifier, when the line above is one."""
    above = at - 1
    if above < free_from:
        return at
    if opens_run and at == 1:
        return above
    word = lines[above].strip()
    return above if _NUMBER.match(word) or _GUID.match(word) else at


def _block(line: int, lines: list[str], forced: BlockKind | None, webvtt: bool) -> Block:
    text = "\n".join(lines)
    if forced is not None:
        return Block(forced, line, text)
    for at in (0, 1):
        match = TIMING.match(lines[at]) if at < len(lines) else None
        if match is not None:
            start, end = milliseconds(match[1]), milliseconds(match[2])
            backwards = start is not None and end is not None and end < start
            return Block(
                "cue",
                line,
                text,
                identifier=lines[0].strip() if at else None,
                start_ms=start,
                end_ms=None if backwards else end,
                payload="\n".join(lines[at + 1 :]),
            )
    first = lines[0].split(maxsplit=1)[0]
    return Block(_OPENERS.get(first, "broken") if webvtt else "broken", line, text)
