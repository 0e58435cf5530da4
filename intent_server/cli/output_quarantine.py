"""What was refused, to the terminal: lists, one item, and what trying again did."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ingest.text import visible
from intent_server.answers_record import Quarantine, QuarantineItem, Retried, RetriedSource
from intent_server.cli.output import counted, note, stdout


def items(answer: Quarantine) -> None:
    """Refused items with reason and place, and how those ended that are closed."""
    out = stdout()
    for one in answer.items:
        _refused(out, one)
    if answer.total > len(answer.items):
        note(f"{answer.total} items in all; --limit shows more.")
    if not answer.items:
        note("Nothing is in quarantine.")


def item(one: QuarantineItem) -> None:
    """One refused item with its text."""
    out = stdout()
    _refused(out, one)
    out.print(Text(visible(one.recorded_text)), soft_wrap=True)


def dismissed(one: QuarantineItem) -> None:
    """What a person closed."""
    note(f"{one.item_id} {one.ended}.")


def retried(answer: Retried) -> None:
    """A line on each place that was read again, then the totals."""
    out = stdout()
    for source in answer.sources:
        if source.error is not None:
            note(source.error)
        else:
            out.print(_tried(source), soft_wrap=True)
    if not answer.sources:
        note("Nothing is in quarantine.")
        return
    text = f"{counted(answer.resolved, 'item')} refused no longer, {answer.remaining} still in quarantine"
    note(text + (" (`intent quarantine list`)." if answer.remaining else "."))


def _tried(source: RetriedSource) -> Text:
    name = source.source.rsplit("/", 1)[-1]
    counts = f"{counted(source.resolved, 'item')} refused no longer, {source.remaining} still refused"
    fresh = f", {source.fresh} refused for the first time" if source.fresh else ""
    made = source.report
    found = f"; {made.reader} {made.outcome}: {counted(made.decisions, 'decision')}" if made else ""
    return Text.assemble((visible(name), "bold"), f"  {counts}{fresh}{found}")


def _refused(out: Console, one: QuarantineItem) -> None:
    out.print(Text.assemble((one.item_id, "bold"), f"  {visible(one.reason)}"), soft_wrap=True)
    out.print(Text(visible(f"    {one.source}  {one.place}  ({one.stage})"), style="dim"), soft_wrap=True)
    if one.ended is not None and one.recorded_to is not None:
        ended = f"    {one.ended}, {one.recorded_to:%Y-%m-%d %H:%M} UTC"
        out.print(Text(visible(ended), style="dim"), soft_wrap=True)
