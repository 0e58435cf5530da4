"""Cline and Roo sessions: what the Cline CLI keeps for each, and the task folders of both extensions in VS Code.

Unit: a message (of `ID.messages.json`, `api_conversation_history.json`), an event of `ui_messages.json`, or a document
of facts (`ID.json`, `task_metadata.json`, `history_item.json`). The files of one folder are read together. One session
for each session or task id; a task folder's name is its id.

- person: text in the wrappers that the program puts around what is typed (`<user_input>`, `<task>`, `<feedback>`,
  `<answer>`, `<user_message>`), events `task`, `user_feedback` and the first text, and the option picked in a question.
  The task of a subtask (`parentTaskId`) was written by the model that started it.
- assistant, reasoning, tool_call (name and main argument), tool_result (the first 2,000 characters, errors whole).
- summary: a condensed history. harness: other text in messages of the role user.

Kept without words of its own: documents of facts. A session of the CLI without its messages has its prompt.

Set aside: api_copy (messages of a task folder that has the events of the same talk), harness_event (requests, costs,
checkpoints, errors and the like), wrapper_only, no_text. What is no object, or neither message nor event, is refused.

Locator: JSON pointer, after `FILE#` where several files are read together. Native id of an utterance: the message's
id, with `#0`, `#1`… where one gives several; in a task folder the task's id and the event's time stamp.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.agent_blocks import Message, say_all
from ingest.agent_runs import Run, Said, prompt, say, session_of
from ingest.json_source import moment, shape
from ingest.json_tree import dumped, first_line, line, refused
from ingest.json_values import Fields, fields, inside, words
from ingest.readers.cline_events import event_said
from ingest.readers.cline_messages import message_said
from ingest.records import Reader, Rejected, Session, Source
from ingest.text import glimpse, head_text

_NAME = "cline"
_MOST_MS = 2**53
_API, _UI = "api_conversation_history.json", "ui_messages.json"
_FACT_FILES = frozenset({"task_metadata.json", "history_item.json"})
_MESSAGES = ".messages.json"
_TASK = re.compile(r"[/\\]tasks[/\\]([^/\\]+)(?:[/\\][^/\\]+\.json)?$")
_WRAPPERS = re.compile(r"<(?:task|feedback|user_message|environment_details)>")


@dataclass(frozen=True, slots=True)
class _Record:
    kind: str
    """`message`, `event`, `facts`, or empty for what is none of them."""
    value: object
    place: str
    owner: str = ""
    """The session's id, where its document states one."""
    version: str = ""


def accepts(source: Source) -> int:
    """82 for the CLI's messages, 81 for its session, 80 for VS Code's events, 72 for its messages, else 0."""
    return max(map(_rank, source.members or (source,)))


def gathers(file_names: frozenset[str]) -> frozenset[str]:
    """The files of a task folder, or each session of the CLI with its messages."""
    if file_names & {_API, _UI}:
        return file_names & ({_API, _UI} | _FACT_FILES)
    pairs = {name: f"{name.removesuffix(_MESSAGES)}.json" for name in file_names if name.endswith(_MESSAGES)}
    return frozenset(name for pair in pairs.items() if pair[1] in file_names for name in pair)


def count(source: Source) -> int:
    """Messages, events and documents of facts, by the outer structure of the JSON."""
    return sum(1 for _ in _records(source))


def read(source: Source) -> Iterator[Session | Rejected]:
    """What is refused, then one session for each id."""
    groups: dict[str, list[_Record]] = {}
    for record in _records(source):
        if not isinstance(record.value, dict):
            yield refused(record.value, record.place or "/")
        elif not record.kind:
            yield Rejected("neither a message nor an event", record.place or "/", glimpse(record.value)[:500])
        else:
            groups.setdefault(record.owner, []).append(record)
    for owner, group in groups.items():
        yield _session(owner, group, source)


def _rank(source: Source) -> int:
    shown = shape(source)
    if {"/sessionId", "/agent", "/messages"} <= shown.keys() and ("/origin" in shown or "/messages/*/ts" in shown):
        return 82
    if {"/session_id", "/provider", "/model", "/cwd", "/workspace_root"} <= shown.keys():
        return 81
    if shown.get("/*/type") in ('"say', '"ask') and "/*/ts" in shown and {"/*/say", "/*/ask"} & shown.keys():
        return 80
    is_talk = shown.get("/*/role") in ('"user', '"assistant') and shown.get("/*/content", "")[:1] in ("[", '"')
    return 72 if is_talk and _WRAPPERS.search(head_text(source)) else 0


def _records(source: Source) -> Iterator[_Record]:
    for place, value in dumped(source, reader=_NAME):
        owner, version = first_line(value, "sessionId"), first_line(inside(value, "origin"), "version")
        if isinstance(value, list):
            for at, item in enumerate(value):
                yield _Record(_kind(item), item, f"{place}/{at}")
        elif isinstance(messages := inside(value, "messages"), list):
            for at, item in enumerate(messages):
                yield _Record("message", item, f"{place}/messages/{at}", owner, version)
        else:
            is_item = "/" in place.rpartition("#")[2] or "messages" in fields(value)
            kind = _kind(value) or ("" if is_item else "facts")
            yield _Record(kind, value, place, first_line(value, "session_id"))


def _kind(value: object) -> str:
    item = fields(value)
    if item.get("type") in ("say", "ask"):
        return "event"
    return "message" if isinstance(item.get("role"), str) else ""


def _session(owner: str, group: Sequence[_Record], source: Source) -> Session:
    facts = [fields(record.value) for record in group if record.kind == "facts"]
    run = Run(native=owner)
    for value in facts:
        _note(run, value)
    if not run.native and (task := _TASK.search(source.uri)):
        run.native = task[1]
    is_side = bool(run.parent)
    has_events = any(record.kind == "event" for record in group)
    for record in group:
        value = fields(record.value)
        if record.version:
            run.notes[f"Cline {record.version}"] = None
        if record.kind == "facts":
            run.kept += 1
        elif record.kind == "message" and has_events:
            run.set_aside["api_copy"] += 1
        else:
            _speak(run, record, value, is_side=is_side)
    if not run.utterances:
        _say_prompt(run, group)
    return session_of(run, source)


def _speak(run: Run, record: _Record, value: Fields, *, is_side: bool) -> None:
    own, stamp = line(value.get("id")), value.get("ts")
    if not own and run.native and isinstance(stamp, int) and 0 < stamp < _MOST_MS:
        own = f"{run.native}:{stamp}"
    shared = Message(record.place, own, at=moment(stamp))
    if record.kind == "message":
        say_all(run, message_said(value), shared)
    else:
        said, rule = event_said(value, is_first=not run.utterances, is_side=is_side)
        say_all(run, said, shared, rule or "no_text")


def _say_prompt(run: Run, group: Sequence[_Record]) -> None:
    for record in group:
        own = prompt(words(fields(record.value).get("prompt"))) if record.kind == "facts" else None
        if own is not None:
            say(run, Said(own[0], own[1], own[2], own[3], at=run.started, locator=f"{record.place}/prompt"))


def _note(run: Run, value: Fields) -> None:
    """Takes over what a document of facts tells: the CLI's session, Roo's history item, Cline's task metadata."""
    metadata = fields(value.get("metadata"))
    run.native = run.native or first_line(value, "id")
    run.parent = run.parent or first_line(value, "parentTaskId")
    run.project = run.project or first_line(value, "cwd", "workspace_root", "workspace")
    run.branch = run.branch or first_line(metadata.get("git"), "branch")
    run.title = run.title or first_line(metadata, "title") or first_line(value, "title", "task")
    run.started = run.started or moment(value.get("started_at"))
    if version := first_line(metadata.get("sessionHistoryOrigin"), "version"):
        run.notes[f"Cline {version}"] = None


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="records",
    gathers=gathers,
)
