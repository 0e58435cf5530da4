"""One opencode message and its parts: what was said in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ingest.agent_turns import ASSISTANT, Log, Said, call, mapping, plain, result, string, typed
from ingest.harness import native_id
from ingest.json_source import moment

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
"""`opencode run "x y"` stores the prompt with quotation marks about it, and a backslash before those within."""

_OWN_ID = re.compile(r"(?:ses|msg|prt)_[0-9a-f]{12}[0-9A-Za-z]{14}")

Part = tuple[str, object]
"""The part's place, and what stands there."""


def id_of(value: object) -> str:
    """An id as it stands where it has opencode's own shape (which looks like a token's); else as every id is taken."""
    text = string(value)
    return text if _OWN_ID.fullmatch(text) else native_id(text)


def take(log: Log, info: Mapping[str, object], parts: Sequence[Part], where: str, last: dict[str, str]) -> str:
    """Adds one message; the answer is empty, or why it is refused. `last` tells the last utterance of each message."""
    role = string(info.get("role"))
    if role not in ("user", "assistant"):
        return "a message without a role that is known"
    speaker = string(info.get("modelID")) or ASSISTANT
    said = [item for place, part in parts for item in _said(part, place, role, info, speaker, log)]
    own = id_of(info.get("id"))
    at = moment(mapping(info.get("time")).get("created"))
    log.say(said, where, native_id=own, parent=last.get(id_of(info.get("parentID")), ""), at=at)
    last[own] = (log.utterances[-1].native_id or "") if said else last.get(own, "")
    log.keep("" if said else "no_text")
    return ""


def _said(value: object, place: str, role: str, info: Mapping[str, object], speaker: str, log: Log) -> Iterator[Said]:
    part = mapping(value)
    own = id_of(part.get("id"))
    for position, item in enumerate(_words(part, role, info, speaker, is_child=bool(log.parent_id))):
        native = f"{own}#{position}" if own and position else own or None
        yield Said(item.role, item.text, item.speaker, item.topic, place, native)


def _words(
    part: Mapping[str, object], role: str, info: Mapping[str, object], speaker: str, *, is_child: bool
) -> list[Said]:
    kind, text = part.get("type"), string(part.get("text"))
    if kind == "text" and part.get("synthetic") is True:
        return plain("harness", text)
    if kind == "text" and role == "user":
        return plain("assistant", text, ASSISTANT) if is_child else typed(_unquoted(text))
    if kind == "text":
        return plain("summary" if info.get("summary") is True else "assistant", text, speaker)
    if kind == "reasoning":
        return plain("reasoning", text, speaker)
    if kind == "tool" and (name := string(part.get("tool"))):
        return _tool(name, mapping(part.get("state")), speaker)
    return []


def _tool(name: str, state: Mapping[str, object], speaker: str) -> list[Said]:
    error = string(state.get("error"))
    exit_code = mapping(state.get("metadata")).get("exit")
    output = error or string(state.get("output"))
    return [call(name, state.get("input"), speaker), *result(output, name, exit_code=exit_code, is_error=bool(error))]


def _unquoted(text: str) -> str:
    found = _QUOTED.fullmatch(text)
    return found[1].replace('\\"', '"') if found else text
