"""Pi sessions: the JSON Lines that the coding agent Pi, and programs built on it, keep.

Unit: a non-blank line. A line that is not a JSON object is refused. Each `session` record with an id of its own begins
a session; records form a tree (`parentId`), so a branch that was left shows.

- person: text of a `user` message outside wrappers.
- assistant, reasoning, tool_call (name and main argument), tool_result (the first 2,000 characters, errors whole).
- summary: a compaction's or a branch's summary. harness: messages of any other role.

Kept without words of its own: session (working directory, time).

Set aside: session_state (changes of the model and the like), no_text, unknown_record_type:TYPE.

Locator: `line N`, `line N/content/M` for a block of a message. Native id of an utterance: the session's id and the
record's, which is short, with `#0`, `#1`… where one record gives several.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest import agent_lines
from ingest.agent_blocks import Message, answered, from_assistant, placed, result_text, say_all, typed
from ingest.agent_runs import ASSISTANT, Run, Said, session_of, unknown_rule
from ingest.json_source import moment, shape
from ingest.json_tree import first_line, line
from ingest.json_values import Fields, fields, words
from ingest.records import Reader, Rejected, Session, Source

_NAME = "pi_tool"
_STATES = frozenset({"model_change", "thinking_level_change", "label", "session_info", "custom"})
_SUMMARIES = frozenset({"compaction", "branch_summary"})


def accepts(source: Source) -> int:
    """84 for JSON Lines whose first record is a `session` with a version, an id and a directory, else 0."""
    shown = shape(source)
    return 84 if shown.get("/type") == '"session' and {"/version", "/id", "/cwd"} <= shown.keys() else 0


def count(source: Source) -> int:
    """The lines that hold anything."""
    return agent_lines.count_lines(source, _NAME)


def read(source: Source) -> Iterator[Session | Rejected]:
    """Refused lines as they come, then the sessions."""
    runs = [Run()]
    for given in agent_lines.lines(source, _NAME):
        record = agent_lines.record_of(given, source.encoding)
        if isinstance(record, Rejected):
            yield record
        elif record.get("type") == "session":
            _start(runs, record)
        else:
            _take(runs[-1], record, f"line {given.number}")
    yield from (session_of(run, source) for run in runs if run.kept or run.set_aside)


def _start(runs: list[Run], record: Mapping[str, object]) -> None:
    own = line(record.get("id"))
    if runs[-1].native not in ("", own):
        runs.append(Run())
    run = runs[-1]
    run.native, run.kept = own, run.kept + 1
    run.project = first_line(record, "cwd") or run.project
    run.started = run.started or moment(record.get("timestamp"))


def _take(run: Run, record: Mapping[str, object], place: str) -> None:
    kind = line(record.get("type"))
    at = moment(record.get("timestamp"))
    shared = Message(place, _own(run, record, "id"), _own(run, record, "parentId"), at)
    if kind == "message":
        say_all(run, _said(fields(record.get("message"))), shared)
    elif kind in _SUMMARIES:
        say_all(run, [Said("summary", words(record.get("summary")))], shared)
    else:
        say_all(run, (), shared, "session_state" if kind in _STATES else unknown_rule(kind))


def _own(run: Run, record: Mapping[str, object], key: str) -> str:
    """An id of eight digits is one of its session only."""
    own = line(record.get(key))
    return f"{run.native}:{own}" if own and run.native else own


def _said(message: Fields) -> Iterator[Said]:
    role = message.get("role")
    if role == "toolResult":
        text = result_text(message.get("content"))
        tool, is_error = line(message.get("toolName")), message.get("isError") is True
        yield from answered(text, "", tool=tool, is_error=is_error)
        return
    for place, block in placed(message.get("content"), "/content"):
        if role == "assistant":
            yield from from_assistant(block, first_line(message, "model") or ASSISTANT, place)
        elif block.get("type") == "text":
            own = typed(words(block.get("text")), place)
            yield from own if role == "user" else (Said("harness", item.text, locator=place) for item in own)


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".jsonl"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="lines",
)
