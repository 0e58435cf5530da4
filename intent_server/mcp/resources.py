"""The resources: a decision, a session and the schema by address. Whatever they hold can be had from tools too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from anyio import to_thread
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.types import Completion, CompletionArgument, CompletionContext, PromptReference, ResourceTemplateReference

from ingest.errors import IntentError
from ingest.text import visible
from intent_server.errors import AmbiguousId, NotFound
from intent_server.mcp.clean import compact

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from intent_server.mcp.tools import Tools

JSON = "application/json"
MAX_COMPLETIONS = 20
_KINDS: Mapping[str, Literal["decision", "session"]] = {
    "intent://decision/{id}": "decision",
    "intent://session/{id}": "session",
}


def add_resources(server: MCPServer, tools: Tools) -> None:
    """Register the resources and the completion of ids."""

    @server.resource("intent://schema", name="schema", title="The views that `sql` reads", mime_type=JSON)
    def schema() -> str:
        """Every view with its columns, types and comments."""
        from intent_server.store.schema import schema as described  # noqa: PLC0415  DuckDB

        return compact(described().model_dump(mode="json"))

    @server.resource("intent://decision/{id}", name="decision", title="A decision", mime_type=JSON)
    def decision(id: str) -> str:
        """One decision with its parts, each quoted: the JSON that the tool `get` answers with."""
        return _read(tools, "decision", id)

    @server.resource("intent://session/{id}", name="session", title="A session", mime_type=JSON)
    def session(id: str) -> str:
        """The first page of a session's conversation, as the tool `get` gives it; `get` goes on by its next_cursor."""
        return _read(tools, "session", id)

    @server.completion()  # type: ignore[no-untyped-call, untyped-decorator]  # published without types
    async def completed(
        ref: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion | None:
        kind = _KINDS.get(ref.uri) if isinstance(ref, ResourceTemplateReference) else None
        if kind is None or argument.name != "id":
            return None
        try:
            found = await to_thread.run_sync(tools.ids, kind, argument.value, MAX_COMPLETIONS + 1)
        except IntentError:
            return None  # no store yet, or a busy one: nothing to offer while somebody types
        return Completion(values=found[:MAX_COMPLETIONS], has_more=len(found) > MAX_COMPLETIONS)


def _read(tools: Tools, kind: str, id: str) -> str:
    """The answer of `get`, for one kind of thing.

    Raises: ResourceNotFoundError for an id that nothing, or something else, has; ResourceError for the store's errors.
    """
    try:
        facts = tools.got(id)
    except (NotFound, AmbiguousId) as error:
        raise ResourceNotFoundError(visible(str(error))) from error
    except IntentError as error:
        raise ResourceError(visible(str(error))) from error
    if facts["kind"] != kind:
        raise ResourceNotFoundError(f"'{visible(id)}' is no {kind} but a {facts['kind']}.")
    return compact(facts)
