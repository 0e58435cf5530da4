"""Plain transcripts, `Name: words`: notes typed in a meeting, minutes with speakers, chat and notetaker exports.

Unit: a line that is not blank. It is kept (words of a turn, a speaker's header, or a fact: title, date, participants),
set aside, or, where a file has no turn at all, rejected together with the others.

Set aside:
  `front matter`  a line between the `---` fences that states none of the facts
  `preamble`      a line before the first turn that states none of them
  `heading`       a Markdown heading among the turns (of a chat: words); it becomes their topic
  `time marker`   a line that is only a time, or a rule of dashes; a time is the start of the next turn
  `export note`   what the exporting tool adds (`Transcription ended after`, `Transcribed by https://otter.ai`)
  `no words`      a speaker's header that no words follow

Turns open with `Name: words`, `Name:` alone, `Name: 00:01:02`, `**Name:** words`, `[00:01:02] Name: words`,
`Name (00:01:02): words`, `Name  1:02`, a Zoom chat's `00:01:02<tab>Name:<tab>words`, or, in a file without speakers,
`00:01:02 words`. Lines that open none continue the turn before. `Full Name (FN):` makes `FN:` that person later on.
Which labels are speakers: `plain_text_lines.speakers`. Before the first turn `Date:`, `Title:`, `Participants:` (and
their like), front matter and a title line are the meeting's facts.

Locator: `line N` or `lines N-M`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.fingerprint import fingerprint
from ingest.readers.plain_text_facts import Facts, facts, heading, is_fact_key
from ingest.readers.plain_text_lines import Speakers, marker_ms, shape, speakers, timed
from ingest.records import Reader, Rejected, Session, Source, Utterance
from ingest.text import head_text, normalise, whole_text
from ingest.times import session_start

_NAME = "plain_text"
_RULE = re.compile(r"^(?:[-_*=]\s*){3,}$")
_EXPORT_NOTE = re.compile(
    r"^(?:#{1,6}\s*)?(?:Transcription ended after [\d:]+|This editable transcript was computer generated.*|"
    r"Transcribed by https?://otter\.ai\S*)\W*$",
    re.IGNORECASE,
)
_TURN_SHARE = 0.15
"""Turns per line below which a text with a few `Word: ...` lines is no transcript; minutes of long turns have 0.2."""
_CHAT_LINE = re.compile(r"^\d\d:\d\d:\d\d\t.+:\t", re.MULTILINE)
_FACTS_WITHIN = 40
_REJECT_CHARS = 2_000
"""How much of a file that nobody speaks in goes into quarantine: enough to see what it is."""


@dataclass(slots=True)
class _Turn:
    """A turn being gathered: its speaker and its lines, by position in the file, blank ones among them."""

    speaker: str | None
    start_ms: int | None
    opened_at: int
    topic: str | None
    words: list[str] = field(default_factory=list)
    last: int = 0
    filled: int = 0

    def add(self, at: int, words: str) -> None:
        """Take the words of line `at`."""
        self.words.append(words)
        if words:
            self.last = at
        self.filled += 1


@dataclass(slots=True)
class _Talk:
    """The turns of a file and what was set aside among them."""

    turns: list[_Turn] = field(default_factory=list)
    set_aside: Counter[str] = field(default_factory=Counter)
    approximate: bool = False


def accepts(source: Source) -> int:
    """60 for a Zoom chat, 40 for turns by two speakers or more (or timed lines), 10 where it is only likely."""
    text = head_text(source)
    first = text.lstrip()[:2]
    if "\x00" in text or first[:1] == "{" or (first[:1] == "[" and not first[1:].isdigit()):
        return 0
    lines = text.split("\n")
    start, known, found = _opening(lines)
    if start is None:
        return 0
    if _CHAT_LINE.match(text.lstrip()):
        return 60
    body = [line for line in lines[start:] if line.strip()]
    names = [name for line in body if (opened := shape(line)) is not None and (name := known.name(opened.label))]
    if not names:
        untold = sum(timed(line.strip())[0] is not None for line in body)
        return 40 if untold >= 4 and untold * 2 >= len(body) else 0
    people = set(names)
    told = any(_EXPORT_NOTE.match(line.strip()) for line in body) or bool(people & set(found.people))
    share = len(names) / len(body)
    if not told and (len(people) < 2 or share < _TURN_SHARE or (share < 0.5 and all(map(_is_lower, people)))):
        return 0
    return 40 if len(names) >= 3 and share >= _TURN_SHARE else 10


def _is_lower(name: str) -> bool:
    return name[0].islower()


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting; or all lines rejected as one item where nobody speaks."""
    lines = whole_text(source, reader=_NAME).split("\n")
    start, known, found = _opening(lines)
    if start is None:
        filled = [at for at, line in enumerate(lines) if line.strip()]
        where = f"lines {filled[0] + 1}-{filled[-1] + 1}"
        yield Rejected("no line opens a turn: no speaker and no time", where, _glimpse(lines), len(filled))
        return
    talk = _talk(lines, start, known)
    utterances, words_missing = _utterances(talk.turns)
    aside = talk.set_aside + Counter({"no words": words_missing}) + _before(lines, start, found)
    if not utterances:
        filled = [at for at, line in enumerate(lines) if line.strip()]
        yield Rejected("speakers without words", f"line {start + 1}", _glimpse(lines), len(filled))
        return
    started_at, basis = session_start(source, found.date)
    yield Session(
        kind="meeting",
        native_id=fingerprint([[item.speaker, item.start_ms, item.text] for item in utterances]),
        identity="content",
        utterances=utterances,
        kept=sum(1 for line in lines if line.strip()) - aside.total(),
        set_aside=tuple(sorted(aside.items())),
        title=found.title,
        started_at=started_at,
        time_basis=basis,
        notes=tuple(_notes(talk, utterances)),
    )


def count(source: Source) -> int:
    """The lines that are not blank."""
    return len(re.findall(r"^.*\S.*$", whole_text(source, reader=_NAME), re.MULTILINE))


def _glimpse(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip()[:_REJECT_CHARS]


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
    """Whether a line can be no turn: a marker, heading, rule, export note or a fact about the meeting."""
    plain = line.strip()
    return bool(
        not plain
        or marker_ms(plain) is not None
        or plain.startswith("#")
        or _RULE.match(plain)
        or _EXPORT_NOTE.match(plain)
        or is_fact_key(plain)
    )


def _opens(line: str, known: Speakers, *, untold: bool) -> bool:
    if _is_apart(line):
        return False
    opened = shape(line.rstrip())
    if opened is not None and known.name(opened.label) is not None:
        return True
    return untold and timed(line.strip())[0] is not None


def _talk(lines: Sequence[str], start: int, known: Speakers) -> _Talk:
    talk = _Talk()
    untold = not _opens(lines[start], known, untold=False)
    chat = _CHAT_LINE.match(lines[start]) is not None
    topic: str | None = None
    marked: int | None = None
    for at in range(start, len(lines)):
        plain = lines[at].strip()
        rule = None if chat else _rule(plain)
        if rule is not None:
            talk.set_aside[rule] += 1
            topic = heading(plain) if rule == "heading" else topic
            marked = marker_ms(plain) if rule == "time marker" else marked
        elif not plain:
            if talk.turns:
                talk.turns[-1].words.append("")
        elif _opens(lines[at], known, untold=untold):
            talk.turns.append(_turn(plain, at, known, marked, topic))
            talk.approximate |= marked is not None
            marked = None
        else:
            talk.turns[-1].add(at, plain)
    return talk


def _rule(plain: str) -> str | None:
    if not plain:
        return None
    if _EXPORT_NOTE.match(plain):
        return "export note"
    if marker_ms(plain) is not None or _RULE.match(plain):
        return "time marker"
    return "heading" if heading(plain) is not None else None


def _turn(plain: str, at: int, known: Speakers, marked: int | None, topic: str | None) -> _Turn:
    opened = shape(plain)
    name = known.name(opened.label) if opened is not None else None
    if opened is None or name is None:
        start_ms, words = timed(plain)
    else:
        start_ms, words = opened.start_ms, opened.words
    turn = _Turn(name, marked if start_ms is None else start_ms, at, topic, last=at)
    turn.add(at, words)
    return turn


def _utterances(turns: Sequence[_Turn]) -> tuple[tuple[Utterance, ...], int]:
    """The turns that have words, and how many lines the others took."""
    said: list[Utterance] = []
    missing = 0
    for turn in turns:
        text = normalise(re.sub(r"\n{3,}", "\n\n", "\n".join(turn.words)).strip())
        if not text:
            missing += turn.filled
            continue
        first, last = turn.opened_at + 1, turn.last + 1
        said.append(
            Utterance(
                index=len(said),
                text=text,
                role="person",
                locator=f"line {first}" if first == last else f"lines {first}-{last}",
                speaker=turn.speaker,
                start_ms=turn.start_ms,
                topic=turn.topic,
            )
        )
    return tuple(said), missing


def _before(lines: Sequence[str], start: int, found: Facts) -> Counter[str]:
    """What the lines before the first turn are set aside as, those that state facts left out."""
    unused = [at for at in range(start) if lines[at].strip() and at not in found.used]
    return Counter("front matter" if at < found.front else "preamble" for at in unused)


def _notes(talk: _Talk, utterances: Sequence[Utterance]) -> Iterator[str]:
    if talk.approximate:
        yield "times approximate"
    if not any(item.speaker for item in utterances):
        yield "speakers unknown"


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".txt", ".md"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="lines",
)
