"""Our server object with the tools, resources and prompts that the conformance suite calls by name.

    python bench/acceptance/fixtures.py PORT STORE

It shows that our lifespan, authentication, transport and tools break none of what each revision of the protocol
requires. What every fixture must do is set by the suite (@modelcontextprotocol/conformance); none of it ships.
"""

from __future__ import annotations

import asyncio
import base64
import json
import struct
import sys
import zlib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated

from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.mcpserver import Context, UserMessage
from mcp.server.mcpserver.prompts.base import Prompt
from mcp.types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    AudioContent,
    CreateMessageRequest,
    CreateMessageRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    EmbeddedResource,
    EmptyResult,
    ImageContent,
    InputRequiredResult,
    ListRootsRequest,
    SamplingMessage,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextContent,
    TextResourceContents,
    UnsubscribeRequestParams,
)
from pydantic import BaseModel, Field

from intent_server.config import Settings
from intent_server.mcp.http import Address, listen
from intent_server.mcp.server import build_server

Tool = Callable[..., object]
Asking = ElicitRequest | CreateMessageRequest | ListRootsRequest


def png() -> str:
    """A picture of one red point."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    picture = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    return base64.b64encode(picture + chunk(b"IEND", b"")).decode()


def wav() -> str:
    """A sound of no length."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", 0)
    return base64.b64encode(struct.pack("<4sI", b"RIFF", len(body)) + body).decode()


def embedded(uri: str, text: str, mime_type: str = "text/plain") -> EmbeddedResource:
    return EmbeddedResource(resource=TextResourceContents(uri=uri, mime_type=mime_type, text=text))


def form(message: str, field: str, kind: str = "string") -> ElicitRequest:
    schema = {"type": "object", "properties": {field: {"type": kind}}, "required": [field]}
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


def completion(prompt: str) -> CreateMessageRequest:
    said = SamplingMessage(role="user", content=TextContent(text=prompt))
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=[said], max_tokens=50))


class Response(BaseModel):
    response: str = Field(description="What the user answers")


class Defaulted(BaseModel):
    """SEP-1034: a default of every type."""

    name: str = "John Doe"
    age: int = 30
    score: float = 95.5
    status: str = Field("active", json_schema_extra={"enum": ["active", "inactive", "pending"]})
    verified: bool = True


def _one_of(**titles: str) -> list[dict[str, str]]:
    return [{"const": value, "title": title} for value, title in titles.items()]


class Enumerated(BaseModel):
    """SEP-1330: the five ways to list choices. The names of the fields are the suite's."""

    untitledSingle: str = Field(json_schema_extra={"enum": ["one", "two"]})
    titledSingle: str = Field(json_schema_extra={"oneOf": _one_of(one="One", two="Two")})  # type: ignore[dict-item]
    untitledMulti: list[str] = Field(json_schema_extra={"items": {"type": "string", "enum": ["one", "two"]}})
    titledMulti: list[str] = Field(json_schema_extra={"items": {"anyOf": _one_of(one="One", two="Two")}})  # type: ignore[dict-item]
    legacyEnum: str = Field(json_schema_extra={"enum": ["one", "two"], "enumNames": ["One", "Two"]})


def simple() -> str:
    return "This is a simple text response for testing."


def picture() -> list[ImageContent]:
    return [ImageContent(data=png(), mime_type="image/png")]


def sound() -> list[AudioContent]:
    return [AudioContent(data=wav(), mime_type="audio/wav")]


def resource() -> list[EmbeddedResource]:
    return [embedded("test://embedded-resource", "This is an embedded resource content.")]


def mixed() -> list[TextContent | ImageContent | EmbeddedResource]:
    return [
        TextContent(text="Multiple content types test:"),
        *picture(),
        embedded("test://mixed-content-resource", '{"test":"data","value":123}', "application/json"),
    ]


def failing() -> str:
    raise RuntimeError("This tool intentionally returns an error for testing")


async def logging(ctx: Context) -> str:
    for step in ("started", "processing", "completed"):
        await ctx.info(f"Tool execution {step}")
        await asyncio.sleep(0.05)
    return "logged"


async def progressing(ctx: Context) -> str:
    for done in (0, 50, 100):
        await ctx.report_progress(done, 100)
        await asyncio.sleep(0.05)
    return "done"


async def sampling(prompt: str, ctx: Context) -> str:
    said = [SamplingMessage(role="user", content=TextContent(text=prompt))]
    answer = await ctx.session.create_message(messages=said, max_tokens=100, related_request_id=ctx.request_id)
    return f"LLM response: {answer.content.text}"


def eliciting(schema: type[BaseModel], opening: str) -> Tool:
    async def ask(ctx: Context, message: str = "Please provide input") -> str:
        answer = await ctx.elicit(message, schema)
        content = answer.data.model_dump_json() if answer.action == "accept" else "{}"
        return f"{opening}: action={answer.action}, content={content}"

    return ask


async def needing_capability(ctx: Context) -> str:
    if not (ctx.client_capabilities and ctx.client_capabilities.sampling):
        raise MCPError(
            code=MISSING_REQUIRED_CLIENT_CAPABILITY,
            message="This tool needs sampling",
            data={"requiredCapabilities": {"sampling": {}}},
        )
    return "ok"


def asking_once(answer: str, *, state: str | None = None, **asked: Asking) -> Tool:
    """A tool that answers when the client has answered everything, and brought the state back."""

    async def ask(ctx: Context) -> str | InputRequiredResult:
        is_answered = asked.keys() <= (ctx.input_responses or {}).keys()
        if is_answered and (state is None or ctx.request_state == state):
            return answer
        return InputRequiredResult(input_requests=asked, request_state=state)

    return ask


async def asking_twice(ctx: Context) -> str | InputRequiredResult:
    held, given = json.loads(ctx.request_state or '{"turn": 0}'), ctx.input_responses or {}
    if held["turn"] == 2 and "colour" in given:
        return "done"
    if held["turn"] == 1 and "name" in given:
        return InputRequiredResult(input_requests={"colour": form("Colour?", "colour")}, request_state='{"turn": 2}')
    return InputRequiredResult(input_requests={"name": form("Name?", "name")}, request_state='{"turn": 1}')


async def asking_what_the_client_can(ctx: Context) -> InputRequiredResult:
    able, asked = ctx.client_capabilities, dict[str, Asking]()
    if able and able.sampling:
        asked["model"] = completion("hi")
    if able and able.elicitation:
        asked["person"] = form("Name?", "name")
    return InputRequiredResult(input_requests=asked, request_state="asked")


def with_header(region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})] = "none") -> str:
    return region


def changing_tools(server: MCPServer) -> Tool:
    async def change(ctx: Context) -> str:
        server.add_tool(simple, name="test_dynamic_tool")
        server.remove_tool("test_dynamic_tool")
        await ctx.notify_tools_changed()
        return "ok"

    return change


def changing_prompts(server: MCPServer) -> Tool:
    async def change(ctx: Context) -> str:
        server.add_prompt(Prompt.from_function(simple, name="test_dynamic_prompt", description="Comes and goes."))
        server.remove_prompt("test_dynamic_prompt")
        await ctx.notify_prompts_changed()
        return "ok"

    return change


def tools(server: MCPServer) -> Mapping[str, Tool]:
    """By the names that the suite calls them."""
    name, sure = form("What is your name?", "name"), form("Sure?", "ok", "boolean")
    rounds: Mapping[str, Tool] = {
        "elicitation": asking_once("Hello!", user_name=name),
        "sampling": asking_once("The model said Paris.", capital_question=completion("What is the capital of France?")),
        "list_roots": asking_once("roots ok", client_roots=ListRootsRequest()),
        "request_state": asking_once("state-ok", state="once", confirm=sure),
        "multiple_inputs": asking_once(
            "all", state="all", user_name=name, greeting=completion("Greet."), client_roots=ListRootsRequest()
        ),
        "multi_round": asking_twice,
        "capabilities": asking_what_the_client_can,
        "tampered_state": asking_once("state-ok", state="sealed", confirm=sure),
    }
    return {
        "test_simple_text": simple,
        "test_image_content": picture,
        "test_audio_content": sound,
        "test_embedded_resource": resource,
        "test_multiple_content_types": mixed,
        "test_error_handling": failing,
        "test_tool_with_logging": logging,
        "test_tool_with_progress": progressing,
        "test_sampling": sampling,
        "test_elicitation": eliciting(Response, "User response"),
        "test_elicitation_sep1034_defaults": eliciting(Defaulted, "Elicitation completed"),
        "test_elicitation_sep1330_enums": eliciting(Enumerated, "Elicitation completed"),
        "test_missing_capability": needing_capability,
        "test_x_mcp_header": with_header,
        "test_trigger_tool_change": changing_tools(server),
        "test_trigger_prompt_change": changing_prompts(server),
        **{f"test_input_required_result_{kind}": tool for kind, tool in rounds.items()},
    }


def add_resources(server: MCPServer) -> None:
    def static() -> str:
        return "This is the content of the static text resource."

    def binary() -> bytes:
        return base64.b64decode(png())

    def template(id: str) -> str:
        return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})

    server.resource("test://static-text", name="static-text", mime_type="text/plain")(static)
    server.resource("test://static-binary", name="static-binary", mime_type="image/png")(binary)
    server.resource("test://watched-resource", name="watched-resource", mime_type="text/plain")(static)
    server.resource("test://template/{id}/data", name="template", mime_type="application/json")(template)


def add_prompts(server: MCPServer) -> None:
    def test_simple_prompt() -> str:
        return "This is a simple prompt for testing."

    def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
        return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"

    def test_prompt_with_embedded_resource(resourceUri: str) -> list[UserMessage]:
        return [UserMessage(embedded(resourceUri, "Embedded resource content for testing.")), UserMessage("Read it.")]

    def test_prompt_with_image() -> list[UserMessage]:
        return [UserMessage(picture()[0]), UserMessage("Look at it.")]

    async def test_input_required_result_prompt(ctx: Context) -> list[UserMessage] | InputRequiredResult:
        if "user_context" in (ctx.input_responses or {}):
            return [UserMessage("Use the context.")]
        return InputRequiredResult(input_requests={"user_context": form("Which context?", "context")})

    prompts: tuple[Callable[..., object] | Callable[..., Awaitable[object]], ...] = (
        test_simple_prompt,
        test_prompt_with_arguments,
        test_prompt_with_embedded_resource,
        test_prompt_with_image,
        test_input_required_result_prompt,
    )
    for prompt in prompts:
        server.prompt(description="A fixture of the conformance suite.")(prompt)


def add_fixtures(server: MCPServer) -> None:
    """Everything that the suite expects of a server under test."""
    for name, tool in tools(server).items():
        server.add_tool(tool, name=name, description=f"A fixture of the conformance suite: {name}.")
    add_resources(server)
    add_prompts(server)

    async def accepted(*_: object) -> EmptyResult:
        return EmptyResult()

    requests = server._lowlevel_server  # the handshake era's own methods have no public hook
    requests.add_request_handler("logging/setLevel", SetLevelRequestParams, accepted)
    requests.add_request_handler("resources/subscribe", SubscribeRequestParams, accepted)
    requests.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, accepted)


if __name__ == "__main__":
    served = build_server(Settings(store=Path(sys.argv[2])))
    add_fixtures(served)
    listen(served, Address("127.0.0.1", int(sys.argv[1])))
