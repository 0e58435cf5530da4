"""Prompts and resources: what they say, what they refuse, and that arguments stay arguments."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from mcp import Client, MCPError
from mcp.types import INVALID_PARAMS, ResourceTemplateReference

from ingest.records import Candidate, Part, Session, Span, Utterance
from intent_server.config import Settings
from intent_server.embed import bundled
from intent_server.mcp.server import build_server

pytestmark = pytest.mark.anyio

Keep = Callable[..., Path]
ADDRESS = ResourceTemplateReference(uri="intent://decision/{id}")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings(keep: Keep) -> Settings:
    said = Utterance(0, "We keep sessions in Redis.", "person", "cue 1", speaker="Mara")
    part = Part("choice", (Span(0, 0, 25, "We keep sessions in Redis"),))
    decision = Candidate("sessions", "accepted", "structured", 1.0, (part,), "t/1")
    return Settings(store=keep((Session("meeting", "cache", (said,), 1, title="Cache"), [decision]), model=bundled()))


@pytest.fixture(params=["auto", "legacy"])
def era(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_every_prompt_names_the_tools_to_use_and_keeps_its_argument(settings: Settings, era: str) -> None:
    async with Client(build_server(settings), mode=era) as client:
        prompts = (await client.list_prompts()).prompts
        assert [prompt.name for prompt in prompts] == ["explain_why", "extract_decisions", "review_change"]
        for prompt, tool in zip(prompts, ("`why`", "`record_decision`", "`search`"), strict=True):
            assert prompt.description
            [argument] = prompt.arguments or []
            assert argument.required
            got = await client.get_prompt(prompt.name, {argument.name: "src/mart.sql {change} \u202eright"})
            text = got.messages[0].content.text
            assert tool in text
            assert "src/mart.sql {change} ⟨U+202E⟩right" in text


async def test_the_schema_names_every_view_and_column_without_a_store(tmp_path: Path) -> None:
    async with Client(build_server(Settings(store=tmp_path / "none.duckdb"))) as client:
        text = (await client.read_resource("intent://schema")).contents[0].text
    views = {view["name"]: view for view in json.loads(text)["views"]}
    assert {"intent.decisions", "intent.reviews", "intent.audit"} <= views.keys()
    assert any(column.startswith("decision_id VARCHAR: ") for column in views["intent.decisions"]["columns"])
    assert len(text) <= 15_500


async def test_a_decision_and_its_session_are_read_by_address(settings: Settings, era: str) -> None:
    async with Client(build_server(settings), mode=era) as client:
        [known] = (await client.complete(ADDRESS, {"name": "id", "value": ""})).completion.values
        facts = json.loads((await client.read_resource(f"intent://decision/{known}")).contents[0].text)
        assert facts["decision"]["choice"]["quotes"][0]["recorded_text"] == "We keep sessions in Redis"
        place = f"intent://session/{facts['decision']['session_id']}"
        lines = json.loads((await client.read_resource(place)).contents[0].text)["session"]["lines"]
        assert [line["recorded_text"] for line in lines] == ["We keep sessions in Redis."]


@pytest.mark.parametrize("address", ["intent://decision/nothing", "intent://session/nothing", "intent://other"])
async def test_what_is_not_there_is_an_invalid_address(settings: Settings, address: str) -> None:
    async with Client(build_server(settings)) as client:
        with pytest.raises(MCPError) as refused:
            await client.read_resource(address)
    assert refused.value.error.code == -32602


async def test_a_decision_is_no_session(settings: Settings) -> None:
    async with Client(build_server(settings)) as client:
        [known] = (await client.complete(ADDRESS, {"name": "id", "value": ""})).completion.values
        with pytest.raises(MCPError, match="no session but a decision"):
            await client.read_resource(f"intent://session/{known}")


async def test_without_a_store_nothing_is_completed_and_the_remedy_is_told(tmp_path: Path) -> None:
    async with Client(build_server(Settings(store=tmp_path / "none.duckdb"))) as client:
        assert (await client.complete(ADDRESS, {"name": "id", "value": "0"})).completion.values == []
        with pytest.raises(MCPError, match="intent ingest"):
            await client.read_resource("intent://decision/01234567")


@pytest.mark.parametrize(
    ("name", "given", "problem"),
    [
        ("explain_why", {}, "explain_why: `question` is missing."),
        ("explain_why", {"qestion": "x"}, "Did you mean `question`?"),
        ("explain_why", {"question": "x" * 2_001}, "explain_why: `question` is "),
        ("explain", {"question": "x"}, "There is no prompt 'explain'. The prompts are `explain_why`, "),
    ],
)
async def test_a_prompt_that_cannot_be_made_says_what_is_wrong_with_its_arguments(
    settings: Settings, name: str, given: dict[str, str], problem: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with Client(build_server(settings)) as client:
        with pytest.raises(MCPError) as refused:
            await client.get_prompt(name, given)
    assert refused.value.code == INVALID_PARAMS
    assert problem in refused.value.message
    assert "Traceback" not in caplog.text
