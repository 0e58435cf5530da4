"""Aider's chat history cut into runs, and each run into blocks: what one voice wrote in one go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Voice = Literal["person", "tool", "assistant"]

HEADER = re.compile(r"# aider chat started at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*$", re.ASCII)
_FENCE = re.compile(r" {0,3}(`{3,}+|~{3,}+)([^`\n]*+)$")
_NOTICE = re.compile(
    r"> (?:Tokens: |Applied edit|Commit |Added |Removed |Creating |Created |Did not|Skipping |Only |Model|Main model"
    r"|Git repo|Repo-map|Aider v|Use /help|You can use|\^C|The LLM did not|Running |Add |Run |Edit |Allow |Attempt)"
)
"""How the tool's own lines begin, where only their words tell them from a quotation by the model."""
_REPLY_IS_OVER = re.compile(r"> (?:Tokens: |\^C|Applied edit to )")


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines of one voice, the marks still on them; `start` is the number of the first one, from 1."""

    voice: Voice
    start: int
    lines: tuple[str, ...]

    @property
    def units(self) -> int:
        """How many of its lines hold anything."""
        return sum(1 for line in self.lines if line.strip())


@dataclass(frozen=True, slots=True)
class Run:
    """One start of the program: the time its header states, its header's line, and what follows."""

    stamp: str
    start: int
    lines: Sequence[str]


@dataclass(slots=True)
class _Cut:
    """Where the walk through a run stands."""

    is_exact: bool
    """Whether the marks still end with the two spaces they are written with, so that a heading or quotation of the
    model is told from a prompt and a notice."""
    voice: Voice | None = None
    is_open: bool = False
    """Whether the tool's text goes on without marks (output of several lines has one on its first line only)."""
    fence: str | None = None
    is_after_blank: bool = True
    found: list[tuple[Voice, int, list[str]]] = field(default_factory=list)

    def voice_of(self, line: str) -> Voice:
        """Whose line this is."""
        if self.fence is not None and not (self.is_exact and _REPLY_IS_OVER.match(line) and line.endswith("  ")):
            return "assistant"
        if line.startswith("####") and line[4:5] in ("", " ") and self._is_prompt(line):
            return "person"
        if line.startswith(">") and self._is_notice(line):
            return "tool"
        return "tool" if self.is_open or self.voice is None else "assistant"

    def _is_prompt(self, line: str) -> bool:
        return line.endswith("  ") if self.is_exact else self.voice != "assistant"

    def _is_notice(self, line: str) -> bool:
        if self.voice != "assistant":
            return True
        return line.endswith("  ") if self.is_exact else _NOTICE.match(line) is not None


def runs(lines: Sequence[str]) -> tuple[int, list[Run]]:
    """How many lines stand before the first header, and the runs in order."""
    starts = [(number, match[1]) for number, line in enumerate(lines) if (match := HEADER.match(line))]
    ends = [*(number for number, _ in starts[1:]), len(lines)]
    found = [Run(stamp, at + 1, lines[at + 1 : end]) for (at, stamp), end in zip(starts, ends, strict=bool(starts))]
    return (starts[0][0] if starts else len(lines)), found


def blocks(run: Run) -> Iterator[Block]:
    """The blocks of a run, in order; blank lines between them belong to none."""
    cut = _Cut(is_exact=any(line.startswith((">", "####")) and line.endswith("  ") for line in run.lines))
    for number, line in enumerate(run.lines, run.start + 1):
        if line.strip():
            _take(cut, number, line)
            cut.is_after_blank = False
        else:
            if cut.found:
                cut.found[-1][2].append("")
            cut.is_after_blank = True
    for voice, start, kept in cut.found:
        while not kept[-1].strip():
            kept.pop()
        yield Block(voice, start, tuple(kept))


def _take(cut: _Cut, number: int, line: str) -> None:
    voice = cut.voice_of(line)
    is_new = voice != cut.voice or (voice == "person" and cut.is_after_blank)
    is_marked = line.startswith((">", "####"))
    if voice == "tool":
        cut.is_open = cut.is_exact and not line.endswith("  ") if is_marked else cut.is_open
        cut.fence = None
    else:
        cut.is_open = False
    if voice == "assistant":
        cut.fence = _fence_after(line, cut.fence)
    cut.voice = voice
    if is_new or not cut.found:
        cut.found.append((voice, number, [line]))
    else:
        cut.found[-1][2].append(line)


def _fence_after(line: str, inside: str | None) -> str | None:
    """The fence that is open after this line, given the one open before it."""
    match = _FENCE.match(line)
    if match is None:
        return inside
    if inside is None:
        return match[1]
    closes = match[1][0] == inside[0] and len(match[1]) >= len(inside) and not match[2].strip()
    return None if closes else inside
