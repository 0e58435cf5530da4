"""Part of the decision-record reader: the sentence of a section that decides.

A sentence decides when its main clause says what was or will be done (`we decided`, `we will`, `we have added`, `it is
implemented as`), orders it (`Use DuckDB`), or, under a heading that says `decision`, when it says what must be or opens
the section with a plain statement. Passed over: what a document says of itself (`This ADR outlines…`), the scene before
the decision (`Currently…`), concessions (`Although we could…` with no decision after it), questions, possibilities,
a template's words and what says that nothing is decided yet.
`This document captures our decision to use X` decides `use X`. A section without such a sentence states nothing;
one that opens with `no decision yet` states only what it then says was decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.blanks import is_undecided
from ingest.markdown import blocks, words_only
from ingest.prose import Stretch, announced, gives_reason, split_reason, statement, whole_sentences
from ingest.readers.decision_record_cues import (
    HELD,
    is_about_text,
    is_demanded,
    is_done,
    is_order,
    is_plain,
    is_result,
    is_said,
    is_said_or_ordered,
    turns_to,
)
from ingest.readers.decision_record_outline import is_blank_sentence
from ingest.readers.decision_record_tongues import is_said_elsewhere, split_reason_elsewhere

_SO = re.compile(r"(?:(?:however|but|and),?\s+)?(?P<reason>[^.]{10,}?),\s+(?:and\s+)?so\s+(?=we\b)", re.IGNORECASE)
_THEREFORE = re.compile(
    r"(?:therefore|thus|hence|as such|consequently|for (?:this|that) reason|that is why)\b,?", re.IGNORECASE
)
_GIVES_UP = re.compile(r"\b(?:won['’]t|will not|no longer|don['’]t|do not|stop)\b", re.IGNORECASE)

Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a section decides, the reasons that the same words give, and where the rest of the section begins."""

    claim: Stretch
    reasons: tuple[Stretch, ...]
    end_char: int


def decided(text: str, start: int, end: int, *, heading_decides: bool, only_said: bool = False) -> Statement | None:
    """The statement of `text[start:end]` that decides; None where none does.

    `heading_decides`: the heading says `decision`, so an opening plain statement decides as well. `only_said`: nothing
    less than `we decided` does.
    """
    found = [block for block in blocks(words_only(text), start, end) if block.kind != "row"]
    if not found:
        return None
    if found[0].kind == "item":
        opens = text[found[0].start_char : found[0].end_char]
        listed = statement(text, start, end)
        if listed is None or only_said or not ((heading_decides and is_plain(opens)) or is_order(opens)):
            return None
        return Statement(listed, (), listed[1])
    told = [
        (place, sentence)
        for place, block in enumerate(found)
        if block.kind == "paragraph"
        for sentence in whole_sentences(text, block.start_char, block.end_char)
    ]
    only_said = only_said or (bool(told) and is_undecided(text[slice(*told[0][1])]))
    told = [row for row in told if not is_blank_sentence(text[slice(*row[1])])]
    if not told:
        return None
    opening = heading_decides and not only_said
    demanded: tuple[Test, ...] = (is_demanded,) if opening else ()
    tests: tuple[Test, ...] = (is_said_or_ordered, *demanded, is_done, is_said_elsewhere, *((turns_to,) * opening))
    rows = [text[slice(*sentence)] for _, sentence in told]
    at = _first(rows, (is_said, is_said_elsewhere) if only_said else tests, plain_opening=opening)
    if at is None:
        return None
    place, sentence = told[at]
    whole = announced(text, found[place + 1 :], sentence)
    if whole != sentence:
        return Statement(whole, (), whole[1])
    same_block = [stretch for block, stretch in told if block == place]
    return _cut(text, sentence, same_block)


def _first(rows: Sequence[str], tests: Sequence[Test], *, plain_opening: bool) -> int | None:
    """Position of the sentence that decides: by the strongest test that any passes, else a plain opening one."""
    if plain_opening and is_plain(rows[0]) and gives_reason(rows[0]):
        return 0
    for test in tests:
        at = next((at for at, row in enumerate(rows) if test(row)), None)
        if at is not None:
            return at
    return 0 if plain_opening and is_plain(rows[0]) else None


def _cut(text: str, sentence: Stretch, block: Sequence[Stretch]) -> Statement:
    """The claim of a deciding sentence, its reasons, and the sentence after it where the claim only gives up."""
    start, end = sentence
    words = text[start:end]
    if is_about_text(words):
        held = HELD.search(words)
        start += held.end() if held else 0
    reasons: list[Stretch] = []
    because = _SO.match(text, start, end)
    if because:
        reasons.append(because.span("reason"))
        start = because.end()
    at = block.index(sentence)
    if at and _THEREFORE.match(words) and not is_about_text(text[slice(*block[at - 1])]):
        reasons.append(block[at - 1])
    claim, given = split_reason(text, start, end)
    if claim == (start, end) and at + 1 < len(block) and _GIVES_UP.search(words):
        after = text[slice(*block[at + 1])]
        if is_demanded(after) and not is_result(after) and not _GIVES_UP.search(after) and not gives_reason(after):
            return Statement((start, block[at + 1][1]), tuple(reasons), block[at + 1][1])
    if not given and (cut := split_reason_elsewhere(text, *claim)) is not None:
        claim, given = (claim[0], cut[0]), ((cut[1], claim[1]),)
    return Statement(claim, (*reasons, *given), end)


def statement_of(text: str, sentence: Stretch) -> Statement:
    """The claim and the reasons of one sentence that is known to decide."""
    return _cut(text, sentence, [sentence])
