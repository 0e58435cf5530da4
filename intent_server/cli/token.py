"""`intent token`: the tokens with which clients call the server over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from intent_server.cli import output
from intent_server.cli.options import chosen, group_store_option, store_option
from intent_server.mcp.tokens import add_token, held_tokens, remove_token, tokens_file


@click.group()
@group_store_option
def token() -> None:
    """Make and take away the tokens with which clients call the server over HTTP."""


@token.command("add")
@click.argument("name")
@click.option("--read-only", is_flag=True, help="It may ask, not record or review.")
@store_option
def token_add(name: str, read_only: bool, store: Path | None) -> None:
    """Make a token for NAME, a person or a team, and print it; it is shown this once."""
    place = tokens_file(chosen(store))
    made = add_token(place, name, may_write=not read_only, now=datetime.now(UTC))
    output.lines([made])
    output.note(f"Clients send it as `Authorization: Bearer …`. Its hash is in '{place.as_posix()}'.")


@token.command("list")
@store_option
def token_list(store: Path | None) -> None:
    """List whose tokens there are, since when, and what they may do."""
    held = held_tokens(tokens_file(chosen(store)))
    output.lines([f"{one.subject}  {one.created_at:%Y-%m-%d}  {' '.join(one.scopes)}" for one in held])
    if not held:
        output.note("There is no token: the server over HTTP answers this machine alone.")


@token.command("remove")
@click.argument("name")
@store_option
def token_remove(name: str, store: Path | None) -> None:
    """Take the token of NAME away; the next call with it is refused."""
    remove_token(tokens_file(chosen(store)), name)
    output.note(f"The token of '{name}' is no longer valid.")
