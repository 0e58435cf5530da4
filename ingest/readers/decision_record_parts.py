"""Part of the decision-record reader: the sections of one record as one decision's parts.

Choice: `Chosen option: "X", because Y` (X; Y is rationale); else the first sentence of the decision section, with the
list it announces; else, in records that ask What and Why, the first sentence of What. A `because` clause in that
sentence is rationale, not choice. Rationale besides: further sentences of the decision section that say why in so
many words, sections headed Rationale or Why, and what is listed in favour of the chosen option. Context is never
rationale. Constraints: decision drivers. Consequences: the section of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.markdown import blocks, plain
from ingest.prose import Stretch, gives_reason, grouped, split_reason, statement, whole_sentences
from ingest.readers.decision_record_options import Option, options, taken
from ingest.readers.decision_record_outline import Chapter, says_something, under
from ingest.records import Part, PartKind
from ingest.text import span

_CHOSEN = re.compile(
    r"(?:chosen|selected|preferred) (?:option|solution|alternative)s?[*_]{0,2}\s*(?::|is|are|was)[*_]{0,2}\s*", re.I
)
_QUOTED = re.compile(
    r"[*_]{0,2}(?:[\"“]([^\n]+?)[\"”]|['‘]([^\n]+?)['’])[*_]{0,2}(?=\s*(?:[,;.:(–-]|because|since|as\b|$))", re.M
)
_BECAUSE = re.compile(r"[\s,;:.–-]*(?:\([^()\n]*\)[\s,;:–-]*)?because(?: of)?\s*:?\s*", re.IGNORECASE)
_UNQUOTED_END = re.compile(r"[,;]?\s+because\b|,\s+(?:since|as)\b|\.(?=\s|$)|$", re.IGNORECASE | re.MULTILINE)
UNCLEAR_OPTION = "which of the considered options was chosen is not clear"


@dataclass(slots=True)
class Parts:
    """Parts in the order found; one stretch is never two parts of a kind."""

    found: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _known: set[Part] = field(default_factory=set)

    def add(self, kind: PartKind, chapter: Chapter, stretch: Stretch, about: int | None = None) -> int | None:
        """Position of the new part; None for one that says nothing, or that is there already."""
        start, end = _trimmed(chapter.utterance.text, *stretch)
        if start >= end or not says_something(chapter.utterance.text[start:end]):
            return None
        part = Part(kind, (span(chapter.utterance, start, end),), about)
        if part in self._known:
            return None
        self._known.add(part)
        self.found.append(part)
        return len(self.found) - 1


def record_parts(chapters: Sequence[Chapter]) -> Parts:
    """The parts of the one decision that a record tells; no choice among them means that it tells none."""
    parts = Parts()
    position, chosen_option = _choice(chapters, parts)
    if position is None:
        return Parts()
    _options(chapters, parts, chosen_option)
    for chapter in chapters:
        _by_heading(chapter, parts)
    return parts


def _choice(chapters: Sequence[Chapter], parts: Parts) -> tuple[int | None, str]:
    """Position of the choice's part and the words that name the chosen option."""
    for position, chapter in enumerate(chapters):
        if chapter.role != "decision":
            continue
        inner = [chapter, *(other for other in under(chapters, position) if not other.role)]
        for candidate in inner:
            chosen = _CHOSEN.search(candidate.words, candidate.body_char)
            if chosen:
                return _chosen(candidate, chosen.end(), parts)
        for candidate in inner:
            found = _stated(candidate, parts)
            if found is not None:
                return found, parts.found[found].spans[0].quote
    whats = [chapter for chapter in chapters if chapter.role == "what"]
    if whats and any(chapter.role == "rationale" for chapter in chapters):
        found = _stated(whats[0], parts)
        return found, "" if found is None else parts.found[found].spans[0].quote
    return None, ""


def _chosen(chapter: Chapter, start: int, parts: Parts) -> tuple[int | None, str]:
    text = chapter.utterance.text
    quoted = _QUOTED.match(text, start)
    if quoted:
        stretch, after = quoted.span(1 if quoted.group(1) else 2), quoted.end()
    else:
        end = _UNQUOTED_END.search(text, start)
        after = end.start() if end else len(text)
        stretch = (start, after)
    position = parts.add("choice", chapter, stretch)
    because = _BECAUSE.match(chapter.words, after)
    if position is not None and because:
        for reason in _reasons(chapter, because.end()):
            parts.add("rationale", chapter, reason)
    return position, plain(text[slice(*stretch)])


def _reasons(chapter: Chapter, start: int) -> Iterator[Stretch]:
    """What follows `because`: the paragraph's rest, or the list right below, item by item with what is nested in it."""
    found = [block for block in blocks(chapter.words, start) if block.kind != "row"]
    if found and found[0].kind == "paragraph":
        yield found[0].start_char, found[0].end_char
        if not chapter.utterance.text[: found[0].end_char].endswith(":"):
            return
        found = found[1:]
    left: int | None = None
    right = 0
    outer = found[0].indent if found else 0
    for block in found:
        if block.kind != "item":
            break
        if block.indent <= outer:
            if left is not None:
                yield left, right
            left = block.start_char
        right = block.end_char
    if left is not None:
        yield left, right


def _stated(chapter: Chapter, parts: Parts) -> int | None:
    """The choice that a section of prose opens with; further sentences that say why become rationale."""
    text = chapter.utterance.text
    found = statement(text, chapter.body_char, len(text))
    if found is None:
        return None
    claim, reasons = split_reason(text, *found)
    position = parts.add("choice", chapter, claim)
    if position is None:
        return None
    for reason in reasons:
        parts.add("rationale", chapter, reason)
    for block in chapter.blocks():
        for start, end in whole_sentences(text, block.start_char, block.end_char) if block.kind != "row" else ():
            if start >= found[1] and gives_reason(text[start:end]):
                parts.add("rationale", chapter, (start, end))
    return position


def _options(chapters: Sequence[Chapter], parts: Parts, chosen: str) -> None:
    found = options(chapters)
    marked = [position for position, option in enumerate(found) if option.verdict in {"selected", "chosen", "accepted"}]
    winner = taken(found, chosen) if not marked else None
    winners = {winner} if winner is not None else set(marked)
    if found and not winners and not all(option.is_alternative for option in found):
        parts.notes.append(UNCLEAR_OPTION)
    for position, option in enumerate(found):
        if position in winners:
            for argument in option.arguments:
                if not argument.against:
                    parts.add("rationale", argument.chapter, argument.stretch)
        elif winners or option.is_alternative:
            _alternative(option, parts)


def _alternative(option: Option, parts: Parts) -> None:
    about = parts.add("alternative", option.chapter, option.stretch)
    for argument in option.arguments if about is not None else ():
        if argument.against:
            parts.add("rationale", argument.chapter, argument.stretch, about)


def _by_heading(chapter: Chapter, parts: Parts) -> None:
    roles: dict[str, PartKind] = {"rationale": "rationale", "drivers": "constraint", "consequences": "consequence"}
    kind = roles.get(chapter.role)
    if kind is None and not chapter.role and chapter.within:
        kind = "consequence" if chapter.within[-1] == "consequences" else None
    if kind is None:
        return
    for stretch in grouped(chapter.utterance.text, chapter.blocks()):
        parts.add(kind, chapter, stretch)


def _trimmed(text: str, start: int, end: int) -> Stretch:
    while start < end and (text[start].isspace() or (text[start] in "*_" and text[start : start + 2] in {"**", "__"})):
        start += 1 if text[start].isspace() else 2
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:"):
        end -= 1
    if text[start:end].count("**") % 2:
        if text[start:end].endswith("**"):
            end -= 2
        elif start >= 2 and text[start - 2 : start] == "**":
            start -= 2
    return start, end
