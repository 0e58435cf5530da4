"""Sentences of written decisions: the statement that opens a text, and the reason that a sentence gives.

Used by readers of structured sources, where a heading already says that the text decides; all offsets are code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.markdown import Block, blocks, words_only
from ingest.text import sentences

LEAD_CHARS = 600
"""A statement with its list is quoted whole up to this length; beyond, its first item stands for it."""

_REASON = re.compile(
    r"[,;]?\s{1,40}(?:because(?: of)?|as a result of|so that|in order to|due to|given that|for the sake of"
    r"|since(?!\s+(?:\d|then\b)))"
    r"(?::\s{0,40}|\s{1,40})(?=\S)",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:(?:thus|therefore|hence|so|and|but|however),?\s+)?"
    r"(?:because(?: of)?|since(?!\s+(?:\d|then\b))|given that|in order to|due to|for the sake of)"
    r"\s+([^,]{3,}?),\s+(?=\w)",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"\b(?:because|so that|in order to|due to|given that|since(?!\s+(?:\d|then\b)))\b", re.IGNORECASE)
CLAIM_WORDS = 2
"""`Use DuckDB` is a claim; a single word before `because` (`Mostly because…`) is not."""
OPTION_WORDS = 10
"""Longer than any option name in the 46 records of the development set that stands before a colon or dash."""
_OPTION_MARK = re.compile(r"[*_`]{0,3}(?::[*_]{0,2}\s+|\s+[–—]\s+|\s+-{1,2}\s+)(?=\S)")
LABEL_WORDS = 3
"""`Positive consequences:` labels a list, `The following components need it:` is part of what is said."""
_SCENE = re.compile(
    r"(?:currently|although|while|historically|today|at (?:the moment|present)"
    r"|as (?:mentioned|described|discussed|noted)|there (?:is|are|was|were))\b",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\b(?:we|team)\b.{0,40}\b(?:decided|decide|will|chose|chosen|opted|agreed|should|shall)\b|\bdecision (?:was|is)\b",
    re.IGNORECASE | re.DOTALL,
)
_UNFINISHED = re.compile(
    r"(?:\b(?:not|this|that)|\b(?:this|that|it|which|reason) (?:is|was)|\bit[’']s)$", re.IGNORECASE
)
"""Words a claim cannot end with: `this is because…` claims nothing without its reason."""
_EDGES = " \t\n*_"

Stretch = tuple[int, int]
"""`[start, end)` in code points."""


def gives_reason(sentence: str) -> bool:
    """Whether a sentence says in so many words why (`because`, `so that`, `in order to`, `due to`, `since`)."""
    return _BECAUSE.search(sentence) is not None


def split_reason(text: str, start: int, end: int) -> tuple[Stretch, tuple[Stretch, ...]]:
    """A sentence's claim and its reasons: `use X, because Y` and `because Y, use X` both give use X and Y.

    Without such words, or where fewer than CLAIM_WORDS would be left of the claim, the whole sentence is the claim.
    """
    reasons: list[Stretch] = []
    opening = _OPENING.match(text, start, end)
    if opening:
        reasons.append((opening.start(1), opening.end(1)))
        start = opening.end()
    cut = _REASON.search(text, start, end)
    claim = text[start : cut.start()].strip(_EDGES) if cut else ""
    if cut and len(claim.split()) >= CLAIM_WORDS and not _UNFINISHED.search(claim):
        return (start, cut.start()), (*reasons, (cut.end(), end))
    return (start, end), tuple(reasons)


def whole_sentences(text: str, start: int, end: int) -> Iterator[Stretch]:
    """The sentences of `text[start:end]`; a stop inside brackets or code marks, or before a small letter, ends none.

    Brackets left open for LEAD_CHARS hold no longer: they were never meant to close.
    """
    begin: int | None = None
    last = start
    for left, right in sentences(text[start:end]):
        goes_on = text[start + left].islower() and text[last - 1] in ".…"
        if begin is not None and not goes_on and not (last - begin < LEAD_CHARS and _is_open(text[begin:last])):
            yield begin, last
            begin = None
        begin = start + left if begin is None else begin
        last = start + right
    if begin is not None:
        yield begin, last


def _is_open(piece: str) -> bool:
    return piece.count("[") > piece.count("]") or piece.count("(") > piece.count(")") or piece.count("`") % 2 == 1


def statement(text: str, start: int, end: int) -> Stretch | None:
    """The stretch that states the decision: the first sentence, with the list it announces.

    A first sentence that only sets the scene (`Currently…`) gives way to the first that decides (`we will…`). A list
    without a lead-in is taken whole. Beyond LEAD_CHARS only the first item is taken.
    """
    found = [block for block in blocks(words_only(text), start, end) if block.kind != "row"]
    if not found:
        return None
    if found[0].kind == "item":
        return _with_list(found[0].start_char, _leading_items(found))
    told = [
        (place, sentence)
        for place, block in enumerate(found)
        if block.kind == "paragraph"
        for sentence in whole_sentences(text, block.start_char, block.end_char)
    ]
    place, opening = told[0]
    if _SCENE.match(text[slice(*opening)]):
        place, opening = next((row for row in told if _DECIDES.search(text[slice(*row[1])])), told[0])
    return announced(text, found[place + 1 :], opening)


def announced(text: str, following: Sequence[Block], sentence: Stretch) -> Stretch:
    """A sentence together with the list that it announces by a colon, where one follows; else the sentence alone."""
    announces = text[slice(*sentence)].rstrip(_EDGES).endswith(":")
    items = _leading_items(following) if announces else []
    return _with_list(sentence[0], items) if items else sentence


def _with_list(start: int, items: Sequence[Block]) -> Stretch:
    return start, items[-1 if items[-1].end_char - start <= LEAD_CHARS else 0].end_char


def grouped(text: str, found: Sequence[Block]) -> Iterator[Stretch]:
    """Blocks as whole statements: an item with those below it, a lead-in (`…as follows:`) with its list.

    A lead-in of up to LABEL_WORDS words is a label and dropped; its items stand alone. So do those of a list that
    would be longer than LEAD_CHARS.
    """
    place = 0
    while place < len(found):
        block = found[place]
        place += 1
        if block.kind == "row":
            continue
        words = text[block.start_char : block.end_char].rstrip(_EDGES)
        below = _leading_items(found[place:]) if block.kind == "paragraph" else _below(block, found[place:])
        if block.kind == "paragraph" and words.endswith(":") and len(words.split()) <= LABEL_WORDS:
            continue
        joins = below and (block.kind == "item" or words.endswith(":"))
        if joins and below[-1].end_char - block.start_char <= LEAD_CHARS:
            yield block.start_char, below[-1].end_char
            place += len(below)
        else:
            yield block.start_char, block.end_char


def _below(item: Block, rest: Sequence[Block]) -> Sequence[Block]:
    ends = (at for at, block in enumerate(rest) if block.kind != "item" or block.indent <= item.indent)
    return rest[: next(ends, len(rest))]


def _leading_items(found: Sequence[Block]) -> Sequence[Block]:
    count = next((position for position, block in enumerate(found) if block.kind != "item"), len(found))
    return found[:count]


def split_option(text: str, start: int, end: int) -> tuple[Stretch, Stretch | None]:
    """An option's name and what is said of it: `Postgres: too heavy`, `Postgres — too heavy`, `Postgres, because…`.

    The whole is the name where no such mark stands within the first OPTION_WORDS words.
    """
    mark = _OPTION_MARK.search(text, start, end)
    if mark and 0 < len(text[start : mark.start()].split()) <= OPTION_WORDS:
        return (start, mark.start()), (mark.end(), end)
    claim, reasons = split_reason(text, start, end)
    return claim, reasons[0] if reasons and claim[0] == start else None
