"""Pure: what an agent changed in its session, by its own records: files it edited, commits it made.

A decision is carried out by what comes next: the edits after it up to where the person speaks again. What is edited
after that is done for what they said then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

_EDITING = re.compile(
    r"(?:multi_?edit|edit|edit_file|write|write_file|write_to_file|create|create_file|replace|replace_in_file"
    r"|search_replace|str_replace|str_replace_editor|str_replace_based_edit_tool|insert_edit_into_file|apply_diff"
    r"|apply_patch|patch|notebook_?edit|editnotebook|update_file|save_file|code_edit|file_edit|propose_code)",
    re.IGNORECASE,
)
_PATCHED = re.compile(r"^\*\*\* (?:Update|Add|Delete) File: (.+)$|^\*\*\* Move to: (.+)$", re.MULTILINE)
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
        if step.role == "tool_call" and step.index not in failed:
            found += (Edit(step.index, path, _line(step.text, path), step.at) for path in _edited(step))
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


def _edited(step: Step) -> Iterator[str]:
    name = (step.topic or step.text.partition(":")[0]).strip()
    if _PATCHED.search(step.text):
        yield from (one for at in _PATCHED.finditer(step.text) if (one := (at[1] or at[2]).strip()))
    elif _EDITING.fullmatch(name.rpartition("__")[2].rpartition(".")[2]):
        given = step.text.removeprefix(name).removeprefix(": ").partition("\n")[0].strip()
        if given and not given.startswith("{") and _is_path(given):
            yield given


def _is_path(text: str) -> bool:
    return len(text) < 400 and ("/" in text or "\\" in text or re.search(r"\.\w{1,10}$", text) is not None)


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
