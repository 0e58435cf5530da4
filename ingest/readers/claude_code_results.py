"""Tool results as text, and the person's part in them: answers, approvals, and reasons for a refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.dialog_answers import BESIDE, Written, without_last_word, written
from ingest.readers.claude_code_calls import Call, Question, cut
from ingest.readers.claude_code_values import mapping, sequence, string

RESULT_CHARS = 2000
"""Tool output is cut after so many characters, with a mark that says by how much; errors are kept whole."""

_REFUSED = re.compile(
    r"(?:Error:\s*)?(?:<tool_use_error>)?\s*(?:The user doesn't want to (?:proceed|take this action)"
    r"|The agent proposed a plan that was rejected by the user|Permission for this tool use was denied)"
)
_DENIALS = frozenset({"deny", "denied", "reject", "rejected"})
_REJECTED_BY_PERSON = "User rejected"
_SAID = re.compile(
    r"(?:To tell you how to proceed, the user said|The user said"
    r"|The user provided the following reason for the rejection):"
)
_AFTER_REASON = re.compile(r"\n\nNote: The user's next message may contain|</tool_use_error>")
_CLARIFY = "The user wants to clarify these questions"
_ANSWERED = ("User has answered your questions", "Your questions have been answered")
_APPROVED = "User has approved your plan"
_EDITED_PLAN = re.compile(r"## Approved Plan \(edited[^\n]*\):?[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person answered to one question of a dialog; `note` is what they typed beside it."""

    question: Question
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A tool result: its text (empty when the answers say it all) and the person's part."""

    text: str
    answers: tuple[Answer, ...] = ()
    is_approval: bool = False
    edited_plan_start: int | None = None
    """Where in `text` the plan stands that the person changed before approving it."""
    reason: str = ""
    """The person's words with a refusal."""


def result_of(block: Mapping[str, object], record: Mapping[str, object], call: Call | None) -> Result:
    """One `tool_result` block of a record, read beside the call it answers."""
    text = _text(block.get("content"))
    structured = mapping(record.get("toolUseResult")) or mapping(record.get("tool_use_result"))
    is_error = block.get("is_error") is True
    if call is not None and is_error and _is_refusal(text, record):
        return _refusal(text, string(record.get("userFeedback")))
    if call is not None and call.questions and not is_error and (answers := _answers(call, text, structured)):
        return Result("", answers=answers)
    if call is not None and call.is_plan and text.startswith(_APPROVED) and not is_error:
        return _approval(call, text, structured)
    return Result(text if is_error else cut(text, RESULT_CHARS))


def _text(content: object) -> str:
    if isinstance(content, str):
        return string(content)
    return "\n".join(text for item in sequence(content) if (text := string(item) or string(mapping(item).get("text"))))


def _is_refusal(text: str, record: Mapping[str, object]) -> bool:
    """Whether an error is the harness's word that the person refused the call; no tool's output can say so.

    Versions differ in what they keep beside the text (formats of 2025 to 2026): where there is anything, it decides.
    """
    if _REFUSED.match(text) is None:
        return False
    kind, decision = record.get("toolDenialKind"), record.get("permissionDecision")
    if kind is not None:
        return string(kind).startswith("user")
    if decision is not None:
        return string(mapping(decision).get("decision")) in _DENIALS
    structured = record.get("toolUseResult", record.get("tool_use_result"))
    if isinstance(structured, str):
        return string(structured).startswith(_REJECTED_BY_PERSON) or _REFUSED.match(string(structured)) is not None
    return structured is None


def _refusal(text: str, feedback: str) -> Result:
    sentence = text.find("\n")  # the person's words follow the harness's own first line; a plan it quotes comes later
    marker = _SAID.search(text, 0, len(text) if sentence < 0 else sentence)
    if marker is None:
        return Result(text, reason=feedback)
    end = _AFTER_REASON.search(text, marker.end())
    reason = text[marker.end() : end.start() if end else len(text)].strip()
    if reason.startswith(_CLARIFY):
        return Result(text, reason=feedback)
    return Result(text[: marker.end()], reason=reason)


def _approval(call: Call, text: str, structured: Mapping[str, object]) -> Result:
    if edited := _EDITED_PLAN.search(text):
        return Result(text, is_approval=True, edited_plan_start=edited.end())
    if call.plan is not None:
        return Result(cut(text, RESULT_CHARS), is_approval=True)
    plan = string(structured.get("plan"))
    at = text.find(plan) if plan else -1
    if plan and at < 0:
        text, at = f"{text}\n\n{plan}", len(text) + 2
    return Result(text, is_approval=True, edited_plan_start=at if plan else None)


def _answers(call: Call, text: str, structured: Mapping[str, object]) -> tuple[Answer, ...]:
    given, annotations = mapping(structured.get("answers")), mapping(structured.get("annotations"))
    said = {string(key): value for key, value in given.items()}
    notes = {string(key): string(mapping(value).get("notes")) for key, value in annotations.items()}
    is_sentence = not said and text.startswith(_ANSWERED)
    found: list[Answer] = []
    for position, question in enumerate(call.questions):
        value = said.get(question.question)
        listed = ", ".join(words for item in sequence(value) if (words := string(item)))
        told = _written(text, call.questions, position) if is_sentence else Written("")
        if words := string(value) or listed or told.answer:
            found.append(Answer(question, words, notes.get(question.question) or told.note))
    return tuple(found)


def _written(text: str, questions: tuple[Question, ...], position: int) -> Written:
    """The answer in the result's own sentence, `"question"="answer", …`, bounded by what can follow it.

    The questions may stand in any order: in that in which they were answered.
    """
    marker = f'"{questions[position].question}"="'
    start = text.find(marker)
    if start < 0:
        return Written("")
    left, last_word = without_last_word(text, start + len(marker))
    following = (f', "{other.question}"="' for other in questions)
    stop = min((at for mark in following if (at := left.find(mark)) >= 0), default=None)
    if stop is None and not last_word and BESIDE.search(left) is None:
        stop = left.rfind('"') + 1
    return written(left[:stop])
