"""`intent serve`: the MCP server, on standard input and output or over HTTP. A client waits for its imports."""

from __future__ import annotations

from pathlib import Path

import click

from intent_server.cli.options import chosen, embedder_option, store_option
from intent_server.errors import BadRequest
from intent_server.mcp.http import address
from intent_server.mcp.server import serve as serve_stdio
from intent_server.mcp.server import serve_http


@click.command()
@click.option("--http", "listen_at", metavar="[HOST:]PORT", help="Listen here instead; HOST is 127.0.0.1 by default.")
@click.option("--name", "names", multiple=True, help="A host name or URL by which clients reach it; repeatable.")
@embedder_option
@store_option
def serve(listen_at: str | None, names: tuple[str, ...], store: Path | None) -> None:
    """Answer an agent over MCP on standard input and output; the client starts it. With --http, over HTTP."""
    settings = chosen(store)
    if listen_at is not None:
        serve_http(settings, address(listen_at, names))
    elif names:
        raise BadRequest("--name is for --http: give an address to listen at, for example --http 8931.")
    else:
        serve_stdio(settings)
