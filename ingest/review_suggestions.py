"""Suggested lines of a code review, and whether its records show that they were applied."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from ingest.discussions import Discussion, Remark
from ingest.prose import Stretch
from ingest.review_items import Item

_FENCE = re.compile(r" {0,3}(`{3,}+|~{3,}+)([^\n]*)")
_SUGGESTION = re.compile(r"suggestion(?::-\d+\+\d+)?(?!\S)")
"""GitLab writes how many lines above and below are replaced."""
_APPLIED = re.compile(
    r"apply (?:suggestions?(?: from (?P<from>code review|@?[\w-]+))?\b|\d+ suggestion\(s\) to \d+ file\(s\))",
    re.IGNORECASE,
)
_CO_AUTHOR = re.compile(r"^co-authored-by:[ \t]*([^\n]+)", re.IGNORECASE | re.MULTILINE)
TELLING_CHARS = 4
"""Letters and digits that a suggestion needs to be recognised in a diff: `}` stands in every one."""


def suggestions(text: str) -> list[Stretch]:
    """The lines of each ```suggestion block, without the blanks around them; blocks of nothing are left out."""
    found: list[Stretch] = []
    fence, start, position = "", -1, 0
    for line in text.split("\n"):
        mark = _FENCE.fullmatch(line)
        if mark and not fence:
            fence = mark.group(1)
            start = position + len(line) + 1 if _SUGGESTION.match(mark.group(2).strip()) else -1
        elif mark and mark.group(1).startswith(fence) and not mark.group(2).strip():
            if start >= 0 and text[start:position].strip():
                found.append((start, position))
            fence = ""
        position += len(line) + 1
    return found


@dataclass(frozen=True, slots=True)
class Patch:
    """The new side of one file's final diff, ready to be searched."""

    text: str
    """Its lines, each between two line feeds."""
    starts: tuple[int, ...]
    added: tuple[int, ...]
    """How many of the lines up to each are added ones."""


def patch_of(diff: str) -> Patch:
    """The new side of a diff, hunk headers kept as lines that match nothing."""
    lines = [line for line in diff.split("\n") if line[:1] in {"+", " ", "@"}]
    kept = [line[1:].rstrip() if line[0] != "@" else "\0" for line in lines]
    lengths = accumulate((len(line) + 1 for line in kept), initial=0)
    added = accumulate(line.startswith("+") for line in lines)
    return Patch("\n" + "".join(f"{line}\n" for line in kept), tuple(lengths)[:-1], tuple(added))


def is_in_diff(code: str, discussion: Discussion, patch: Patch) -> bool:
    """Whether suggested lines stand in the final diff where the comment was written.

    Once and no more, one of them at least added, after the line that stood before the commented ones, and not in the
    hunk that the comment was written on.
    """
    wanted = "\n" + "".join(f"{line.rstrip()}\n" for line in code.strip("\n").split("\n"))
    if sum(char.isalnum() for char in code) < TELLING_CHARS:
        return False
    at = patch.text.find(wanted)
    if at < 0 or patch.text.find(wanted, at + 1) >= 0:
        return False
    first = bisect_right(patch.starts, at) - 1
    last = first + wanted.count("\n") - 2
    if patch.added[last] == (patch.added[first - 1] if first else 0):
        return False
    hunk = patch_of(discussion.hunk)
    if wanted in hunk.text:
        return False
    before = _line_before(discussion, hunk)
    return before is None or (first > 0 and patch.text[patch.starts[first - 1] + 1 : at] == before)


def _line_before(discussion: Discussion, hunk: Patch) -> str | None:
    """The line above the commented ones, where the hunk shows it."""
    lines = hunk.text[1:-1].split("\n")
    first, last = discussion.first_line, discussion.last_line
    commented = last - first + 1 if first is not None and last is not None else 1
    above = lines[:-commented]
    return above[-1] if above and above[-1] != "\0" else None


def applying_commits(commits: Sequence[Item]) -> list[Item]:
    """The commits that GitHub or GitLab made from suggestions, oldest first."""
    found = [commit for commit in commits if commit.at and _APPLIED.match(commit.body)]
    return sorted(found, key=lambda commit: commit.at.timestamp() if commit.at else 0.0)


def applying_commit(remark: Remark, applying: Sequence[Item]) -> Item | None:
    """The first of them after a comment that says it is this writer's suggestion it applies."""
    names = [name.casefold() for name in (remark.item.author, *remark.item.people) if name]
    for commit in applying:
        match = _APPLIED.match(commit.body)
        if match is None or commit.at is None or remark.item.at is None or commit.at < remark.item.at:
            continue
        named = (match.group("from") or "").lstrip("@").casefold()
        credited = " ".join(found.group(1).casefold() for found in _CO_AUTHOR.finditer(commit.body))
        if any(named == name or re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", credited) for name in names):
            return commit
    return None
