"""The sentences of a conversation in which something may be settled, with who says them and what stands around.

Persons are listened to everywhere, an agent only in its own sessions; what a tool, a harness or a document says is
context. Fenced code and quoted lines are no sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.records import Session, Utterance
from ingest.text import sentences

LONGEST_CHARS = 600
"""Talk that was written down without full stops is cut here."""
_QUOTING = re.compile(r"```(?s:.)*?(?:```|\Z)|^[ \t]*>.*$|^(?: {4}|\t)(?![-*+•]\s|\d+[.)]\s)\S.*$", re.MULTILINE)
_WORDY = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence: `text[start_char:end_char]` of an utterance, at `position` among that utterance's sentences."""

    utterance_index: int
    start_char: int
    end_char: int
    text: str
    position: int
    beside: int
    """How many sentences the utterance has."""

    @property
    def words(self) -> int:
        """How many words it has, by its spaces."""
        return self.text.count(" ") + 1


def units(session: Session) -> tuple[Unit, ...]:
    """All sentences that may state a decision, in order."""
    return tuple(unit for utterance in session.utterances if is_heard(utterance, session) for unit in _of(utterance))


def is_heard(utterance: Utterance, session: Session) -> bool:
    """Whether the words are somebody's who may settle something here."""
    if session.kind in ("decision_record", "commit", "pipeline") or (utterance.speaker or "").endswith("[bot]"):
        return False
    return utterance.role == "person" or (utterance.role == "assistant" and session.kind == "agent_session")


def _of(utterance: Utterance) -> Iterator[Unit]:
    text = utterance.text
    cuts = [cut for cut in _spoken(text) if _WORDY.search(text, *cut)]
    for position, (start, end) in enumerate(cuts):
        yield Unit(utterance.index, start, end, text[start:end], position, len(cuts))


def _spoken(text: str) -> Iterator[tuple[int, int]]:
    """`[start, end)` of each line or sentence outside quotations; lines are sentences in written text."""
    quoted = [found.span() for found in _QUOTING.finditer(text)] if _may_quote(text) else []
    ends = [end for _, end in quoted]
    for start, end in sentences(text):
        for first, last in _lines(text, start, end):
            at = bisect_right(ends, first)
            if at == len(quoted) or quoted[at][0] >= last:
                yield from _pieces(text, first, last)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch that is too long, cut between words."""
    while end - start > LONGEST_CHARS:
        cut = text.rfind(" ", start + 1, start + LONGEST_CHARS)
        cut = cut if cut > start else start + LONGEST_CHARS
        yield start, cut
        start = cut + (text[cut] == " ")
    if start < end:
        yield start, end


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for line in re.finditer(r"[^\n]+", text[start:end]) if "\n" in text[start:end] else ():
        yield start + line.start(), start + line.end()
    if "\n" not in text[start:end]:
        yield start, end


def _may_quote(text: str) -> bool:
    return "```" in text or ">" in text or "    " in text or "\t" in text
