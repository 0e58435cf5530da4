"""Messages of the model's conversation as Cline and Roo keep it: the person's words stand in wrappers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.agent_blocks import answered, from_assistant, placed, typed
from ingest.agent_runs import ASSISTANT, Said
from ingest.json_tree import line
from ingest.json_values import Fields, fields, words

_OPENING = re.compile(
    r"(?:\[TASK RESUMPTION\][^<]{0,2000}|(?:The user|New (?:message|instructions))[^<\n]{0,300}:\s*)?"
    r"<(task|feedback|answer|user_message|user_input)(?:\s[^<>]{0,200})?>"
)


def message_said(message: Fields) -> Iterator[Said]:
    """The utterances of one message, block by block, with their places in it."""
    model = line(fields(message.get("modelInfo")).get("id")) or ASSISTANT
    for place, block in placed(message.get("content"), "/content"):
        if message.get("role") == "assistant":
            yield from from_assistant(block, model, place)
        elif block.get("type") == "tool_result":
            name, is_error = line(block.get("name")), block.get("is_error") is True
            yield from answered(block.get("content"), place, tool=name, is_error=is_error)
        elif block.get("type") == "text" and message.get("isSummary") is True:
            yield Said("summary", words(block.get("text")), locator=place)
        elif block.get("type") == "text":
            yield from _written(words(block.get("text")), place)


def wrapped(text: str) -> str:
    """What stands in the wrapper that a text opens with, by its last closing tag; empty where it opens with none."""
    body = text.lstrip()
    opening = _OPENING.match(body)
    end = body.rfind(f"</{opening[1]}>") if opening else -1
    return body[opening.end() : end].strip() if opening and end >= opening.end() else ""


def _written(text: str, place: str) -> list[Said]:
    own = wrapped(text)
    if own:
        return typed(own, place)
    return [Said("harness", item.text, locator=place) for item in typed(text, place)]
