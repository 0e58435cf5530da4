"""SpecStory Markdown cut into blocks: what one role wrote, a tool's use, or a thought."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ingest import times
from ingest.readers.specstory_steps import RULE, tool_step

BlockKind = Literal["text", "tool", "thought"]

_ROLE = re.compile(r"_\*\*(User|Agent|Assistant)( - sidechain)?(?: \((.*)\))?\*\*_\s*$")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?:Z|[+-]\d{4})?$")
_MODEL = re.compile(r"model ([^,]+)")
_OPENINGS: tuple[tuple[BlockKind, re.Pattern[str], str], ...] = (
    ("tool", re.compile(r"<tool-use\b"), "</tool-use>"),
    ("thought", re.compile(r"<think>"), "</think>"),
    ("tool", re.compile(r"<details><summary>Tool use:"), "</details>"),
)
_FENCE = re.compile(r"\s*(`{3,}+|~{3,}+)([^`]*+)$")
_NESTED_LINES = 2_000
"""How far the end of fences within fences is looked for."""
_NESTED_LOOKS = 8
"""So many lines for each line of the text are looked at for such ends; real texts take two."""
_PREAMBLE = ("<!-- ", "# ")
HEAD_LINES = 12
"""Within so many lines the head of a file ends."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a role line says: who, by which model, when, and whether in a subagent."""

    is_user: bool
    model: str | None
    said_at: datetime | None
    is_side: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `[start, end)` of the text, under the role line last met (None: before the first)."""

    kind: BlockKind
    start: int
    end: int
    header: Header | None
    fault: str = ""
    """Why the block is refused; empty for a sound one."""
    from_char: int = 0
    """Where on its first line the block begins."""
    to_char: int | None = None
    """Where on its last line it ends (None: with the line)."""

    def text(self, lines: Sequence[str]) -> str:
        """The block's lines, without blank ones at the ends."""
        own = [*lines[self.start : self.end]]
        own[-1] = own[-1][: self.to_char]
        own[0] = own[0][self.from_char :]
        return "\n".join(own).strip("\n")


@dataclass(slots=True)
class Closings:
    """Where constructs end. Each search that finds nothing is remembered, so that the whole stays linear."""

    lines: Sequence[str]
    hopeless: set[str] = field(default_factory=set)
    open_fences: dict[str, int] = field(default_factory=dict)
    trusts_fences: bool = True
    looked_at: int = 0

    def construct(self, at: int, header: Header | None) -> tuple[BlockKind, int, bool] | None:
        """The kind of the block that opens on this line, the line after its end, and whether it is closed.

        A tool step needs the assistant's role line above: what a person pasted stays the person's.
        """
        if header is not None and not header.is_user and (step := tool_step(self.lines, at)):
            return "tool", step, True
        for kind, opening, closing in _OPENINGS:
            if opening.match(self.lines[at]):
                end = self._close(at, closing)
                return (kind, end, True) if end else (kind, self._next_role(at + 1), False)
        return None

    def fence(self, at: int) -> int | None:
        """The line after the code fence that opens here; None for no fence, or one that is never closed.

        An agent that shows Markdown puts fences within fences. Where their marks, paired from within, all close before
        the next turn, they are read so; the first bare mark would close the outer one, and the last one hide that turn.
        """
        opening = _FENCE.match(self.lines[at])
        if opening is None:
            return None
        char, length = opening[1][0], len(opening[1])
        nested = self._nested(at, char)
        if nested is not None or length >= self.open_fences.get(char, length + 1):
            return nested
        for number in range(at + 1, len(self.lines)):
            match = _FENCE.match(self.lines[number])
            if match and match[1][0] == char and len(match[1]) >= length and not match[2].strip():
                return number + 1
        self.open_fences[char] = length
        return None

    def _nested(self, at: int, char: str) -> int | None:
        """The line after a fence that holds others, where all fences from here to the next turn close; else None."""
        depth, deepest, end = 1, 1, 0
        left = _NESTED_LOOKS * len(self.lines) - self.looked_at
        for number in range(at + 1, min(len(self.lines), at + min(left, _NESTED_LINES))):
            self.looked_at += 1
            match = _FENCE.match(self.lines[number])
            if match and match[1][0] == char:
                depth += 1 if match[2].strip() or not depth else -1
                deepest = deepest if end else max(deepest, depth)
                end = end if depth or end else number + 1
                if end and deepest == 1:
                    return None
            elif self._is_turn(number):
                return end if not depth else None
        return None

    def _close(self, at: int, closing: str) -> int:
        """The line after the closing mark outside code fences, else after the first one at all; 0 without any."""
        if closing in self.hopeless:
            return 0
        first = 0
        inside: str | None = None
        for number in range(at, len(self.lines)):
            line = self.lines[number]
            if line.rstrip().endswith(closing):
                if inside is None or not self.trusts_fences:
                    return number + 1
                first = first or number + 1
            inside = _fence_after(line, inside) if closing != "</think>" else None
        if first:
            self.trusts_fences = False
        else:
            self.hopeless.add(closing)
        return first

    def _is_turn(self, at: int) -> bool:
        """Whether a role line stands here below a rule and blank lines, as the format parts the turns."""
        if _ROLE.match(self.lines[at]) is None:
            return False
        before = at - 1
        while before > 0 and not self.lines[before].strip():
            before -= 1
        return self.lines[before].strip() == RULE

    def _next_role(self, at: int) -> int:
        return next((n for n in range(at, len(self.lines)) if _ROLE.match(self.lines[n])), len(self.lines))


def header_of(line: str) -> Header | None:
    """The role line's content; None for any other line."""
    match = _ROLE.match(line)
    if match is None:
        return None
    label, side, inner = match.groups()
    stamp = _STAMP.search(inner or "")
    rest = (inner or "")[: stamp.start() if stamp else None].strip(" ,")
    model = _MODEL.match(rest)
    return Header(label == "User", (model[1] if model else rest).strip() or None, stamp_of(stamp), bool(side))


def stamp_of(stamp: re.Match[str] | None) -> datetime | None:
    """The UTC time of a matched stamp; None without one, or when it is no time."""
    try:
        return times.utc(stamp[0]) if stamp else None
    except OverflowError:  # a zone offset that leads past year 1 or 9999
        return None


def blocks(lines: Sequence[str]) -> Iterator[Block]:
    """Every block in file order."""
    closings = Closings(lines)
    header: Header | None = None
    at = begun = 0
    while at < len(lines):
        if (role := header_of(lines[at])) is not None:
            yield from _text(lines, begun, at, header)
            header, at = role, at + 1
            begun = at
        elif (found := closings.construct(at, header)) is not None:
            yield from _text(lines, begun, at, header)
            kind, end, is_closed = found
            yield Block(kind, at, end, header, "" if is_closed else f"a {kind} block that is never closed")
            at = begun = end
        else:
            at = closings.fence(at) or at + 1
    yield from _text(lines, begun, len(lines), header)


def count_blocks(lines: Sequence[str]) -> int:
    """How many blocks there are: constructs opened, and stretches between them and role lines that hold any word."""
    closings = Closings(lines)
    header: Header | None = None
    count, is_inked, is_preamble, at = 0, False, True, 0
    while at < len(lines):
        role = header_of(lines[at])
        is_role, header = role is not None, role or header
        found = None if is_role else closings.construct(at, header)
        if is_role or found is not None:
            count += is_inked + (found is not None)
            is_inked, is_preamble = False, is_preamble and not is_role
            at = found[1] if found else at + 1
            continue
        end = closings.fence(at) or at + 1
        is_inked = is_inked or end > at + 1 or is_word_line(lines[at], is_preamble=is_preamble)
        at = end
    return count + is_inked


def is_word_line(line: str, *, is_preamble: bool) -> bool:
    """Whether a line outside fences belongs to a text: not blank, no rule, and no comment or title at the head."""
    return bool(line.strip()) and line.strip() != RULE and not (is_preamble and line.startswith(_PREAMBLE))


def stretch(lines: Sequence[str], start: int, end: int, *, is_preamble: bool = False) -> tuple[int, int]:
    """`[start, end)` without blank lines, rules and (in a preamble) comments and title at its two ends."""
    while start < end and not is_word_line(lines[start], is_preamble=is_preamble):
        start += 1
    while end > start and not is_word_line(lines[end - 1], is_preamble=is_preamble):
        end -= 1
    return start, end


def _text(lines: Sequence[str], start: int, end: int, header: Header | None) -> Iterator[Block]:
    """The words of a stretch of lines; nothing where there are none."""
    start, end = stretch(lines, start, end, is_preamble=header is None)
    if start < end:
        yield Block("text", start, end, header)


def _fence_after(line: str, inside: str | None) -> str | None:
    """The fence that is open after this line, given the one open before it."""
    match = _FENCE.match(line)
    if match is None:
        return inside
    if inside is None:
        return match[1]
    closes = match[1][0] == inside[0] and len(match[1]) >= len(inside) and not match[2].strip()
    return None if closes else inside
