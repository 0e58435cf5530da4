"""Claude Code sessions: the JSON Lines that the CLI keeps, and what `claude -p --output-format stream-json` prints.

Unit: a non-blank line. A line that is not a JSON object with a record type, is over 16 MB, is not text in the declared
encoding, or holds a message without content, is refused with its line number; so is one that repeats a uuid with other
content. Each session id is one session; what a subagent says (`agentId` on sidechain records) is its own session,
`<session>/<agent>`, whose parent is the session; older inline sidechains stay in place.

Utterances, in file order; `parent_id` follows the tree, so a rewound branch shows:
- person: free text of a `user` record outside its wrappers (arguments of slash commands are the person's), queued
  commands, the answers picked or typed in a question dialog (one utterance an answer), and words typed with a refusal
  (never by a result's text alone: it must be an error, answer a call, and agree with the record's structured result).
- assistant: text of the model (speaker: the model's name), and the prompt that it gives a subagent.
- reasoning: thinking. tool_call: tool name and main argument; question dialogs and plans verbatim.
- tool_result: the first 2,000 characters, then `[… N characters left out]`; errors and refusals whole.
- summary: a compaction's summary. harness: interruptions, hand-backs, synthetic messages, text from another program
  (`origin`), text beside a tool result, an approved plan handed over to a fresh context, other agents' messages,
  and text that opens with a wrapper cut short.

Kept without words of its own: titles (custom before generated before summary, the last of a kind) and pull requests.

Set aside: request_log, file_history, queue_operation, progress, system_event, session_state (modes, costs, tags and
the like), run_result (stream-json's last line), attachment (files, reminders, listings), meta (isMeta and
kin), wrapper_only (nothing outside wrappers), no_text (images, redacted or empty blocks), repeated_uuid (a record
copied within the file), summary_of_another_session, session_without_words (facts of a session that says nothing here),
unknown_record_type:TYPE (without the type where that is no plain name).

Locator: `line N`, or `line N, block M` where a record has several content blocks. Native id of an utterance: the
record's uuid, with `#0`, `#1`… where one record gives several; an id with white space, over 100 characters or like a
credential stands as its fingerprint. Decisions stated: see claude_code_decisions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ingest.readers.claude_code_lines import count_lines, lines, record_of, refused
from ingest.readers.claude_code_records import FACTS, RULES
from ingest.readers.claude_code_sessions import Gathering, finished, take
from ingest.records import Reader, Rejected, Session, Source
from ingest.text import head_text

_KNOWN = frozenset({"user", "assistant", "attachment", "summary", *RULES, *FACTS})
_ENVELOPE = re.compile(
    r'\{(?!.*"(?:parts|projectHash)"\s*:)(?:(?=.{0,4000}"parentUuid"\s*:)(?=.{0,4000}"isSidechain"\s*:)'
    r'|(?=.{0,4000}"session_?[Ii]d"\s*:)(?=.{0,4000}"type"\s*:\s*"(?:user|assistant|attachment|system)"))'
)
_MESSAGE_FIRST = re.compile(r'\{\s*"type"\s*:\s*"(?:user|assistant)"\s*,\s*"message"\s*:\s*\{(?!.*"parts"\s*:)')
"""A line longer than the head is known by how it begins: with the envelope, or (stream-json) with these."""
_LINES_LOOKED_AT = 200


def accepts(source: Source) -> int:
    """91 for a line with a Claude Code record type and its ids, 49 with another type, 0 for other agents' lines."""
    best = 0
    for line in head_text(source).lstrip("\ufeff").split("\n")[:_LINES_LOOKED_AT]:
        if line.lstrip().startswith("{"):
            rank = _rank(line.lstrip())
            if rank < 0:
                return 0
            best = max(best, rank)
    return best


def _rank(line: str) -> int:
    """How much one line looks like a record; -1 when it is another agent's."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return 76 if _ENVELOPE.match(line) else 49 if _MESSAGE_FIRST.match(line) else 0
    if not isinstance(value, dict):
        return 0
    message = value.get("message")
    if "projectHash" in value or (isinstance(message, dict) and "parts" in message and "content" not in message):
        return -1
    ids = (value.get(key) for key in ("sessionId", "session_id", "leafUuid", "messageId"))
    if not isinstance(value.get("type"), str) or not any(isinstance(item, str) for item in ids):
        return 0
    return 91 if value["type"] in _KNOWN else 49


def read(source: Source) -> Iterator[Session | Rejected]:
    """Refused lines as they come, then the sessions in order of first appearance."""
    gathering = Gathering()
    for line in lines(source):
        record = record_of(line, source.encoding)
        if isinstance(record, Rejected):
            yield record
        elif problem := take(gathering, record, line.number):
            yield refused(line, problem)
    yield from finished(gathering, source)


READER = Reader(
    name="claude_code",
    suffixes=frozenset({".jsonl"}),
    accepts=accepts,
    read=read,
    count=count_lines,
    unit="lines",
    version=3,
)
