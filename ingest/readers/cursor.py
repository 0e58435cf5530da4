"""Cursor's agent transcripts (`agent-transcripts/<id>/<id>.jsonl`), and Windsurf's: JSON Lines without ids and times.

Unit: a non-blank line. One that is no JSON object, is over 16 MB, or is neither a message nor a step is refused with
its line number. A file is one session, known by its content.

Utterances: person (what stands in `<user_query>`; in Windsurf's the user's input), assistant (the literal
`[REDACTED]`, which stands where reasoning was, taken out), tool_call (name and main argument), tool_result (Windsurf's
only: the first 2,000 characters, a failing command's exit code, `[rejected]` where the person refused it), harness
(user text without a query: context alone). Cursor keeps no results, ids, times or models.

Set aside: turn_ended (and other lines of Cursor's that have a type and no role, by their type), no_text (redacted
reasoning alone, images), unknown_record_type:TYPE.

Locator: `line N`. Decisions stated: none; a refused edit or command has no reason in these files. Cursor's databases
(store.db, state.vscdb) and its older text transcripts are not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ingest.agent_lines import count_lines, lines, record_of, refused
from ingest.agent_turns import ASSISTANT, Log, Said, call, mapping, opening, plain, sequence, session, string, unknown
from ingest.readers.cursor_windsurf import is_known, is_step, said_in
from ingest.readers.cursor_words import asked
from ingest.records import Reader, Rejected, Session, Source
from ingest.text import head_text

_IDS = frozenset({"id", "uuid", "sessionId", "session_id", "timestamp", "ts", "kind", "parentId"})
_MESSAGE_KEYS = frozenset({"role", "message"})
_ROLES = frozenset({"user", "assistant"})
_LONG_MESSAGE = re.compile(r'\{\s*"role"\s*:\s*"(?:user|assistant)"\s*,\s*"message"\s*:\s*\{\s*"content"\s*:\s*\[')
_REDACTED = re.compile(r"(?m)^[ \t]*\[REDACTED\][ \t]*$\n?")


def accepts(source: Source) -> int:
    """71 for a line that is a message or step and has no ids, 69 where such a line is longer than the head, else 0."""
    for value in opening(head_text(source)):
        if isinstance(value, str):
            if _LONG_MESSAGE.match(value):
                return 69
            continue
        if _is_message(value) or _is_windsurf(value):
            return 71
        if "role" in mapping(value) or mapping(value).get("type") != "turn_ended":
            return 0
    return 0


def _is_message(value: object) -> bool:
    """Whether a value is a message of Cursor's: a role, content in a message, and nothing that tells who or when."""
    record = mapping(value)
    content = mapping(record.get("message")).get("content")
    return (
        record.keys() >= _MESSAGE_KEYS
        and record.keys().isdisjoint(_IDS | {"type"})
        and string(record.get("role")) in _ROLES
        and isinstance(content, (list, str))
        and mapping(record.get("message")).keys().isdisjoint({"id", "uuid", "usage"})
    )


def _is_windsurf(value: object) -> bool:
    return is_known(value) and mapping(value).keys().isdisjoint(_IDS) and "status" in mapping(value)


def read(source: Source) -> Iterator[Session | Rejected]:
    """Refused lines as they come, then the one session of the others."""
    log = Log()
    for line in lines(source, "cursor"):
        record = record_of(line, source.encoding)
        if isinstance(record, Rejected):
            yield record
            continue
        found = _said(record)
        if isinstance(found, str):
            yield refused(line, found)
            continue
        said, rule = found
        log.say(said, f"line {line.number}")
        log.keep("" if said else rule)
    if log.kept or log.set_aside:
        yield session(log, source)


def _said(record: Mapping[str, object]) -> tuple[list[Said], str] | str:
    """The words of a line and the rule where it has none, or why it is refused."""
    role, kind = string(record.get("role")), string(record.get("type"))
    if is_step(record):
        return said_in(record), "no_text"
    if not role and kind:
        return [], "turn_ended" if kind == "turn_ended" else unknown(kind)
    content = mapping(record.get("message")).get("content")
    if role not in _ROLES or not isinstance(content, (list, str)):
        return "no message: it has no role that is known, or no content"
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else sequence(content)
    if strange := next((block for block in blocks if not isinstance(block, dict)), None):
        return f"a content block is a {type(strange).__name__}, not an object"
    if role == "user":
        return asked("\n\n".join(string(mapping(block).get("text")) for block in blocks)), "no_text"
    return [said for block in blocks for said in _answered(mapping(block))], "no_text"


def _answered(block: Mapping[str, object]) -> list[Said]:
    if block.get("type") == "tool_use":
        return [call(string(block.get("name")), block.get("input"))]
    return plain("assistant", _REDACTED.sub("", string(block.get("text"))), ASSISTANT)


READER = Reader(
    name="cursor",
    suffixes=frozenset({".jsonl"}),
    accepts=accepts,
    read=read,
    count=lambda source: count_lines(source, "cursor"),
    unit="lines",
)
