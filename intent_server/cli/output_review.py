"""What was recorded or reviewed, and what waits, to the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ingest.text import visible
from intent_server.answers import Decision, Get
from intent_server.answers_record import Recorded, Review, Waiting
from intent_server.cli import output
from intent_server.cli.output import counted, note, stdout

_DONE = {
    "ratify": "Ratified",
    "dismiss": "Dismissed: no answer uses it from now on",
    "correct": "Corrected",
    "supersede": "Superseded",
}


def recorded(answer: Recorded) -> None:
    """The decision as it is recorded."""
    _decision(answer.decision)
    if answer.outcome == "unchanged":
        note("It was recorded before; nothing changed.")
    elif answer.outcome == "already_held":
        note(f"Its words are held already, above; nothing was added. Mend it: `intent review correct {_id(answer)}`.")
    else:
        for decision_id in answer.replaces:
            note(f"It takes the place of what extraction found in the same words ({decision_id}).")
        note(f"Recorded. Take it back with `intent review undo {answer.decision.decision_id}`.")


def _id(answer: Recorded) -> str:
    return answer.decision.decision_id


def reviewed(answer: Review) -> None:
    """The decision as it stands after an act, and how to take that back."""
    if answer.decision is None:
        note("Undone: it is no longer in the record; `intent history` still shows it.")
        return
    _decision(answer.decision)
    if answer.action == "undo":
        last = answer.decision.reviews[-1:]
        note("Undone." if not last else f"Undone. What still stands: {last[0].action} by {last[0].actor}.")
    else:
        note(f"{_DONE[answer.action]}. Take it back with `intent review undo {answer.decision.decision_id}`.")


def waiting(answer: Review) -> None:
    """One block a decision: what it says, why it waits, and where it was said."""
    out = stdout()
    for number, one in enumerate(answer.waiting):
        if number:
            out.print()
        _waiting(out, one)
    if not answer.total:
        note("Nothing waits for you.")
    elif answer.next_cursor:
        note(f"{counted(answer.total, 'decision')} in all; go on with --cursor {answer.next_cursor}.")
    if answer.waiting:
        note("`intent get ID` shows one; `intent review ratify ID`, `dismiss ID -m WHY`, `correct ID -m WHY`.")
    if answer.left_out:
        note(answer.left_out)


def _waiting(out: Console, one: Waiting) -> None:
    known = one.authority if one.authority != "extracted" else f"extracted, confidence {one.confidence:.2f}"
    day = "undated" if one.decided_at is None else one.decided_at.strftime("%Y-%m-%d")
    head = Text.assemble((visible(one.subject), "bold"), f"  {one.status}", (f"  ({known})", "dim"), f"  {day}")
    out.print(head, soft_wrap=True)
    out.print(Text(f"  “{visible(one.recorded_text)}”"), soft_wrap=True)
    out.print(Text.assemble("  ", (visible(one.why_waiting), "cyan")), soft_wrap=True)
    where = f"  {visible(one.session)}, decision {one.decision_id}"
    out.print(Text(where, style="dim"), soft_wrap=True)


def _decision(decision: Decision) -> None:
    output.get(Get(kind="decision", decision=decision))
