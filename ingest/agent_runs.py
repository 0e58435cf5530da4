"""Sessions of coding agents as they are gathered: what was said, facts and counts, and tool calls written as text."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ingest import times
from ingest.agent_editors import edited_path
from ingest.fingerprint import fingerprint
from ingest.harness import PERSON, is_token, native_id, spoken
from ingest.json_tree import items
from ingest.json_values import fields, words
from ingest.records import Candidate, Role, Session, Source, Utterance
from ingest.text import folded, normalise

ASSISTANT = "assistant"
"""The name of an agent whose session tells no model."""
ARGUMENT_CHARS = 600
"""A longer main argument of a call (a patch, a prompt) is cut, with a mark that says by how much."""
RESULT_CHARS = 2000
"""Tool output is cut after so many characters, with the same mark."""

_TITLE_CHARS = 80
_ARGUMENTS = (
    "command", "cmd", "file_path", "absolute_path", "notebook_path", "pattern", "query", "url", "input", "patch",
    "path", "message", "prompt", "description", "name",
)  # fmt: skip
_RULE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance to be. `text` need not be normalised; blank ones are left out."""

    role: Role
    text: str
    speaker: str | None = None
    topic: str | None = None
    record: str = ""
    """The source's own id of the record, as it stands there; empty without one."""
    parent: str = ""
    at: datetime | None = None
    locator: str = ""


@dataclass(slots=True)
class Run:
    """One session of an agent so far."""

    native: str = ""
    parent: str = ""
    project: str = ""
    branch: str = ""
    title: str = ""
    started: datetime | None = None
    kept: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    utterances: list[Utterance] = field(default_factory=list)
    stated: list[Candidate] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)


def say(run: Run, said: Said) -> Utterance | None:
    """Adds an utterance to the session; None when its text is blank."""
    text = normalise(said.text).strip()
    if not text:
        return None
    utterance = Utterance(
        index=len(run.utterances),
        text=text,
        role=said.role,
        locator=said.locator,
        speaker=said.speaker,
        native_id=native_id(words(said.record).strip()) or None,
        parent_id=native_id(words(said.parent).strip()) or None,
        said_at=said.at,
        topic=folded(said.topic) if said.topic else None,
    )
    run.utterances.append(utterance)
    return utterance


def count(run: Run, rule: str) -> None:
    """One unit more: kept where the rule is empty, else set aside by it."""
    if rule:
        run.set_aside[rule] += 1
    else:
        run.kept += 1


def session_of(run: Run, source: Source) -> Session:
    """The session as readers give it; without an id of its own its content is its identity."""
    moments = [said.said_at for said in run.utterances if said.said_at is not None]
    first = run.started or min(moments, default=None)
    started, basis = times.session_start(source, first)
    native = native_id(run.native)
    return Session(
        kind="agent_session",
        native_id=native or fingerprint([(said.role, said.text) for said in run.utterances]),
        identity="native" if native else "content",
        utterances=tuple(run.utterances),
        kept=run.kept,
        set_aside=tuple(sorted(run.set_aside.items())),
        stated=tuple(run.stated),
        title=_title(run),
        project=run.project or None,
        branch=run.branch if run.branch not in ("", "HEAD") else None,
        started_at=started,
        ended_at=max(moments, default=None),
        time_basis=basis,
        parent_id=native_id(run.parent) or None,
        notes=tuple(run.notes),
    )


def unknown_rule(kind: str) -> str:
    """The rule for a record type nobody knows: named after it only when it has the shape of a name, and no secret's."""
    is_plain = _RULE_NAME.fullmatch(kind) is not None and not is_token(kind)
    return f"unknown_record_type:{kind}" if is_plain else "unknown_record_type"


def prompt(text: str, *, is_side: bool = False) -> tuple[Role, str, str | None, str | None] | None:
    """(role, words, speaker, topic) of text that stands where a person types; None when wrappers are all there is.

    In a subagent's session the model that called it wrote the prompt.
    """
    own = spoken(normalise(text))
    if not own.words:
        return None
    if own.is_harness:
        return "harness", own.words, None, None
    if is_side:
        return "assistant", own.words, ASSISTANT, "subagent prompt"
    return "person", own.words, PERSON, own.command


def called(name: str, arguments: object) -> str:
    """A tool call as text: its name and main argument."""
    main = _main_argument(arguments)
    return f"{name}: {cut(main, ARGUMENT_CHARS)}" if main else name


def plan_text(name: str, explanation: str, steps: Sequence[tuple[str, str]]) -> str:
    """A plan update as text: why, and each step with its state."""
    listed = "\n".join(f"- [{state}] {step}" if state else f"- {step}" for step, state in steps)
    return "\n\n".join(part for part in (name, explanation, listed) if part)


def cut(text: str, limit: int) -> str:
    """The first `limit` characters and how many were left out, or the whole text."""
    left_out = len(text) - limit
    return text if left_out <= 0 else f"{text[:limit]}\n[… {left_out:,} characters left out]"


def flat(value: object) -> str:
    """What a program printed, as text: a string, the texts of a list, or the JSON of an object."""
    if isinstance(value, str):
        return words(value).strip()
    if isinstance(value, list):
        return "\n".join(text for item in value if (text := words(item) or words(fields(item).get("text")))).strip()
    if not isinstance(value, dict) or not value:
        return ""
    named = next((words(value.get(key)) for key in ("output", "text", "error") if words(value.get(key)).strip()), "")
    return named.strip() or as_json(value)


def as_json(value: object) -> str:
    """An object as JSON on one line; empty when it is nested too deep to print."""
    try:
        return normalise(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return ""


def parsed(text: str) -> object:
    """The JSON value in a string; None where it holds none."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _main_argument(arguments: object) -> str:
    if isinstance(arguments, str):
        return words(arguments).strip()
    values: Mapping[str, object] = fields(arguments)
    named = next((text for key in _ARGUMENTS if (text := _argument(values.get(key)))), "")
    return (
        words(edited_path(values)).strip()
        or named
        or next((text for value in values.values() if (text := _argument(value))), "")
    )


def _argument(value: object) -> str:
    """A string, or the last word list of a command line: `["bash", "-lc", "ls"]` runs `ls`."""
    given = [words(item) for item in items(value)]
    if len(given) >= 3 and given[1] in ("-c", "-lc"):
        return given[2].strip()
    return " ".join(given).strip() or words(value).strip()


def _title(run: Run) -> str | None:
    asked = next((said for said in run.utterances if said.role == "person"), None)
    text = run.title or (asked.text if asked else next((said.text for said in run.utterances), ""))
    return folded(text, _TITLE_CHARS) or None
