"""Plain transcripts, `Name: words`: notes typed in a meeting, minutes with speakers, dumps of timed lines.

Unit: a line that is not blank. It is kept (words of a turn, a speaker's header, or a fact: title, date, participants),
set aside, or, where a file has no turn at all, rejected together with the others.

Set aside:
  `front matter`  a line between the `---` fences that states none of the facts
  `preamble`      a line before the first turn that states none of them
  `heading`       a Markdown heading among the turns or items; it becomes their topic
  `time marker`   a line that is only a time, or a rule of dashes; a time is the start of the next turn
  `no words`      a speaker's header that no words follow

Turns open with `Name: words`, `Name:` alone, `Name: 00:01:02`, `**Name:** words`, `[00:01:02] Name: words`,
`Name (00:01:02): words`, or, in a file without speakers, `00:01:02 words`. Lines that open none continue the turn
before. `Full Name (FN):` makes `FN:` that person later on. Which labels are speakers: `plain_text_lines.speakers`.
Before the first turn `Date:`, `Title:`, `Participants:` (and their like), front matter and a title line are the
meeting's facts.

Minutes without speakers (bullets under a date, and people, a title of a meeting or front matter) are a record, no talk:
their items keep role `document`, and those that say `Decided:` are decisions (`plain_text_minutes`).

Locator: `line N` or `lines N-M`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.readers.plain_text_facts import Facts, facts, heading, is_fact_key
from ingest.readers.plain_text_lines import Speakers, marker_ms, shape, speakers, timed
from ingest.readers.plain_text_minutes import decided, is_minutes, minutes, told
from ingest.records import Reader, Rejected, Session, Source
from ingest.text import head_text
from ingest.turns import Talk, Turn, line_count, lines_of, meeting, unspoken

_NAME = "plain_text"
_VERSION = 2
_RULE = re.compile(r"^(?:[-_*=]\s*){3,}$")
_TURN_SHARE = 0.15
"""Turns per line below which a text with a few `Word: ...` lines is no transcript; minutes of long turns have 0.2."""
_FACTS_WITHIN = 40


def accepts(source: Source) -> int:
    """40 for turns by two speakers or more (or timed lines), 30 for minutes, 10 where a talk is only likely."""
    text = head_text(source)
    first = text.lstrip()[:2]
    if "\x00" in text or first[:1] == "{" or (first[:1] == "[" and not first[1:].isdigit()):
        return 0
    lines = text.split("\n")
    start, known, found = _opening(lines)
    rank = 0 if start is None else _rank(lines[start:], known, found)
    return rank or 30 * is_minutes(lines, told(lines))


def _rank(talk: Sequence[str], known: Speakers, found: Facts) -> int:
    """How sure it is that the lines from the first opening on are a talk."""
    body = [line for line in talk if line.strip()]
    names = [name for line in body if (opened := shape(line)) is not None and (name := known.name(opened.label))]
    if not names:
        untold = sum(timed(line.strip())[0] is not None for line in body)
        return 40 if untold >= 4 and untold * 2 >= len(body) else 0
    people = set(names)
    invited = bool(people & set(found.people))
    share = len(names) / len(body)
    if not invited and (len(people) < 2 or share < _TURN_SHARE or (share < 0.5 and all(map(_is_lower, people)))):
        return 0
    return 40 if len(names) >= 3 and share >= _TURN_SHARE else 10


def _is_lower(name: str) -> bool:
    return name[0].islower()


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting; or all lines rejected as one item where nobody speaks."""
    lines = lines_of(source, reader=_NAME)
    start, known, found = _opening(lines)
    rank = 0 if start is None else _rank(lines[start:], known, found)
    if rank == 0 and is_minutes(lines, written := told(lines)):
        yield _minutes(source, lines, written)
    elif start is None:
        yield unspoken(lines, "no line opens a turn: no speaker and no time")
    else:
        talk, approximate = _talk(lines, start, known)
        talk.set_aside.update(_before(lines, start, found))
        notes = ["times approximate"] if approximate else []
        yield meeting(source, lines, talk, title=found.title, said=found.date, notes=notes)


def _minutes(source: Source, lines: Sequence[str], found: Facts) -> Session | Rejected:
    talk = minutes(lines, found)
    talk.set_aside.update(_before(lines, found.front, found))
    session = meeting(source, lines, talk, title=found.title, said=found.date, notes=["minutes, nobody's words"])
    if isinstance(session, Rejected):
        return session
    return replace(session, stated=tuple(decided(session.utterances, f"{_NAME}/{_VERSION}")))


def count(source: Source) -> int:
    """The lines that are not blank."""
    return line_count(source, reader=_NAME)


def _opening(lines: Sequence[str]) -> tuple[int | None, Speakers, Facts]:
    """Where the first turn opens (None: nowhere), who speaks in the file, and the facts before it."""
    body_from = facts(lines, 0).front
    body = [line for line in lines[body_from:] if not _is_apart(line)]
    listed = facts(lines, min(len(lines), _FACTS_WITHIN)).people
    known = speakers(body, listed)
    start = next((at for at in range(body_from, len(lines)) if _opens(lines[at], known, untold=False)), None)
    if start is None:
        start = next((at for at in range(body_from, len(lines)) if _opens(lines[at], known, untold=True)), None)
    return start, known, facts(lines, len(lines) if start is None else start)


def _is_apart(line: str) -> bool:
    """Whether a line can be no turn: a marker, heading, rule or a fact about the meeting."""
    plain = line.strip()
    return bool(
        not plain or marker_ms(plain) is not None or plain.startswith("#") or _RULE.match(plain) or is_fact_key(plain)
    )


def _opens(line: str, known: Speakers, *, untold: bool) -> bool:
    if _is_apart(line):
        return False
    opened = shape(line.rstrip())
    if opened is not None and known.name(opened.label) is not None:
        return True
    return untold and timed(line.strip())[0] is not None


def _talk(lines: Sequence[str], start: int, known: Speakers) -> tuple[Talk, bool]:
    """The turns, and whether a time of theirs comes from a line of its own and so holds for more than one turn."""
    talk = Talk()
    untold = not _opens(lines[start], known, untold=False)
    topic: str | None = None
    marked: int | None = None
    approximate = False
    for at in range(start, len(lines)):
        plain = lines[at].strip()
        if not plain:
            talk.turns[-1].words.append("")
        elif (rule := _rule(plain)) is not None:
            talk.set_aside[rule] += 1
            topic = heading(plain) if rule == "heading" else topic
            marked = marker_ms(plain) if rule == "time marker" else marked
        elif _opens(lines[at], known, untold=untold):
            talk.turns.append(_turn(plain, at, known, marked, topic))
            approximate |= marked is not None
            marked = None
        else:
            talk.turns[-1].add(at, plain)
    return talk, approximate


def _rule(plain: str) -> str | None:
    if marker_ms(plain) is not None or _RULE.match(plain):
        return "time marker"
    return "heading" if heading(plain) is not None else None


def _turn(plain: str, at: int, known: Speakers, marked: int | None, topic: str | None) -> Turn:
    opened = shape(plain)
    name = known.name(opened.label) if opened is not None else None
    if opened is None or name is None:
        start_ms, words = timed(plain)
    else:
        start_ms, words = opened.start_ms, opened.words
    turn = Turn(name, marked if start_ms is None else start_ms, at, topic, last=at)
    turn.add(at, words)
    return turn


def _before(lines: Sequence[str], start: int, found: Facts) -> Counter[str]:
    """What the lines before the first turn are set aside as, those that state facts left out."""
    unused = [at for at in range(start) if lines[at].strip() and at not in found.used]
    return Counter("front matter" if at < found.front else "preamble" for at in unused)


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".txt", ".md"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="lines",
    version=_VERSION,
)
