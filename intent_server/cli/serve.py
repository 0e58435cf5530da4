"""`intent serve`: the MCP server on standard input and output. Imports nothing that a starting client waits for."""

from __future__ import annotations

from pathlib import Path

import click

from intent_server.cli.options import chosen, store_option
from intent_server.mcp.server import serve as serve_stdio


@click.command()
@store_option
def serve(store: Path | None) -> None:
    """Answer an agent over MCP on standard input and output; the client starts it."""
    serve_stdio(chosen(store))
