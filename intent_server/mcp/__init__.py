"""The MCP front end: one thin function a tool."""
