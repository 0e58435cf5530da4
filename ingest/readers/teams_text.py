"""Teams transcripts as text, converted or copied from the Word document: `Name started transcription`, `Name   0:03`.

Unit: a line that is not blank. It is kept (a header, words, or a fact: title, date) or set aside:
  `recorder`  `Name started transcription`, `Name stopped transcription`, and the duration of the recording
  `preamble`  any other line before the first turn
  `no words`  a header that no words follow
A file without a header is rejected as one item of all its lines.

A header is a name, spaces and a time (`0:03`, `1:02:03` past an hour); the words may begin behind it. Bold marks and
the backslash of a hard line break, which converters to Markdown write, are dropped from headers. `Unknown` is nobody.
The date line is in the organiser's time zone, which the file does not tell: it is read as UTC, and a note says so.

Locator: `line N` or `lines N-M`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from ingest.records import Reader, Rejected, Session, Source
from ingest.text import folded, head_text
from ingest.times import milliseconds
from ingest.turns import (
    CLOCK,
    ZONE_UNKNOWN,
    Opening,
    Talk,
    day_and_time,
    gathered,
    line_count,
    lines_of,
    meeting,
    named,
    unspoken,
)

_NAME = "teams_text"
_RECORDER = re.compile(r"^\S.{0,119}? (?:started|stopped) transcription\W{0,3}$")
_STARTED = re.compile(r"^\S.{0,119}? started transcription\W{0,3}$")
_HEADER = re.compile(
    rf"^(?:!\[[^\]]{{0,200}}\]\([^)]{{0,200}}\)\s{{0,3}})?\*{{0,2}}(?P<name>\S.{{0,79}}?)\*{{0,2}}\s{{2,20}}"
    rf"\*{{0,2}}(?P<clock>{CLOCK})\*{{0,2}}\\?(?:\s{{2,20}}(?P<words>\S.*))?$"
)
_TITLE = re.compile(r"^[#*\s]{0,8}(?P<title>\S.{0,200}?)-\d{8}_\d{6}(?:UTC)?-Meeting (?:Transcript|Recording)\W{0,3}$")
_DURATION = re.compile(r"^(?:\d{1,3}h\s?)?(?:\d{1,3}m\s?)?(?:\d{1,3}s)?$")
_STARTS_WITHIN = 12
"""The line that says who started transcription is the third or fourth; converters may add some of their own."""


def accepts(source: Source) -> int:
    """86 where the opening lines say who started transcription, or give the title that Teams writes, over a header."""
    text = head_text(source)
    if "\x00" in text:
        return 0
    plain = [line.strip() for line in text.split("\n") if line.strip()]
    told = any(_STARTED.match(line) or _TITLE.match(line) for line in plain[:_STARTS_WITHIN])
    return 86 if told and any(_HEADER.match(line) for line in plain) else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting as one session."""
    lines = lines_of(source, reader=_NAME)
    start = next((at for at in range(len(lines)) if _HEADER.match(lines[at].strip())), None)
    if start is None:
        yield unspoken(lines, "no line is a speaker's name with a time")
        return
    talk = gathered(
        lines,
        lambda at: _opening(lines[at].strip()),
        lambda at: "recorder" if _RECORDER.match(lines[at].strip()) else None,
        start,
    )
    title, said = _facts(lines[:start], talk)
    notes = [ZONE_UNKNOWN] if said is not None else []
    yield meeting(source, lines, talk, title=title, said=said, notes=notes)


def count(source: Source) -> int:
    """The lines that are not blank."""
    return line_count(source, reader=_NAME)


def _opening(plain: str) -> Opening | None:
    match = _HEADER.match(plain)
    return Opening(named(match["name"]), milliseconds(match["clock"]), match["words"] or "") if match else None


def _facts(above: Sequence[str], talk: Talk) -> tuple[str | None, datetime | None]:
    """Title and date from the lines above the first turn; the others are counted as set aside."""
    title: str | None = None
    said: datetime | None = None
    for plain in (line.strip() for line in above if line.strip()):
        formal = _TITLE.match(plain)
        dated = day_and_time(plain) if said is None and formal is None and len(plain) <= 60 else None
        if dated is not None:
            said = dated
        elif title is None and not _RECORDER.match(plain) and not _DURATION.match(plain):
            title = folded(formal["title"] if formal else plain.strip("#* "))
        else:
            measured = _RECORDER.match(plain) or _DURATION.match(plain)
            talk.set_aside["recorder" if measured else "preamble"] += 1
    return title or None, said


READER = Reader(name=_NAME, suffixes=frozenset({".txt", ".md"}), accepts=accepts, read=read, count=count, unit="lines")
