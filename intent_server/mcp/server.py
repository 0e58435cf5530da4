"""The server: tools with their descriptions and annotations, errors that a model can act on, standard input and output.

mcp takes half a second to import: that happens in the functions here, and nothing else waits for it.
"""

from __future__ import annotations

import functools
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, ParamSpec, TypeVar

from ingest.errors import IntentError
from ingest.text import visible
from intent_server.config import Settings
from intent_server.errors import BadRequest
from intent_server.mcp.http import Address, check, guard, listen
from intent_server.mcp.tokens import tokens_file

if TYPE_CHECKING:
    from mcp.server import MCPServer
    from mcp.server.auth.provider import TokenVerifier
    from mcp.server.auth.settings import AuthSettings

    from intent_server.mcp.tools import Tools

    Guarded = tuple[TokenVerifier, AuthSettings]

MAX_ERROR_CHARS = 1000
MAX_TEXT_CHARS = 8000
"""Of each text in a call: as much as an answer may have. In the schemas it would cost every session some characters."""
TITLES = {
    "why": "Why is this so?",
    "search": "Search decisions and conversations",
    "get": "Read one decision, session or quote",
    "history": "What was decided, and when",
    "record_decision": "Record a decision",
    "review": "Review decisions",
    "sql": "Query the record with SQL",
}
"""The tools in the order they are listed, with what people see; what models read is in descriptions/."""
WRITING = frozenset({"record_decision", "review"})
"""Tools that add to the record. None of them removes anything, and what they do can be undone."""
LISTS: tuple[Literal["tools/list", "prompts/list", "resources/list", "resources/templates/list"], ...] = (
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
)

Asked = ParamSpec("Asked")
Answered = TypeVar("Answered")


def build_server(settings: Settings, *, guarded: Guarded | None = None) -> MCPServer:
    """A server over the store that the settings name; the store need not exist yet.

    `guarded`: what checks the token of each call, over HTTP (see http.guard).
    """
    return _server(settings, guarded)[0]


def serve(settings: Settings) -> None:
    """Answer on standard input and output until the client closes them, then end the process."""
    gc.disable()  # the imports make many objects that stay: 60 ms less
    server, tools = _server(settings, None)
    gc.enable()
    gc.freeze()
    threading.Thread(target=_load, args=(tools,), daemon=True).start()
    server.run("stdio")
    sys.stdout.flush()
    os._exit(0)  # taking the interpreter down in order costs 0.2 s, and nothing is open


def _load(tools: Tools) -> None:
    """What answers import stays: the collector, which runs within some answers, need not walk through it each time."""
    tools.asker()
    gc.freeze()


def serve_http(settings: Settings, where: Address) -> None:
    """Answer over HTTP until the process is stopped; with tokens where there are any.

    Raises: BadRequest for an address that cannot be had, or may not without tokens.
    """
    tokens = tokens_file(settings)
    guarded = guard(where, tokens) if check(where, tokens) else None
    server, tools = _server(settings, guarded)
    threading.Thread(target=_load, args=(tools,), daemon=True).start()
    listen(server, where)


def _server(settings: Settings, guarded: Guarded | None) -> tuple[MCPServer, Tools]:
    from mcp.server import CacheHint  # noqa: PLC0415  half a second, see above
    from mcp.types import ToolAnnotations  # noqa: PLC0415

    from intent_server.mcp.listing import Server  # noqa: PLC0415
    from intent_server.mcp.prompts import add_prompts  # noqa: PLC0415
    from intent_server.mcp.resources import add_resources  # noqa: PLC0415
    from intent_server.mcp.tools import Tools  # noqa: PLC0415

    server = Server(
        "intent",
        title="The record of why",
        version=_version(),
        instructions=_text("instructions"),
        log_level="WARNING",
        cache_hints={name: CacheHint(ttl_ms=300_000, scope="private") for name in LISTS},
        token_verifier=guarded[0] if guarded else None,
        auth=guarded[1] if guarded else None,
    )
    tools = Tools(settings)
    for name, title in TITLES.items():
        hints = ToolAnnotations(
            read_only_hint=name not in WRITING,
            destructive_hint=False,
            idempotent_hint=name != "review",
            open_world_hint=False,
        )
        add = server.tool(name=name, title=title, description=_text(name), annotations=hints)
        add(told(getattr(tools, name)))
    add_prompts(server)
    add_resources(server, tools)
    return server, tools


def told(function: Callable[Asked, Answered]) -> Callable[Asked, Answered]:
    """The function with its IntentErrors raised as ToolErrors, whose text the model reads.

    Any other exception is a bug: the SDK shows the model `Error executing tool NAME` and standard error the traceback.
    """
    from mcp.server.mcpserver.exceptions import ToolError  # noqa: PLC0415

    @functools.wraps(function)
    def tell(*args: Asked.args, **kwargs: Asked.kwargs) -> Answered:
        try:
            _check_lengths(kwargs)
            return function(*args, **kwargs)
        except IntentError as error:
            raise ToolError(shortened(visible(str(error)))) from error

    return tell


def _check_lengths(arguments: Mapping[str, object]) -> None:
    """Raises: BadRequest naming an argument with a text that is too long."""
    for name, given in arguments.items():
        if any(len(text) > MAX_TEXT_CHARS for text in _texts(given)):
            raise BadRequest(f"`{name}` has a text of over {MAX_TEXT_CHARS} characters. Shorten it.")


def _texts(given: object) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, list):
        for item in given:
            yield from _texts(item)


def shortened(message: str) -> str:
    """The message, cut in its middle when a model's client would cut it: the remedy stands at its end."""
    if len(message) <= MAX_ERROR_CHARS:
        return message
    half = MAX_ERROR_CHARS // 2 - 3
    return f"{message[:half]} […] {message[-half:]}"


def _version() -> str:
    try:
        return version("intent-server")
    except PackageNotFoundError:
        return "not installed"  # run from the source tree


def _text(name: str) -> str:
    """descriptions/<name>.md as one line a paragraph."""
    text = (files("intent_server.mcp") / "descriptions" / f"{name}.md").read_text("utf-8")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
