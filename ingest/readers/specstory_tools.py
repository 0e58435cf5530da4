"""A tool block as text, and the question dialog in it: options offered, and what the person answered.

A dialog's body is `**Question**`, `Options:`, lines `- **label** - description`, and one `**Answer:** …` for all its
questions, joined by commas. The choice is the answer's words, restated by the label they pick; labels not picked are
alternatives; the description of a picked option is a rationale (the assistant's words) about the choice. A typed answer
may speak of any option, so an option is an alternative to it only when they share no word. Where several questions were
asked, answers are told apart by the labels; from the first typed one on, nothing is stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.records import Candidate, Part, Person, Utterance
from ingest.text import folded, span

RESULT_CHARS = 2000
EXTRACTOR = "specstory/1"
PERSON = "user"

Range = tuple[int, int]

_NAME = re.compile(r'data-tool-name="([^"]*)"')
_SUMMARY = re.compile(r"<summary>(.*?)</summary>", re.DOTALL)
_LABELLED = re.compile(r"Tool use:\s*(?:\*\*(.+?)\*\*)?\s*•?\s*(.*)", re.DOTALL)
_OPENING = re.compile(r"\s*(?:<tool-use\b[^>]*>)?\s*(?:<details>)?\s*")
_QUESTION = re.compile(r"^\*\*(?!Answer:)(.{1,4000}?)\*\*[ \t]*\n+Options:[ \t]*$", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r"^- \*\*(.+?)\*\*(?: - (.+(?:\n(?!- \*\*|\*\*|[ \t]*$).+)*))?[ \t]*$", re.MULTILINE)
_ANSWER = re.compile(r"^\*\*Answer:\*\*[ \t]*", re.MULTILINE)
_REFUSED = re.compile(
    r"The user doesn't want to (?:proceed|take this action)[^\n]*?(?:the user said|reason for the rejection):"
)
_AFTER_REASON = re.compile(r"\n\nNote: The user's next|\n`{3,}")
_CLARIFY = "The user wants to clarify these questions"
_WORD = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True)
class Option:
    """Where an option's label and description stand in the tool's text."""

    label: str
    label_range: Range
    description_range: Range | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its options."""

    words: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool block: its name, its text without markup, and the person's words in it."""

    name: str
    text: str
    questions: tuple[Question, ...] = ()
    answer: str = ""
    reason: str = ""


def tool_of(block: str) -> Tool:
    """The tool block without its markup; long output is cut with a mark that says by how much."""
    name = _NAME.search(block)
    summary = _SUMMARY.search(block)
    labelled = _LABELLED.match(summary[1].strip()) if summary else None
    called = (name[1] if name else "") or (labelled[1] if labelled and labelled[1] else "") or "tool"
    more = labelled[2].strip() if labelled else ""
    inside = block[summary.end() :] if summary else block[_end(_OPENING.match(block)) :]
    body = inside.rstrip().removesuffix("</tool-use>").rstrip().removesuffix("</details>").strip("\n")
    head = f"{called}: {more}" if more else called
    text = f"{head}\n{body}".strip()
    if called == "AskUserQuestion":
        return _dialog(called, text)
    refused = _REFUSED.search(text)
    if refused is None:
        return Tool(called, cut(text))
    after = _AFTER_REASON.search(text, refused.end())
    reason = text[refused.end() : after.start() if after else len(text)].strip()
    return Tool(called, text, reason="" if reason.startswith(_CLARIFY) else reason)


def cut(text: str) -> str:
    """The first 2,000 characters and how many were left out, or the whole text."""
    left_out = len(text) - RESULT_CHARS
    return text if left_out <= 0 else f"{text[:RESULT_CHARS]}\n[… {left_out:,} characters left out]"


def answered(tool: Tool, asked: Utterance, said: Utterance) -> Iterator[Candidate]:
    """The decision made by each answer that can be told apart."""
    for question, (start, end), picked in _answers(tool.answer, tool.questions):
        choice = span(said, start, end)
        parts = [Part("choice", (choice, *(span(asked, *option.label_range) for option in picked)))]
        for option in picked:
            if option.description_range is not None:
                parts.append(Part("rationale", (span(asked, *option.description_range),), about=0))
        for option in question.options:
            if option not in picked and (picked or not _share_a_word(choice.quote, option.label)):
                parts.append(Part("alternative", (span(asked, *option.label_range),)))
        yield Candidate(
            subject=folded(question.words),
            status="accepted",
            authority="structured",
            confidence=1.0,
            parts=tuple(parts),
            extractor=EXTRACTOR,
            people=(Person(PERSON, "decided"), Person(asked.speaker or "assistant", "proposed")),
            decided_at=said.said_at,
        )


def _dialog(name: str, text: str) -> Tool:
    answer = _ANSWER.search(text)
    end = answer.start() if answer else len(text)
    heads = list(_QUESTION.finditer(text, 0, end))
    ends = [*(head.start() for head in heads[1:]), end]
    questions = (Question(h[1], tuple(_options(text, h.end(), e))) for h, e in zip(heads, ends, strict=True))
    said = text[answer.end() :].strip() if answer else ""
    return Tool(name, text[:end].rstrip(), tuple(item for item in questions if item.options), said)


def _options(text: str, start: int, end: int) -> Iterator[Option]:
    for match in _OPTION.finditer(text, start, end):
        description = match.span(2) if match[2] and match[2].strip() else None
        yield Option(match[1], match.span(1), description)


def _answers(answer: str, questions: Sequence[Question]) -> Iterator[tuple[Question, Range, tuple[Option, ...]]]:
    at = 0
    for question in questions:
        picked, end = _picked(answer, at, question.options)
        if len(questions) == 1:
            yield question, (0, len(answer)), picked if end == len(answer) else ()
        elif picked:
            yield question, (at, end), picked
        if not picked:
            return
        at = end + len(", ")


def _picked(answer: str, at: int, options: Sequence[Option]) -> tuple[tuple[Option, ...], int]:
    """The options whose labels follow one another from `at`, and where the last one ends."""
    picked: list[Option] = []
    end = at
    while at < len(answer):
        fits = [item for item in options if answer[at:] == item.label or answer.startswith(f"{item.label}, ", at)]
        fits = [item for item in fits if item not in picked]
        if not fits:
            break
        longest = max(fits, key=lambda item: len(item.label))
        picked.append(longest)
        end = at + len(longest.label)
        at = end + len(", ")
    return tuple(picked), end


def _share_a_word(one: str, other: str) -> bool:
    words = {word.casefold() for word in _WORD.findall(one)}
    return any(word.casefold() in words for word in _WORD.findall(other))


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0
