"""GitHub Copilot: events of the CLI and of VS Code's transcripts, and VS Code's chat sessions (snapshot or log).

Unit: a non-blank line of JSON Lines (an event, an operation), or a request of a snapshot (one JSON document). A line
that is no object, is over 16 MB, is no event, or carries out no operation is refused with its line number, as is an
event that repeats an id with other words; a request without a message is refused with its place. A snapshot that is
broken JSON is refused as a whole.

Utterances: person (the prompt as it was typed, never the form with injected context; in VS Code's sessions under the
name that the file gives), assistant, reasoning (once, where it is told twice), tool_call (the name and main argument;
edits with their file), tool_result (the first 2,000 characters; errors whole; a failing command's exit code behind it),
summary (of a compaction), harness (prompts by a skill or the autopilot). A subagent's prompt is the parent model's.
What a person picks or types in an `ask_user` dialog is the person's; the dialog is told whole, with its choices.
An operation log gives the session as it stands at the end: what an operation took back is not said.

Set aside: vendor_prompt, turn_mark, tool_start (its call is told already), session_state (also the start, whose
facts are kept), system_event (errors, notices, an abort), hook, subagent_event, repeated_event, no_text, editor_state
(operations on anything but requests and title), unknown_record_type:TYPE.

Locator: `line N`, or a JSON pointer into the snapshot or the replayed log. Native id of an utterance: the event's,
request's or response's id, with `#0`, `#1`… where it gives several. Decisions stated: see copilot_dialogs.
Visual Studio's OpenTelemetry traces are not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ingest.agent_lines import count_lines
from ingest.agent_turns import opening
from ingest.json_source import shape
from ingest.readers.copilot_chat import count_requests, read_log, read_snapshot
from ingest.readers.copilot_events import read_events
from ingest.records import Reader, Rejected, Session, Source
from ingest.text import head_text

_EVENT = re.compile(r"(?:session|user|system|assistant|tool|hook|subagent)\.[a-z_]{3,40}")
_LOG = re.compile(r'\{\s*"kind"\s*:\s*0\s*,\s*"v"\s*:\s*\{')
_LONG_EVENT = re.compile(r'\{"type"\s*:\s*"(?:session|user|system|assistant|tool)\.[a-z_]{3,40}"\s*,\s*"data"\s*:\s*\{')


def accepts(source: Source) -> int:
    """92 for a session's first event, 89 for chat sessions, 73 for events or a log that the head cuts off, else 0."""
    if _is_snapshot(source):
        return 89
    for value in opening(head_text(source)):
        if isinstance(value, str):
            if _LONG_EVENT.match(value) or (_LOG.match(value) and '"requests"' in value):
                return 73
            continue
        return _rank(value)
    return 0


def _rank(value: object) -> int:
    """How much a line looks like an event, or an operation log's first line."""
    if not isinstance(value, dict):
        return 0
    kind, data, first = value.get("type"), value.get("data"), value.get("v")
    if isinstance(kind, str) and isinstance(data, dict) and _EVENT.fullmatch(kind):
        is_start = kind == "session.start" and ("copilotVersion" in data or data.get("producer") == "copilot-agent")
        return 92 if is_start else 73 if "id" in value and "timestamp" in value else 0
    is_log = value.get("kind") == 0 and isinstance(first, dict) and isinstance(first.get("requests"), list)
    return 89 if is_log else 0


def _is_snapshot(source: Source) -> bool:
    found: Mapping[str, str] = shape(source)
    named = {"/responderUsername", "/requesterUsername", "/initialLocation", "/requests/*/requestId", "/creationDate"}
    return found.get("/requests") == "[" and not named.isdisjoint(found) and "/kind" not in found


def _is_log(source: Source) -> bool:
    first = next(opening(head_text(source)), None)
    if isinstance(first, str):
        return _LOG.match(first) is not None
    return isinstance(first, dict) and "kind" in first and "type" not in first


def read(source: Source) -> Iterator[Session | Rejected]:
    """What is refused as it comes, then the sessions."""
    if _is_snapshot(source):
        yield from read_snapshot(source)
    elif _is_log(source):
        yield from read_log(source)
    else:
        yield from read_events(source)


def count(source: Source) -> int:
    """Requests of a snapshot; else lines with anything on them."""
    return count_requests(source) if _is_snapshot(source) else count_lines(source, "copilot")


READER = Reader(
    name="copilot",
    suffixes=frozenset({".jsonl", ".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="events or requests",
)
