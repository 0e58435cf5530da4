"""Steps of Windsurf's transcripts, `{type, status, <type>: {…}}`: a person's input, the model's answer, or a tool."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.agent_turns import ASSISTANT, Said, call, mapping, plain, result, string, typed

_KNOWN = frozenset({"user_input", "planner_response", "view_file", "code_action", "run_command"})
_BULKY = frozenset({"output", "content", "new_content", "original_content"})


def is_known(record: object) -> bool:
    """Whether a value is a step of the most usual kinds: by them the format is recognised."""
    return is_step(record) and mapping(record).get("type") in _KNOWN


def is_step(record: object) -> bool:
    """Whether a value is a step: its type names the object in it."""
    kind = mapping(record).get("type")
    return isinstance(kind, str) and isinstance(mapping(record).get(kind), dict)


def said_in(record: Mapping[str, object]) -> list[Said]:
    """The words of a step."""
    kind = string(record.get("type"))
    step = mapping(record.get(str(record.get("type"))))
    if kind == "user_input":
        return typed(string(step.get("user_response")))
    if kind == "planner_response":
        return plain("assistant", step.get("response"), ASSISTANT)
    told = call(kind, {key: value for key, value in step.items() if key not in _BULKY})
    output = string(step.get("output")) or string(step.get("content"))
    if step.get("user_rejected") is True or string(step.get("acknowledgement_type")).endswith("_REJECT"):
        output = f"{output}\n[rejected]".strip()
    return [told, *result(output, kind, exit_code=step.get("exit_code"))]
