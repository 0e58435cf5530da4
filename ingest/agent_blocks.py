"""Messages made of content blocks, as most coding agents keep them: text, thinking, calls of tools, their results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.agent_runs import RESULT_CHARS, Run, Said, called, count, cut, parsed, prompt, say
from ingest.json_tree import items, line
from ingest.json_values import Fields, fields, words

_CALLS = ("tool_use", "toolCall")
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Message:
    """What the utterances of one message share: its own id and the one above it, its time, its place."""

    place: str
    record: str = ""
    parent: str = ""
    at: datetime | None = None


def placed(content: object, below: str) -> list[tuple[str, Fields]]:
    """(place below the message, block) of its content; a plain string is one block of text."""
    if isinstance(content, str):
        return [(below, {"type": "text", "text": content})]
    blocks = enumerate(items(content))
    return [(f"{below}/{at}", {"type": "text", "text": b} if isinstance(b, str) else fields(b)) for at, b in blocks]


def from_assistant(block: Fields, model: str, place: str) -> list[Said]:
    """What a block of the model's message says; nothing for a picture, or a kind nobody knows."""
    kind = block.get("type")
    if kind == "text":
        return [Said("assistant", words(block.get("text")), model, locator=place)]
    if kind in ("thinking", "reasoning"):
        return [Said("reasoning", words(block.get("thinking")) or words(block.get("text")), model, locator=place)]
    if kind in _CALLS and (name := line(block.get("name"))):
        given = block.get("input") or block.get("arguments")
        return [Said("tool_call", call_text(name, given), model, name, locator=place)]
    return []


def typed(text: str, place: str) -> list[Said]:
    """What a person typed, without what programs wrapped around it."""
    own = prompt(text)
    return [Said(own[0], own[1], own[2], own[3], locator=place)] if own else []


def answered(content: object, place: str, *, tool: str = "", is_error: bool = False) -> list[Said]:
    """What a tool answered: the first 2,000 characters, an error whole."""
    text = result_text(content)
    return [Said("tool_result", text if is_error else cut(text, RESULT_CHARS), topic=tool or None, locator=place)]


def say_all(run: Run, said: Iterable[Said], message: Message, rule: str = "no_text") -> None:
    """Adds what a message says and counts it: kept where any words are in it, else set aside by the rule."""
    told: Sequence[Said] = [item for item in said if item.text.strip()]
    for at, item in enumerate(told):
        own = f"{message.record}#{at}" if message.record and len(told) > 1 else message.record
        where = message.place + item.locator or "/"
        say(run, replace(item, record=own, parent=message.parent, at=message.at, locator=where))
    count(run, "" if told else rule)


def call_text(name: str, given: object) -> str:
    """A tool call as text: its name and main argument, wherever in the arguments that lies."""
    arguments = fields(parsed(given)) or given if isinstance(given, str) else given
    text = called(name, arguments)
    return text if text != name else called(name, first_text(arguments))


def first_text(value: object, depth: int = _DEEPEST) -> str:
    """The first string in a value, looked for in its lists and objects."""
    if isinstance(value, (list, dict)) and depth:
        inner = value.values() if isinstance(value, dict) else value
        return next((text for item in inner if (text := first_text(item, depth - 1))), "")
    return words(value).strip()


def result_text(value: object) -> str:
    """What a tool answered, as text: a string (also JSON of a result), the texts, results and errors of a list."""
    if isinstance(value, str):
        inner = fields(parsed(value)) if value.lstrip().startswith("{") else {}
        return _answer(inner) or words(value)
    if isinstance(value, list):
        return "\n".join(text for item in value if (text := words(item) or _answer(fields(item))))
    return _answer(fields(value))


def _answer(item: Fields) -> str:
    parts = (words(item.get(key)).strip() for key in ("text", "content", "output", "result", "error", "message"))
    return "\n".join(dict.fromkeys(part for part in parts if part))
