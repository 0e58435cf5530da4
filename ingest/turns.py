"""Talk written down as text: who may be a speaker, lines gathered into turns, and the meeting that they make.

Shared by the readers of text transcripts. Their unit is a line that is not blank: it opens or continues a turn, states
a fact of the meeting (kept), or is set aside under a rule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ingest.fingerprint import fingerprint
from ingest.records import Rejected, Role, Session, Source, Utterance
from ingest.text import normalise, whole_text
from ingest.times import date_in_name, session_start, utc

CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
"""A time from the start of a recording, as a pattern: `1:02`, `00:01:02`, `1:02.500`; at most nine digits."""

ZONE_UNKNOWN = "the date's time zone is unknown, read as UTC"
"""Note of a session whose source states a time of day in words, without a zone."""

_NOT_SPEAKER = re.compile(
    r"(?:notes?|n\.?b|q\d*|a\d*|todo|fixme|hack|xxx|https?|ftp|file|mailto|question|answer|example|e\.g|i\.e|warning|"
    r"warn|info|debug|error|trace|fatal|critical|caution|tip|hint|important|p\.?s|update|edit|re|fwd|fyi|tl;?dr|"
    r"action(?: items?)?|actions|agenda|agreed|decided|decisions?|outcome|result|conclusion|summary|details|"
    r"next steps|follow-?ups?|date|time|when|where|location|title|subject|topic|meeting|participants|attendees|"
    r"present|invited|speakers|absent|regrets|apologies|recording|duration|from|to|cc|bcc|sent|reply-to|message-id|"
    r"podcast|media|link|links|source|url|see also|step|option|options|pros?|cons?|context|background|problem|"
    r"solution|rationale|reason|else|try|finally|default|return|pass|added|changed|fixed|removed|deprecated|security|"
    r"type|name|version|description|status|author|license|signed-off-by|co-authored-by|reviewed-by|classifier|"
    r"keywords|platform|(?:requires|provides|project|license|metadata|home|author|maintainer|content|x)-[\w-]+|usage|"
    r"returns?|raises|yields|args|arguments|parameters|attributes|methods|properties|examples|references|see|requires)$",
    re.IGNORECASE,
)
_NOT_IN_NAME = re.compile(r"[?!;=<>{}`\"“”\\]|://|^__|^[-*+#>&$@|]|^\d+[.)]|,\s.*,\s|\.\s+[a-z]")
_LONGEST_NAME = 60
_NOBODY = frozenset({"unknown", "unknown speaker", "speaker unknown"})
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})(?!\d)")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_TIME_OF_DAY = re.compile(
    r"(?<![\d:])(\d{1,2}):(\d{2})(?::\d{2})?\s?([ap])\.?m\b|(?<![\d:])(\d{2}):(\d{2})(?![\d:])", re.IGNORECASE
)
_LONGEST_DATE = 200
_REJECT_CHARS = 2_000
"""How much of a file that nobody speaks in goes into quarantine: enough to see what it is."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A line that opens a turn: who (None: not told), when, and the first words, which may be none."""

    speaker: str | None
    start_ms: int | None
    words: str = ""


@dataclass(slots=True)
class Turn:
    """A turn being gathered: its speaker and its lines, by position in the file, blank ones among them."""

    speaker: str | None
    start_ms: int | None
    opened_at: int
    topic: str | None = None
    role: Role = "person"
    words: list[str] = field(default_factory=list)
    last: int = 0
    filled: int = 0
    """How many units the turn takes."""
    end_ms: int | None = None

    def add(self, at: int, words: str) -> None:
        """Take the words of line `at`."""
        self.words.append(words)
        if words:
            self.last = at
        self.filled += 1

    def text(self) -> str:
        """The words as they are stored; a run of blank lines is one."""
        return normalise(re.sub(r"\n{3,}", "\n\n", "\n".join(self.words)).strip())


@dataclass(slots=True)
class Talk:
    """The turns of a file, and how many lines each rule set aside."""

    turns: list[Turn] = field(default_factory=list)
    set_aside: Counter[str] = field(default_factory=Counter)


def may_speak(label: str) -> bool:
    """Whether a label can be a speaker at all: at most 60 characters, no keyword, URL, sentence or code."""
    if len(label) > _LONGEST_NAME or _NOT_SPEAKER.match(label) or _NOT_IN_NAME.search(label):
        return False
    words = label.split()
    capital = sum(not word[0].islower() for word in words)
    return any(char.isalnum() for char in label) and (len(words) == 1 or capital * 2 >= len(words))


def is_name_like(label: str) -> bool:
    """Whether a label looks like a person's name: up to five words, most of them capitalised or without case."""
    words = label.split()
    if not words or len(words) > 5 or not may_speak(label) or not words[0][0].isalpha():
        return False
    capital = sum(not word[0].islower() for word in words)
    return not words[0][0].islower() and capital * 2 > len(words)


def named(label: str | None) -> str | None:
    """A speaker's name with white space folded; None for `Unknown Speaker` and no name."""
    name = " ".join((label or "").split())
    return None if not name or name.casefold() in _NOBODY else name


def day(value: str) -> datetime | None:
    """The date, with its time where it is in ISO form, that a value states; None when it states none."""
    value = value[:_LONGEST_DATE]
    try:
        found = utc(value) or date_in_name(value)
    except OverflowError:  # a zone that leads out of years 1 to 9999
        return None
    if found is not None:
        return found
    for pattern, order in ((_DAY_MONTH, (1, 2, 3)), (_MONTH_DAY, (2, 1, 3))):
        match = pattern.search(value)
        if match is not None and match[order[1]][:3].casefold() in _MONTHS:
            month = _MONTHS.index(match[order[1]][:3].casefold()) + 1
            try:
                return datetime(int(match[order[2]]), month, int(match[order[0]]), tzinfo=UTC)
            except ValueError:
                continue
    return None


def day_and_time(value: str) -> datetime | None:
    """The date a value states in words, with its time of day (`03:35am`, `15:35`), taken as UTC."""
    found = day(value)
    match = _TIME_OF_DAY.search(value[:_LONGEST_DATE])
    if found is None or match is None or (found.hour, found.minute) != (0, 0):
        return found
    hour = int(match[1]) % 12 + 12 * (match[3].lower() == "p") if match[1] else int(match[4])
    minute = int(match[2] or match[5])
    inside = hour < 24 and minute < 60 and not (match[1] and int(match[1]) > 12)
    try:
        return found + timedelta(hours=hour, minutes=minute) if inside else found
    except OverflowError:  # 31 December 9999
        return found


def lines_of(source: Source, *, reader: str) -> list[str]:
    """The lines of the whole text, blank ones among them.

    Raises: SourceError as `text.whole_text` does.
    """
    return whole_text(source, reader=reader).split("\n")


def line_count(source: Source, *, reader: str) -> int:
    """The lines that are not blank, counted without looking at what they are."""
    return len(re.findall(r"^.*\S.*$", whole_text(source, reader=reader), re.MULTILINE))


def gathered(
    lines: Sequence[str],
    opens: Callable[[int], Opening | None],
    rule: Callable[[int], str | None],
    start: int = 0,
) -> Talk:
    """The turns that open from line `start` on; every other line continues one, or is set aside where `rule` names why.

    Both are asked with a line's position, `rule` first. What continues no turn is `preamble`.
    """
    talk = Talk()
    for at in range(start, len(lines)):
        plain = lines[at].strip()
        why = rule(at) if plain else None
        opened = opens(at) if plain and why is None else None
        if not plain:
            if talk.turns:
                talk.turns[-1].words.append("")
        elif why is not None:
            talk.set_aside[why] += 1
        elif opened is not None:
            talk.turns.append(Turn(opened.speaker, opened.start_ms, at, last=at))
            talk.turns[-1].add(at, opened.words)
        elif talk.turns:
            talk.turns[-1].add(at, plain)
        else:
            talk.set_aside["preamble"] += 1
    return talk


def utterances(turns: Iterable[Turn]) -> tuple[tuple[Utterance, ...], int]:
    """The turns that have words, and how many units the others took."""
    said: list[Utterance] = []
    missing = 0
    for turn in turns:
        text = turn.text()
        if not text:
            missing += turn.filled
            continue
        first, last = turn.opened_at + 1, turn.last + 1
        said.append(
            Utterance(
                index=len(said),
                text=text,
                role=turn.role,
                locator=f"line {first}" if first == last else f"lines {first}-{last}",
                speaker=turn.speaker,
                start_ms=turn.start_ms,
                end_ms=turn.end_ms,
                topic=turn.topic,
            )
        )
    return tuple(said), missing


def meeting(
    source: Source,
    lines: Sequence[str],
    talk: Talk,
    *,
    title: str | None = None,
    said: datetime | None = None,
    notes: Sequence[str] = (),
) -> Session | Rejected:
    """The session of a file's turns, or the whole file refused where nobody says a word.

    Every line that is neither blank nor set aside counts as kept. `said` is the date that the source states.
    """
    spoken, missing = utterances(talk.turns)
    if not spoken:
        return unspoken(lines, "nobody says a word")
    aside = talk.set_aside + Counter({"no words": missing})
    started_at, basis = session_start(source, said)
    people = [item.speaker for item in spoken if item.role == "person"]
    return Session(
        kind="meeting",
        native_id=fingerprint([[item.speaker, item.start_ms, item.text] for item in spoken]),
        identity="content",
        utterances=spoken,
        kept=sum(1 for line in lines if line.strip()) - aside.total(),
        set_aside=tuple(sorted(aside.items())),
        title=title,
        started_at=started_at,
        time_basis=basis,
        notes=(*notes, *(("speakers unknown",) if people and not any(people) else ())),
    )


def unspoken(lines: Sequence[str], reason: str) -> Rejected:
    """All lines of a file as one refused item."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    where = f"lines {filled[0] + 1}-{filled[-1] + 1}"
    return Rejected(reason, where, "\n".join(lines).strip()[:_REJECT_CHARS], len(filled))
