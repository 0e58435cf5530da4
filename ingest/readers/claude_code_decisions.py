"""Decisions that a session's own structure states: dialogs answered, plans approved or refused, calls refused.

Question dialog: see ingest.dialogs; answers that put the question off state nothing.

Plan: the choice is its title, accepted, or declined with the person's words as objection. A tool call refused with a
reason or an instruction: its main argument, declined, with those words as objection; its subject is what the call would
have done. A bare "no", a question back, or a few words about a call that only looks (cat, grep, Read) state nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.dialogs import decided, is_settled, picked, stated
from ingest.readers.claude_code_calls import Call, title_range
from ingest.readers.claude_code_results import Answer
from ingest.records import Candidate, Part, Utterance
from ingest.text import span

EXTRACTOR = "claude_code/2"

_WORD = re.compile(r"\w[\w'’]*")
_BARE = frozenset(
    "no nope nah don't dont do not stop wait cancel please it this that thanks thank you now yet hold on ok okay never"
    " mind just hm hmm um uh sorry the a i said me".split()
)
"""Words that refuse and say no more."""
_WORDS_ABOUT_LOOKING = 3
"""So many telling words make a refusal of a call that only looks more than a nudge ("wrong file")."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A tool call and the utterance that holds its text."""

    call: Call
    utterance: Utterance


def answered(placed: Placed, answer: Answer, said: Utterance) -> Candidate | None:
    """The decision made by answering one question of a dialog; None when the answer decides nothing."""
    options = answer.question.options
    choice = span(said, 0, len(answer.text))
    parts = decided(choice, placed.utterance, options, picked(answer.text, options))
    if not parts:
        return None
    return stated(answer.question.subject, parts, placed.utterance, said.said_at, EXTRACTOR)


def plan_approved(plan: Utterance, start: int, end: int, proposed: Utterance, at: datetime | None) -> Candidate | None:
    """The decision made by approving a plan, which stands in `plan` at that range; None when it has no words."""
    title = title_range(plan.text, start, end)
    if title is None:
        return None
    choice = span(plan, *title)
    return stated(choice.quote, [Part("choice", (choice,))], proposed, at, EXTRACTOR)


def refused(placed: Placed, reason: Utterance) -> Candidate | None:
    """The decision made by refusing a plan or a call with a reason; None without one, or with nothing refused."""
    call = placed.call
    where = title_range(call.text, *call.plan) if call.plan else call.argument
    if where is None or not _is_reason(reason.text, call):
        return None
    choice = span(placed.utterance, *where)
    objection = span(reason, 0, len(reason.text))
    subject = choice.quote if call.plan else call.subject
    parts = [Part("choice", (choice,)), Part("objection", (objection,), about=0)]
    return replace(stated(subject, parts, placed.utterance, reason.said_at, EXTRACTOR), status="declined")


def _is_reason(words: str, call: Call) -> bool:
    """Whether words typed with a refusal give a reason or an instruction."""
    telling = [word for word in _WORD.findall(words.replace("’", "'").casefold()) if word not in _BARE]
    return is_settled(words) and len(telling) >= (_WORDS_ABOUT_LOOKING if call.is_read_only else 1)
