"""What Cline and Roo show in VS Code (`ui_messages.json`): each event's words, or the rule that sets it aside."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.agent_blocks import call_text
from ingest.agent_runs import ASSISTANT, RESULT_CHARS, Said, cut, parsed, prompt
from ingest.harness import PERSON
from ingest.json_tree import items, line
from ingest.json_values import Fields, fields, words

_PERSON = frozenset({"task", "user_feedback"})
_ASKED = frozenset({"followup", "plan_mode_respond", "act_mode_respond"})
_CALLS = frozenset({"tool", "command", "use_mcp_server", "use_mcp_tool", "browser_action", "browser_action_launch"})
_RESULTS = frozenset({"command_output", "mcp_server_response", "browser_action_result", "user_feedback_diff"})
_SUMMARIES = frozenset({"condense", "condense_context", "summarize_task"})


def event_said(event: Fields, *, is_first: bool, is_side: bool) -> tuple[list[Said], str]:
    """The utterances of one event, or (none, the rule that sets it aside).

    The first text is the task; in a subtask (`is_side`) the model that started it wrote that.
    """
    kind = line(event.get("say")) or line(event.get("ask"))
    text = words(event.get("text")).strip()
    if not text:
        return [], "no_text"
    if kind in _PERSON or (kind == "text" and is_first):
        own = prompt(text, is_side=is_side and kind != "user_feedback")
        return ([Said(own[0], own[1], own[2], own[3])], "") if own else ([], "wrapper_only")
    if kind in _ASKED:
        return _asked(fields(parsed(text)), text), ""
    if kind in ("text", "completion_result"):
        return [Said("assistant", text, ASSISTANT)], ""
    if kind == "reasoning":
        return [Said("reasoning", text, ASSISTANT)], ""
    if kind in _CALLS:
        shown, name = _call(kind, text)
        return [Said("tool_call", shown, ASSISTANT, name)], ""
    if kind in _RESULTS:
        return [Said("tool_result", cut(text, RESULT_CHARS), topic=kind)], ""
    if kind in _SUMMARIES:
        return [Said("summary", text)], ""
    return [], "harness_event"


def _call(kind: str, text: str) -> tuple[str, str]:
    given = fields(parsed(text))
    name = line(given.get("tool")) or line(given.get("toolName")) or kind
    arguments = {key: value for key, value in given.items() if key not in ("tool", "toolName", "serverName", "type")}
    return call_text(name, arguments if given else text), name


def _asked(given: Fields, text: str) -> list[Said]:
    """The agent's question with its options, and the option that the person picked."""
    question = words(given.get("question")) or words(given.get("response"))
    if not question.strip():
        return [Said("assistant", text, ASSISTANT)]
    options: Sequence[str] = [
        option
        for item in items(given.get("options")) + items(given.get("suggest"))
        if (option := line(item) or line(fields(item).get("answer")))
    ]
    shown = "\n".join((question.strip(), *(f"- {option}" for option in options)))
    found = [Said("assistant", shown, ASSISTANT)]
    if picked := line(given.get("selected")):
        found.append(Said("person", picked, PERSON))
    return found
