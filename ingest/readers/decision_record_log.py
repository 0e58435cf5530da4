"""Part of the decision-record reader: a DECISIONLOG.md, one decision a heading.

The topmost heading is the log's title when there are deeper ones; the headings of the next level are the decisions.
A Y-statement is taken as it stands, each of several as its own decision. Otherwise
choice: the first sentence that says what was decided, else done (`we have added`), else the rule (`we keep`), else the
section's first sentence where it is a plain statement; a heading without any states nothing. Rationale: what that
sentence gives as its reason, and sentences that refer back to it and say why. Alternative: an option that the log says
was considered or ruled out, or what a reader may switch to that the log says is not the default. Advice on use (`If you
need the rows, read…`) is none. Every decision is accepted by being there; a log gives no date and no people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.prose import Stretch, whole_sentences
from ingest.readers.decision_record_choice import statement_of
from ingest.readers.decision_record_cues import (
    is_done,
    is_habit,
    is_plain,
    is_reason,
    is_said,
    is_said_or_ordered,
    is_turned_down,
    turns_to,
)
from ingest.readers.decision_record_options import against_in
from ingest.readers.decision_record_outline import Chapter, under
from ingest.readers.decision_record_parts import Parts, told_parts
from ingest.readers.decision_record_ystatement import UNCONFIRMED, y_statements
from ingest.records import Candidate
from ingest.text import folded

IS_LOG = re.compile(r"\bdecisions?[\s_-]*log\b|\blog of decisions\b|\bdesign decisions\b", re.IGNORECASE)


def is_log(chapters: Sequence[Chapter], name: str) -> bool:
    """Whether a document is a log of decisions: its title or its file's name says so and sections follow."""
    titles = [chapter.heading for chapter in chapters if chapter.level][:1]
    named = bool(IS_LOG.search(name)) or any(IS_LOG.search(title) for title in titles)
    return named and len([chapter for chapter in chapters if chapter.level]) > 1


def logged(chapters: Sequence[Chapter], extractor: str, notes: list[str]) -> Iterator[Candidate]:
    """One candidate for each heading of the decisions' level that states one; `notes` names the others."""
    level = _decision_level(chapters)
    for position, chapter in enumerate(chapters):
        if chapter.level != level or IS_LOG.search(chapter.heading):
            continue
        section = [chapter, *under(chapters, position)]
        told = y_statements(section)
        if told and UNCONFIRMED not in notes:
            notes.append(UNCONFIRMED)
        named = folded(chapter.heading) if len(told) <= 1 else ""
        found = [(named or folded(one.subject), told_parts(one)) for one in told] or [(named, _parts(section))]
        stated = [(subject, parts) for subject, parts in found if parts.found]
        for subject, parts in stated:
            yield Candidate(
                subject=subject or folded(parts.found[0].spans[0].quote),
                status="accepted",
                authority="structured",
                confidence=1.0,
                parts=tuple(parts.found),
                extractor=extractor,
            )
        if not stated:
            notes.append(f"no choice stated under '{folded(chapter.heading, 60)}'")


def _decision_level(chapters: Sequence[Chapter]) -> int:
    levels = [chapter.level for chapter in chapters if chapter.level and not IS_LOG.search(chapter.heading)]
    return min(levels, default=0)


def _parts(chapters: Sequence[Chapter]) -> Parts:
    parts = Parts()
    told = [(chapter, stretch) for chapter in chapters for stretch in _sentences(chapter)]
    rows = [(chapter, stretch, chapter.utterance.text[slice(*stretch)]) for chapter, stretch in told]
    plain = rows[0] if rows and is_plain(rows[0][2]) else None
    tests = (is_said, is_done, is_said_or_ordered, turns_to, is_habit)
    first = next((row for test in tests for row in rows if test(row[2])), plain)
    if first is None:
        return parts
    stated = statement_of(first[0].utterance.text, first[1])
    if parts.add("choice", first[0], stated.claim) is None:
        return Parts()
    for reason in stated.reasons:
        parts.add("rationale", first[0], reason)
    for row in rows:
        if row != first:
            _further(parts, *row)
    return parts


def _further(parts: Parts, chapter: Chapter, stretch: Stretch, sentence: str) -> None:
    if is_turned_down(sentence):
        option, reason = against_in(chapter.utterance.text, stretch)
        about = parts.add("alternative", chapter, option)
        if reason is not None and about is not None:
            parts.add("rationale", chapter, reason, about)
    elif is_reason(sentence):
        parts.add("rationale", chapter, stretch)


def _sentences(chapter: Chapter) -> Iterator[Stretch]:
    for block in chapter.blocks():
        if block.kind != "row":
            yield from whole_sentences(chapter.utterance.text, block.start_char, block.end_char)
