"""Gemini CLI sessions: its JSON Lines, the whole documents of older versions, and Qwen Code's records.

Unit: a non-blank line; of a whole document, an item of its `messages`. A line that is not a JSON object of a known
shape, is over 16 MB, or is not text in the declared encoding, is refused with its line number. Each session id is one
session; without one the content is the identity.

Gemini CLI writes a message anew when it knows more of it (its tool calls), and on resume writes the history anew in a
poorer form: of each id the fullest version is read, at the place of its first one.

Utterances, in file order (of Qwen Code, `parent_id` follows the records' tree):
- person: text of a user's message outside the blocks that the harness writes (session context, hook context, contents
  of referenced files); where the record keeps what was typed apart (`displayContent`, `displayText`), only that.
- assistant: text of the model (speaker: the model's name); in a subagent's session also the prompt, which the model
  that called it wrote. reasoning: thoughts. tool_call: tool name and main argument.
- tool_result: what a tool returned, the first 2,000 characters, then `[… N characters left out]`.
- harness: injected text that is no known wrapper, background notifications.

Kept without words of its own: the header, and lines that fill in a message.

Set aside: earlier_version (of a message that is written again), history_rewrite (nothing new in it), metadata,
repeated_header (of a resumed session), repeated_result (also told by the call), repeated_uuid, notice (info, warnings,
errors), machine_summary (a compression), system_event, wrapper_only (nothing outside wrappers), no_text,
unknown_record_type:TYPE (without the type where that is no plain name).

Locator: `line N`, with `, message M` in a rewritten history; a JSON pointer in a document. Native id of an utterance:
the message's id, with `#1`, `#2`… from the second utterance of a message on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from ingest.agent_lines import Line, count_lines, lines, record_of, refused
from ingest.agent_runs import session_of
from ingest.json_source import document
from ingest.json_tree import items
from ingest.json_values import fields
from ingest.readers.gemini_sessions import Gathering, finish, take, take_document
from ingest.records import Reader, Rejected, Session, Source
from ingest.text import glimpse, head_text

NAME = "gemini"
_LINES_LOOKED_AT = 200
_KEYS = re.compile(r'"(sessionId|projectHash|messages|kind)"\s*+:')
_TURNS = frozenset({"user", "gemini", "model", "info", "warning", "error"})
_QWEN = frozenset({"user", "assistant", "tool_result", "system"})


def accepts(source: Source) -> int:
    """94 for a header or document with a project hash, 92 for Qwen's records, 72 for single messages, 0 otherwise."""
    head = head_text(source).lstrip("\ufeff").lstrip()
    if not head.startswith("{"):
        return 0
    best = max((_rank(line.strip()) for line in head.split("\n")[:_LINES_LOOKED_AT]), default=0)
    if best == 0 and {found[1] for found in _KEYS.finditer(head)} >= {"sessionId", "projectHash", "messages"}:
        return 94
    return best


def _rank(line: str) -> int:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return 0
    record = fields(value)
    if isinstance(record.get("sessionId"), str) and isinstance(record.get("projectHash"), str):
        return 94
    kind = record.get("type")
    if not isinstance(kind, str):
        return 0
    if kind in _QWEN and isinstance(record.get("sessionId"), str) and "parts" in fields(record.get("message")):
        return 92
    if isinstance(record.get("id"), str) and "timestamp" in record and record.keys() & {"content", "parts"}:
        return 72 if kind in _TURNS else 0
    return 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """Refused items as they come, then the sessions in order of first appearance."""
    gathering = Gathering()
    if _is_document(source):
        yield from _read_document(source, gathering)
    else:
        for line in lines(source, NAME):
            record = record_of(line, source.encoding)
            if isinstance(record, Rejected):
                yield record
            elif problem := take(gathering, record, line.number):
                yield refused(line, problem)
    for run in finish(gathering, source.uri):
        yield session_of(run, source)


def _read_document(source: Source, gathering: Gathering) -> Iterator[Rejected]:
    whole = fields(document(source, reader=NAME))
    take_document(gathering, whole)
    for at, message in enumerate(items(whole.get("messages"))):
        if not isinstance(message, dict):
            yield Rejected("not an object", f"/messages/{at}", glimpse(message))
        elif problem := take(gathering, message, 0, f"/messages/{at}"):
            yield Rejected(problem, f"/messages/{at}", glimpse(message))


def count(source: Source) -> int:
    """The non-blank lines, or the messages of a whole document."""
    if _is_document(source):
        return len(items(fields(document(source, reader=NAME)).get("messages")))
    return count_lines(source, NAME)


def _is_document(source: Source) -> bool:
    """Whether the source is one JSON value: no JSON Lines, whose first or second line is an object of its own."""
    first = list(islice(lines(source, NAME), 2))
    parsed = [_object(line) for line in first]
    if len(first) == 1:
        return parsed[0] is not None and "messages" in parsed[0]
    return first[0].data.lstrip()[:1] == b"{" and all(value is None for value in parsed) if first else False


def _object(line: Line) -> Mapping[str, object] | None:
    try:
        value = json.loads(line.data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


READER = Reader(
    name=NAME,
    suffixes=frozenset({".jsonl", ".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="records",
)
