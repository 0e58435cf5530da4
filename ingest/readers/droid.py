"""Factory Droid sessions: the JSON Lines that its CLI keeps.

Unit: a non-blank line. A line that is not a JSON object is refused. Each `session_start` with an id of its own begins a
session.

- person: text of a `user` message outside wrappers. harness: text beside the result of a tool, and the contents of a
  file that the CLI puts behind the prompt that names it.
- assistant, reasoning, tool_call (name and main argument), tool_result (the first 2,000 characters, errors whole).

Kept without words of its own: session_start (title, working directory).

Set aside: session_state (the to-do list), no_text, unknown_record_type:TYPE.

Locator: `line N`, `line N/content/M` for a block of a message. Native id of an utterance: the record's id, with `#0`,
`#1`… where one record gives several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ingest import agent_lines
from ingest.agent_blocks import Message, answered, from_assistant, placed, say_all, typed
from ingest.agent_runs import ASSISTANT, Run, Said, session_of, unknown_rule
from ingest.json_source import moment, shape
from ingest.json_tree import first_line, line
from ingest.json_values import Fields, fields, words
from ingest.records import Reader, Rejected, Session, Source

_NAME = "droid"
_ATTACHED = re.compile(r"Contents of [^\n]{1,1000} \(lines \d{1,9}-\d{1,9} of \d{1,9}\):\n", re.ASCII)


def accepts(source: Source) -> int:
    """85 for JSON Lines whose first record is a `session_start` with an id and an owner or a directory, else 0."""
    shown = shape(source)
    is_start = shown.get("/type") == '"session_start' and "/id" in shown
    return 85 if is_start and {"/cwd", "/owner"} & shown.keys() else 0


def count(source: Source) -> int:
    """The lines that hold anything."""
    return agent_lines.count_lines(source, _NAME)


def read(source: Source) -> Iterator[Session | Rejected]:
    """Refused lines as they come, then the sessions."""
    runs = [Run()]
    tools: dict[str, str] = {}
    for given in agent_lines.lines(source, _NAME):
        record = agent_lines.record_of(given, source.encoding)
        if isinstance(record, Rejected):
            yield record
        elif record.get("type") == "session_start":
            _start(runs, record)
        else:
            _take(runs[-1], record, f"line {given.number}", tools)
    yield from (session_of(run, source) for run in runs if run.kept or run.set_aside)


def _start(runs: list[Run], record: Mapping[str, object]) -> None:
    own = line(record.get("id"))
    if runs[-1].native not in ("", own):
        runs.append(Run())
    run = runs[-1]
    run.native, run.kept = own, run.kept + 1
    run.title = first_line(record, "title") or run.title
    run.project = first_line(record, "cwd") or run.project


def _take(run: Run, record: Mapping[str, object], place: str, tools: dict[str, str]) -> None:
    kind = line(record.get("type"))
    shared = Message(place, line(record.get("id")), line(record.get("parentId")), moment(record.get("timestamp")))
    if kind == "message":
        say_all(run, _said(fields(record.get("message")), tools), shared)
    else:
        say_all(run, (), shared, "session_state" if kind == "todo_state" else unknown_rule(kind))


def _said(message: Fields, tools: dict[str, str]) -> Iterator[Said]:
    blocks = placed(message.get("content"), "/content")
    has_result = any(block.get("type") == "tool_result" for _, block in blocks)
    for place, block in blocks:
        if message.get("role") == "assistant":
            tools[line(block.get("id"))] = line(block.get("name"))
            yield from from_assistant(block, first_line(message, "model") or ASSISTANT, place)
        elif block.get("type") == "tool_result":
            tool, is_error = tools.get(line(block.get("tool_use_id")), ""), block.get("is_error") is True
            yield from answered(block.get("content"), place, tool=tool, is_error=is_error)
        elif block.get("type") == "text" and message.get("role") == "user":
            text = words(block.get("text"))
            is_own = not has_result and _ATTACHED.match(text) is None
            own = typed(text, place)
            yield from own if is_own else (Said("harness", item.text, locator=place) for item in own)


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".jsonl"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="lines",
)
