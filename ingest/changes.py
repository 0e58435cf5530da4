"""The frozen types of version history: a repository, its commits, the files each changed and the lines that changed.

Paths are relative to the root with `/`, exactly as recorded (no Unicode form is imposed); bytes that are not UTF-8
stand as `\\xNN`. Times are aware UTC, None where a commit states one that no calendar has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

Change = Literal["added", "modified", "deleted", "renamed", "copied", "type"]
"""What a commit did to a file; `type`: a file became a link or a submodule, or the other way about."""
MOST_FILES = 5
"""A decision with more files in scope, as in its commit, governs none of them by itself."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository at one place, as it was when looked at; clones and worktrees of one share `identity`."""

    identity: str
    """`host/org/repo` from its remote; `root:<sha of its first root commit>` where it has none."""
    root: Path
    """The top of the work tree; of a bare repository its own folder."""
    head: str | None
    """Full sha of HEAD; None before the first commit."""
    branch: str | None
    """None when HEAD is detached."""
    is_shallow: bool = False
    is_dirty: bool = False
    """Tracked files differ from HEAD; files that git does not know are not looked at."""
    notes: tuple[str, ...] = ()
    """What an answer should say of it: shallow, partial, without a remote."""
    partial: str | None = None
    """The filter of a partial clone (`blob:none`), whose missing objects are never fetched."""


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file in a commit. Units: `added` and `removed` are lines; None for binary files, submodules, not counted."""

    path: str
    old_path: str | None
    """Where it was before, for renamed and copied files."""
    change: Change
    added: int | None
    removed: int | None


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit; its words are in the form that is stored: normalised, secrets and e-mail addresses masked."""

    sha: str
    parents: tuple[str, ...]
    """As this clone knows them: none at the edge of a shallow one."""
    author: str | None
    """The name alone, after `.mailmap`."""
    authored_at: datetime | None
    committed_at: datetime | None
    subject: str
    body: str
    pull_request: int | None
    """The number that its subject or body gives: a merge's, a squash's."""
    files: tuple[ChangedFile, ...] = ()
    """A merge's are those against its first parent: what a merged pull request brought."""
    trailers: tuple[tuple[str, str], ...] = ()
    """(name as written, value), in order: `("Co-authored-by", "Ada Example")`."""
    masked: tuple[tuple[str, int], ...] = ()
    """(rule, count) of what was masked in its words."""

    @property
    def message(self) -> str:
        """Subject, blank line, body: the words that a session of this commit holds."""
        return f"{self.subject}\n\n{self.body}" if self.body else self.subject


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines `[line_start, line_end]` (from 1, both included) of a file after a commit, which that commit wrote.

    `text` is those lines joined by `\\n`, as in the file: its secrets are not masked, whoever stores it must.
    """

    path: str
    line_start: int
    line_end: int
    text: str
