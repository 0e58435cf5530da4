"""`intent export` and `intent import`: the record out to files, and back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

import click

from intent_server import record_transfer
from intent_server.cli import output, output_transfer
from intent_server.cli.options import chosen, json_option, store_option


@click.command()
@click.argument("format", type=click.Choice(get_args(record_transfer.Format)), metavar="parquet|json|madr")
@click.argument("place", type=click.Path(path_type=Path), metavar="DIR|FILE|-")
@json_option
@store_option
def export(format: record_transfer.Format, place: Path, as_json: bool, store: Path | None) -> None:
    """Write the whole record to a new folder (parquet, madr) or file (json; '-': standard output).

    Parquet and JSON bring the store back exactly with `intent import`: history, reviews and audit too. MADR is one
    file a decision for people and other tools: `intent ingest` reads its words back, but not the rest of the record.
    """
    settings = chosen(store)
    if str(place) != "-":
        answer = record_transfer.export(settings, format, place)
        output.as_json(answer) if as_json else output_transfer.exported(answer)
        return
    if format != "json":
        raise click.UsageError(f"{format} is many files: name a folder. Only json goes to standard output.")
    output_transfer.exported(record_transfer.write_lines(settings, sys.stdout))


@click.command("import")
@click.argument("place", type=click.Path(path_type=Path), metavar="DIR|FILE")
@json_option
@store_option
def import_(place: Path, as_json: bool, store: Path | None) -> None:
    """Make the store from what `intent export` wrote as parquet or json; only where none is, or an empty one.

    Row counts and fingerprints of the manifest are checked, and the search index is made anew. All or nothing.
    """
    with output.progress("Indexing") as step:
        answer = record_transfer.import_(chosen(store), place, progress=step)
    output.as_json(answer) if as_json else output_transfer.imported(answer)
