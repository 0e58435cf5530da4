"""Pure: things outside the store that a decision may be tied to, and what a source's own reference names of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

AnchorKind = Literal[
    "file", "lines", "symbol", "commit", "pull_request", "issue", "node", "column", "dataset", "job", "run"
]
CODE = frozenset({"file", "lines", "symbol"})
PIPELINE = frozenset({"node", "column", "dataset", "job"})

_LINES = re.compile(r"^(?P<path>.+?):L?(?P<first>\d{1,7})(?:-L?(?P<last>\d{1,7}))?(?:@(?P<sha>[0-9a-f]{7,64}))?$")
_AT = re.compile(r"^(?P<path>.+)@(?P<sha>[0-9a-f]{7,64})$")
_NUMBERED = re.compile(r"^(?P<repository>.*?)[#!~](?P<number>\d{1,9})$")
_KEY = re.compile(r"^(?:(?P<host>[\w.-]+)/)?(?P<key>[A-Z][A-Z0-9_]+-\d{1,9})$")
_HOSTED = re.compile(
    r"^https?://(?:www\.)?(?P<repository>[^\s?#]+?)/(?:-/)?(?:issues|pull|pulls|merge_requests)/(?P<number>\d{1,9})\b"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One thing in the world. `scope`: what its name is unique in, a repository, dbt project or namespace.

    `name`: path, symbol, hash, number, unique_id (`.column` behind it), dataset. `lines`: (first, last) from 1, as they
    are numbered in `commit_sha`. `text`: what they said there; no part of what the anchor is.
    """

    kind: AnchorKind
    scope: str
    name: str
    path: str | None = None
    lines: tuple[int, int] | None = None
    commit_sha: str | None = None
    text: str | None = None

    @property
    def key(self) -> tuple[str, str, str, int, int, str]:
        """What makes it one and the same."""
        first, last = self.lines or (0, 0)
        return self.kind, self.scope, self.name, first, last, self.commit_sha or ""


def file_anchor(repository: str, path: str, lines: tuple[int, int] | None = None, sha: str | None = None) -> Anchor:
    """A file, or lines of it."""
    if lines is None:
        return Anchor("file", repository, path, path)
    return Anchor("lines", repository, path, path, (min(lines), max(lines)), sha)


def lines_of(path: str, first: int, last: int) -> str:
    """Lines of a file as they are written: `path:first-last`, or `path:line` of one."""
    return f"{path}:{last}" if first == last else f"{path}:{first}-{last}"


def stated_anchor(kind: str, target: str, repository: str | None) -> Anchor | None:
    """What a source's reference names; None where that is not certain without knowing more.

    `repository`: the one that the source is about.
    """
    if kind in ("lines", "file"):
        return _in_code(target, repository)
    if kind == "commit":
        return Anchor("commit", repository, target) if repository else None
    if kind in ("pull_request", "issue"):
        return _numbered(kind, target, repository)
    return None


def _in_code(target: str, repository: str | None) -> Anchor | None:
    if not repository:
        return None
    if at := _LINES.match(target):
        first = int(at["first"])
        return file_anchor(repository, at["path"], (first, int(at["last"] or first)), at["sha"])
    at = _AT.match(target)
    return file_anchor(repository, at["path"] if at else target)


def _numbered(kind: str, target: str, repository: str | None) -> Anchor | None:
    of: AnchorKind = "pull_request" if kind == "pull_request" else "issue"
    found = _HOSTED.match(target) or _NUMBERED.match(target)
    if found is not None:
        named = found["repository"].casefold()
        scope = repository if repository and (not named or repository.endswith(f"/{named}")) else named
        return Anchor(of, scope, found["number"]) if scope else None
    key = _KEY.match(target)
    return Anchor(of, key["host"] or "", key["key"]) if key is not None else None
