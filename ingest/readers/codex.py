"""Codex CLI sessions: rollout files of 0.50 to 0.169, and what `codex exec --json` prints.

Unit: a non-blank line. A line that is not a JSON object with a record type, is over 16 MB, is not text in the declared
encoding, or lacks the object its type is about, is refused with its line number. A file is one session. A rollout has
the id of its first `session_meta`, and as parent the thread that spawned or was forked into it; the stdout of one run
does not hold the whole thread, so its content is its identity and the thread its parent.

Utterances, in file order. A rollout tells the same twice, as `response_item` and as an event; the response item is
read, a newer event (`item_completed`) or older one (`user_message`, `exec_command_end`…) only where the same words by
the same role, or the same call, stand in no better record of the file.
- person: text of role user that is marked as a user's, or unmarked and outside the blocks that the harness writes
  (environment, instructions, AGENTS.md, `<snake_case>` blocks); what follows "My request for Codex" in text from an
  editor; each answer given in a `request_user_input` dialog.
- assistant: text of the model (speaker: the model's name), a plan put up for approval, a review's result; in a
  subagent's session also the prompt, which the model that called it wrote.
- reasoning: the readable summary. tool_call: tool name and main argument; plan updates and question dialogs verbatim.
- tool_result: the first 2,000 characters, then `[… N characters left out]`.
- summary: a compaction's summary. harness: injected text that is no known wrapper, errors, other agents' messages.

Kept without words of its own: the header and the thread's name.

Set aside: repeated (the event copy of a better record), repeated_header (of a resumed, or the copied parent's session),
instructions (developer and system messages), wrapper_only (nothing outside wrappers), no_text (images, encrypted or
empty content), turn_context, environment, accounting, turn_event, session_state, started (an item not done yet),
machine_summary (the model's own text of a compaction), unknown_record_type:TYPE (without the type where that is no
plain name).

Locator: `line N`, or `line N, block M` where a message has several texts. Native id of an utterance: the item's id,
and `#1`, `#2`… from the second text on; none in older versions and in stdout. Decisions stated: see codex_dialogs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from ingest.agent_lines import count_lines, lines, record_of, refused
from ingest.agent_runs import session_of
from ingest.json_values import fields, words
from ingest.readers.codex_records import EVENTS, ITEMS, STREAM, TYPES
from ingest.readers.codex_sessions import Gathering, finish, take
from ingest.records import Reader, Rejected, Session, Source
from ingest.text import head_text

NAME = "codex"
_LINES_LOOKED_AT = 200
_CUT_HEADER = re.compile(r'\{.{0,200}?"type"\s*:\s*"session_meta"\s*,\s*"payload"\s*:\s*\{', re.DOTALL)


def accepts(source: Source) -> int:
    """93 for a session header or a thread's start, 71 for other lines of both shapes, 0 for anything else."""
    best = 0
    for line in head_text(source).lstrip("\ufeff").split("\n")[:_LINES_LOOKED_AT]:
        if line.lstrip().startswith("{"):
            best = max(best, _rank(line.strip()))
    return best


def _rank(line: str) -> int:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return 93 if _CUT_HEADER.match(line) else 0
    record = fields(value)
    kind, payload = words(record.get("type")), fields(record.get("payload"))
    if kind == "session_meta":
        return 93 if payload.keys() & {"cli_version", "originator", "cwd", "id"} else 0
    if kind == "thread.started":
        return 93 if words(record.get("thread_id")) else 0
    return 71 if _is_rollout(kind, payload, record) or _is_stream(kind, record) else 0


def _is_rollout(kind: str, payload: Mapping[str, object], record: Mapping[str, object]) -> bool:
    if "timestamp" not in record or kind not in TYPES:
        return False
    inner = words(payload.get("type"))
    return kind == "turn_context" or inner in (ITEMS if kind == "response_item" else EVENTS)


def _is_stream(kind: str, record: Mapping[str, object]) -> bool:
    return kind in ("item.started", "item.completed") and words(fields(record.get("item")).get("type")) in STREAM


def read(source: Source) -> Iterator[Session | Rejected]:
    """Refused lines as they come, then the session."""
    gathering = Gathering()
    for line in lines(source, NAME):
        record = record_of(line, source.encoding)
        if isinstance(record, Rejected):
            yield record
        elif problem := take(gathering, record, line.number):
            yield refused(line, problem)
    if run := finish(gathering):
        yield session_of(run, source)


def count(source: Source) -> int:
    """The non-blank lines."""
    return count_lines(source, NAME)


READER = Reader(
    name=NAME,
    suffixes=frozenset({".jsonl"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="lines",
)
