"""Pure: what words name: paths, commits, requests, addresses, pipeline nodes, tables and identifiers.

Only shapes are told here; whether a name stands for exactly one thing is asked of the repositories and pipelines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

MentionKind = Literal["path", "commit", "request", "issue", "node", "table", "word"]

_HOSTED = re.compile(
    r"https?://(?:www\.)?(?P<repository>[\w.-]+(?::\d+)?(?:/[\w.-]+)+?)(?:\.git)?/(?:-/)?"
    r"(?:(?P<request>pull|pulls|merge_requests|pull-requests|pullrequest)/(?P<request_number>\d+)"
    r"|issues/(?P<issue_number>\d+)"
    r"|commits?/(?P<sha>[0-9a-f]{7,40})"
    r"|(?:blob|src|blame)/(?P<revision>[^/\s]+)"
    r"/(?P<path>(?:[^\s#?()<>\[\]\"'`]|\([^\s#?()<>\[\]\"'`]*\)|\[[^\s#?()<>\[\]\"'`]*\])+)"
    r"(?:\?[^\s#]*)?(?:\#(?:L|lines-)(?P<first>\d+)(?:C\d+)?(?:[-:]L?(?P<last>\d+))?)?)",
)
_ADDRESS = re.compile(r"https?://\S+")
_REQUEST = re.compile(
    r"(?<![\w/#&])(?:(?:(?<![\w.-])(?P<repository>[\w.-]++/[\w.-]++))?(?P<mark>[#!])(?P<number>\d{1,6})\b"
    r"|(?P<word>PR|MR|pull request|merge request|issue|GH-)[ -]?#?(?P<named>\d{1,6})\b)",
    re.IGNORECASE,
)
_NODE = re.compile(
    r"(?<![\w.])(?:model|source|seed|snapshot|test|exposure|metric|macro|analysis|semantic_model)"
    r"(?:\.[A-Za-z_]\w*){2,5}(?![\w(])"
)
_RUN = re.compile(
    r"(?<![\w/.:@~+-])(?=[\w@+-]*+[./])(?P<run>[\w@+./-]++)(?::L?(?P<first>\d+)(?:-L?(?P<last>\d+))?+)?+(?![\w/])"
)
"""With a point or slash somewhere: a word alone is no path."""
_FOLDERS = re.compile(r"/?(?:[\w@+.-]++/)*+")
_FILE = re.compile(r"[\w@+-][\w@+.-]*\.[A-Za-z][A-Za-z0-9]{0,9}")
_BARE = re.compile(r"[\w@+-]+")
_SHA = re.compile(r"(?<![\w./-])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}(?![\w-]|\.\w)")
_TABLE = re.compile(r"(?<![\w.`\"-])[`\"]?[A-Za-z_][\w-]*+[`\"]?(?:\.[`\"]?[A-Za-z_]\w*[`\"]?){1,3}(?![\w(`\".]|\.\w)")
_QUOTED = re.compile(r"`([A-Za-z_][\w.-]{1,80})(?:\(\))?`")
_IDENTIFIER = re.compile(
    r"(?<![\w./-])(?:[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|_+[A-Za-z]\w+|[a-z][a-z0-9]+(?:[A-Z][a-z0-9]*)+"
    r"|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)(?=\(\)|(?![\w/-]|\.\w))"
)
_NUMBERED_ISSUES = frozenset({"issue", "gh-"})
_MOST_CHARS = 20_000
"""Longer evidence (a whole pasted file) names too much to be about any of it; its beginning is looked at."""


@dataclass(frozen=True, slots=True)
class Mention:
    """What stands in a text at [start_char, end_char) and looks like the name of a thing.

    `name`: as it is looked up. `repository`: where the words say it. `lines`: (first, last), from 1.
    """

    kind: MentionKind
    name: str
    words: str
    start_char: int
    end_char: int
    repository: str | None = None
    lines: tuple[int, int] | None = None


def mentions(text: str) -> tuple[Mention, ...]:
    """What a text names, in order; where two shapes fit the same words, the more telling one."""
    given = text[:_MOST_CHARS]
    taken = bytearray(len(given))
    found: list[Mention] = []
    for read in (_hosted, _addresses, _nodes, _requests, _paths, _commits, _tables, _identifiers):
        for mention in read(given):
            start, end = mention.start_char, mention.end_char
            is_free = taken.find(1, start, end) < 0
            if is_free and mention.name:
                found.append(mention)
            if is_free or not mention.name:
                taken[start:end] = b"\1" * (end - start)
    return tuple(sorted(found, key=lambda one: one.start_char))


def address(text: str) -> Mention | None:
    """What the address that a text begins with names, of those that hosting services give; None for others."""
    at = _HOSTED.match(text)
    return None if at is None else _at_host(at)


def _hosted(text: str) -> Iterator[Mention]:
    yield from map(_at_host, _HOSTED.finditer(text))


def _at_host(at: re.Match[str]) -> Mention:
    repository = at["repository"].casefold()
    if at["request"]:
        return _mention("request", at["request_number"], at, repository)
    if at["issue_number"]:
        return _mention("issue", at["issue_number"], at, repository)
    if at["sha"]:
        return _mention("commit", at["sha"], at, repository)
    return _mention("path", at["path"].rstrip(".,;:"), at, repository)


def _addresses(text: str) -> Iterator[Mention]:
    """Other addresses name nothing here; what stands in them is no path and no number of ours."""
    for at in _ADDRESS.finditer(text):
        yield Mention("path", "", at[0], *at.span())


def _nodes(text: str) -> Iterator[Mention]:
    for at in _NODE.finditer(text):
        yield _mention("node", at[0], at)


def _requests(text: str) -> Iterator[Mention]:
    for at in _REQUEST.finditer(text):
        kind: MentionKind = "issue" if (at["word"] or "").casefold() in _NUMBERED_ISSUES else "request"
        yield _mention(kind, at["number"] or at["named"], at, at["repository"])


def _paths(text: str) -> Iterator[Mention]:
    """Runs of a path's characters that end like a file's name, or have folders; a full stop after one is none of it."""
    for at in _RUN.finditer(text):
        path = at["run"] if at["first"] else at["run"].rstrip(".-+")
        folders = _FOLDERS.match(path)
        name = path[folders.end() :] if folders else path
        if _FILE.fullmatch(name) or (len(name) < len(path.lstrip("/")) and _BARE.fullmatch(name)):
            end = at.end() if at["first"] else at.start() + len(path)
            yield Mention("path", path, text[at.start() : end], at.start(), end, lines=_lines(at))


def _commits(text: str) -> Iterator[Mention]:
    for at in _SHA.finditer(text):
        yield _mention("commit", at[0], at)


def _tables(text: str) -> Iterator[Mention]:
    for at in _TABLE.finditer(text):
        yield _mention("table", at[0].replace("`", "").replace('"', ""), at)


def _identifiers(text: str) -> Iterator[Mention]:
    for at in _QUOTED.finditer(text):
        yield Mention("word", at[1], at[0], *at.span())
    for at in _IDENTIFIER.finditer(text):
        yield _mention("word", at[0], at)


def _mention(kind: MentionKind, name: str, at: re.Match[str], repository: str | None = None) -> Mention:
    lines = _lines(at) if "first" in at.re.groupindex else None
    return Mention(kind, name, at[0], at.start(), at.end(), repository, lines)


def _lines(at: re.Match[str]) -> tuple[int, int] | None:
    """The lines behind a path; none for numbers that no file has."""
    first, last = at["first"], at["last"]
    return (int(first), int(last or first)) if first and len(first) < 8 and len(last or "") < 8 else None
