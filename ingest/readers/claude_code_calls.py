"""Tool calls as text: the tool's name and main argument, or a question dialog or plan verbatim, with its ranges."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.agent_editors import edited_path
from ingest.dialogs import Option, Range
from ingest.readers.claude_code_values import mapping, sequence, string
from ingest.text import folded, sentences

ARGUMENT_CHARS = 600
"""A longer main argument (a heredoc, a prompt) is cut, with a mark that says by how much."""

_ARGUMENTS = (
    "command", "file_path", "notebook_path", "pattern", "query", "url", "skill", "description", "subject", "prompt",
    "path", "to", "taskId", "name",
)  # fmt: skip
_SUBJECT_CHARS = 60
_LOOKING_TOOLS = frozenset(
    "Read Grep Glob LS NotebookRead WebFetch WebSearch BashOutput TaskOutput TodoRead ToolSearch".split()
)
_STEPS = re.compile(r"&&|\|\|?|;|\n")
_WRITES = re.compile(r"(?<![0-9&])>(?!&|\s*/dev/null)|-delete\b|-exec\b|\bsed\b[^|;]*\s-i")
_LOOKS = re.compile(
    r"(?:cat|ls|ll|grep|egrep|rg|head|tail|find|fd|wc|pwd|cd|echo|which|type|tree|stat|du|df|file|less|more|jq|sed|awk"
    r"|sort|uniq|cut|diff|ps|env|printenv|date|git (?:status|log|diff|show|blame|grep|ls-files|rev-parse)"
    r"|gh \w+ (?:view|list))(?:\s|$)"
)
_GENERIC = frozenset(
    {"plan", "implementation plan", "context", "overview", "summary", "goal", "background", "problem", "approach"}
)
_PLAN_PREFIX = re.compile(r"(?:implementation\s+)?plan\s*[:–—-]\s*", re.IGNORECASE)
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+(.*)")
_BULLET = re.compile(r"[ \t]*(?:[-*+•]|\d+[.)])?[ \t]*(?:\*\*)?")


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
    subject: str = ""
    """What it would have done, in few words of the call: its description, the command's first line, or the file."""
    is_read_only: bool = False
    """Whether it only looks: refusing it says nothing of what is to be built."""
    questions: tuple[Question, ...] = ()
    is_plan: bool = False
    plan: Range | None = None
    """Where the plan stands; newer versions keep it in a file instead."""


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


def call_of(name: str, given: object, *, is_own: bool = True) -> Call:
    """The text of a tool call; only the harness's own tools (not a server's of the same name) ask and plan."""
    values = mapping(given)
    if is_own and name == "AskUserQuestion":
        return _dialog(name, values)
    if is_own and name == "ExitPlanMode":
        head, plan = f"{name}\n\n", string(values.get("plan"))
        text, where = (head + plan, (len(head), len(head) + len(plan))) if plan else (name, None)
        return Call(name, text, is_plan=True, plan=where)
    argument = _main_argument(values)
    if not argument:
        return Call(name, name)
    shown = cut(argument, ARGUMENT_CHARS)
    start = len(name) + 2
    where = start, start + min(len(argument), ARGUMENT_CHARS)
    subject = _subject(name, values, argument)
    return Call(name, f"{name}: {shown}", argument=where, subject=subject, is_read_only=_only_looks(name, values))


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
    right = min(end if stop < 0 else stop, left + ARGUMENT_CHARS)
    for first, last in sentences(text[left:right]):
        return left + first, left + last
    return None


def _subject(name: str, values: Mapping[str, object], argument: str) -> str:
    if string(values.get("file_path")) == argument or string(values.get("notebook_path")) == argument:
        file = argument.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
        return f"{name} {folded(file or argument, _SUBJECT_CHARS)}"
    return folded(string(values.get("description")) or argument.split("\n", 1)[0], _SUBJECT_CHARS)


def _only_looks(name: str, values: Mapping[str, object]) -> bool:
    """Whether a tool only reads; a shell command does when each of its programs does and no file is written."""
    command = string(values.get("command"))
    if not command:
        return name in _LOOKING_TOOLS
    if len(command) > ARGUMENT_CHARS or _WRITES.search(command):
        return False
    programs = [" ".join(step.split()) for step in _STEPS.split(command) if step.strip()]
    return all(_LOOKS.match(program) for program in programs)


def _main_argument(values: Mapping[str, object]) -> str:
    named = next((text for key in _ARGUMENTS if (text := string(values.get(key)))), "")
    named = string(edited_path(values)) or named
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
