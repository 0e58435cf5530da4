"""A decision to the terminal: its words with where they were said, who, what it is tied to, and its reviews."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text

from ingest.text import visible
from intent_server.answers import Claim, Decision, Quote
from intent_server.cli import excerpts, output_links

_LABEL_WIDTH = 14


def decision(out: Console, one: Decision, terms: Collection[str] | None = None) -> None:
    """All of it; with the terms of a question what matters of long quotes and many parts, and how much is left out."""
    known = one.authority if one.authority != "extracted" else f"extracted, confidence {one.confidence:.2f}"
    head = Text.assemble(
        (visible(excerpts.headline(one.subject, one.choice.text)), "bold"),
        f"  {one.status}",
        (f"  ({known})", "dim"),
        ("  waits for review", "bold yellow") if one.is_doubtful else "",
        f"  {day(one.decided_at)}" + (" (assumed)" if one.date_basis == "assumed" else ""),
    )
    out.print(head)
    if _is_telling(one):
        fact(out, "in", excerpts.excerpt(one.session, ()))
    if one.came_by:
        fact(out, "by", output_links.told(one.came_by))
    if one.unclear:
        fact(out, "unclear", one.unclear)
    _claim(out, "choice", one.choice, terms)
    for label, claims, most in (
        ("because", one.rationale, excerpts.PARTS),
        ("not taken", one.alternatives, excerpts.PARTS),
        ("constraint", one.constraints, excerpts.BESIDE),
        ("objection", one.objections, excerpts.BESIDE),
        ("consequence", one.consequences, excerpts.BESIDE),
    ):
        _claims(out, label, claims, terms, most)
    if one.people:
        fact(out, "people", "; ".join(f"{person.person} {person.role}" for person in one.people))
    for relation, target in excerpts.links(one.links):
        fact(out, relation, target)
    if one.superseded_by:
        fact(out, "superseded by", ", ".join(one.superseded_by))
    for act in one.reviews:
        who = act.actor if act.client is None else f"{act.actor} via {act.client}"
        why = f": {act.reason}" if act.reason else ""
        fact(out, act.action, f"by {who}, {day(act.recorded_from)}{why}")
    fact(out, "id", one.decision_id)


def _is_telling(one: Decision) -> bool:
    """Whether the session's name says more than the subject and the files named below: agents' files are numbers."""
    files = {said.place.source.rsplit("/", 1)[-1] for said in one.choice.quotes}
    return excerpts.plain(one.session) not in {excerpts.plain(one.subject), *map(excerpts.plain, files)}


def _claims(out: Console, label: str, claims: Sequence[Claim], terms: Collection[str] | None, most: int) -> None:
    """Parts of one kind, all or so many, and how many are left out."""
    shown = claims if terms is None else excerpts.chosen(claims, terms, most)
    for claim in shown:
        _claim(out, label, claim, terms)
    if left := len(claims) - len(shown):
        fact(out, label, f"{excerpts.CUT} {left} more")


def _claim(out: Console, label: str, claim: Claim, terms: Collection[str] | None) -> None:
    for said in claim.quotes[:1]:
        quote(out, label, said, terms)
    if len(claim.quotes) > 1:
        again = ", ".join(_when(said) for said in claim.quotes[1:])
        fact(out, "", f"said again: {again}")
    _claims(out, "  because", claim.reasons, terms, excerpts.PARTS)


def quote(out: Console, label: str, said: Quote, terms: Collection[str] | None = None) -> None:
    """The words and where they stand; with the terms of a question, of long ones those around them."""
    place = said.place
    source = place.source.rsplit("/", 1)[-1]
    where = f"{_when(said)}, {source}, {place.locator}, characters {said.start_char}-{said.end_char}"
    where += f", {place.start_ms} ms" if place.offset else ""
    where += doubted(place.doubt)
    words = said.recorded_text if terms is None else excerpts.excerpt(said.recorded_text, terms)
    fact(out, label, f"“{words}”")
    out.print(Text(f"{'':<{_LABEL_WIDTH + 2}}{visible(where)}", style="dim"), soft_wrap=True)


def fact(out: Console, label: str, text: str) -> None:
    """One line: what it is about, and what there is to say."""
    out.print(Text.assemble((f"  {label:<{_LABEL_WIDTH}}", "cyan"), visible(text)), soft_wrap=True)


def _when(said: Quote) -> str:
    place = said.place
    timed = clock(place.start_ms) if place.start_ms is not None else day(place.said_at, to_minute=True)
    moment = place.offset or timed
    return " ".join(part for part in (place.speaker, moment) if part)


def doubted(doubt: str | None) -> str:
    """What is known against the words, to stand after them."""
    return f", uncertain words: {doubt}" if doubt else ""


def day(moment: datetime | None, *, to_minute: bool = False) -> str:
    """The day, or the minute; `undated` for none."""
    if moment is None:
        return "undated"
    return moment.strftime("%Y-%m-%d %H:%M UTC" if to_minute else "%Y-%m-%d")


def clock(start_ms: int) -> str:
    """Milliseconds as `00:02:49`."""
    seconds = start_ms // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
