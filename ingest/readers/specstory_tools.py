"""A tool block as text, and the question dialog in it: options offered, and what the person answered.

A dialog's body is `**Question**`, `Options:`, lines `- **label** - description`, and one `**Answer:** …` for all its
questions, joined by commas. What an answer decides: see ingest.dialogs. Where several questions were asked, answers are
told apart by the labels; from the first typed one on, nothing is stated.

What the harness wrote around the answers (a preview, its last word: see ingest.dialog_answers) may be left in that
text. It is moved to the call; a note is the person's. A preview that other answers follow ends where a label of the
next question begins; where that is at no place or at several, all that follows stays with the call. A note ends there
too, or where the next thing beside an answer begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.dialog_answers import BESIDE, noted, without_last_word
from ingest.dialogs import Option, Range, decided, picked_at, stated
from ingest.records import Candidate, Utterance
from ingest.text import span

RESULT_CHARS = 2000
_REFUSAL_CHARS = 1500
"""A refusal and the words typed with it stand at a block's end; they are read nowhere else."""
EXTRACTOR = "specstory/3"

_NAME = re.compile(r'<tool-use\b[^>\n]*? data-tool-name="([^"\n]*)"')
_SUMMARY = re.compile(r"\s*(?:<tool-use\b[^>\n]*>)?\s*(?:<details>)?\s*<summary>(.*?)</summary>", re.DOTALL)
_LABELLED = re.compile(r"Tool use:\s*(?:\*\*(.+?)\*\*)?\s*•?\s*(.*)", re.DOTALL)
_OPENING = re.compile(r"\s*(?:<tool-use\b[^>]*>)?\s*(?:<details>)?\s*")
_OPTIONS = re.compile(r"^Options:[ \t]*$", re.MULTILINE)
_BOLD_LINE = re.compile(r"^\*\*(?!Answer:)", re.MULTILINE)
_OPTION = re.compile(r"^- \*\*(.+?)\*\*(?: - (.+(?:\n(?!- \*\*|\*\*|[ \t]*$).+)*))?[ \t]*$", re.MULTILINE)
_ANSWER = re.compile(r"^\*\*Answer:\*\*[ \t]*", re.MULTILINE)
_REFUSAL = "The user doesn't want to "


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its options."""

    words: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool block: its name, its text without markup, and the person's answer in it."""

    name: str
    text: str
    questions: tuple[Question, ...] = ()
    answer: str = ""
    note: str = ""
    """What the person typed beside the answers."""


@dataclass(slots=True)
class _Said:
    """The answers of a dialog, taken out of what the harness wrote around them."""

    answers: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Not the person's: previews, the harness's last word, and what cannot be told apart from them."""


def tool_of(block: str) -> Tool:
    """The tool block without its markup; long output is cut with a mark that says by how much."""
    name = _NAME.match(block)
    summary = _SUMMARY.match(block)
    labelled = _LABELLED.match(summary[1].strip()) if summary else None
    called = (name[1] if name else "") or (labelled[1] if labelled and labelled[1] else "") or "tool"
    more = labelled[2].strip() if labelled else ""
    inside = block[summary.end() :] if summary else block[_end(_OPENING.match(block)) :]
    body = inside.rstrip().removesuffix("</tool-use>").rstrip().removesuffix("</details>").strip("\n")
    head = f"{called}: {more}" if more else called
    text = f"{head}\n{body}".strip()
    if called == "AskUserQuestion":
        return _dialog(called, text)
    return Tool(called, text if _REFUSAL in text[-_REFUSAL_CHARS:] else cut(text))


def cut(text: str) -> str:
    """The first 2,000 characters and how many were left out, or the whole text."""
    left_out = len(text) - RESULT_CHARS
    return text if left_out <= 0 else f"{text[:RESULT_CHARS]}\n[… {left_out:,} characters left out]"


def answered(tool: Tool, asked: Utterance, said: Utterance) -> Iterator[Candidate]:
    """The decision made by each answer that can be told apart."""
    for question, (start, end), picked in _answers(tool.answer, tool.questions):
        parts = decided(span(said, start, end), asked, question.options, picked)
        if parts:
            yield stated(question.words, parts, asked, said.said_at, EXTRACTOR)


def _dialog(name: str, text: str) -> Tool:
    answer = next(iter([*_ANSWER.finditer(text)][-1:]), None)  # the person's comes last, after the assistant's words
    end = answer.start() if answer else len(text)
    heads = list(_questions(text, end))
    ends = [*(start for _, start, _ in heads[1:]), end] if heads else []
    asked = (Question(w, tuple(_options(text, after, e))) for (w, _, after), e in zip(heads, ends, strict=True))
    questions = tuple(item for item in asked if item.options)
    said = _said(text[answer.end() :].strip() if answer else "", questions)
    own = "\n\n".join((text[:end].rstrip(), *said.others))
    return Tool(name, own, questions, ", ".join(said.answers), "\n".join(said.notes))


def _said(written: str, questions: Sequence[Question]) -> _Said:
    left, last_word = without_last_word(written)
    said, at, due = _Said(), 0, list(questions)
    while mark := BESIDE.search(left, at):
        said.answers.append(left[at : mark.start()].strip())
        due = due[_answered_count(said.answers[-1], due) :]
        following = BESIDE.search(left, mark.end())
        end = following.start() if following else len(left)
        begins = _next_answer(left, mark.end(), end, due[0].options if due else ())
        is_note = mark[0].endswith("notes: ")
        stop = begins if begins is not None else end if is_note else len(left)
        preview, note = noted(mark[0], left[mark.end() : stop])
        said.others += [preview] if preview else []
        said.notes += [note] if note else []
        at = stop if begins is None else begins + len(", ")
    if at < len(left):
        said.answers.append(left[at:].strip())
    said.others += [last_word] if last_word else []
    said.answers = [answer for answer in said.answers if answer]
    return said


def _answered_count(answers: str, questions: Sequence[Question]) -> int:
    """How many questions these answers are for; all of them where one is typed, so that none is taken for the next."""
    at = 0
    for count, question in enumerate(questions, start=1):
        picked, end = picked_at(answers, at, question.options)
        if not picked:
            break
        if end == len(answers):
            return count
        at = end + len(", ")
    return len(questions)


def _next_answer(text: str, start: int, end: int, options: Sequence[Option]) -> int | None:
    """Where the comma stands before the one place at which a label answers the next question."""
    commas = re.compile(", ").finditer(text, start, end)
    found = [one.start() for one in commas if any(_is_at(text, one.end(), end, option.label) for option in options)]
    return found[0] if len(found) == 1 else None


def _is_at(text: str, start: int, end: int, label: str) -> bool:
    stop = start + len(label)
    return text.startswith(label, start) and (stop == end or text.startswith(", ", stop))


def _questions(text: str, end: int) -> Iterator[tuple[str, int, int]]:
    """Each question's words, where it starts, and where its options do: bold text right above an `Options:` line."""
    at = 0
    for options in _OPTIONS.finditer(text, 0, end):
        opening = _BOLD_LINE.search(text, at, options.start())
        words = text[opening.end() : options.start()].rstrip() if opening else ""
        if opening is not None and words.endswith("**") and words.strip("* \n"):
            yield words.removesuffix("**"), opening.start(), options.end()
        at = options.end()


def _options(text: str, start: int, end: int) -> Iterator[Option]:
    for match in _OPTION.finditer(text, start, end):
        description = match.span(2) if match[2] and match[2].strip() else None
        yield Option(match[1], match.span(1), description)


def _answers(answer: str, questions: Sequence[Question]) -> Iterator[tuple[Question, Range, tuple[Option, ...]]]:
    at = 0
    for question in questions:
        picked, end = picked_at(answer, at, question.options)
        if len(questions) == 1:
            yield question, (0, len(answer)), picked if end == len(answer) else ()
        elif picked:
            yield question, (at, end), picked
        if not picked:
            return
        at = end + len(", ")


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0
