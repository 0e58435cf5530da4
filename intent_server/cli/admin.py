"""The housekeeping commands: init, forget, verify, doctor."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from intent_server import record_upkeep
from intent_server.cli import output
from intent_server.cli.options import chosen, embedder_option, json_option, store_option
from intent_server.embed_models import chosen_model
from intent_server.errors import ExitCode
from intent_server.store.connect import open_writer


@click.command()
@store_option
def init(store: Path | None) -> None:
    """Make an empty store here (`intent ingest` does it too)."""
    settings = chosen(store)
    with open_writer(settings.store, wait_s=settings.wait_s):
        pass
    output.note(f"The store is '{settings.store.as_posix()}'.")


@click.command()
@click.argument("session")
@click.option("--reason", default="asked for", show_default=True, help="Kept in the audit table.")
@json_option
@store_option
def forget(session: str, reason: str, as_json: bool, store: Path | None) -> None:
    """Remove a session (its id or title) with its words and decisions; a tombstone stays."""
    answer = record_upkeep.forget(chosen(store), session, now=datetime.now(UTC), reason=reason)
    output.as_json(answer) if as_json else output.forgotten(answer)


@click.command()
@click.option("--quick", is_flag=True, help="The store alone: no source is opened.")
@json_option
@store_option
def verify(quick: bool, as_json: bool, store: Path | None) -> int:
    """Check that the record holds: every span, fingerprint and audit row, and each source, read and extracted again.

    Exit code 1 when something does not hold, each named with its place and what to do.
    """
    with output.progress("Reading the sources again") as step:
        answer = record_upkeep.verify(chosen(store), quick=quick, progress=step)
    output.as_json(answer) if as_json else output.verified(answer)
    return ExitCode.FAILED if answer.findings else ExitCode.DONE


@click.command()
@click.option("--rebuild", is_flag=True, help="Make the search index anew from the record, by the embedder chosen.")
@embedder_option
@json_option
@store_option
def doctor(rebuild: bool, as_json: bool, store: Path | None) -> int:
    """Tell versions, counts and whether the search index fits the record.

    With --rebuild and --embedder a model that is not on this machine is fetched from the Hugging Face hub; no other
    command fetches one.
    """
    settings = chosen(store)
    model = chosen_model(settings, may_fetch=rebuild)
    if rebuild:
        with output.progress("Rebuilding the search index") as step:
            record_upkeep.rebuild(settings, embedder=model, progress=step)
    answer = record_upkeep.doctor(settings, embedder=model)
    output.as_json(answer) if as_json else output.doctor(answer)
    return ExitCode.FAILED if answer.findings else ExitCode.DONE
