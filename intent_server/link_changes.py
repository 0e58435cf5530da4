"""Pure: what an agent changed in its session, by its own records: files it edited, commits it made.

A decision is carried out by what comes next: the edits after it up to where the person speaks again. What is edited
after that is done for what they said then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from intent_server.link_edits import edited, noticed

_FAILED = re.compile(
    r"\s*(?:<tool_use_error>|error\b|\[rejected\]|\[denied\]|the user (?:doesn't|does not) want|user rejected"
    r"|failed\b|apply_patch verification failed|string to replace not found|no changes)",
    re.IGNORECASE,
)
_MOST_TURNS = 1
"""A person often answers once more before the work begins."""
_COMMITTED = re.compile(r"^\[(?:[^\s\]]+|detached HEAD)(?: \(root-commit\))? ([0-9a-f]{7,40})\] ", re.MULTILINE)
_AIDER_COMMIT = re.compile(r"^Commit ([0-9a-f]{7,40}) ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    """A tool's call or result, or a person's turn. `topic`: the tool's name. `at`: when, where the source says it."""

    index: int
    role: str
    topic: str
    text: str
    native_id: str | None = None
    parent_id: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A file that the agent edited, at an utterance. `at`: when, where the source says it."""

    index: int
    path: str
    words: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A commit whose hash stands in a tool's output."""

    index: int
    sha: str
    words: str


def edits(steps: Sequence[Step]) -> tuple[Edit, ...]:
    """The files that were edited, in order; calls that failed or were refused are left out."""
    failed = _failed(steps)
    found: list[Edit] = []
    for step in steps:
        told = noticed(step.text) if step.role == "tool_result" else ()
        if step.role == "tool_call" and step.index not in failed:
            told = edited(step.topic, step.text)
        found += (Edit(step.index, path, _line(step.text, path), step.at) for path in told)
    return tuple(found)


def carried_out(steps: Sequence[Step], since: int) -> range:
    """The utterances in which what was decided at `since` is carried out, by their indices.

    They end where a person speaks after the first edit. What begins after two turns of theirs is for something else.
    """
    later = [edit.index for edit in edits(steps) if edit.index > since]
    turns = [step.index for step in steps if step.role == "person" and step.index > since]
    if not later or sum(turn < later[0] for turn in turns) > _MOST_TURNS:
        return range(0)
    last = max(step.index for step in steps) + 1
    return range(since + 1, next((turn for turn in turns if turn > later[0]), last))


def commits_made(steps: Sequence[Step]) -> tuple[Made, ...]:
    """The commits that tools' output tells of, as git prints them."""
    return tuple(
        Made(step.index, at[1], at[0].strip())
        for step in steps
        if step.role == "tool_result"
        for pattern in (_COMMITTED, _AIDER_COMMIT)
        for at in pattern.finditer(step.text)
    )


def _line(text: str, path: str) -> str:
    line = next((line for line in text.splitlines() if path in line), text)
    return line.strip()[:200]


def _failed(steps: Sequence[Step]) -> frozenset[int]:
    """The calls whose result says that nothing was changed: answered by id, else by what follows."""
    calls = {step.native_id: step.index for step in steps if step.role == "tool_call" and step.native_id}
    found: set[int] = set()
    last: int | None = None
    for step in steps:
        if step.role == "tool_call":
            last = step.index
        elif step.role == "tool_result" and _FAILED.match(step.text):
            of = calls.get(step.parent_id) if step.parent_id else None
            found |= {one for one in (of if of is not None else last,) if one is not None}
    return frozenset(found)
