"""Pure: the files that a step of an agent edited, from the step's own words, as each agent's source writes them.

A step's first line is the tool's name with its main argument (`Edit: src/a.py`); SpecStory has `Edit file: src/a.py`
there, with the tool's name before it or without. Patches name their files in headings. SpecStory shows some edits by
their result only (`The file src/a.py has been updated successfully`) or by the call's JSON. Aider tells of edits in
notices.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

_EDITING = frozenset(
    "applydiff applypatch codeaction codeedit create createfile edit editfile editfiles editnotebook editor"
    " editfilesearchreplace fileedit inserteditintofile multiedit multireplacestring multireplacestringinfile"
    " notebookedit patch proposecode replace replaceinfile replacestring replacestringinfile savefile searchreplace"
    " strreplace strreplacebasededittool strreplaceeditor updatefile write writefile writetofile".split()
)
"""Tools that change files, without `_`, `-`, spaces, `copilot_` before them and `_v2` in them."""
_NOT_OF_THE_NAME = re.compile(r"^copilot_|_v\d+(?=_|$)|[\s_-]")
_PATCHED = re.compile(r"^\*\*\* (?:(?:Update|Add|Delete) File|Move to): (.+)$", re.MULTILINE)
_HEADED = re.compile(r"^\*\*(?:Update|Add|Delete|Move to): `([^`\n]+)`\*\*", re.MULTILINE)
_LISTED = re.compile(r"(?:add|update|delete|move) (\S.*)")
_TOLD = re.compile(
    r"^The file (.+?) has been (?:updated|created|modified)\b"
    r"|^File created successfully at: (.+?)(?: \(file state .*)?$",
    re.MULTILINE,
)
_GIVEN = re.compile(r'^ {0,4}"(?:relativeWorkspacePath|file_?path|target_?file)": "((?:[^"\\\n]|\\.)+)"', re.M | re.I)
_NOTICE = re.compile(r"^(?:> )?Applied edit to (.+)$", re.MULTILINE)
_HEAD = re.compile(r"(?:Edit file|Apply patch for): ?| *Apply patch for ")
_NO_PATH = re.compile(r"[\n\"<>|?*`]|^\{(?!\{)|^undefined$")
_BARE = re.compile(r"\.\w[\w.-]{0,40}|[\w-]+(?:\.[\w-]+)*\.\w{1,10}|[A-Z][\w-]{2,30}")
"""A file's name alone: `.env`, `a.test.ts`, `Makefile`."""
_LONGEST = 400


def edited(tool: str, text: str) -> tuple[str, ...]:
    """The paths of the files that a tool's call changed, each once, as they are written there; none for other calls."""
    name = (tool or text.partition(":")[0]).strip()
    found = _PATCHED.findall(text)
    if not found and _is_editing(name):
        found = list(_named(name, text))
    return tuple(dict.fromkeys(path for one in found if is_path(path := plain(one))))


def noticed(text: str) -> tuple[str, ...]:
    """The paths of the files that Aider says it changed, in a tool's output."""
    return tuple(dict.fromkeys(path for one in _NOTICE.findall(text) if is_path(path := plain(one))))


def is_path(text: str) -> bool:
    """Whether words may be the path of a file: whole lines of prose and code are none."""
    if not text or len(text) > _LONGEST or _NO_PATH.search(text):
        return False
    return "/" in text or "\\" in text or _BARE.fullmatch(text) is not None


def plain(path: str) -> str:
    """A path without the form of an address: `file:///c%3A/a.ts` is `c:/a.ts`."""
    text = path.strip()
    if not text.startswith("file://"):
        return text
    rest = unquote(text.removeprefix("file://"))
    return rest[1:] if re.match(r"/[A-Za-z]:", rest) else rest


def _is_editing(name: str) -> bool:
    """Whether a tool changes files; it may be named within a server's or a module's name."""
    own = name.rpartition("__")[2].rpartition(".")[2].lower()
    return _NOT_OF_THE_NAME.sub("", own) in _EDITING


def _named(name: str, text: str) -> Iterator[str]:
    """What the step's head names; else what its list, its headings, its result or its JSON does."""
    said = text.removeprefix(f"{name}: ")
    head = said.partition("\n")[0]
    given = plain(_HEAD.sub("", head, count=1)) if head != name else ""
    listed = [_LISTED.fullmatch(line) for line in said.splitlines()] if "patch" in name.lower() else []
    if listed and all(listed):
        yield from (one[1] for one in listed if one)
    elif is_path(given):
        yield given
    elif headed := _HEADED.findall(text):
        yield from headed
    elif told := _TOLD.search(text):
        yield told[1] or told[2]
    elif stated := _GIVEN.search(text):
        yield stated[1].replace("\\\\", "\\")
