"""What the records of a code review are to us, whichever system they come from: items, threads, places in code.

A reader of pull requests, merge requests or changes turns its records into Items; everything after that is shared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ItemKind = Literal["pull_request", "review", "line_comment", "comment", "commit", "file", "event", "unknown"]
Verdict = Literal["followed", "refused"]
"""What the source's own structure says became of a thread's request."""


@dataclass(frozen=True, slots=True)
class Pull:
    """Which pull request (merge request, change, issue) a record belongs to."""

    host: str
    repository: str
    number: int
    mark: str = "#"
    """What the system writes before the number: `#`, `!` or `~`."""

    @property
    def native_id(self) -> str:
        """`github.com/owner/repo#12`; without the host where no record names it."""
        return "/".join(part for part in (self.host, f"{self.repository}{self.mark}{self.number}") if part)


@dataclass(frozen=True, slots=True)
class Lines:
    """Where in the code something stands, as far as the source says: the lines it was written on."""

    path: str = ""
    first: int | None = None
    last: int | None = None
    is_removed_side: bool = False
    commit: str = ""
    """The commit in which the lines have these numbers, where the source says it."""


@dataclass(frozen=True, slots=True)
class Thread:
    """What the source says of a whole discussion."""

    native_id: str
    is_resolved: bool | None
    is_outdated: bool | None
    """Whether the lines have changed since."""
    resolved_by: str | None
    lines: Lines = field(default=Lines())
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a dump."""

    kind: ItemKind
    place: str
    """JSON pointer, after the file's name where several files are one source."""
    fields: Mapping[str, object]
    """The record as the source gives it; for its own reader only."""
    pull: Pull | None
    body: str
    author: str | None
    is_bot: bool
    at: datetime | None
    ids: frozenset[str]
    """Every name the record is known by; two records that share one are the same."""
    native_id: str | None
    is_issue: bool = False
    """Its address says that the thread is an issue's, not a pull request's."""
    thread: Thread | None = None
    root_id: str | None = None
    """Native id of the thread's first comment."""
    title: str = ""
    label: str = ""
    """What became of a review, or the votes given with it: `APPROVED`, `Code-Review+2`."""
    lines: Lines = field(default=Lines())
    diff: str = ""
    """The hunk that a line comment was written on; a changed file's whole diff."""
    is_outdated: bool | None = None
    is_applied: bool = False
    """The source says that the suggestion in it was applied."""
    is_earlier: bool = False
    """Its words were edited since: kept as what was said, no evidence for what holds."""
    people: tuple[str, ...] = ()
    """Other names of its author, or everybody who made a commit."""
    aside: str | None = None
    """The rule by which its reader sets it aside."""
