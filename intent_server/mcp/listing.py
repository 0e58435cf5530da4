"""The SDK's server, with lists as short as models need them and calls whose arguments are checked.

Every character of the list of tools costs every session, so what says nothing goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS, Tool
from pydantic import ValidationError

from intent_server.mcp.arguments import given, no_prompt, refused, unknown

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context
    from mcp.types import CallToolResult, GetPromptResult, InputRequiredResult


class Server(MCPServer):
    """The SDK's server: no titles that pydantic makes from the arguments' names, no argument that is passed over."""

    async def list_tools(self) -> list[Tool]:
        """The tools in the order they were added."""
        listed = await super().list_tools()
        return [tool.model_copy(update={"input_schema": untitled(tool.input_schema)}) for tool in listed]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """The tool's result.

        Raises: ToolError as the SDK does, and where an argument is unknown.
        """
        tool = next((one for one in await super().list_tools() if one.name == name), None)
        arguments = given(arguments)
        if tool and (problem := unknown(arguments, tool.input_schema.get("properties", {}))):
            raise ToolError(f"{name}: {problem}")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                raise ToolError(f"{name}: {refused(error.__cause__)}") from error.__cause__
            raise

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: Context[Any, Any] | None = None
    ) -> GetPromptResult | InputRequiredResult:
        """The prompt with its arguments in their places.

        Raises: MCPError for a prompt or an argument that is not there, is missing or too long.
        """
        prompts = {one.name: one for one in await self.list_prompts()}
        if name not in prompts:
            raise MCPError(INVALID_PARAMS, no_prompt(name, prompts))
        said, known = arguments or {}, prompts[name].arguments or []
        missing = [one.name for one in known if one.required and one.name not in said]
        problem = unknown(said, [one.name for one in known])
        if problem is None and missing:
            problem = f"`{missing[0]}` is missing."
        if problem is not None:
            raise MCPError(INVALID_PARAMS, f"{name}: {problem}")
        try:
            return await super().get_prompt(name, arguments, context)
        except ValueError as error:
            cause = error.__cause__
            while cause is not None and not isinstance(cause, ValidationError):
                cause = cause.__cause__
            if cause is None:
                raise
            raise MCPError(INVALID_PARAMS, f"{name}: {refused(cause)}") from error


def untitled(schema: Mapping[str, object]) -> dict[str, object]:
    """A JSON Schema of an object and its properties without their titles."""
    shown: dict[str, object] = {name: fact for name, fact in schema.items() if name != "title"}
    fields = schema.get("properties")
    if isinstance(fields, Mapping):
        shown["properties"] = {name: untitled(field) for name, field in fields.items()}
    return shown
