"""One record of a Codex file: the pieces said in it, with what they repeat, or the rule that sets it aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.agent_runs import ASSISTANT, RESULT_CHARS, Said, called, cut, flat, prompt, unknown_rule
from ingest.json_tree import items
from ingest.json_values import fields, words
from ingest.readers.codex_calls import Asked, call_said, output_text
from ingest.records import Role

TYPES: Mapping[str, str] = {
    "session_meta": "repeated_header",
    "response_item": "",
    "event_msg": "",
    "compacted": "no_text",
    "turn_context": "turn_context",
    "world_state": "environment",
    "token_usage_record": "accounting",
    "inter_agent_communication_metadata": "session_state",
}
"""The record types of a rollout, and the rule for those without words."""
ITEMS = frozenset(
    "message reasoning function_call function_call_output custom_tool_call custom_tool_call_output local_shell_call"
    " tool_search_call tool_search_output web_search_call image_generation_call agent_message ghost_snapshot"
    " compaction".split()
)
EVENTS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "user_message", "agent_message", "agent_reasoning", "agent_reasoning_raw_content", "item_completed",
            "exec_command_end", "patch_apply_end", "mcp_tool_call_end", "web_search_end", "view_image_tool_call",
            "exited_review_mode", "error", "thread_name_updated", "plan_update",
        ),
        "no_text",
    ),
    "token_count": "accounting",
    **dict.fromkeys(
        (
            "task_started", "task_complete", "turn_aborted", "turn.completed", "context_compacted", "undo_completed",
            "entered_review_mode", "turn_started", "turn_complete",
        ),
        "turn_event",
    ),
    **dict.fromkeys(
        (
            "thread_settings_applied", "thread_goal_updated", "sub_agent_activity", "guardian_assessment",
            "collab_agent_spawn_end", "collab_waiting_end", "collab_close_end", "collab_agent_interaction_end",
            "collab_resume_end", "image_generation_end", "dynamic_tool_call_request", "dynamic_tool_call_response",
            "item_started", "session_configured", "thread_rolled_back",
        ),
        "session_state",
    ),
}  # fmt: skip
"""The events of a rollout, and the rule for those without words."""
STREAM = frozenset(
    "agent_message reasoning command_execution file_change mcp_tool_call web_search todo_list error".split()
)
"""The items that `codex exec --json` prints."""

ITEM, NEWER, OLDER = 0, 1, 2
"""Which family tells something: a lower one is preferred."""

_REQUEST = "## My request for Codex:"
_EDITOR = "# Context from my IDE setup:"
_BLOCKS = ("skill", "INSTRUCTIONS", "image")


@dataclass(frozen=True, slots=True)
class Piece:
    """An utterance to be, the family that tells it, and what makes it the same in another family."""

    said: Said
    family: int = ITEM
    call: str = ""
    """The id of the tool call it belongs to."""
    asked: Asked | None = None
    """The dialog that a call puts to the user."""
    printed: object = None
    """What a call gave, before it is written as text."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a record comes to: pieces, or else the rule that sets it aside."""

    pieces: tuple[Piece, ...] = ()
    rule: str = "no_text"


def item_of(item: Mapping[str, object], model: str, *, is_side: bool, is_compaction: bool = False) -> Outcome:
    """A `response_item`: the conversation as the model had it."""
    kind, record, call = words(item.get("type")), words(item.get("id")), words(item.get("call_id"))
    if kind == "message":
        return Outcome(rule="machine_summary") if is_compaction else _message(item, model, is_side=is_side)
    if kind == "reasoning":
        listed = [words(fields(part).get("text")) for part in items(item.get("summary"))]
        return _one("reasoning", "\n\n".join(text for text in listed if text), model, record)
    if kind in ("function_call", "custom_tool_call", "local_shell_call", "web_search_call", "tool_search_call"):
        text, topic, asked = call_said(item)
        return Outcome((Piece(Said("tool_call", text, model, topic, record), call=call, asked=asked),))
    if kind in ("function_call_output", "custom_tool_call_output"):
        text = cut(output_text(item.get("output")), RESULT_CHARS)
        piece = Piece(Said("tool_result", text, record=record), call=call, printed=item.get("output"))
        return Outcome((piece,) if text else ())
    if kind == "agent_message":
        return _one("harness", flat(item.get("content")), None, record)
    return Outcome(rule="no_text" if kind in ITEMS else unknown_rule(kind))


def event_of(event: Mapping[str, object], model: str, *, is_side: bool) -> Outcome:
    """An `event_msg`: mostly a copy of a response item for whoever watches."""
    kind = words(event.get("type"))
    if kind == "user_message":
        return Outcome(_typed([words(event.get("message"))], OLDER, "", is_side=is_side), rule="wrapper_only")
    if kind == "agent_message":
        return _one("assistant", words(event.get("message")), model, "", OLDER)
    if kind in ("agent_reasoning", "agent_reasoning_raw_content"):
        return _one("reasoning", words(event.get("text")), model, "", OLDER)
    if kind == "item_completed":
        return _completed(fields(event.get("item")), model, is_side=is_side)
    if kind == "exec_command_end":
        return _ran(event, model, OLDER, words(event.get("call_id")))
    if kind == "mcp_tool_call_end":
        return _served(fields(event.get("invocation")), event.get("result"), model, OLDER, words(event.get("call_id")))
    if kind == "patch_apply_end":
        return _changed(event, model, OLDER, words(event.get("call_id")))
    if kind == "exited_review_mode":
        return _one("assistant", _review(fields(event.get("review_output"))), model, "", OLDER, "review")
    if kind == "error":
        return _one("harness", words(event.get("message")), None, "", OLDER)
    return Outcome(rule=EVENTS.get(kind) or unknown_rule(kind))


def stream_of(record: Mapping[str, object], kind: str) -> Outcome:
    """A line of `codex exec --json`: only finished items say something."""
    item = fields(record.get("item"))
    inner = words(item.get("type"))
    if kind in ("item.started", "item.updated"):
        return Outcome(rule="started")
    if kind in ("error", "turn.failed"):
        return _one("harness", words(record.get("message")) or words(fields(record.get("error")).get("message")))
    if kind != "item.completed":
        return Outcome(rule="turn_event" if kind.startswith("turn.") else unknown_rule(kind))
    if inner in ("agent_message", "reasoning"):
        role: Role = "assistant" if inner == "agent_message" else "reasoning"
        return _one(role, words(item.get("text")), ASSISTANT)
    if inner == "command_execution":
        return _ran(item, ASSISTANT, ITEM, "")
    if inner == "mcp_tool_call":
        return _served(item, item.get("result") or item.get("error"), ASSISTANT, ITEM, "")
    if inner == "file_change":
        return _changed(item, ASSISTANT, ITEM, "")
    if inner == "error":
        return _one("harness", words(item.get("message")))
    if inner in ("web_search", "todo_list"):
        text, topic, _ = call_said(item)
        return _one("tool_call", text, ASSISTANT, topic=topic)
    return Outcome(rule=unknown_rule(inner))


def _one(
    role: Role, text: str, speaker: str | None = None, record: str = "", family: int = ITEM, topic: str | None = None
) -> Outcome:
    return Outcome((Piece(Said(role, text, speaker, topic, record), family),) if text.strip() else ())


def _message(item: Mapping[str, object], model: str, *, is_side: bool) -> Outcome:
    role, record = words(item.get("role")), words(item.get("id"))
    content = item.get("content")
    texts = [words(content)] if isinstance(content, str) else [words(fields(v).get("text")) for v in items(content)]
    if role in ("developer", "system"):
        return Outcome(rule="instructions")
    if role == "assistant":
        found = [Piece(Said("assistant", text, model, record=_nth(record, at))) for at, text in enumerate(texts)]
        return Outcome(tuple(piece for piece in found if piece.said.text.strip()))
    if role != "user":
        return Outcome(rule=unknown_rule(f"message.{role}" if role else "message"))
    injected = _injected(fields(item.get("internal_chat_message_metadata_passthrough")), len(texts))
    pieces = _typed(texts, ITEM, record, injected, is_side=is_side)
    return Outcome(pieces, rule="wrapper_only" if any(text.strip() for text in texts) else "no_text")


def _nth(record: str, at: int) -> str:
    return f"{record}#{at}" if record and at else record


def _injected(marks: Mapping[str, object], size: int) -> list[bool]:
    """Of each text, whether the record's own marks say that the harness put it there."""
    found = []
    kinds, provenances = items(marks.get("content_item_kinds")), items(marks.get("content_item_metadata"))
    for at in range(size):
        kind = words(kinds[at]) if at < len(kinds) else ""
        source = fields(fields(provenances[at]).get("provenance")) if at < len(provenances) else {}
        origin = words(source.get("type"))
        found.append(origin != "user" if origin else kind not in ("", "unknown", "user.text"))
    return found


def _typed(
    texts: Sequence[str], family: int, record: str, injected: Sequence[bool] = (), *, is_side: bool
) -> tuple[Piece, ...]:
    found = []
    for at, text in enumerate(texts):
        own = prompt(_request(text), is_side=is_side)
        if own is None:
            continue
        role, said, speaker, topic = own
        if (at < len(injected) and injected[at]) or _is_block(said):
            role, speaker, topic = "harness", None, None
        found.append(Piece(Said(role, said, speaker, topic, _nth(record, at)), family))
    return tuple(found)


def _request(text: str) -> str:
    """What a person asked in text that an editor wrote around it."""
    if text.lstrip().startswith(_EDITOR) and _REQUEST in text:
        return text.split(_REQUEST, 1)[1]
    return text


def _is_block(text: str) -> bool:
    """Whether the whole text is one block under a name such as the harness gives: `<user_action>…</user_action>`."""
    name = text[1:].split(">", 1)[0].split(" ", 1)[0] if text.startswith("<") else ""
    is_name = name in _BLOCKS or ("_" in name and name.replace("_", "").isalnum() and name == name.lower())
    return is_name and text.endswith(f"</{name}>")


def _completed(item: Mapping[str, object], model: str, *, is_side: bool) -> Outcome:
    kind, record = words(item.get("type")), words(item.get("id"))
    texts = [words(fields(part).get("text")) for part in items(item.get("content"))]
    if kind == "UserMessage":
        return Outcome(_typed(texts, NEWER, record, is_side=is_side), rule="wrapper_only")
    if kind == "AgentMessage":
        return _one("assistant", "\n".join(texts), model, record, NEWER)
    if kind == "Reasoning":
        return _one("reasoning", "\n\n".join(map(words, items(item.get("summary_text")))), model, record, NEWER)
    if kind == "Plan":
        return _one("assistant", words(item.get("text")), model, record, NEWER, "plan")
    if kind == "CommandExecution":
        return _ran(item, model, NEWER, record)
    if kind == "McpToolCall":
        return _served(item, item.get("result"), model, NEWER, record)
    if kind == "FileChange":
        return _changed(item, model, NEWER, record)
    return Outcome(rule="session_state")


def _ran(item: Mapping[str, object], model: str, family: int, call: str) -> Outcome:
    printed = flat(item.get("aggregated_output")) or flat(item.get("stdout")) or flat(item.get("formatted_output"))
    code = item.get("exit_code")
    failed = f"Exit code: {code}" if isinstance(code, int) and not isinstance(code, bool) and 0 < code < 1000 else ""
    result = "\n".join(part for part in (failed, printed) if part)
    return _pair(called("exec_command", {"command": item.get("command")}), "exec_command", result, model, family, call)


def _served(item: Mapping[str, object], result: object, model: str, family: int, call: str) -> Outcome:
    name = "/".join(part for key in ("server", "tool") if (part := words(item.get(key)).strip())) or "mcp"
    inner = fields(fields(result).get("Ok") or result)
    text = flat(inner.get("content")) or flat(inner.get("message")) or flat(fields(result).get("Err"))
    return _pair(called(name, item.get("arguments")), name, text, model, family, call)


def _changed(item: Mapping[str, object], model: str, family: int, call: str) -> Outcome:
    changes = item.get("changes")
    listed = [f"{words(fields(change).get('type'))} {words(path)}" for path, change in fields(changes).items()]
    listed += [f"{words(fields(v).get('kind'))} {words(fields(v).get('path'))}" for v in items(changes)]
    result = flat(item.get("stdout")) or flat(item.get("stderr"))
    return _pair(called("apply_patch", "\n".join(listed)), "apply_patch", result, model, family, call)


def _pair(call_text: str, name: str, result: str, model: str, family: int, call: str) -> Outcome:
    pieces = [Piece(Said("tool_call", call_text, model, name), family, call)]
    if result:
        pieces.append(Piece(Said("tool_result", cut(result, RESULT_CHARS), None, name), family, call))
    return Outcome(tuple(pieces))


def _review(output: Mapping[str, object]) -> str:
    listed = [words(output.get("overall_explanation"))]
    for finding in items(output.get("findings")):
        title, body = words(fields(finding).get("title")), words(fields(finding).get("body"))
        listed.append(f"{title}\n{body}".strip())
    return "\n\n".join(text for text in listed if text.strip())
