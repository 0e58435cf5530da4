"""One record of a Claude Code file: what was said in it, or the rule that sets it aside, or why it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ingest.harness import PERSON, is_token, spoken
from ingest.readers.claude_code_calls import Call, call_of
from ingest.readers.claude_code_decisions import Placed
from ingest.readers.claude_code_results import Result, result_of
from ingest.readers.claude_code_values import mapping, sequence, string
from ingest.records import Role

ASSISTANT = "assistant"
RULES: Mapping[str, str] = {
    "api-request": "request_log",
    "api-request-blob": "request_log",
    "api-request-shape": "request_log",
    "file-history-delta": "file_history",
    "file-history-snapshot": "file_history",
    "queue-operation": "queue_operation",
    "progress": "progress",
    "stream_event": "progress",
    "rate_limit_event": "progress",
    "system": "system_event",
    "result": "run_result",
    **dict.fromkeys(
        (
            "mode", "permission-mode", "last-prompt", "cost-state", "tools-used", "atis-latch", "bridge-session",
            "frame-link", "attribution-snapshot", "content-replacement", "fork-context-ref", "derived-from",
            "continued-in", "agent-name", "agent-color", "tag", "relocated", "worktree-state",
        ),
        "session_state",
    ),
}  # fmt: skip
"""The rule that sets aside each known record type without words."""

FACTS: Mapping[str, str] = {"ai-title": "aiTitle", "custom-title": "customTitle", "pr-link": "prUrl"}
"""Record types that hold a fact of the session, and the key it stands under."""


_TYPE_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_CALL_BLOCKS = ("tool_use", "server_tool_use", "mcp_tool_use")


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance to be, and what it does: calls a tool, answers a call, or hands over an approved plan."""

    role: Role
    text: str
    speaker: str | None = None
    topic: str | None = None
    block: int = 0
    """Position of its content block, from 1; 0 when the content is one string."""
    call_id: str = ""
    call: Call | None = None
    result: Result | None = None
    answer: int | None = None
    """Which of the result's answers the person gives here; None for other words."""
    plan_start: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one record comes to: words, or else the rule that sets it aside, or the problem that refuses it."""

    said: tuple[Said, ...] = ()
    rule: str = "no_text"
    problem: str = ""


def outcome_of(record: Mapping[str, object], calls: Mapping[str, Placed], *, is_side: bool) -> Outcome:
    """What a record with a type holds (facts of the session are read elsewhere)."""
    kind = string(record.get("type"))
    if kind in ("user", "assistant"):
        return _message(record, calls, is_side=is_side)
    if kind == "attachment":
        return _attachment(record, is_side=is_side)
    if not kind:
        return Outcome(problem="an object without a record type")
    return Outcome(rule=RULES.get(kind) or _unknown(kind))


def _unknown(kind: str) -> str:
    """The rule for a type nobody knows: named after it only when it has the shape of a name, and no secret's."""
    return f"unknown_record_type:{kind}" if _TYPE_NAME.fullmatch(kind) and not is_token(kind) else "unknown_record_type"


def _message(record: Mapping[str, object], calls: Mapping[str, Placed], *, is_side: bool) -> Outcome:
    message = record.get("message")
    if not isinstance(message, dict):
        return Outcome(problem="the record's message is not an object")
    content = message.get("content")
    if not isinstance(content, (str, list)):
        return Outcome(problem="the message has no content")
    if strange := [value for value in sequence(content) if not isinstance(value, (str, dict))]:
        return Outcome(problem=f"a content block is a {type(strange[0]).__name__}, not an object")
    blocks = [(0, _as_block(content))] if isinstance(content, str) else list(enumerate(map(_as_block, content), 1))
    if string(record.get("type")) == "assistant":
        said = [item for at, block in blocks for item in _assistant(at, block, message, record)]
        return Outcome(tuple(said))
    return _user(record, blocks, calls, is_side=is_side)


def _as_block(value: object) -> Mapping[str, object]:
    return {"type": "text", "text": value} if isinstance(value, str) else mapping(value)


def _assistant(
    at: int, block: Mapping[str, object], message: Mapping[str, object], record: Mapping[str, object]
) -> list[Said]:
    model = string(message.get("model"))
    is_synthetic = model == "<synthetic>" or record.get("isApiErrorMessage") is True
    speaker = model if model and not is_synthetic else ASSISTANT
    kind = block.get("type")
    if kind == "text" and (text := string(block.get("text"))):
        return [Said("harness", text, block=at) if is_synthetic else Said("assistant", text, speaker, block=at)]
    if kind == "thinking" and (text := string(block.get("thinking"))):
        return [Said("reasoning", text, speaker, block=at)]
    if kind in _CALL_BLOCKS and (name := string(block.get("name"))):
        call = call_of(name, block.get("input"), is_own=kind == "tool_use")
        return [Said("tool_call", call.text, speaker, name, at, call_id=string(block.get("id")), call=call)]
    return []


def _user(
    record: Mapping[str, object],
    blocks: list[tuple[int, Mapping[str, object]]],
    calls: Mapping[str, Placed],
    *,
    is_side: bool,
) -> Outcome:
    results = [(at, block) for at, block in blocks if block.get("type") == "tool_result"]
    texts = [(at, text) for at, block in blocks if block.get("type") == "text" and (text := string(block.get("text")))]
    said = [item for at, block in results for item in _result(at, block, record, calls)]
    if record.get("isCompactSummary") is True:
        return Outcome((*said, *(Said("summary", text, block=at) for at, text in texts)))
    if results:  # text beside a result is the harness's: B1 of the human text rule
        said += [Said("harness", text, block=at) for at, text in texts]
        return Outcome(tuple(sorted(said, key=lambda item: item.block)))
    if any(record.get(flag) is True for flag in ("isMeta", "isVisibleInTranscriptOnly", "turnCompanion")):
        return Outcome(rule="meta")
    words = _prompt_role(record, is_side=is_side)
    said = [item for at, text in texts for item in words(at, text)]
    return Outcome(tuple(said), rule="wrapper_only" if texts else "no_text")


def _result(
    at: int, block: Mapping[str, object], record: Mapping[str, object], calls: Mapping[str, Placed]
) -> list[Said]:
    call_id = string(block.get("tool_use_id"))
    placed = calls.get(call_id)
    call = placed.call if placed else None
    result = result_of(block, record, call)
    name = call.name if call else None
    said = []
    if result.text:
        said.append(Said("tool_result", result.text, None, name, at, call_id, result=result))
    for position, answer in enumerate(result.answers):
        words = f"{answer.text}\n{answer.note}" if answer.note else answer.text
        topic = answer.question.header or name
        said.append(Said("person", words, PERSON, topic, at, call_id, result=result, answer=position))
    if result.reason:
        said.append(Said("person", result.reason, PERSON, name, at, call_id, result=result))
    return said


def _prompt_role(record: Mapping[str, object], *, is_side: bool) -> Callable[[int, str], list[Said]]:
    """How a record's free text is to be taken: a person's, the parent model's, or the harness's."""
    origin = string(mapping(record.get("origin")).get("kind"))
    plan = string(record.get("planContent"))
    is_machine = origin not in ("", "human", "cli") or record.get("promptSource") == "system"

    def words(at: int, text: str) -> list[Said]:
        own = spoken(text)
        if not own.words:
            return []
        if is_machine or own.is_harness:
            return [Said("harness", own.words, block=at)]
        if plan and (start := own.words.find(plan)) >= 0:
            return [Said("harness", own.words, block=at, plan_start=start)]
        if is_side:  # a subagent's prompt is written by the model that called it
            return [Said("assistant", own.words, ASSISTANT, "subagent prompt", at)]
        return [Said("person", own.words, PERSON, own.command, at)]

    return words


def _attachment(record: Mapping[str, object], *, is_side: bool) -> Outcome:
    attachment = mapping(record.get("attachment"))
    if attachment.get("type") != "queued_command":
        return Outcome(rule="attachment")
    origin = string(mapping(attachment.get("origin")).get("kind"))
    if is_side or "task-notification" in (attachment.get("commandMode"), origin):
        return Outcome(rule="attachment")
    prompt = attachment.get("prompt")
    texts = [string(prompt)] if isinstance(prompt, str) else [string(mapping(v).get("text")) for v in sequence(prompt)]
    said = [
        Said("harness", own.words, block=at) if own.is_harness else Said("person", own.words, PERSON, own.command, at)
        for at, text in enumerate(texts, int(isinstance(prompt, list)))
        if (own := spoken(text)).words
    ]
    return Outcome(tuple(said), rule="wrapper_only")
