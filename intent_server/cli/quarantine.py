"""`intent quarantine`: what was refused, tried again or dismissed."""

from __future__ import annotations

from pathlib import Path

import click

from intent_server import record_upkeep
from intent_server.cli import output, output_quarantine
from intent_server.cli.options import chosen, group_store_option, json_option, store_option
from intent_server.config import Actor
from intent_server.errors import BadRequest, ExitCode
from intent_server.moments import utc_now


@click.group(invoke_without_command=True)
@group_store_option
@click.pass_context
def quarantine(context: click.Context) -> None:
    """Look at what was refused, with reason and place; try it again, or dismiss it."""
    if context.invoked_subcommand is None:
        context.invoke(quarantine_list, limit=50, closed=False, as_json=False, store=None)


@quarantine.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Items at most.")
@click.option("--all", "closed", is_flag=True, help="Closed ones too, with how they ended.")
@json_option
@store_option
def quarantine_list(limit: int, closed: bool, as_json: bool, store: Path | None) -> None:
    """List refused items, newest first."""
    answer = record_upkeep.quarantined(chosen(store), limit=limit, closed=closed)
    output.as_json(answer) if as_json else output_quarantine.items(answer)


@quarantine.command("show")
@click.argument("item_id", metavar="ID")
@json_option
@store_option
def quarantine_show(item_id: str, as_json: bool, store: Path | None) -> None:
    """Show one refused item whole."""
    answer = record_upkeep.quarantined_item(chosen(store), item_id)
    output.as_json(answer) if as_json else output_quarantine.item(answer)


@quarantine.command("retry")
@click.argument("item_ids", nargs=-1, metavar="[ID...]")
@click.option("--all", "every", is_flag=True, help="All items that wait.")
@click.option("--source", metavar="PATH", help="The items of this file or export.")
@json_option
@store_option
def quarantine_retry(
    item_ids: tuple[str, ...], every: bool, source: str | None, as_json: bool, store: Path | None
) -> int:
    """Read the items' sources again, as they were declared, with today's readers.

    A source is read whole: what it gives now lands as if it were read for the first time. Exit code 4 while items
    are still refused, 1 where a source cannot be read again.
    """
    if sum((bool(item_ids), every, source is not None)) != 1:
        raise BadRequest("Say what to try again: item IDs, --source PATH, or --all.")
    settings = chosen(store)
    wanted = item_ids or None
    with output.progress("Reading again") as step:
        answer = record_upkeep.retry(
            settings, wanted, now=utc_now, by=Actor(settings.actor), source=source, progress=step
        )
    output.as_json(answer) if as_json else output_quarantine.retried(answer)
    if any(item.error for item in answer.sources):
        return ExitCode.FAILED
    return ExitCode.QUARANTINED if answer.remaining else ExitCode.DONE


@quarantine.command("dismiss")
@click.argument("item_id", metavar="ID")
@click.option("-m", "--reason", required=True, help="Why it is not worth keeping; stored with who dismissed it.")
@json_option
@store_option
def quarantine_dismiss(item_id: str, reason: str, as_json: bool, store: Path | None) -> None:
    """Close a refused item for good: it stays closed when its source is read again."""
    settings = chosen(store)
    answer = record_upkeep.dismiss_item(settings, item_id, now=utc_now, by=Actor(settings.actor), reason=reason)
    output.as_json(answer) if as_json else output_quarantine.dismissed(answer)
