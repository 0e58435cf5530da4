"""Fathom transcripts as copied from its page: `VIEW RECORDING - …` on top, then `0:00 - Name (Company)` over the words.

Unit: a line that is not blank. It is kept (a header, words, or a fact: title, date) or set aside:
  `machine_summary`  an `ACTION ITEM: …` line, which Fathom's model writes between the turns
  `screen sharing`   a `SCREEN SHARING: …` line
  `export note`      the `VIEW RECORDING` line and rules of dashes
  `preamble`         any other line before the first turn
  `no words`         a header that no words follow
A file without a header is rejected as one item of all its lines.

The title ends in a day without a year (`Weekly - January 29`). The year is that of --date or of the file's name;
else the last such day before the file's time, and the date is told as assumed.

Locator: `line N` or `lines N-M`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ingest.records import Reader, Rejected, Session, Source
from ingest.text import folded, head_text
from ingest.times import milliseconds
from ingest.turns import CLOCK, Opening, day, gathered, line_count, lines_of, meeting, named, unspoken

_NAME = "fathom"
_VIEW = re.compile(r"^\W{0,3}VIEW RECORDING - ")
_HEADER = re.compile(rf"^(?P<clock>{CLOCK})\s{{1,3}}[-–—]\s{{1,3}}(?P<name>\S.{{0,99}})$")
_RULE = re.compile(r"^[-_*]{3,80}$")
_DATED = re.compile(r"^(?P<title>\S.{0,300}?)\s+[-–—]\s+(?P<day>[A-Z][a-z]{2,8}\.? \d{1,2}(?:,? \d{4})?)$")
_VIEW_WITHIN = 5
_RULES = (("ACTION ITEM:", "machine_summary"), ("SCREEN SHARING:", "screen sharing"))


def accepts(source: Source) -> int:
    """89 for `VIEW RECORDING - ` within the first five lines that say something."""
    text = head_text(source)
    if "\x00" in text:
        return 0
    opening = [line.strip() for line in text.split("\n") if line.strip()][:_VIEW_WITHIN]
    return 89 if any(_VIEW.match(line) for line in opening) else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting as one session."""
    lines = lines_of(source, reader=_NAME)
    start = next((at for at in range(len(lines)) if _opening(lines[at])), None)
    if start is None:
        yield unspoken(lines, "no line is a time and a speaker's name")
        return
    talk = gathered(lines, lambda at: _opening(lines[at]), lambda at: _rule(lines[at].strip()), start)
    for turn in talk.turns:
        turn.words = [" ".join(words.split()) for words in turn.words]
    first = next((line.strip() for line in lines[:start] if line.strip() and not _rule(line.strip())), None)
    above = [_rule(line.strip()) or "preamble" for line in lines[:start] if line.strip()]
    talk.set_aside.update(Counter(above) - Counter({"preamble": 1 if first else 0}))
    dated = _DATED.match(first) if first else None
    found = meeting(
        source,
        lines,
        talk,
        title=folded(dated["title"] if dated else first) if first else None,
        said=day(dated["day"]) if dated else None,
        notes=_notes(lines),
    )
    yield _with_year(found, dated["day"], source.modified_at) if dated and isinstance(found, Session) else found


def count(source: Source) -> int:
    """The lines that are not blank."""
    return line_count(source, reader=_NAME)


def _opening(line: str) -> Opening | None:
    match = _HEADER.match(line.strip()) if line[:1].isdigit() else None
    return Opening(named(match["name"]), milliseconds(match["clock"])) if match else None


def _rule(plain: str) -> str | None:
    if _VIEW.match(plain) or _RULE.match(plain):
        return "export note"
    return next((rule for opening, rule in _RULES if plain.startswith(opening)), None)


def _notes(lines: Sequence[str]) -> tuple[str, ...]:
    between = any(line.strip().startswith(opening) for line in lines for opening, _ in _RULES)
    return ("unconfirmed format: Fathom's lines between turns",) if between else ()


def _with_year(session: Session, month_and_day: str, modified_at: datetime | None) -> Session:
    """The session with the last such day up to a day after the file's time, where nothing better is known."""
    if session.time_basis != "assumed" or modified_at is None:
        return session
    latest = modified_at + timedelta(days=1)
    for year in range(latest.year, latest.year - 5, -1):  # 29 February may be four years back
        found = day(f"{month_and_day}, {year}")
        if found is not None and found <= latest:
            return replace(session, started_at=found)
    return session


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".txt", ".md"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="lines",
    reads_beside=True,
)
