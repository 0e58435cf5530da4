"""The clauses of a conversation that may be a part of a decision, and those that stand around a choice.

A line is cut into sentences, a sentence at dashes, colons, brackets and connectives ("because", "instead of", "so
that"). An utterance is cut once, however many choices look at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.language import is_foreign, may_be_foreign
from ingest.records import Session, Span, Utterance
from ingest.text import sentences, span

BESIDE_SENTENCES = 6
"""Sentences looked at on each side of the choice in its own utterance."""
BEFORE_TURNS, AFTER_TURNS = 3, 1
LAST_SENTENCES, FIRST_SENTENCES = 12, 4
"""Of a turn before the choice its last sentences, of one after it its first."""
_FAR_UTTERANCES = 40
"""Tool calls between two spoken turns count: farther away nothing is looked for."""
_LONGEST_CHARS = 400
_TEXT_LIMIT_CHARS = 30_000
_FENCE = re.compile(r"```(?s:.)*?(?:```|\Z)")
_LINE = re.compile(r"[^\n]+")
_BULLET = re.compile(r"\s*(?:(?:[-*•>|#]+\s+)?(?:\*\*)?\(?(?:\d{1,2}|[a-zA-Z])[.)]\s+|[-*•>|#]+\s+|\[[ xX]\]\s+){0,3}")
_ITEM = re.compile(
    r"[ \t]{0,40}(?:([-*•]|\(?\d{1,2}[.)]|[a-zA-Z][.)])\s+|\*\*(?:(?i:option|approach) )?([A-Ha-h1-9])[.):])"
)
_OPTION = re.compile(
    r"[\s*_>|#-]{0,40}(?:(?:option|approach|solution)\s+)?\(?(?P<name>\d{1,2}|[a-h])(?:[.):]|\*\*|\s+[-–—]\s)",
    re.IGNORECASE,
)
_OPTION_SENTENCES = 6
"""So many sentences after an option's head still speak of it."""
_HEADING = re.compile(r"\s*(?:#{1,6}\s+(.{1,100})|\*\*([^*\n]{2,60})\*\*:?|([A-Z][\w ]{2,40}):)\s*$")
_LABEL = re.compile(r"[*_]{0,2}([A-Za-z][\w' ]{1,28}?)[*_]{0,2}:[*_]{0,2}\s")
_CUT = re.compile(
    r"\s+[—–]+\s+|\s+-{1,2}\s+|:[*_]*\s+|;\s+|\s+(?=\()|(?<=\))[,;]?\s+|\s+\|\s*|\s+(?:→|->|=>)\s+"
    r"|,\s+(?=(?:so|but|and|which|since|as|not|because|while|rather|instead|then|or|no|it|we|they|this|that|there"
    r"|[a-z]{3,}ing)\b)"
    r"|\s+(?=(?:because|since|so that|so (?:it|we|that|the|there|they|you|i)|instead of|rather than|as opposed to"
    r"|due to|given|in order to|otherwise"
    r"|for (?:now|consistency|backwards?|safety|simplicity|clarity|compatibility|performance)"
    r"|to (?:avoid|prevent|make|ensure|keep|reduce|allow|support|match|distinguish|help|simplify|enable|get|show"
    r"|improve|preserve|protect|stay|save|minimi[sz]e|maintain|let|give))\b)"
)
_ENDS = " \t\n,;:|*_"
_SIDE_BY_SIDE_CHARS = 8
"""At most so much, a dash and its spaces, stands between two clauses of one sentence."""


@dataclass(frozen=True, slots=True)
class Clause:
    """`text` is `[start_char, end_char)` of an utterance; `sentence` and `place` count from 0."""

    utterance_index: int
    start_char: int
    end_char: int
    text: str
    sentence: int
    """Which sentence of the utterance."""
    place: int
    """Which clause of its sentence."""
    mark: str
    """What stands before it in its sentence: a dash, a colon, `bullet`; nothing at a sentence's start."""
    label: str
    """The words before the sentence's first colon ("cons"), in lower case."""
    line: Line

    @property
    def key(self) -> tuple[int, int, int]:
        """Its place in the session; clauses sort by it."""
        return self.utterance_index, self.start_char, self.end_char


@dataclass(frozen=True, slots=True)
class Line:
    """What a line is in its utterance."""

    heading: str = ""
    """The heading over it, in lower case."""
    lead: str = ""
    """The line that opens its list, in lower case."""
    list_at: int = -1
    """Which list of the utterance it stands in; -1: none."""
    lists: int = 0
    """How many lists began so far."""
    item: str = ""
    """How its list item opens, after a space for each level: `1`, `a`, `-`; nothing when it opens none."""
    option: str = ""
    """The letter or number of the listed option that it speaks of: "b" from "**Option B**" on."""
    is_head: bool = False
    """Whether it names that option itself."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of a session's utterances; each utterance is cut when it is first asked for."""

    session: Session
    _cut: dict[int, tuple[tuple[Clause, ...], ...]] = field(default_factory=dict)

    def of(self, index: int) -> tuple[tuple[Clause, ...], ...]:
        """The clauses of one utterance, by sentence; no sentence is empty. None where it is clearly not in English."""
        if index not in self._cut:
            utterance = self.session.utterances[index]
            is_other = may_be_foreign(utterance.text) and is_foreign(utterance.text)
            self._cut[index] = () if is_other else tuple(_sentences(utterance))
        return self._cut[index]

    def around(self, anchors: Sequence[Span]) -> list[Clause]:
        """The clauses that may speak about what is said at these spans, in order: a bounded number."""
        found: dict[tuple[int, int, int], Clause] = {}
        for anchor in anchors:
            for index, near in self._near(anchor):
                mine = [one for one in anchors if one.utterance_index == index]
                found.update((one.key, one) for group in near for clause in group for one in _outside(clause, mine))
        return [found[key] for key in sorted(found)]

    def _near(self, anchor: Span) -> Iterator[tuple[int, tuple[tuple[Clause, ...], ...]]]:
        at = anchor.utterance_index
        yield from ((index, self.of(index)[-LAST_SENTENCES:]) for index in self.turns(at, -1, BEFORE_TURNS))
        own = self.of(at)
        first = sum(1 for one in own if one[-1].end_char <= anchor.start_char)
        last = sum(1 for one in own if one[0].start_char < anchor.end_char)
        yield at, own[max(0, first - BESIDE_SENTENCES) : last + BESIDE_SENTENCES]
        yield from ((index, self.of(index)[:FIRST_SENTENCES]) for index in self.turns(at, 1, AFTER_TURNS))

    def turns(self, at: int, step: int, count: int) -> list[int]:
        """Positions of the next spoken turns from `at` on, nearest first; tools and harness are passed over."""
        said = self.session.utterances
        if said[at].role == "document":  # the next section is another text
            return []
        stop = min(len(said), at + 1 + _FAR_UTTERANCES) if step > 0 else max(-1, at - 1 - _FAR_UTTERANCES)
        spoken = [index for index in range(at + step, stop, step) if said[index].role in ("person", "assistant")]
        return spoken[:count]


def span_of(first: Clause, last: Clause, session: Session) -> Span:
    """From the first clause's start to the last one's end, in one utterance."""
    return span(session.utterances[first.utterance_index], first.start_char, last.end_char)


def are_side_by_side(one: Clause, later: Clause) -> bool:
    """Whether two clauses follow one another in one sentence."""
    same = (one.utterance_index, one.sentence) == (later.utterance_index, later.sentence)
    return same and 0 <= later.start_char - one.end_char <= _SIDE_BY_SIDE_CHARS


def _outside(clause: Clause, anchors: Sequence[Span]) -> Iterator[Clause]:
    """The clause, cut where anchors begin and end."""
    cuts = {edge for one in anchors for edge in (one.start_char, one.end_char)}
    inner = sorted(edge for edge in cuts if clause.start_char < edge < clause.end_char)
    if not inner:
        yield clause
        return
    edges = [clause.start_char, *inner, clause.end_char]
    for start, end in pairwise(edges):
        trimmed = _trimmed(clause.text, start - clause.start_char, end - clause.start_char)
        if trimmed is not None:
            first, last = trimmed
            mark = clause.mark if start == clause.start_char else clause.text[max(0, first - 2) : first].strip()
            at = clause.start_char
            yield replace(clause, start_char=at + first, end_char=at + last, text=clause.text[first:last], mark=mark)


def _sentences(utterance: Utterance) -> Iterator[tuple[Clause, ...]]:
    over, number, told = Line(), 0, 0
    for start, end in _lines(utterance.text[:_TEXT_LIMIT_CHARS]):
        text = utterance.text[start:end]
        over = _line(over, text, is_near=number - told <= _OPTION_SENTENCES)
        told = number if over.is_head else told
        bullet = _BULLET.match(text)
        body = start + (bullet.end() if bullet else 0)
        for first, last in sentences(utterance.text[body:end]):
            found = tuple(_clauses(utterance, body + first, body + last, number, over))
            if found:
                yield found
                number += 1
                if over.item or over.is_head:
                    over = replace(over, item="", is_head=False)


def _line(over: Line, text: str, *, is_near: bool) -> Line:
    """The next line's place in the utterance, from the line before it."""
    item, named, title = _ITEM.match(text), _OPTION.match(text), _HEADING.match(text)
    lead, list_at, lists = over.lead, over.list_at, over.lists
    if not item and text[:1] not in " \t":
        lead, list_at = text.lower(), -1
    elif item and list_at < 0:
        list_at, lists = lists, lists + 1
    option = named["name"].lower() if named else over.option if is_near else ""
    heading = next(filter(None, title.groups())).lower() if title else over.heading
    return Line(heading, lead, list_at, lists, _item_kind(text, item), option, bool(named))


def _item_kind(text: str, item: re.Match[str] | None) -> str:
    if item is None:
        return ""
    mark = (item[1] or item[2]).lstrip("(")[0]
    depth = min(3, (len(text) - len(text.lstrip())) // 2)
    return " " * depth + (mark if mark in "-*•" else "1" if mark.isdigit() else "a")


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Lines outside fenced code."""
    fences = [found.span() for found in _FENCE.finditer(text)] if "```" in text else []
    passed = 0
    for line in _LINE.finditer(text):
        while passed < len(fences) and fences[passed][1] <= line.start():
            passed += 1
        if not (passed < len(fences) and fences[passed][0] < line.end()):
            yield line.span()


def _clauses(utterance: Utterance, start: int, stop: int, number: int, line: Line) -> Iterator[Clause]:
    text, place = utterance.text, 0
    label = _LABEL.match(text, start, min(stop, start + 60))
    words, mark = label[1].lower() if label else "", "bullet" if line.item else ""
    for cut in (*_CUT.finditer(text, start, stop), None):
        end = cut.start() if cut else stop
        trimmed = _trimmed(text, start, min(end, start + _LONGEST_CHARS))
        if trimmed is not None:
            yield Clause(utterance.index, *trimmed, text[slice(*trimmed)], number, place, mark, words, line)
            place += 1
        if cut:
            start, mark = cut.end(), cut.group().strip(" *_\t")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The stretch without white space and marks at its ends; None when no word is left."""
    while start < end and text[start] in _ENDS:
        start += 1
    while end > start and text[end - 1] in _ENDS:
        end -= 1
    return (start, end) if any(map(str.isalnum, text[start:end])) else None
