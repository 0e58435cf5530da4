"""Who calls: the subject of the token or the operating system's user, and the client as it names itself."""

from __future__ import annotations

from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from ingest.text import visible
from intent_server.config import Actor, Settings
from intent_server.mcp.tokens import WRITE

_MAX_CLIENT = 80


def actor(ctx: Context, settings: Settings) -> Actor:
    """Who is behind this call. The client's name is its own word and nothing is granted for it."""
    token = get_access_token()
    name = (token.subject or token.client_id) if token is not None else settings.actor
    return Actor(name, _client(ctx))


def check_may_write() -> None:
    """Raises: ToolError when the call came with a token that may only read."""
    token = get_access_token()
    if token is not None and WRITE not in token.scopes:
        raise ToolError(
            f"The token of '{visible(token.subject or token.client_id)}' may only read. A token that may write is made "
            "with `intent token add NAME`, without --read-only."
        )


def _client(ctx: Context) -> str:
    said = ctx.session.client_params
    if said is None:
        return "an MCP client"
    text = " ".join(visible(f"{said.client_info.name} {said.client_info.version}").split())
    return text[:_MAX_CLIENT] or "an MCP client"
