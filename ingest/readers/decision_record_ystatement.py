"""Part of the decision-record reader: Y-statements, a decision told in one sentence by fixed lead-ins.

`In the context of <use case>, facing <concern>, we decided for <option> and neglected <others>, to achieve <quality>,
accepting <downside>, because <rationale>`: the last three in any order, each may be missing, as may one of the first
two. The short form is `we decided for <option> and against <others>`. The lead-ins may be bold or open list items.

The choice is the option, alternatives are the others, the concern is a constraint, the downside a consequence; the
quality and the rationale are reasons. The use case is what is decided about, where nothing else names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.markdown import Block
from ingest.prose import Stretch, whole_sentences
from ingest.readers.decision_record_outline import Chapter
from ingest.records import PartKind

UNCONFIRMED = "unconfirmed format: Y-statement"
_MARK = r"[*_]{0,3}"
_GAP = r"[\s*_]{1,8}"
_BREAK = r"(?:[,;]?[\s*_]{1,8}(?:[-*+]\s{1,4})?[*_]{0,3})"
_CONTEXT = re.compile(rf"(?:[-*+]\s{{1,4}})?{_MARK}in{_GAP}the{_GAP}context{_GAP}of{_MARK}:?\s", re.IGNORECASE)
_FACING = re.compile(rf"{_BREAK}(?:and\s)?(?:facing|faced{_GAP}with){_MARK}:?\s", re.IGNORECASE)
_WE = r"(?:we|the\steam|I)(?:\s+have)?"
_DECIDED = re.compile(
    rf"(?<![^\W_]){_WE}\s+(?:decided\s+(?:for|on|upon|in\s+favou?r\s+of|to\s+(?:use|adopt|go\s+with)|to)"
    rf"|(?:chose|selected|picked|went\s+with|opted\s+for|settled\s+on))(?:{_MARK}:?\s)",
    re.IGNORECASE,
)
_SHORT = re.compile(rf"(?<![^\W_]){_WE}\s+decided\s+(?:for|in\s+favou?r\s+of)(?:{_MARK}:?\s)", re.IGNORECASE)
_NEGLECTED = re.compile(
    rf"{_BREAK}(?:and\s{{1,4}})?(?:(?:to\s{{1,4}})?(?:neglect(?:ed|ing)?|reject(?:ed|ing)?|discard(?:ed|ing)?"
    rf"|dismiss(?:ed|ing)?)|(?:decided\s{{1,4}})?against|not\s{{1,4}}for){_MARK}:?\s",
    re.IGNORECASE,
)
_LOOSE_NEGLECTED = re.compile(
    rf"{_BREAK}(?:over|instead{_GAP}of|rather{_GAP}than|and{_GAP}not){_MARK}\s", re.IGNORECASE
)
_TAIL: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "achieve",
        re.compile(rf"{_BREAK}(?:and\s)?(?:in\s+order\s+)?to\s+(?:achieve|gain|reach){_MARK}:?\s", re.IGNORECASE),
    ),
    ("accepting", re.compile(rf"{_BREAK}(?:and\s|but\s)?accepting{_MARK}:?\s(?:that\s)?", re.IGNORECASE)),
    ("because", re.compile(rf"{_BREAK}(?:and\s)?because(?:\s+of)?{_MARK}:?\s", re.IGNORECASE)),
)
_PLACEHOLDER = re.compile(r"[*_`\"'\s]*(?:<[^<>]*>|\{[^{}]*\}|\[[^\[\]]*\](?!\()|…|\.\.\.)[*_`\"'\s]*")
_BULLET = re.compile(r"[,;\s]*\n[ \t]{0,4}[-*+]\Z")
_AND = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+")
NAME_WORDS = 4
"""`Postgres and plain files` are two options, `the cost of it and everything that comes with it` is one."""
LEAD_CHARS = 60
"""What may stand before the short form (`After two spikes, …`); `Jonas: …` may not: that is talk."""
STATEMENT_CHARS = 3_000
"""Longer than a sentence is read; ours, no source."""
_KINDS: dict[str, PartKind] = {
    "facing": "constraint",
    "decided": "choice",
    "neglected": "alternative",
    "because": "rationale",
    "achieve": "rationale",
    "accepting": "consequence",
}
_ORDER = ("decided", "because", "achieve", "neglected", "facing", "accepting")


@dataclass(frozen=True, slots=True)
class YStatement:
    """One Y-statement: where it stands, its use case, and its claims with their kinds."""

    chapter: Chapter
    start_char: int
    end_char: int
    context: Stretch | None
    claims: tuple[tuple[PartKind, Stretch], ...]
    """The choice first."""
    is_whole: bool
    """Whether it has the form with context or concern, not the short one."""

    @property
    def opens(self) -> bool:
        """Whether it opens its sentence; the short form may also stand after other words."""
        return self.is_whole or _SHORT.match(self.chapter.words, self.start_char) is not None

    @property
    def subject(self) -> str:
        """The words of the use case, else of the choice."""
        return self.chapter.utterance.text[slice(*(self.context or self.claims[0][1]))]


def y_statements(chapters: Sequence[Chapter]) -> tuple[YStatement, ...]:
    """Every Y-statement of a document, in order; those whose option is a template's placeholder are none."""
    return tuple(found for chapter in chapters for found in in_chapter(chapter))


def in_chapter(chapter: Chapter) -> Iterator[YStatement]:
    """The Y-statements of one section."""
    lowered = chapter.words.casefold()
    if not any(verb in lowered for verb in ("decided", "chose", "selected", "picked", "opted", "went", "settled")):
        return
    for start, end in _units(chapter):
        found = _statement(chapter, start, end)
        if found is not None:
            yield found


def _units(chapter: Chapter) -> Iterator[Stretch]:
    """The sentences that may hold one, each whole: what opens with a use case runs on to where the decision ends."""
    blocks = [block for block in chapter.blocks() if block.kind != "row"]
    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        sentences = list(whole_sentences(chapter.words, block.start_char, block.end_char))
        yield from sentences[:-1]
        if not sentences:
            continue
        start, end = sentences[-1]
        while at < len(blocks) and _goes_on(chapter.words, start, end, blocks[at]):
            following = next(whole_sentences(chapter.words, blocks[at].start_char, blocks[at].end_char), None)
            end = following[1] if following else blocks[at].end_char
            at += 1
        yield start, end


def _goes_on(words: str, start: int, end: int, block: Block) -> bool:
    """Whether the next block continues a statement that is still open: it opens with the next lead-in."""
    if end - start > STATEMENT_CHARS or not _CONTEXT.match(words, start, end) or words[end - 1] in ".!?":
        return False
    probe = f", {words[block.start_char : block.start_char + 80]} "
    leads = (_FACING, _NEGLECTED, *(pattern for _, pattern in _TAIL))
    return any(lead.match(probe) for lead in leads) or _DECIDED.match(probe, 2) is not None


def _statement(chapter: Chapter, start: int, end: int) -> YStatement | None:
    words = chapter.words
    end = min(end, start + STATEMENT_CHARS)
    context = _CONTEXT.match(words, start, end)
    facing = _FACING.search(words, context.end() - 1, end) if context else _FACING.match(f", {words[start:end]}")
    decided = _DECIDED.search(words, start, end)
    if decided is None:
        return None
    if context is None and facing is not None:
        return _cut(chapter, start, end, {"facing": (start, start + facing.end() - 2), "decided": decided.span()})
    if context is None:
        short = _SHORT.search(words, start, end)
        if short is None or short.start() - start > LEAD_CHARS or ":" in words[start : short.start()]:
            return None
        against = _NEGLECTED.search(words, short.end() - 1, end)
        return _cut(chapter, start, end, {"decided": short.span()}) if against else None
    leads = {"context": context.span(), "decided": decided.span()}
    if facing is not None and facing.end() <= decided.start() + 1:
        leads["facing"] = facing.span()
    return _cut(chapter, start, end, leads)


def _cut(chapter: Chapter, start: int, end: int, leads: dict[str, Stretch]) -> YStatement | None:
    """The statement cut at its lead-ins: those before the decision are given, those after it are looked for."""
    words, after = chapter.words, leads["decided"][1] - 1
    is_whole = "context" in leads or "facing" in leads
    against = _NEGLECTED.search(words, after, end) or (_LOOSE_NEGLECTED.search(words, after, end) if is_whole else None)
    tail = {name: found for name, pattern in _TAIL if (found := _lead(pattern, words, after, end)) is not None}
    first_of_tail = min((found[0] for found in tail.values()), default=end)
    if against is not None and against.start() < first_of_tail:
        leads["neglected"] = against.span()
    marks = sorted([*leads.items(), *tail.items()], key=lambda item: item[1][0])
    ends = [*(following[1][0] for _, following in pairwise(marks)), end]
    cut = {name: _trimmed(words, lead[1], right) for (name, lead), right in zip(marks, ends, strict=True)}
    left, right = cut["decided"]
    if left >= right or _PLACEHOLDER.fullmatch(words, left, right):
        return None
    claims = [
        (_KINDS[name], stretch) for name in _ORDER if name in cut for stretch in _stretches(words, name, cut[name])
    ]
    context = cut.get("context")
    return YStatement(
        chapter, start, end, context if context and context[0] < context[1] else None, tuple(claims), is_whole
    )


def _lead(pattern: re.Pattern[str], words: str, start: int, end: int) -> Stretch | None:
    """The first lead-in that a comma or a new line sets off, else the first one."""
    found = [match.span() for match in pattern.finditer(words, start, end)]
    return next((span for span in found if words[span[0]] in ",;\n"), found[0] if found else None)


def _stretches(words: str, name: str, stretch: Stretch) -> Iterator[Stretch]:
    """The claims of one segment: each of several options neglected, else the segment; placeholders are none."""
    pieces = list(_options(words, *stretch)) if name == "neglected" else [stretch]
    yield from (piece for piece in pieces if piece[0] < piece[1] and not _PLACEHOLDER.fullmatch(words, *piece))


def _options(words: str, start: int, end: int) -> Iterator[Stretch]:
    """`Postgres, SQLite and plain files` as three options; as one where a piece is longer than a name."""
    cuts = list(_AND.finditer(words, start, end))
    lefts, rights = [start, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), end]
    pieces = [_trimmed(words, left, right) for left, right in zip(lefts, rights, strict=True)]
    are_names = all(0 < len(words[left:right].split()) <= NAME_WORDS for left, right in pieces)
    yield from pieces if are_names else [(start, end)]


def _trimmed(words: str, start: int, end: int) -> Stretch:
    """The stretch without white space, closing punctuation, and marks of emphasis that do not pair."""
    edges = " \t\n,;"
    while start < end and words[start] in edges:
        start += 1
    while end > start and (
        words[end - 1] in edges or (words[end - 1] in ".!" and not words[start:end].endswith("..."))
    ):
        end -= 1
    bullet = _BULLET.search(words, max(start, end - 8), end)
    end = bullet.start() if bullet else end
    for mark in ("**", "__"):
        if words[start:end].count(mark) % 2:
            end -= 2 * words[start:end].endswith(mark)
            start += 2 * words[start:end].startswith(mark)
    return start, end
