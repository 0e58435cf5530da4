"""What was recorded or reviewed, and what waits, to the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ingest.text import visible
from intent_server.answers import Decision, Get
from intent_server.answers_record import ContextLine, Recorded, Review, Waiting
from intent_server.cli import excerpts, output
from intent_server.cli.output import counted, note, stdout

_DONE = {
    "ratify": "Ratified",
    "dismiss": "Dismissed: no answer uses it from now on",
    "correct": "Corrected",
    "supersede": "Superseded",
    "merge": "Merged: what the others quote restates it",
}
_LISTED_CHARS = 160
"""Of a quote in the list: enough to tell what it is about."""
_ID_CHARS = 12
"""Of an id, at its end: the part that is random, and names it as well as the whole."""
_AROUND_CHARS = 300
"""Shown of a long utterance before and after what is quoted of it; `get` shows it whole."""
_USAGE = {
    "ratify": "ratify ID",
    "dismiss": "dismiss ID -m WHY",
    "correct": "correct ID -m WHY --choice QUOTE …",
    "split": "split ID -m WHY --choice QUOTE --choice QUOTE …",
    "merge": "merge ID OTHER…",
    "supersede": "supersede ID --by NEWER",
    "undo": "undo ID",
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
    if answer.action == "split":
        for number, decision in enumerate(answer.became):
            if number:
                stdout().print()
            _decision(decision)
        note(f"Split into {len(answer.became)}. Take it back with `intent review undo {answer.closed[0]}`.")
        return
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
    """Under each reason to wait two lines a decision: what it says, by which end of its id, and where it was said."""
    out = stdout()
    before = None
    for one in answer.waiting:
        if one.why_waiting != before:
            out.print(Text(visible(one.why_waiting), style="bold"), soft_wrap=True)
        before = one.why_waiting
        _waiting(out, one)
    if answer.counts:
        note("; ".join(f"{count.count} {count.rule}" for count in answer.counts) + ".")
    if not answer.total:
        note("Nothing waits for you.")
    elif answer.next_cursor:
        note(f"{counted(answer.total, 'decision')} in all; go on with --cursor {answer.next_cursor}.")
    if answer.waiting:
        note("`intent review show ID` shows one in its conversation; `intent review ratify ID`, `dismiss ID -m WHY`.")
    if answer.left_out:
        note(answer.left_out)


def shown(answer: Review) -> None:
    """The decision, its parts by number, the conversation with its words marked, and what may be done."""
    out = stdout()
    if answer.decision is None:
        return
    _decision(answer.decision)
    out.print(Text(f"  found by {visible(answer.extractor or '')}", style="dim"), soft_wrap=True)
    for part in answer.parts:
        told = Text.assemble((f"  part {part.number:<9}", "cyan"), f"{part.kind}: “{visible(part.recorded_text)}”")
        out.print(told, soft_wrap=True)
    if answer.why_waiting:
        out.print(Text(f"  {visible(answer.why_waiting)}", style="bold"), soft_wrap=True)
    out.print()
    before: int | None = None
    for line in answer.context:
        if before is not None and line.utterance_index > before + 1:
            out.print(Text("      …", style="dim"))
        before = line.utterance_index
        mark, style = (">", "bold") if line.evidence else (" ", "")
        said = f"{visible(line.speaker or line.topic or line.role)}: {_cut(line)}"
        marks = f"  [{', '.join(line.evidence)}]" if line.evidence else ""
        out.print(Text.assemble(f"{mark}{before:>5}  ", (said, style), (marks, "dim")), soft_wrap=True)
    told_id = answer.decision.decision_id
    for action in answer.may_follow:
        note(f"intent review {_USAGE[action].replace('ID', told_id, 1)}")


def _cut(line: ContextLine) -> str:
    """The words of a line; of a long one the beginning, or what is quoted of it with some words around it."""
    text = line.recorded_text
    first, last = 0, 0
    if line.evidence:
        places = [tuple(map(int, mark.rpartition(" ")[2].split("-"))) for mark in line.evidence]
        first, last = min(place[0] for place in places), max(place[1] for place in places)
    start, end = max(0, first - _AROUND_CHARS), last + _AROUND_CHARS
    start = start if start > _AROUND_CHARS else 0
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return visible(f"{before}{text[start:end].strip()}{after}")


def _waiting(out: Console, one: Waiting) -> None:
    known = f"{one.confidence:.2f}" if one.authority == "extracted" else one.authority
    when = "undated" if one.decided_at is None else one.decided_at.strftime("%Y-%m-%d")
    words = excerpts.excerpt(one.recorded_text, (), _LISTED_CHARS)
    head = (f"  {one.decision_id[-_ID_CHARS:]}", "cyan"), f"  {known}  {when}  {one.status}  “{visible(words)}”"
    out.print(Text.assemble(*head), soft_wrap=True)
    is_told = excerpts.plain(one.subject) in excerpts.plain(one.recorded_text)
    about = "" if is_told else f"{one.subject}, "
    out.print(Text(f"  {'':<{_ID_CHARS}}  {visible(f'{about}in {one.session}')}", style="dim"), soft_wrap=True)


def _decision(decision: Decision) -> None:
    output.get(Get(kind="decision", decision=decision))
