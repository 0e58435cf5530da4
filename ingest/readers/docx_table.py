"""Part of the docx reader: a transcript kept as a table, as Amazon's ts-to-word writes it.

The table's first row heads a column for the speaker and one for the words, perhaps one for the time. In Amazon's form
(`Start`, `Dur.`, `Speaker`, `Transcription`) the time's fraction counts hundredths of a second without a leading zero:
`0:00:00.4` is 40 ms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.readers.docx_blocks import Block
from ingest.readers.docx_turns import Turn
from ingest.times import milliseconds
from ingest.turns import day_and_time, named

_TIME = re.compile(r"start(?: time)?|time(?:stamp|code)?", re.IGNORECASE)
_SPEAKER = re.compile(r"speaker(?: name)?|participant|name|who", re.IGNORECASE)
_WORDS = re.compile(r"transcription|transcript|text|content|words|utterance|dialogue|what", re.IGNORECASE)
_DURATION = re.compile(r"dur\.|duration", re.IGNORECASE)
_SECONDS = re.compile(r"(\d{1,6})(?:\.(\d))?s")
_HUNDREDTHS = re.compile(r"(\d{1,3}:\d{1,2}:\d{2})\.(\d{1,2})")
_JOB_DATE = re.compile(r"(\w{3} )?(?P<day>\d{1,2} \w{3}) '(?P<year>\d\d) at (?P<clock>\d\d:\d\d):\d\d")
_LABEL = re.compile(r"\[(?:INTERRUPTION|ISSUE|ACTION|ACTION_ITEM|OUTCOME)\][ \t]*")
"""Marks that the call analysis sets into the words."""
_CATEGORY = "[CATEGORY]"
_FINDINGS = re.compile(r"call summary highlights|(?:issues|action items|outcomes) detected", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which table holds the talk, and what is in which of its columns."""

    table: int
    speaker: int
    words: int
    time: int | None
    duration: int | None

    @property
    def is_amazon(self) -> bool:
        """Whether the columns are those of ts-to-word."""
        return self.time is not None and self.duration is not None


def talk_columns(blocks: Sequence[Block]) -> Columns | None:
    """The columns of the first table that holds talk; None where there is none."""
    seen: set[int] = set()
    for block in blocks:
        if not block.table or block.table in seen:
            continue
        seen.add(block.table)
        speaker, words = _column(block, _SPEAKER), _column(block, _WORDS)
        if speaker is not None and words is not None and len(block.cells) <= 8:
            return Columns(block.table, speaker, words, _column(block, _TIME), _column(block, _DURATION))
    return None


def row_turns(blocks: Sequence[Block], columns: Columns) -> tuple[list[Turn], dict[int, str]]:
    """The turns of the table, a row each, and why each block that is none was set aside, by position."""
    turns: list[Turn] = []
    aside: dict[int, str] = {}
    headed = False
    findings = {block.table for block in blocks if block.table and _FINDINGS.match(block.text)}
    for at, block in enumerate(blocks):
        if block.table != columns.table:
            aside[at] = "machine_summary" if block.table in findings else "report"
        elif not headed or len(block.cells) <= max(columns.words, columns.speaker) or _CATEGORY in block.text:
            headed, aside[at] = True, "report"
        elif not (words := _LABEL.sub("", block.cells[columns.words]).strip()):
            aside[at] = "no words"
        else:
            turns.append(_turn(block, at, columns, words))
    return turns, aside


def job_date(value: str) -> datetime | None:
    """When the transcription job was made, to the minute: `Tue 22 Mar '22 at 15:01:18`."""
    match = _JOB_DATE.fullmatch(value)
    return day_and_time(f"{match['day']} 20{match['year']} {match['clock']}") if match else None


def _turn(block: Block, at: int, columns: Columns, words: str) -> Turn:
    start = _start(_cell(block, columns.time), amazon=columns.is_amazon)
    length = _SECONDS.fullmatch(_cell(block, columns.duration))
    end = start + int(length[1]) * 1000 + int(length[2] or 0) * 100 if start is not None and length else None
    speaker = named(block.cells[columns.speaker].strip(" :"))
    return Turn(speaker, start, None, end_ms=end, words=[words], places=[at])


def _cell(block: Block, column: int | None) -> str:
    """A cell's text; none where the table has no such column or the row is too short for it."""
    return block.cells[column] if column is not None and column < len(block.cells) else ""


def _start(clock: str, *, amazon: bool) -> int | None:
    exact = _HUNDREDTHS.fullmatch(clock) if amazon else None
    if exact is None:
        return milliseconds(clock)
    whole = milliseconds(exact[1])
    return None if whole is None else whole + int(exact[2]) * 10


def _column(head: Block, name: re.Pattern[str]) -> int | None:
    return next((at for at, cell in enumerate(head.cells) if name.fullmatch(cell.strip(" :"))), None)
