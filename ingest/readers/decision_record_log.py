"""Part of the decision-record reader: a DECISIONLOG.md, one decision a heading.

The topmost heading is the log's title when there are deeper ones; the headings of the next level are the decisions.
Choice: the first sentence that says what was decided or done (`we decided`, `we have chosen`, `we have added`), else
the section's first sentence. Rationale: `because` and the like. Alternative: what a reader is told to do who wants it
otherwise (`If you would rather…`). Every decision is accepted by being there; a log gives no date and no people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.prose import Stretch, gives_reason, split_reason, whole_sentences
from ingest.readers.decision_record_outline import Chapter, under
from ingest.readers.decision_record_parts import Parts
from ingest.records import Candidate
from ingest.text import folded

IS_LOG = re.compile(r"\bdecisions?[\s_-]*log\b|\blog of decisions\b|\bdesign decisions\b", re.IGNORECASE)
_DECIDED = re.compile(
    r"\b(?:we|team|it was)\b[^.;]{0,40}"
    r"\b(?:decided|chose|chosen|opted|elected|selected|agreed|settled|went with|decision)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:we(?:'ve|’ve| have| had| are| will| do| use| only| never| always| allow| keep| treat| leverage"
    r"| include| exclude| default| assume| recommend)|by default)\b",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"^(?:however,? |alternatively,? )?"
    r"(?:if|should|for (?:customers|users|those|anyone)) (?:you|your|interested|who|that|would)\b",
    re.IGNORECASE,
)


def is_log(chapters: Sequence[Chapter], name: str) -> bool:
    """Whether a document is a log of decisions: its title or its file's name says so and sections follow."""
    titles = [chapter.heading for chapter in chapters if chapter.level][:1]
    named = bool(IS_LOG.search(name)) or any(IS_LOG.search(title) for title in titles)
    return named and len([chapter for chapter in chapters if chapter.level]) > 1


def logged(chapters: Sequence[Chapter], extractor: str) -> Iterator[Candidate]:
    """One candidate for each heading of the decisions' level that says something."""
    level = _decision_level(chapters)
    for position, chapter in enumerate(chapters):
        if chapter.level != level or IS_LOG.search(chapter.heading):
            continue
        parts = _parts([chapter, *under(chapters, position)])
        if parts.found:
            yield Candidate(
                subject=folded(chapter.heading) or folded(parts.found[0].spans[0].quote),
                status="accepted",
                authority="structured",
                confidence=1.0,
                parts=tuple(parts.found),
                extractor=extractor,
            )


def _decision_level(chapters: Sequence[Chapter]) -> int:
    levels = [chapter.level for chapter in chapters if chapter.level and not IS_LOG.search(chapter.heading)]
    return min(levels, default=0)


def _parts(chapters: Sequence[Chapter]) -> Parts:
    parts = Parts()
    sentences = [(chapter, stretch) for chapter in chapters for stretch in _sentences(chapter)]
    if not sentences:
        return parts
    rows = [(chapter, stretch, chapter.utterance.text[slice(*stretch)]) for chapter, stretch in sentences]
    first = next((row for cue in (_DECIDED, _DONE) for row in rows if cue.search(row[2])), rows[0])
    claim, reasons = split_reason(first[0].utterance.text, *first[1])
    if parts.add("choice", first[0], claim) is None:
        return Parts()
    for reason in reasons:
        parts.add("rationale", first[0], reason)
    for chapter, stretch, text in rows:
        if (chapter, stretch) == first[:2]:
            continue
        if _OTHERWISE.search(text):
            parts.add("alternative", chapter, stretch)
        elif gives_reason(text):
            parts.add("rationale", chapter, stretch)
    return parts


def _sentences(chapter: Chapter) -> Iterator[Stretch]:
    for block in chapter.blocks():
        if block.kind != "row":
            yield from whole_sentences(chapter.utterance.text, block.start_char, block.end_char)
