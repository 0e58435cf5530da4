"""Continue sessions: the JSON document that its CLI keeps of each.

Unit: an entry of `history`. One session for each document. Nothing in it says when anything was said.

- person: text of a `user` message outside wrappers. assistant, reasoning (role thinking).
- tool_call (name and main argument), and tool_result from the same entry (the first 2,000 characters).
- summary: an entry's `conversationSummary`.

Set aside: system_prompt, no_text. An entry that is no object or has no message, and a document without a history, are
refused.

Locator: JSON pointer.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.agent_blocks import Message, answered, call_text, result_text, say_all, typed
from ingest.agent_runs import ASSISTANT, Run, Said, session_of
from ingest.json_source import shape
from ingest.json_tree import dumped, first_line, items, line, refused
from ingest.json_values import Fields, fields, inside, words
from ingest.records import Reader, Rejected, Session, Source
from ingest.text import glimpse

_NAME = "continue_cli"
_SHOWN_CHARS = 500


def accepts(source: Source) -> int:
    """83 for a document with a session id, a directory and a history of messages, else 0."""
    shown = shape(source)
    is_history = shown.get("/history") == "[" and "/history/*/message/role" in shown
    return 83 if is_history and {"/sessionId", "/workspaceDirectory"} <= shown.keys() else 0


def count(source: Source) -> int:
    """The entries of every history; a document without one counts once."""
    return sum(_units(value) for _, value in dumped(source, reader=_NAME))


def read(source: Source) -> Iterator[Session | Rejected]:
    """One session for each document; what is no entry before it."""
    for place, value in dumped(source, reader=_NAME):
        history = inside(value, "history")
        if not isinstance(value, dict):
            yield refused(value, place or "/")
        elif not isinstance(history, list):
            yield Rejected("a session without a history", place or "/", glimpse(value)[:_SHOWN_CHARS])
        else:
            run = Run(
                native=first_line(value, "sessionId"),
                title=first_line(value, "title"),
                project=first_line(value, "workspaceDirectory"),
            )
            for at, entry in enumerate(history):
                where = f"{place}/history/{at}"
                if not isinstance(inside(entry, "message"), dict):
                    yield Rejected("an entry without a message", where, glimpse(entry)[:_SHOWN_CHARS])
                    continue
                is_system = inside(entry, "message", "role") == "system"
                said = () if is_system else _said(fields(entry), fields(inside(entry, "message")))
                say_all(run, said, Message(where), "system_prompt" if is_system else "no_text")
            yield session_of(run, source)


def _units(value: object) -> int:
    history = inside(value, "history")
    return len(history) if isinstance(history, list) else 1


def _said(entry: Fields, message: Fields) -> Iterator[Said]:
    role, text = message.get("role"), result_text(message.get("content"))
    if role == "user":
        yield from typed(text, "/message/content")
    elif role == "assistant":
        yield Said("assistant", text, ASSISTANT, locator="/message/content")
    elif role == "thinking":
        yield Said("reasoning", text, ASSISTANT, locator="/message/content")
    elif role == "tool":
        yield from answered(text, "/message/content")
    tools: dict[str, str] = {}
    for at, call in enumerate(map(fields, items(message.get("toolCalls")))):
        name = first_line(call.get("function"), "name")
        if name:
            tools[line(call.get("id"))] = name
            given = inside(call, "function", "arguments")
            yield Said("tool_call", call_text(name, given), ASSISTANT, name, locator=f"/message/toolCalls/{at}")
    for at, state in enumerate(map(fields, items(entry.get("toolCallStates")))):
        tool, is_error = tools.get(line(state.get("toolCallId")), ""), state.get("status") == "errored"
        answer = result_text(state.get("output"))
        yield from answered(answer, f"/toolCallStates/{at}/output", tool=tool, is_error=is_error)
    yield Said("summary", words(entry.get("conversationSummary")), locator="/conversationSummary")


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="entries",
)
