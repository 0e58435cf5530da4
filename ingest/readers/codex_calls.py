"""Codex tool calls and their output as text: the main argument, plan updates, and the dialogs put to the user."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.agent_runs import called, flat, parsed, plan_text
from ingest.dialogs import Option, Range
from ingest.json_tree import items
from ingest.json_values import fields, words

DIALOG = "request_user_input"
_HEADER = re.compile(
    r"(?:(?:Chunk ID|Wall time|Original token count|Total output lines): [^\n]*+\n)*+"
    r"(?:(?:Process exited with code|Exit code:) (\d{1,10})\n)?"
    r"(?:(?:Chunk ID|Wall time|Original token count|Total output lines): [^\n]*+\n)*+Output:\n?"
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a dialog: the id that its answer names, and what is asked."""

    key: str
    subject: str
    header: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A dialog put to the user: its questions, with ranges in the call's text."""

    questions: tuple[Question, ...]


def call_said(item: Mapping[str, object]) -> tuple[str, str, Asked | None]:
    """(text, tool name, dialog) of a call item of any kind."""
    kind = words(item.get("type"))
    name = words(item.get("name")).strip()
    space = words(item.get("namespace")).strip()
    if kind == "todo_list":
        steps = [(words(fields(v).get("text")), _done(fields(v).get("completed"))) for v in items(item.get("items"))]
        return plan_text("update_plan", "", steps), "update_plan", None
    if not name:
        name = kind.removesuffix("_call") or "tool"
    given = item.get("arguments", item.get("input", item.get("action", item)))
    arguments = parsed(given) if isinstance(given, str) else given
    values = fields(arguments)
    if not space and name == "update_plan" and items(values.get("plan")):
        steps = [(_field(step, "step"), _field(step, "status")) for step in items(values.get("plan"))]
        return plan_text(name, words(values.get("explanation")).strip(), steps), name, None
    if not space and name == DIALOG and kind == "function_call" and items(values.get("questions")):
        text, asked = _dialog(values)
        return text, name, asked
    full = f"{space}/{name}" if space else name
    return called(full, values or given if kind != "web_search" else words(item.get("query"))), full, None


def output_text(output: object) -> str:
    """What a tool printed, without the lines that the harness writes above it; a failing exit code stays."""
    text = flat(output)
    inner = fields(parsed(text)) if text.startswith('{"output"') else {}
    if isinstance(inner.get("output"), str):
        code = fields(inner.get("metadata")).get("exit_code")
        failed = isinstance(code, int) and not isinstance(code, bool) and 0 < code < 1000
        return f"{f'Exit code: {code}' if failed else ''}\n{words(inner.get('output'))}".strip()
    header = _HEADER.match(text)
    if header is None:
        return text
    code_line = f"Exit code: {header[1]}\n" if header[1] and header[1].strip("0") else ""
    return (code_line + text[header.end() :]).strip()


def _done(value: object) -> str:
    return "completed" if value is True else "pending"


def _field(value: object, name: str) -> str:
    return words(fields(value).get(name)).strip()


def _dialog(values: Mapping[str, object]) -> tuple[str, Asked]:
    pieces = [DIALOG]
    length = len(DIALOG)

    def put(text: str) -> Range:
        nonlocal length
        pieces.append(text)
        start, length = length, length + len(text)
        return start, length

    questions = []
    for item in items(values.get("questions")):
        question, header = _field(item, "question"), _field(item, "header")
        if not question:
            continue
        subject = f"{header}: {question}" if header and header != question else question
        put("\n\n")
        put(subject)
        options = []
        for option in items(fields(item).get("options")):
            label, description = _field(option, "label"), _field(option, "description")
            if not label:
                continue
            put("\n- ")
            label_range, description_range = put(label), None
            if description and description != label:
                put(": ")
                description_range = put(description)
            options.append(Option(label, label_range, description_range))
        questions.append(Question(_field(item, "id"), subject, header, tuple(options)))
    return "".join(pieces), Asked(tuple(questions))
