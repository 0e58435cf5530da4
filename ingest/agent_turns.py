"""What coding agents' logs have in common: turns in words, tool calls and results as text, and a session of them.

Any JSON value may be of any type anywhere; the looks here answer with something empty, never with an exception.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ingest import times
from ingest.agent_editors import edited_path
from ingest.fingerprint import fingerprint
from ingest.harness import PERSON, is_token, spoken
from ingest.records import Candidate, Role, Session, Source, Utterance
from ingest.text import folded, normalise

ASSISTANT = "assistant"
"""The speaker where a log does not name the model."""

_ARGUMENT_CHARS = 600
_RESULT_CHARS = 2000
_TITLE_CHARS = 80
_LINES_LOOKED_AT = 200
_ARGUMENTS = (
    "command", "cmd", "commandLine", "command_line", "pattern", "query", "search_term", "filePath", "file_path", "path",
    "target_file", "url", "question", "prompt", "description", "input", "name",
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance to be."""

    role: Role
    text: str
    speaker: str | None = None
    topic: str | None = None
    """The tool's name, for a call and its result."""
    locator: str = ""
    """Its own place within the record; empty: the record's."""
    native_id: str | None = None
    """Its own id; None: the record's."""


@dataclass(slots=True)
class Log:
    """One session being gathered."""

    native_id: str = ""
    utterances: list[Utterance] = field(default_factory=list)
    kept: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    title: str = ""
    project: str = ""
    branch: str = ""
    parent_id: str = ""
    created_at: datetime | None = None
    notes: dict[str, None] = field(default_factory=dict)
    stated: list[Candidate] = field(default_factory=list)

    def say(
        self, said: Iterable[Said], locator: str, *, native_id: str = "", parent: str = "", at: datetime | None = None
    ) -> None:
        """Adds the utterances of one record, in order; several share its id with `#0`, `#1`… behind it."""
        items = list(said)
        above = parent or None
        for position, item in enumerate(items):
            shared = f"{native_id}#{position}" if native_id and len(items) > 1 else native_id
            native = item.native_id or shared or None
            self.utterances.append(
                Utterance(
                    index=len(self.utterances),
                    text=item.text,
                    role=item.role,
                    locator=item.locator or locator,
                    speaker=item.speaker,
                    native_id=native,
                    parent_id=above,
                    said_at=at,
                    topic=folded(item.topic) if item.topic else None,
                )
            )
            above = native or above

    def keep(self, rule: str = "") -> None:
        """Counts one unit: kept, or set aside under a rule."""
        if rule:
            self.set_aside[rule] += 1
        else:
            self.kept += 1


def session(log: Log, source: Source) -> Session:
    """The session that was gathered; without an id of its own, its content is its identity."""
    moments = [said.said_at for said in log.utterances if said.said_at is not None]
    first = min((*moments, *([log.created_at] if log.created_at else [])), default=None)
    started, basis = times.session_start(source, first)
    asked = next((said.text for said in log.utterances if said.role == "person"), "")
    words = log.title or asked or next((said.text for said in log.utterances), "")
    return Session(
        kind="agent_session",
        native_id=log.native_id or fingerprint([(said.role, said.text) for said in log.utterances]),
        identity="native" if log.native_id else "content",
        utterances=tuple(log.utterances),
        kept=log.kept,
        set_aside=tuple(sorted(log.set_aside.items())),
        title=folded(words, _TITLE_CHARS) or None,
        project=log.project or None,
        branch=log.branch if log.branch and log.branch != "HEAD" else None,
        started_at=started,
        ended_at=max(moments, default=None),
        time_basis=basis,
        parent_id=log.parent_id if log.parent_id and log.parent_id != log.native_id else None,
        notes=tuple(log.notes),
        stated=tuple(log.stated),
    )


def opening(head: str) -> Iterator[object]:
    """The values of a head's first lines that open like objects; a line that is no JSON comes as its text."""
    for line in head.lstrip("\ufeff").split("\n")[:_LINES_LOOKED_AT]:
        if line.lstrip().startswith("{"):
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                yield line.lstrip()


def string(value: object) -> str:
    """The normalised text, stripped; empty when the value is not a string."""
    return normalise(value).strip() if isinstance(value, str) else ""


def mapping(value: object) -> Mapping[str, object]:
    """The JSON object; an empty one when the value is not an object."""
    return value if isinstance(value, dict) else _NOTHING


def sequence(value: object) -> list[object]:
    """The JSON list; an empty one when the value is not a list."""
    return value if isinstance(value, list) else []


def typed(text: str, *, speaker: str = PERSON) -> list[Said]:
    """What a person typed, without what programs wrapped around it; nothing where only wrappers are left."""
    own = spoken(text)
    if not own.words:
        return []
    return [Said("harness", own.words)] if own.is_harness else [Said("person", own.words, speaker, own.command)]


def plain(role: Role, value: object, speaker: str | None = None) -> list[Said]:
    """One utterance of a string with words in it; nothing otherwise."""
    text = string(value)
    return [Said(role, text, speaker)] if text else []


def call(name: str, given: object, speaker: str = ASSISTANT) -> Said:
    """A tool call: the tool's name and main argument; arguments may come as an object or as its JSON text."""
    tool = string(name) or "tool"
    values = arguments(given)
    argument = string(edited_path(values)) or next(
        (text for key in _ARGUMENTS if (text := string(values.get(key)))), ""
    )
    argument = argument or next((text for value in values.values() if (text := string(value))), "")
    argument = argument or (string(given) if not values else "")
    text = f"{tool}: {cut(argument, _ARGUMENT_CHARS)}" if argument else tool
    return Said("tool_call", text, speaker, tool)


def arguments(given: object) -> Mapping[str, object]:
    """A call's arguments, which may come as an object or as its JSON text; none where it is neither."""
    return mapping(_parsed(given))


def result(text: str, tool: str = "", *, exit_code: object = None, is_error: bool = False) -> list[Said]:
    """What a tool answered: its first 2,000 characters (an error whole), and the exit code of a command that failed."""
    failed = isinstance(exit_code, int) and not isinstance(exit_code, bool) and 0 < abs(exit_code) < 2**32
    words = text.strip() if is_error else cut(text.strip(), _RESULT_CHARS)
    if failed and f"exit code {exit_code}" not in words:
        words = f"{words}\n[exit code {exit_code}]".strip()
    return [Said("tool_result", words, topic=tool or None)] if words else []


def cut(text: str, limit: int) -> str:
    """The first `limit` characters and how many were left out, or the whole text."""
    left_out = len(text) - limit
    return text if left_out <= 0 else f"{text[:limit].rstrip()}\n[… {left_out:,} characters left out]"


def unknown(kind: str) -> str:
    """The rule for a record type nobody knows: named after it only when it has the shape of a name, and no secret's."""
    return f"unknown_record_type:{kind}" if _NAME.fullmatch(kind) and not is_token(kind) else "unknown_record_type"


def _parsed(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return None
