"""Tool calls as text: the tool's name and main argument, or a question dialog or plan verbatim, with its ranges."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.readers.claude_code_values import mapping, sequence, string
from ingest.text import sentences

ARGUMENT_CHARS = 600
"""A longer main argument (a heredoc, a prompt) is cut, with a mark that says by how much."""

Range = tuple[int, int]

_ARGUMENTS = (
    "command", "file_path", "notebook_path", "pattern", "query", "url", "skill", "description", "subject", "prompt",
    "path", "to", "taskId", "name",
)  # fmt: skip
_GENERIC = frozenset(
    {"plan", "implementation plan", "context", "overview", "summary", "goal", "background", "problem", "approach"}
)
_PLAN_PREFIX = re.compile(r"(?:implementation\s+)?plan\s*[:–—-]\s*", re.IGNORECASE)
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+(.*)")
_BULLET = re.compile(r"[ \t]*(?:[-*+•]|\d+[.)])?[ \t]*(?:\*\*)?")


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a dialog: where its label and description stand in the call's text."""

    label: str
    label_range: Range
    description_range: Range | None


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a dialog; `subject` is its header and words as the text has them."""

    question: str
    header: str
    subject: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call: its text, and where in it the main argument or the plan stands."""

    name: str
    text: str
    argument: Range | None = None
    questions: tuple[Question, ...] = ()
    plan: Range | None = None


@dataclass(slots=True)
class _Page:
    """Text being written. Pieces are put after a space or a line end, so that NFC never joins across them."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0

    def put(self, text: str) -> Range:
        start = self.length
        self.pieces.append(text)
        self.length += len(text)
        return start, self.length


def call_of(name: str, given: object) -> Call:
    """The text of a tool call."""
    values = mapping(given)
    if name == "AskUserQuestion":
        return _dialog(name, values)
    if name == "ExitPlanMode" and (plan := string(values.get("plan"))):
        head = f"{name}\n\n"
        return Call(name, head + plan, plan=(len(head), len(head) + len(plan)))
    argument = _main_argument(values)
    if not argument:
        return Call(name, name)
    shown = cut(argument, ARGUMENT_CHARS)
    start = len(name) + 2
    return Call(name, f"{name}: {shown}", argument=(start, start + min(len(argument), ARGUMENT_CHARS)))


def cut(text: str, limit: int) -> str:
    """The first `limit` characters and how many were left out, or the whole text."""
    left_out = len(text) - limit
    return text if left_out <= 0 else f"{text[:limit]}\n[… {left_out:,} characters left out]"


def title_range(text: str, start: int, end: int) -> Range | None:
    """Where a plan says what it is: its first telling heading, else its first sentence."""
    at = start
    for line in text[start:end].splitlines(keepends=True):
        heading = _HEADING.match(line.rstrip("\n").rstrip(" \t#"))
        if heading is None and line.strip():
            return _first_sentence(text, at, end)
        if heading is not None:
            prefix = _PLAN_PREFIX.match(heading[1])
            words = heading[1][prefix.end() :] if prefix else heading[1]
            if words.strip() and words.strip(" :.").casefold() not in _GENERIC:
                left = at + heading.start(1) + (prefix.end() if prefix else 0)
                return left, left + len(words.rstrip())
        at += len(line)
    return None


def _first_sentence(text: str, start: int, end: int) -> Range | None:
    bullet = _BULLET.match(text, start, end)
    left = bullet.end() if bullet else start
    stop = text.find("\n", left, end)
    right = end if stop < 0 else stop
    for first, last in sentences(text[left:right]):
        return left + first, left + last
    return None


def _main_argument(values: Mapping[str, object]) -> str:
    named = next((text for key in _ARGUMENTS if (text := string(values.get(key)))), "")
    return named or next((text for value in values.values() if (text := string(value))), "")


def _dialog(name: str, values: Mapping[str, object]) -> Call:
    page = _Page()
    page.put(name)
    asked = [item for value in _questions(values) if string((item := mapping(value)).get("question"))]
    questions = tuple(_question(page, item) for item in asked)
    return Call(name, "".join(page.pieces), questions=questions)


def _questions(values: Mapping[str, object]) -> list[object]:
    given = values.get("questions")
    if isinstance(given, str):  # some versions wrote the list as JSON text
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            return []
    if isinstance(given, dict):
        return [given]
    return sequence(given) or ([values] if "question" in values else [])


def _question(page: _Page, item: Mapping[str, object]) -> Question:
    question, header = string(item.get("question")), string(item.get("header"))
    subject = f"{header}: {question}" if header and header != question else question
    page.put("\n\n")
    page.put(subject)
    given = sequence(item.get("options")) or sequence(item.get("choices"))
    options = tuple(option for value in given if (option := _option(page, value)) is not None)
    return Question(question, header, subject, options)


def _option(page: _Page, value: object) -> Option | None:
    label = string(value) or string(mapping(value).get("label"))
    if not label:
        return None
    page.put("\n- ")
    label_range = page.put(label)
    description = string(mapping(value).get("description"))
    if not description or description == label:
        return Option(label, label_range, None)
    page.put(": ")
    return Option(label, label_range, page.put(description))
