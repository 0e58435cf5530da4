"""The list of tools as models read it: every character of it costs every session, so what says nothing goes."""

from __future__ import annotations

from collections.abc import Mapping

from mcp.server import MCPServer
from mcp.types import Tool


class Server(MCPServer):
    """The SDK's server, whose list of tools leaves out the titles that pydantic makes from the arguments' names."""

    async def list_tools(self) -> list[Tool]:
        """The tools in the order they were added."""
        listed = await super().list_tools()
        return [tool.model_copy(update={"input_schema": untitled(tool.input_schema)}) for tool in listed]


def untitled(schema: Mapping[str, object]) -> dict[str, object]:
    """A JSON Schema of an object and its properties without their titles."""
    shown: dict[str, object] = {name: fact for name, fact in schema.items() if name != "title"}
    fields = schema.get("properties")
    if isinstance(fields, Mapping):
        shown["properties"] = {name: untitled(field) for name, field in fields.items()}
    return shown
