"""Decisions that a session's own structure states: dialogs answered, plans approved or refused, calls refused.

Question dialog: the choice is the answer as the person gave it, restated by the label it picks; alternatives are the
labels not picked. The description of a picked option is a rationale (the assistant's words) about the choice. The
description of an option not picked says what it is, not why it was left, and is no part. An answer typed in own words
may speak of any option: an option is an alternative to it only when the answer shares no word with its label.

Plan: the choice is its title, accepted, or declined with the person's words as objection. A tool call refused with
words: its main argument, declined, with those words as objection. Refusals without words state nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.readers.claude_code_calls import Call, Option, Range, title_range
from ingest.readers.claude_code_results import Answer
from ingest.records import Candidate, Part, Person, Span, Status, Utterance
from ingest.text import folded, span

EXTRACTOR = "claude_code/1"
PERSON = "user"

_WORD = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True)
class Placed:
    """A tool call and the utterance that holds its text."""

    call: Call
    utterance: Utterance


def answered(placed: Placed, answer: Answer, said: Utterance) -> Candidate:
    """The decision made by answering one question of a dialog."""
    options = answer.question.options
    picked = picked_options(answer.text, options)
    choice = (span(said, 0, len(answer.text)), *(_spot(placed, option.label_range) for option in picked))
    parts = [Part("choice", choice)]
    for option in picked:
        if option.description_range is not None:
            parts.append(Part("rationale", (_spot(placed, option.description_range),), about=0))
    for option in options:
        if option not in picked and (picked or not _share_a_word(answer.text, option.label)):
            parts.append(Part("alternative", (_spot(placed, option.label_range),)))
    return _candidate(answer.question.subject, "accepted", parts, placed.utterance, said.said_at)


def plan_approved(plan: Utterance, start: int, end: int, proposed: Utterance, at: datetime | None) -> Candidate | None:
    """The decision made by approving a plan, which stands in `plan` at that range; None when it has no words."""
    title = title_range(plan.text, start, end)
    if title is None:
        return None
    choice = span(plan, *title)
    return _candidate(choice.quote, "accepted", [Part("choice", (choice,))], proposed, at)


def refused(placed: Placed, reason: Utterance) -> Candidate | None:
    """The decision made by refusing a plan or a tool call with words; None when there was nothing to choose."""
    call = placed.call
    where = title_range(call.text, *call.plan) if call.plan else call.argument
    if where is None:
        return None
    choice = _spot(placed, where)
    objection = span(reason, 0, len(reason.text))
    subject = choice.quote if call.plan else f"{call.name}: {choice.quote}"
    parts = [Part("choice", (choice,)), Part("objection", (objection,), about=0)]
    return _candidate(subject, "declined", parts, placed.utterance, reason.said_at)


def picked_options(answer: str, options: Sequence[Option]) -> tuple[Option, ...]:
    """The options an answer consists of: its only label, or several joined by commas; none when any of it is typed."""
    picked: list[Option] = []
    rest = answer.strip()
    while rest:
        fits = [item for item in options if rest == item.label or rest.startswith(f"{item.label}, ")]
        if not fits:
            return ()
        longest = max(fits, key=lambda item: len(item.label))
        picked.append(longest)
        rest = rest[len(longest.label) :].removeprefix(",").strip()
    return tuple(dict.fromkeys(picked))


def _candidate(
    subject: str, status: Status, parts: Sequence[Part], proposed: Utterance, at: datetime | None
) -> Candidate:
    return Candidate(
        subject=folded(subject),
        status=status,
        authority="structured",
        confidence=1.0,
        parts=tuple(parts),
        extractor=EXTRACTOR,
        people=(Person(PERSON, "decided"), Person(proposed.speaker or "assistant", "proposed")),
        decided_at=at,
    )


def _spot(placed: Placed, where: Range) -> Span:
    return span(placed.utterance, *where)


def _share_a_word(one: str, other: str) -> bool:
    return bool(set(_words(one)) & set(_words(other)))


def _words(text: str) -> Iterator[str]:
    return (word.casefold() for word in _WORD.findall(text))
