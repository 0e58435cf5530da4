"""Part of the docx reader: what a document says of the meeting before the talk, and the exporting tool's notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ingest.text import folded
from ingest.times import date_in_name
from ingest.turns import day_and_time

_TEAMS_TITLE = re.compile(
    r"(?P<title>.{1,300}?)-(?P<stamp>\d{8}_\d{6})\S{0,6}?-(?:Meeting|.{1,40}) (?:Transcript|Recording)\b.*",
    re.IGNORECASE,
)
_MEET_TITLE = re.compile(r"(?:📖\s*)?(?P<title>.{1,300}?)\s+[-–]\s+Transcript", re.IGNORECASE)
_TRANSCRIPT = re.compile(r"(?:📖\s*)?Transcript", re.IGNORECASE)
_GEMINI = re.compile(r"\bnotes by gemini\b|\breview gemini['’]s notes\b", re.IGNORECASE)
_LENGTH = re.compile(
    r"(?:\d{1,3}\s?h(?:ours?)?\s?)?(?:\d{1,3}\s?m(?:in(?:utes?)?)?\s?)?(?:\d{1,2}\s?s(?:ec(?:onds?)?)?)?"
)
_PEOPLE = re.compile(
    r"(?:(?:attendees|participants|present)\s*(?::|$)|invited\b:?)\s*(?P<names>.*)", re.IGNORECASE | re.DOTALL
)
_SPLIT = re.compile(r"\s*[,;]\s*|\s+(?:and|&)\s+|\s{2,}")
_NOTE = re.compile(
    r".{1,90}\s(?:(?:started|stopped) transcription"
    r"|hat die Transkription (?:gestartet|beendet)|a (?:démarré|arrêté) la transcription"
    r"|(?:inició|detuvo) la transcripción)"
    r"|Transcription ended after [\d:]+|This editable transcript was computer generated.*"
    r"|Transcribed by https?://otter\.ai\S*|Audio file|Transcript"
)
DATE_CHARS = 60
TITLE_CHARS = 400
NOTE_CHARS = 200
LIST_CHARS = 2_000
FACTS_WITHIN = 40
"""Lines before the talk that are searched for facts."""


@dataclass(slots=True)
class Facts:
    """Title, date and people, with the positions of the lines that say them."""

    title: str | None = None
    date: datetime | None = None
    people: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)


def facts(lines: Sequence[str]) -> Facts:
    """What the lines before the talk say of it."""
    found = Facts()
    stamp: datetime | None = None
    for at, line in enumerate(lines[:FACTS_WITHIN]):
        teams, meet, people = _titled(_TEAMS_TITLE, line), _titled(_MEET_TITLE, line), _PEOPLE.fullmatch(line)
        titled = teams or meet
        if titled and (found.title is None or meet):
            found.title = folded(titled["title"])
            stamp = date_in_name(teams["stamp"]) if teams else stamp
        elif people:
            found.people.extend(name for name in _SPLIT.split(people["names"][:LIST_CHARS]) if name)
        elif found.date is None and len(line) <= DATE_CHARS and (moment := day_and_time(line)) is not None:
            found.date = moment
        else:
            continue
        found.used.add(at)
    found.date = found.date or stamp
    _take_title(found, lines)
    return found


def is_note(line: str) -> bool:
    """Whether the exporting tool added the line."""
    return len(line) <= NOTE_CHARS and _NOTE.fullmatch(line) is not None


def says_transcribed(lines: Sequence[str]) -> bool:
    """Whether the document says of itself that it is a transcript."""
    return any(is_note(line) or _titled(_TEAMS_TITLE, line) or _titled(_MEET_TITLE, line) for line in lines)


def talk_from(lines: Sequence[str]) -> int:
    """Position of the line that heads the transcript where notes stand before it; 0 where none does."""
    headed = (at for at, line in enumerate(lines) if _TRANSCRIPT.fullmatch(line) or _titled(_MEET_TITLE, line))
    return next(headed, 0)


def has_machine_notes(lines: Sequence[str]) -> bool:
    """Whether the document says that a model wrote the notes in it."""
    return any(len(line) <= NOTE_CHARS and _GEMINI.search(line) for line in lines)


def _titled(form: re.Pattern[str], line: str) -> re.Match[str] | None:
    return form.fullmatch(line) if len(line) <= TITLE_CHARS else None


def _take_title(found: Facts, lines: Sequence[str]) -> None:
    """The first line of its own that could be a title, where none was in a known form."""
    if found.title is not None:
        return
    for at, line in enumerate(lines[:FACTS_WITHIN]):
        is_plain = len(line) <= 120 and not line.endswith((".", "!", "?", ":", ",")) and "://" not in line
        if at not in found.used and is_plain and not is_note(line) and not _LENGTH.fullmatch(line):
            found.title = folded(line)
            found.used.add(at)
            return
