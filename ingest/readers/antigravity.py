"""Antigravity CLI sessions: JSON Lines of the steps of one conversation.

Unit: a non-blank line. A line that is not a JSON object is refused. The file is one session; it states no id, so its
content is its identity.

- person: what stands in `<USER_REQUEST>` of a USER_INPUT, or all of one that is USER_EXPLICIT and has no such wrapper.
- assistant (content of a PLANNER_RESPONSE), reasoning (its thinking), tool_call (name and main argument), tool_result
  (content of the model's other steps, the first 2,000 characters).
- summary: a CHECKPOINT. harness: any other USER_INPUT.

Set aside: system_event (other steps of the system), no_text, unknown_record_type:TYPE (a line without a step's index).

Locator: `line N`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest import agent_lines
from ingest.agent_blocks import Message, answered, call_text, say_all, typed
from ingest.agent_runs import ASSISTANT, Run, Said, parsed, session_of, unknown_rule
from ingest.json_source import moment, shape
from ingest.json_tree import items, line
from ingest.json_values import fields, words
from ingest.records import Reader, Rejected, Session, Source

_NAME = "antigravity"
_OPEN, _CLOSE = "<USER_REQUEST>", "</USER_REQUEST>"


def accepts(source: Source) -> int:
    """84 for JSON Lines whose records have a step's index, source, type, status and time, else 0."""
    return 84 if {"/step_index", "/source", "/type", "/status", "/created_at"} <= shape(source).keys() else 0


def count(source: Source) -> int:
    """The lines that hold anything."""
    return agent_lines.count_lines(source, _NAME)


def read(source: Source) -> Iterator[Session | Rejected]:
    """Refused lines as they come, then the session."""
    run = Run()
    for given in agent_lines.lines(source, _NAME):
        record = agent_lines.record_of(given, source.encoding)
        if isinstance(record, Rejected):
            yield record
        else:
            _take(run, record, f"line {given.number}")
    if run.kept or run.set_aside:
        yield session_of(run, source)


def _take(run: Run, record: Mapping[str, object], place: str) -> None:
    kind, shared = line(record.get("type")), Message(place, at=moment(record.get("created_at")))
    if "step_index" not in record:
        say_all(run, (), shared, unknown_rule(kind))
    elif record.get("source") == "SYSTEM" and kind != "CHECKPOINT":
        say_all(run, (), shared, "system_event")
    else:
        say_all(run, _said(record, kind, words(record.get("content"))), shared)


def _said(record: Mapping[str, object], kind: str, text: str) -> Iterator[Said]:
    if kind == "USER_INPUT":
        yield from _asked(text, is_explicit=record.get("source") == "USER_EXPLICIT")
    elif kind == "CHECKPOINT":
        yield Said("summary", text)
    elif kind == "PLANNER_RESPONSE":
        yield Said("reasoning", words(record.get("thinking")), ASSISTANT)
        yield Said("assistant", text, ASSISTANT)
        for call in map(fields, items(record.get("tool_calls"))):
            if name := line(call.get("name")):
                given = {key: _unquoted(value) for key, value in fields(call.get("args")).items()}
                yield Said("tool_call", call_text(name, given), ASSISTANT, name)
    else:
        yield from answered(text, "", tool=kind.lower())


def _asked(text: str, *, is_explicit: bool) -> list[Said]:
    body = text.lstrip()
    end = body.rfind(_CLOSE)
    if body.startswith(_OPEN) and end > 0:
        return typed(body[len(_OPEN) : end], "")
    own = typed(body, "")
    return own if is_explicit else [Said("harness", item.text) for item in own]


def _unquoted(value: object) -> object:
    """Arguments are JSON again: a text comes with quotation marks around it."""
    return parsed(value) if isinstance(value, str) and value.startswith('"') and value.endswith('"') else value


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".jsonl"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="lines",
)
