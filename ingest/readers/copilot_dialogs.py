"""Decisions that a Copilot session's own structure states: the answers given in its `ask_user` dialogs.

What the tool answers is the picked choice, or what the person typed, behind "User selected:" or "User responded:".
What an answer decides: see ingest.dialogs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.agent_turns import arguments, sequence, string
from ingest.dialogs import Option, decided, picked, stated
from ingest.records import Candidate, Utterance
from ingest.text import span

EXTRACTOR = "copilot/1"
DIALOG = "ask_user"
_ANSWER = re.compile(r"User (?:selected|responded|answered|chose|typed)(?: with)?:\s*(?P<said>\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """A dialog: its question, and its choices with ranges in the call's text."""

    question: str
    text: str
    options: tuple[Option, ...]


def asked(name: str, given: object) -> Asked | None:
    """The dialog that a call opens; None for any other call."""
    values = arguments(given)
    question = string(values.get("question"))
    if name != DIALOG or not question:
        return None
    text, options = f"{DIALOG}: {question}", []
    for choice in sequence(values.get("choices")):
        if label := string(choice):
            start = len(text) + len("\n- ")
            text += f"\n- {label}"
            options.append(Option(label, (start, len(text)), None))
    return Asked(question, text, tuple(options))


def answer(printed: str) -> str:
    """What the person picked or typed; empty where the dialog was left without an answer."""
    found = _ANSWER.fullmatch(printed.strip())
    return found["said"].strip() if found else ""


def answered(dialog: Asked, utterances: Sequence[Utterance]) -> Candidate | None:
    """The decision that the last utterance makes by answering a dialog put before; None when it decides nothing."""
    said = utterances[-1]
    call = next((one for one in reversed(utterances) if one.topic == DIALOG and one.text == dialog.text), None)
    if call is None:
        return None
    parts = decided(span(said, 0, len(said.text)), call, dialog.options, picked(said.text, dialog.options))
    if not parts:
        return None
    return stated(dialog.question, parts, call, said.said_at, EXTRACTOR)
