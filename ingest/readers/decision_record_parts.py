"""Part of the decision-record reader: the sections of one record as one decision's parts.

Choice: `Chosen option: "X", because Y` (X; Y is rationale); else that of a Y-statement; else the sentence of the
decision section that decides, with the list it announces; else, in records that ask What and Why, such a sentence of
What, else of How. No sentence that decides, no decision. A `because` clause in that sentence is rationale, not
choice. Rationale besides: further sentences of the section that refer back to the choice and say why, sections headed
Rationale or Why (less inventories and what they say of the document), and what is listed in favour of the chosen
option. Context is never rationale. Constraints: decision drivers. Consequences: the section of that name, and what a
sentence of the decision section calls a result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.markdown import blocks, plain
from ingest.prose import LABEL_WORDS, Stretch, grouped, whole_sentences
from ingest.readers.decision_record_choice import decided
from ingest.readers.decision_record_cues import is_about_text, is_reason, is_result
from ingest.readers.decision_record_names import unique_match
from ingest.readers.decision_record_options import Option, options, taken
from ingest.readers.decision_record_outline import Chapter, says_something, under
from ingest.readers.decision_record_tongues import BECAUSE, CHOSEN
from ingest.readers.decision_record_ystatement import YStatement
from ingest.records import Part, PartKind
from ingest.text import span

_CHOSEN = re.compile(
    rf"(?:(?:chosen|selected|preferred) (?:option|solution|alternative)s?|{CHOSEN})[*_]{{0,2}}\s*"
    r"(?::|is|are|was)[*_]{0,2}\s*",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    rf"[*_]{{0,2}}(?:[\"“„«]([^\n]+?)[\"”“»]|['‘]([^\n]+?)['’])[*_]{{0,2}}(?=\s*(?:[,;.:(–-]|because|since|as\b|{BECAUSE}|$))",
    re.MULTILINE,
)
_BECAUSE = re.compile(rf"[\s,;:.–-]*(?:\([^()\n]*\)[\s,;:–-]*)?(?:because(?: of)?|{BECAUSE})\s*:?\s*", re.IGNORECASE)
_UNQUOTED_END = re.compile(
    rf"[,;]?\s+because\b|,\s+(?:(?:since|as)\b|{BECAUSE})|\.(?=\s|$)|$", re.IGNORECASE | re.MULTILINE
)
_LISTED = re.compile(r"\n[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+")
_POINTS_ON = re.compile(r"\b(?:following|these|below|including)\b", re.IGNORECASE)
_OF_REASONS = re.compile(
    r"\b(?:reasons?|advantages?|benefits?|limitations?|drawbacks?|problems?|issues?|qualities|criteria|because)\b", re.I
)
NAME_WORDS = 4
"""An item of up to so many words is a name in an inventory (`Data Science Pipeline Operator`)."""
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

    def add_told(self, told: YStatement, *kinds: PartKind) -> None:
        """Take a Y-statement's claims of these kinds."""
        for kind, stretch in told.claims:
            if kind in kinds:
                self.add(kind, told.chapter, stretch)


def told_parts(told: YStatement) -> Parts:
    """The parts of a decision that is a Y-statement and nothing else; none where its choice says nothing."""
    parts = Parts()
    parts.add_told(told, "choice", "rationale", "alternative", "constraint", "consequence")
    return parts if any(part.kind == "choice" for part in parts.found) else Parts()


def record_parts(chapters: Sequence[Chapter], told: YStatement | None = None) -> Parts:
    """The parts of the one decision that a record tells; no choice among them means that it tells none.

    `told`: the Y-statement in the record. It is the choice, unless a `Chosen option:` says it as well.
    """
    parts = Parts()
    if told is None or names_choice(chapters):
        position, chosen_option = _choice(chapters, parts)
        if position is None:
            return Parts()
    else:
        parts.add_told(told, "choice")
        if not parts.found:
            return parts
        chosen_option = plain(parts.found[0].spans[0].quote)
    if told is not None:
        parts.add_told(told, "rationale", "constraint", "consequence")
    _options(chapters, parts, chosen_option)
    if told is not None:
        _neglected(told, parts)
    for chapter in chapters:
        _by_heading(chapter, parts)
    return parts


def _neglected(told: YStatement, parts: Parts) -> None:
    """The options that a Y-statement turns down, but for those that the record lists as well."""
    known = [plain(part.spans[0].quote) for part in parts.found if part.kind == "alternative"]
    for kind, (start, end) in told.claims:
        if kind == "alternative" and unique_match(plain(told.chapter.utterance.text[start:end]), known) is None:
            parts.add(kind, told.chapter, (start, end))


def names_choice(chapters: Sequence[Chapter]) -> bool:
    """Whether a section of the decision says `Chosen option:`."""
    return any(
        _CHOSEN.search(chapter.words, chapter.body_char)
        for chapter in chapters
        if chapter.role == "decision" or "decision" in chapter.within
    )


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
        has_words = any(block.kind != "row" for block in chapter.blocks())
        for candidate in inner:
            found = _stated(candidate, parts, only_said=has_words and candidate is not chapter)
            if found is not None:
                return found, parts.found[found].spans[0].quote
    if any(chapter.role == "rationale" for chapter in chapters):
        whats = [chapter for role in ("what", "how") for chapter in chapters if chapter.role == role]
        for chapter in whats if any(chapter.role == "what" for chapter in whats) else ():
            found = _stated(chapter, parts, heading_decides=False)
            if found is not None:
                return found, parts.found[found].spans[0].quote
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


def _stated(chapter: Chapter, parts: Parts, *, heading_decides: bool = True, only_said: bool = False) -> int | None:
    """The choice that a section of prose states, with its reasons and what the section calls its result."""
    text = chapter.utterance.text
    found = decided(text, chapter.body_char, len(text), heading_decides=heading_decides, only_said=only_said)
    position = parts.add("choice", chapter, found.claim) if found else None
    if found is None or position is None:
        return None
    for reason in found.reasons:
        parts.add("rationale", chapter, reason)
    for block in chapter.blocks():
        for start, end in whole_sentences(text, block.start_char, block.end_char) if block.kind != "row" else ():
            if start >= found.end_char and is_result(text[start:end]):
                parts.add("consequence", chapter, (start, end))
            elif start >= found.end_char and is_reason(text[start:end]):
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
        kept = _reason_in(chapter.utterance.text, *stretch) if kind == "rationale" else stretch
        if kept is not None:
            parts.add(kind, chapter, kept)


def _reason_in(text: str, start: int, end: int) -> Stretch | None:
    """What of a statement under `Why` is a reason.

    None is: an inventory (`…the following resources:` and names), a lead-in that lost its list, and what the document
    says of itself.
    """
    listed = _LISTED.search(text, start, end)
    lead_end = listed.start() if listed else end
    sentences = list(whole_sentences(text, start, lead_end))
    if not sentences:
        return (start, end) if start < end else None
    last = text[slice(*sentences[-1])].rstrip(" \t\n*_")
    names = [plain(line) for line in _LISTED.split(text[lead_end:end]) if line.strip()]
    is_inventory = len(names) > 1 and all(len(name.split()) <= NAME_WORDS for name in names)
    is_cut_off = last.endswith(":") and not listed and (_POINTS_ON.search(last) or len(last.split()) <= LABEL_WORDS + 2)
    if (is_inventory and _POINTS_ON.search(last) and not _OF_REASONS.search(last)) or is_cut_off:
        sentences, end = sentences[:-1], sentences[-1][0]
    if not sentences or is_about_text(text[slice(*sentences[0])]):
        return None
    return start, end


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
