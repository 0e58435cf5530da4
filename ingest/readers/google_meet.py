"""Google Meet transcripts exported from Docs, as plain text or Markdown, with or without Gemini's notes above them.

Unit: a line that is not blank. It is kept (words, a line of Gemini's notes, or a fact: title, date, who was invited)
or set aside:
  `time marker`  `00:02:03` on its own line, one for each block of a minute or so
  `export note`  `Transcription ended after …` and Google's notices on machine-made text
  `heading`      a heading of the document: `Summary`, `Details`, `Meeting records …`
  `preamble`     any other line before the transcript
  `no words`     a speaker's label that no words follow
A file without words is rejected as one item of all its lines.

Turns are `Name: words` or `**Name:** words`, one to a line; a line that opens none goes on with the turn before. Where
a line end was lost (`…to sayKai Chen: Uh yeah.`) the line is cut before the name of a known speaker. A label such as
`Kai Chen's Presentation` stays as it is: what was heard from a shared screen. The notes that Gemini wrote keep role
`summary`: search finds them, and they are nobody's words.

Times are spread over each block by the length of its turns, so a note says `times approximate`. Without the line
`Transcription ended after` a note says `transcript incomplete`.

Locator: `line N`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from ingest.readers.google_meet_speakers import Speakers, speakers
from ingest.records import Reader, Rejected, Session, Source
from ingest.text import folded, head_text
from ingest.times import milliseconds
from ingest.turns import Talk, Turn, day_and_time, line_count, lines_of, meeting, named

_NAME = "google_meet"
_MARKER = re.compile(r"^(?:#{1,6}\s{0,3})?(\d{1,3}:\d{2}:\d{2})$")
_ENDED = re.compile(r"^[#*\s]{0,10}Transcription ended after ((?:\d{1,3}:)?\d{1,2}:\d{2})\W{0,4}$")
_NOTICE = re.compile(
    r"^\W{0,4}(?:This editable transcript was computer generated|You should review Gemini['’]s notes"
    r"|(?:Please provide|How is the quality of|Get tips and learn how Gemini)\b)"
)
_TITLE = re.compile(r"^[#*\s]{0,8}(?P<title>\S.{0,200}?)\s{1,4}[-–—]\s{1,4}Transcript\W{0,4}$")
_NOTES_TITLE = re.compile(
    r"^[#*\s]{0,8}(?P<title>\S.{0,200}?)\s{1,4}[-–—]\s{1,4}(?P<when>\d{4}/\d{2}/\d{2}(?:\s\d{2}:\d{2})?)"
    r"(?:\s(?P<zone>\S{1,12}))?\s{1,4}[-–—]\s{1,4}Notes by Gemini\W{0,4}$"
)
_SECTION = re.compile(r"^[#*\s]{0,8}(?P<name>Summary|Details|(?:Suggested )?[Nn]ext steps|Action items)[*:\s]{0,4}$")
_INVITED = re.compile(r"^[*\s]{0,4}Invited\b[*:\s]{0,4}(?P<people>.{0,4000})")
_HEADING = re.compile(r"^#{1,6}\s|^(?:Attachments|Meeting records|📝|📖)")
_ADDRESS = re.compile(r"\]\([^)]{0,200}\)|<[^<>]{0,200}>")
_TITLE_WITHIN = 400


@dataclass(slots=True)
class _Front:
    """What the lines above the transcript say."""

    talk: Talk = field(default_factory=Talk)
    title: str | None = None
    said: datetime | None = None
    people: frozenset[str] = frozenset()
    heading: str = ""
    """The first heading, which is the title where no line gives one."""


def accepts(source: Source) -> int:
    """85 for a `… - Transcript` title above a time on its own line, for the end line, and for notes by Gemini."""
    text = head_text(source)
    if "\x00" in text:
        return 0
    plain = [line.strip() for line in text.split("\n") if line.strip()]
    if any(_ENDED.match(line) for line in plain):
        return 85
    titled = next((at for at, line in enumerate(plain[:_TITLE_WITHIN]) if _TITLE.match(line)), None)
    if titled is not None and any(_MARKER.match(line) for line in plain[titled + 1 :]):
        return 85
    noted = any(_NOTES_TITLE.match(line) or "review Gemini" in line for line in plain)
    return 85 if noted and any(_SECTION.match(line) for line in plain) else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting as one session."""
    lines = lines_of(source, reader=_NAME)
    plain = [line.strip() for line in lines]
    start = _start(plain)
    front = _front(plain[:start])
    known = speakers([line for line in plain[start:] if not _rule(line)], front.people)
    talk = front.talk
    ended = _gather(plain, start, known, talk)
    spoken = [turn for turn in talk.turns if turn.role == "person"]
    notes = ["times approximate"] if any(turn.start_ms is not None for turn in spoken) else []
    if spoken and not ended:
        notes.append("transcript incomplete")
    yield meeting(source, lines, talk, title=front.title or front.heading or None, said=front.said, notes=notes)


def count(source: Source) -> int:
    """The lines that are not blank."""
    return line_count(source, reader=_NAME)


def _start(plain: Sequence[str]) -> int:
    """Where the transcript begins: at the first time marker, else under its title, else nowhere."""
    marked = next((at for at, line in enumerate(plain) if _MARKER.match(line)), None)
    titled = next((at + 1 for at, line in enumerate(plain) if _TITLE.match(line)), None)
    if marked is not None:
        return marked
    if titled is not None:
        return titled
    has_notes = any(_SECTION.match(line) for line in plain)
    return len(plain) if has_notes else 0


def _front(above: Sequence[str]) -> _Front:
    """The facts, and Gemini's notes as turns of role `summary`, under the name of their section."""
    front = _Front()
    section: str | None = None
    for at, line in enumerate(above):
        title, notes_title, invited = _TITLE.match(line), _NOTES_TITLE.match(line), _INVITED.match(line)
        opens = _SECTION.match(line)
        if not line:
            continue
        if opens is not None:
            section = opens["name"]
            front.talk.set_aside["heading"] += 1
        elif title is not None or notes_title is not None:
            section = None
            _entitle(front, title, notes_title)
        elif invited is not None:
            front.people |= frozenset(_people(invited["people"]))
        elif _NOTICE.match(line):
            front.talk.set_aside["export note"] += 1
        elif len(line) <= 40 and front.said is None and (found := day_and_time(line.strip("#* "))) is not None:
            front.said = found
        elif section is not None and not _HEADING.match(line):
            front.talk.turns.append(Turn(None, None, at, section, "summary", [line], at, 1))
        else:
            section = None if line.startswith("# ") else section
            front.heading = front.heading or (folded(line.strip("#* ")) if line.startswith("#") else "")
            front.talk.set_aside["heading" if section or _HEADING.match(line) else "preamble"] += 1
    return front


def _entitle(front: _Front, title: re.Match[str] | None, notes_title: re.Match[str] | None) -> None:
    """The transcript's own title wins over that of the notes; the notes' title alone has a time of day."""
    if title is not None:
        front.title = folded(title["title"])
    if notes_title is not None:
        front.title = front.title or folded(notes_title["title"])
        when = notes_title["when"].replace("/", "-")
        is_utc = notes_title["zone"] in {"UTC", "GMT"}
        front.said = day_and_time(when if is_utc else when[:10]) or front.said


def _people(listed: str) -> Iterator[str]:
    bare = _ADDRESS.sub(",", listed).replace("[", ",")
    return (" ".join(name.split()) for name in re.split(r"[,;]", bare) if name.strip())


def _rule(plain: str) -> str | None:
    if _MARKER.match(plain):
        return "time marker"
    if _ENDED.match(plain) or _NOTICE.match(plain):
        return "export note"
    return "heading" if plain.startswith("#") else None


def _gather(plain: Sequence[str], start: int, known: Speakers, talk: Talk) -> bool:
    """Adds the turns of the transcript, timed; whether the line that ends it was met."""
    marks: list[tuple[int, int]] = []
    ended: int | None = None
    opened: list[Turn] = []
    for at in range(start, len(plain)):
        line = plain[at]
        rule = _rule(line) if line else None
        if rule is not None:
            talk.set_aside[rule] += 1
            marker, end = _MARKER.match(line), _ENDED.match(line)
            if marker is not None:
                marks.append((len(opened), milliseconds(marker[1]) or 0))
            if end is not None and ended is None:
                ended = milliseconds(end[1])
        elif line:
            _say(line, at, known, opened)
    _spread(opened, marks, ended)
    talk.turns.extend(opened)
    return ended is not None


def _say(line: str, at: int, known: Speakers, opened: list[Turn]) -> None:
    pieces = list(known.cut(line))
    owner = next((place for place, (_, words) in enumerate(pieces) if words), 0)
    for place, (speaker, words) in enumerate(pieces):
        if speaker is None and opened:
            opened[-1].add(at, words)
        else:
            opened.append(Turn(named(speaker), None, at, last=at, words=[words], filled=int(place == owner)))


def _spread(turns: Sequence[Turn], marks: Sequence[tuple[int, int]], ended: int | None) -> None:
    """Gives the turns of each block their share of its time; all of the last block's start where no end is known."""
    bounds = [*marks, (len(turns), marks[-1][1] if ended is None else ended)] if marks else []
    for (first, start_ms), (end, end_ms) in pairwise(bounds):
        block = turns[first:end]
        length = sum(len(words) for turn in block for words in turn.words) or 1
        before = 0
        for turn in block:
            turn.start_ms = start_ms + max(0, end_ms - start_ms) * before // length
            before += sum(map(len, turn.words))


READER = Reader(name=_NAME, suffixes=frozenset({".txt", ".md"}), accepts=accepts, read=read, count=count, unit="lines")
