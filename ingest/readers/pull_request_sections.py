"""Part of the pull-request reader: decisions under headings or labels in a description or a comment.

Headings (`## Decision`, `## Rationale`, `## Why`, `## Alternatives considered`, `## Constraints`, `## Consequences`)
and labels that open a line (`Decision: …`, `**Why:** …`). A comment states a decision only with a Decision; a
description with a reason or alternatives but no Decision states the change itself: its choice is the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.markdown import Block, blocks, plain, sections, words_only
from ingest.prose import Stretch, gives_reason, grouped, split_option, split_reason, statement, whole_sentences
from ingest.readers.pull_request_talk import Remark
from ingest.records import Part, PartKind, Utterance
from ingest.text import span

_HEADINGS: tuple[tuple[PartKind, str], ...] = (
    ("choice", r"(?:the |our |final )?decisions?(?: outcome| made)?"),
    ("rationale", r"(?:rationale|why|reason(?:s|ing)?|motivation|justification)(?: for (?:this|the) change)?\??"),
    ("alternative", r"(?:considered |rejected |other )?alternatives?(?: (?:considered|rejected))?"),
    ("constraint", r"constraints?|decision drivers?"),
    ("consequence", r"consequences?|trade-?offs?"),
)
_LABEL = re.compile(
    r"^[ \t]*(?:[-*+][ \t]+)?[*_]{0,2}(?P<label>decision|rationale|why|reason|alternatives?(?: considered)?"
    r"|constraints?|consequences?|trade-?offs?)[*_]{0,2}:[*_]{0,2}[ \t]+(?=\S)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class _Stretch:
    kind: PartKind
    start: int
    end: int


def section_parts(remark: Remark, title: Remark | None = None) -> tuple[Part, ...]:
    """The parts that an utterance's headings and labels state; the choice first, or nothing at all.

    With `title`, a text that gives a reason or an alternative without a Decision has the title as its choice.
    """
    utterance = remark.utterance
    prose = words_only(utterance.text)
    found = list(_stretches(utterance.text, prose))
    parts: list[Part] = []
    for stretch in found:
        if stretch.kind == "choice" and not parts:
            parts.extend(_choice(utterance, prose, stretch))
    if not parts and title is not None and any(stretch.kind in {"rationale", "alternative"} for stretch in found):
        parts.append(Part("choice", (span(title.utterance, 0, len(title.utterance.text)),)))
    if not parts:
        return ()
    for stretch in found:
        if stretch.kind != "choice":
            _add(parts, utterance, prose, stretch)
    return tuple(parts) if len(parts) > 1 or any(stretch.kind == "choice" for stretch in found) else ()


def _stretches(text: str, prose: str) -> Iterator[_Stretch]:
    """Every stretch that a heading or label names, with the heading's own deeper sections."""
    marks: list[tuple[int, int, PartKind | None, int]] = []
    for section in sections(text):
        kind = _kind(section.heading)
        marks.append((section.start_char, section.body_char, kind, section.level))
    for label in _LABEL.finditer(prose):
        marks.append((label.start(), label.end(), _kind(label.group("label")), 7))
    marks.sort()
    for place, (_, start, kind, level) in enumerate(marks):
        later = (at for at, _, other, depth in marks[place + 1 :] if depth <= level or other is not None)
        end = next(later, len(text))
        if level == 7:
            blank = prose.find("\n\n", start)
            end = min(end, blank if blank >= 0 and not _is_list(prose, blank) else end)
        if kind is not None and prose[start:end].strip():
            yield _Stretch(kind, start, end)


def _is_list(prose: str, blank: int) -> bool:
    return re.match(r"\s*[-*+] ", prose[blank : blank + 80]) is not None


def _kind(heading: str) -> PartKind | None:
    name = plain(heading).strip(" :").casefold()
    name = re.sub(r"^[^\w]+", "", name)
    return next((kind for kind, pattern in _HEADINGS if re.fullmatch(pattern, name)), None)


def _choice(utterance: Utterance, prose: str, stretch: _Stretch) -> Iterator[Part]:
    found = statement(prose, stretch.start, stretch.end)
    if found is None or not any(char.isalnum() for char in prose[slice(*found)]):
        return
    claim, reasons = split_reason(utterance.text, *found)
    yield Part("choice", (span(utterance, *claim),))
    for reason in reasons:
        yield Part("rationale", (span(utterance, *reason),))
    for block in blocks(prose, stretch.start, stretch.end):
        for start, end in whole_sentences(prose, block.start_char, block.end_char) if block.kind != "row" else ():
            if start >= found[1] and gives_reason(prose[start:end]):
                yield Part("rationale", (span(utterance, start, end),))


def _add(parts: list[Part], utterance: Utterance, prose: str, stretch: _Stretch) -> None:
    found = [block for block in blocks(prose, stretch.start, stretch.end) if _speaks(prose, block)]
    if stretch.kind == "alternative":
        for block in found:
            if block.kind == "item" or all(other.kind != "item" for other in found):
                _alternative(parts, utterance, (block.start_char, block.end_char))
    else:
        for start, end in grouped(utterance.text, found):
            parts.append(Part(stretch.kind, (span(utterance, start, end),)))


def _speaks(prose: str, block: Block) -> bool:
    words = prose[block.start_char : block.end_char].strip(" \t\n*_.-")
    return block.kind != "row" and any(c.isalnum() for c in words) and words.casefold() not in {"n/a", "none", "tbd"}


def _alternative(parts: list[Part], utterance: Utterance, stretch: Stretch) -> None:
    name, reason = split_option(utterance.text, *stretch)
    parts.append(Part("alternative", (span(utterance, *name),)))
    if reason is not None:
        parts.append(Part("rationale", (span(utterance, *reason),), about=len(parts) - 1))
