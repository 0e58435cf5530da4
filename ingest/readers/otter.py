"""Otter text exports: `Name  1:02` on a line of its own, the words below it, a blank line between turns.

Unit: a line that is not blank. It is kept (a header, words, or a fact: title, date) or set aside:
  `export note`      `Transcribed by https://otter.ai`, wherever it stands: other tools hear it in silence
  `machine_summary`  the keywords that Otter found, under `SUMMARY KEYWORDS`
  `preamble`         any other line before the first turn
  `no words`         a header that no words follow
A file without a header is rejected as one item of all its lines.

A header is a name, two spaces or more and a time; or a time alone, in a file made without telling speakers apart.
`Unknown Speaker` is nobody, `Speaker 1` stays. The date is in the user's time zone, which the file does not tell.

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

_NAME = "otter"
_HEADER = re.compile(rf"^(?P<name>\S.{{0,79}}?)[^\S\n]{{2,20}}(?P<clock>{CLOCK})$")
_CLOCK_ALONE = re.compile(rf"^(?P<clock>{CLOCK})$")
_FOOTER = re.compile(r"^\W{0,3}Transcribed by (?:https?://)?otter\.ai\S{0,40}$", re.IGNORECASE)
_SECTION = re.compile(r"^(?:(SUMMARY KEYWORDS)|(SPEAKERS))$")
_HEADERS_SHARE = 0.5
"""Of the lines that open a paragraph, how many must be headers where the footer does not tell."""


def accepts(source: Source) -> int:
    """75 for a header with Otter's footer, 51 for headers on most paragraphs, none otherwise."""
    text = head_text(source)
    if "\x00" in text:
        return 0
    lines = text.split("\n")
    plain = [line.strip() for line in lines]
    footed = any(_FOOTER.match(line) for line in plain)
    headers = _headers(lines)
    if footed and headers:
        return 75
    told = [at for at in headers if _HEADER.match(plain[at])]
    openers = sum(1 for at, line in enumerate(plain) if line and (at == 0 or not plain[at - 1]))
    return 51 if len(told) >= 2 and len(told) >= _HEADERS_SHARE * openers else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The conversation as one session."""
    lines = lines_of(source, reader=_NAME)
    headers = frozenset(_headers(lines))
    if not headers:
        yield unspoken(lines, "no line is a speaker's name with a time, or a time alone")
        return
    start = min(headers)

    def opens(at: int) -> Opening | None:
        return _opening(lines[at].strip()) if at in headers else None

    talk = gathered(lines, opens, lambda at: "export note" if _FOOTER.match(lines[at].strip()) else None, start)
    title, said = _facts(lines[:start], talk)
    yield meeting(source, lines, talk, title=title, said=said, notes=[ZONE_UNKNOWN] if said is not None else [])


def count(source: Source) -> int:
    """The lines that are not blank."""
    return line_count(source, reader=_NAME)


def _headers(lines: Sequence[str]) -> list[int]:
    """Where headers stand: named ones; where there is none, times alone on a line."""
    for pattern in (_HEADER, _CLOCK_ALONE):
        found = [at for at, line in enumerate(lines) if pattern.match(line.strip())]
        if found:
            return found
    return []


def _opening(plain: str) -> Opening | None:
    match = _HEADER.match(plain)
    if match is not None:
        return Opening(named(match["name"]), milliseconds(match["clock"]))
    alone = _CLOCK_ALONE.match(plain)
    return Opening(None, milliseconds(alone["clock"])) if alone else None


def _facts(above: Sequence[str], talk: Talk) -> tuple[str | None, datetime | None]:
    """Title and date from the lines above the first turn; the others are counted as set aside."""
    title: str | None = None
    said: datetime | None = None
    rule: str | None = "preamble"
    for plain in (line.strip() for line in above if line.strip()):
        section = _SECTION.match(plain)
        dated = day_and_time(plain) if said is None and rule == "preamble" and len(plain) <= 60 else None
        if section is not None:
            rule = "machine_summary" if section[1] else None
        elif dated is not None:
            said = dated
            continue
        elif title is None and rule == "preamble" and not _FOOTER.match(plain):
            title = folded(plain)
            continue
        if rule is not None:
            talk.set_aside["export note" if _FOOTER.match(plain) else rule] += 1
    return title, said


READER = Reader(name=_NAME, suffixes=frozenset({".txt"}), accepts=accepts, read=read, count=count, unit="lines")
