"""What the files of a commit define: functions, classes, types, constants, tables and macros, told by their lines.

git searches the lines; nothing is parsed, so a definition that a language spreads over lines is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.changes import Repository
from ingest.fetch.git_run import attempt, path_text

_LEADS = (
    r"(export|default|pub|pub\([a-z]+\)|public|private|protected|internal|static|async|abstract|final|sealed|inline"
    r"|override|declare|unsafe|extern|local|open|data)[[:space:]]+"
)
_WORDS = "def|class|function|func|fn|interface|type|struct|enum|trait|module|object|record|protocol|mixin|defmodule"
_ANY = (
    rf"^[[:space:]]*({_LEADS})*({_WORDS})[[:space:]]+(\([^)]*\)[[:space:]]*)?[A-Za-z_]",
    r"^[A-Z][A-Z0-9_]{2,}[[:space:]]*(:[^=]*)?=[^=]",
    r"^(export[[:space:]]+)?(const|let|var|val)[[:space:]]+[A-Za-z_$][A-Za-z0-9_$]*[[:space:]]*[:=]",
    r"[Cc][Rr][Ee][Aa][Tt][Ee][[:space:]].*([Tt][Aa][Bb][Ll][Ee]|[Vv][Ii][Ee][Ww]|[Ff][Uu][Nn][Cc][Tt][Ii][Oo][Nn]"
    r"|[Mm][Aa][Cc][Rr][Oo])[[:space:]]",
    r"\{%-?[[:space:]]*(macro|test|snapshot|materialization)[[:space:]]+[A-Za-z_]",
)
_NAME = re.compile(
    rf"^\s*(?:{_LEADS.replace('[[:space:]]', chr(92) + 's')})*(?:{_WORDS})\s+(?:\([^)]*\)\s*)?(?P<word>[A-Za-z_]\w*)"
    r"|^(?P<constant>[A-Z][A-Z0-9_]{2,})\s*(?::[^=]*)?=[^=]"
    r"|^(?:export\s+)?(?:const|let|var|val)\s+(?P<value>[A-Za-z_$][\w$]*)"
    r"|\bcreate\s+(?:or\s+replace\s+)?(?:\w+\s+){0,2}?(?:table|view|function|macro)\s+(?:if\s+not\s+exists\s+)?"
    r"(?:[\w\"`]+\.)*[\"`]?(?P<table>[A-Za-z_]\w*)"
    r"|\{%-?\s*(?:macro|test|snapshot|materialization)\s+(?P<macro>[A-Za-z_]\w*)",
    re.IGNORECASE,
)
_PROSE = (".md", ".markdown", ".rst", ".txt", ".html", ".json", ".csv", ".svg", ".po", ".lock")
_ENDINGS = tuple(ending.encode() for ending in _PROSE)
_LONGEST = 400
"""Characters of a line; a longer one is generated or minified."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A name and the line, from 1, that defines it."""

    name: str
    path: str
    line: int


def definitions(repo: Repository, revision: str = "HEAD") -> Iterator[Definition]:
    """What the tracked files define at a revision, by path and line; nothing before the first commit."""
    if repo.head is None:
        return
    patterns = tuple(word for pattern in _ANY for word in ("-e", pattern))
    told = attempt(repo.root, "grep", "-I", "-n", "-z", "-E", "--no-color", "--full-name", *patterns, revision)
    for line in (told or b"").split(b"\n"):
        place, _, rest = line.partition(b"\0")
        if place.lower().endswith(_ENDINGS):
            continue
        number, _, words = rest.partition(b"\0")
        if not number.isdigit() or len(words) > _LONGEST:
            continue
        name = defined(words.decode("utf-8", "replace"))
        if name is not None:
            yield Definition(name, path_text(place.partition(b":")[2]), int(number))


def defined(line: str) -> str | None:
    """The name that a line defines, if it defines any."""
    found = _NAME.search(line) if len(line) <= _LONGEST else None
    return None if found is None else next(group for group in found.groupdict().values() if group is not None)
