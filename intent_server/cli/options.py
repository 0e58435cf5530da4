"""Options that several commands share, and the settings made from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypedDict, TypeVar

import click

from ingest import times
from intent_server.config import Settings, settings
from intent_server.errors import BadRequest
from intent_server.moments import then

Command = TypeVar("Command", bound=Callable[..., object])
_EMBEDDER = "intent_server.embedder"
_STORE = "intent_server.store"
_FILE = click.Path(path_type=Path, dir_okay=False)
_STORE_HELP = "The DuckDB file; else INTENT_STORE, else .intent/intent.duckdb found upward from here."


def store_option(command: Command) -> Command:
    """`--store`, where the database is."""
    return click.option("--store", type=_FILE, default=None, help=_STORE_HELP)(command)


def group_store_option(command: Command) -> Command:
    """`--store` before the name of a group's command: `chosen` has it in the settings, unless it stands behind too."""
    option = click.option(
        "--store",
        type=_FILE,
        default=None,
        expose_value=False,
        callback=lambda ctx, _, path: ctx.meta.update({_STORE: path}),
        help=_STORE_HELP,
    )
    return option(command)


def json_option(command: Command) -> Command:
    """`--json`, the answer's model on stdout."""
    return click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON, as MCP returns it.")(command)


def embedder_option(command: Command) -> Command:
    """`--embedder`, for commands that search or index: `chosen` has it in the settings."""
    option = click.option(
        "--embedder",
        metavar="NAME|FOLDER",
        expose_value=False,
        callback=lambda ctx, _, name: ctx.meta.update({_EMBEDDER: name}),
        help="An embedder of sentence-transformers, by its folder or name; else INTENT_EMBEDDER, else the bundled one.",
    )
    return option(command)


def time_options(command: Command) -> Command:
    """`--as-of` and `--known-at`: answer as of another time."""
    for name, says in (
        ("--known-at", "Only what the record knew then; a plain date is the end of that day, UTC."),
        ("--as-of", "Only what held in the world then; a plain date is the end of that day, UTC."),
    ):
        command = click.option(name, metavar="TIME", help=says)(command)
    return command


def doubtful_option(command: Command) -> Command:
    """`--doubtful`: with what waits for a person's review."""
    says = "Also decisions too weak to be delivered, which wait for review."
    return click.option("--doubtful", is_flag=True, help=says)(command)


class When(TypedDict):
    """The moments that a question is asked as of."""

    as_of: datetime | None
    known_at: datetime | None


def when(as_of: str | None, known_at: str | None) -> When:
    """The moments given on the command line.

    Raises: BadRequest naming the option, the value and what would work.
    """
    return {"as_of": then("--as-of", as_of), "known_at": then("--known-at", known_at)}


def chosen(store: Path | None) -> Settings:
    """The settings in force for this command line."""
    context = click.get_current_context(silent=True)
    meta = context.meta if context else {}
    return settings(store or meta.get(_STORE), embedder=meta.get(_EMBEDDER), here=Path.cwd())


def encoding(name: str) -> str:
    """A declared encoding that Python knows, and that is text.

    Raises: BadRequest.
    """
    try:
        "".encode(name)  # refuses base64 and the like, which are codecs but no text
    except LookupError as error:
        examples = "utf-8, cp1252, latin-1, utf-16, shift_jis"
        raise BadRequest(f"--encoding '{name}' is no text encoding. Examples: {examples}.") from error
    return name


def moment(option: str, text: str | None) -> datetime | None:
    """A date or time given on the command line, as aware UTC.

    Raises: BadRequest naming the option, the value and what would work.
    """
    if text is None:
        return None
    value = times.utc(text)
    if value is None:
        raise BadRequest(f"{option} '{text}' is no date. Write 2026-03-03 or 2026-03-03T09:00:00Z.")
    return value
