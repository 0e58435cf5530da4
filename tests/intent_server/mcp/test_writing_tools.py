"""Recording and reviewing over MCP: quotes are checked, who did it is kept, what may only read does not write."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from mcp import Client
from mcp.types import CallToolResult, Implementation

from ingest.records import Session, Utterance
from intent_server.config import Settings
from intent_server.embed import bundled
from intent_server.mcp.server import build_server

pytestmark = pytest.mark.anyio

Keep = Callable[..., Path]
SAID = (
    "Where does the mart live?",
    "We put the mart into DuckDB, not Postgres, because nobody wants to run a server for forty reports.",
    "Fine. It has to stay under two gigabytes.",
)
CHOICE = "We put the mart into DuckDB"
CLIENT = Implementation(name="claude-code", version="2.1.330")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["auto", "legacy"])
def era(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def settings(keep: Keep) -> Settings:
    spoken = tuple(Utterance(at, text, "person", f"cue {at}", speaker="Mara") for at, text in enumerate(SAID))
    store = keep((Session("meeting", "mart", spoken, len(spoken), title="Mart planning"), ()), model=bundled())
    return Settings(store=store, actor="jonas")


def facts(result: CallToolResult) -> dict:
    """What a model gets, the same from the text and from the structure."""
    assert not result.is_error, result.content
    [content] = result.content
    assert json.loads(content.text) == result.structured_content
    assert len(content.text) <= 8000
    return result.structured_content


def message(result: CallToolResult) -> str:
    assert result.is_error
    [content] = result.content
    return content.text


async def recorded(client: Client, **more: object) -> dict:
    given = {"subject": "the mart's database", "choice": CHOICE, "session": "Mart planning", **more}
    return facts(await client.call_tool("record_decision", given))


async def test_a_recorded_decision_is_found_with_its_words_and_with_who_recorded_it(
    settings: Settings, era: str
) -> None:
    async with Client(build_server(settings), mode=era, client_info=CLIENT) as client:
        made = await recorded(
            client,
            rationale=["nobody wants to run a server for forty reports"],
            alternatives=[["Postgres"]],
            constraints=["under two gigabytes"],
            decided_by=["Mara"],
        )
        assert made["outcome"] == "recorded"
        asked = facts(await client.call_tool("why", {"question": "Why is the mart in DuckDB and not Postgres?"}))
    [decision] = asked["decisions"]
    assert asked["verdict"] == "decided"
    assert decision["decision_id"] == made["decision"]["decision_id"]
    assert decision["authority"] == "recorded"
    assert decision["choice"]["quotes"][0]["recorded_text"] == CHOICE
    assert decision["choice"]["quotes"][0]["place"]["utterance_index"] == 1
    assert [part["quotes"][0]["recorded_text"] for part in decision["alternatives"]] == ["Postgres"]
    [act] = decision["reviews"]
    assert (act["action"], act["actor"], act["client"]) == ("recorded", "jonas", "claude-code 2.1.330")


async def test_a_quote_that_nobody_said_is_refused_with_the_nearest_text(settings: Settings) -> None:
    async with Client(build_server(settings)) as client:
        refused = message(
            await client.call_tool(
                "record_decision",
                {"subject": "mart", "choice": "We put the mart in a DuckDB file", "session": "Mart planning"},
            )
        )
        held = facts(await client.call_tool("sql", {"query": "SELECT count(*) FROM intent.decisions"}))
    assert "We put the mart into DuckDB" in refused
    assert held["rows"] == [[0]]


async def test_recording_the_same_again_changes_nothing(settings: Settings) -> None:
    async with Client(build_server(settings)) as client:
        first, second = [await recorded(client) for _ in (1, 2)]
    assert (first["outcome"], second["outcome"]) == ("recorded", "unchanged")
    assert first["decision"]["decision_id"] == second["decision"]["decision_id"]


async def test_what_no_session_holds_is_stated_in_so_many_words(settings: Settings) -> None:
    said = "Jonas, in the chat: let us keep invoices for ten years because the tax office asks for them."
    async with Client(build_server(settings), client_info=CLIENT) as client:
        given = {"subject": "invoices", "choice": "keep invoices for ten years", "statement": said}
        made = facts(await client.call_tool("record_decision", given))
        source = facts(await client.call_tool("get", {"id": made["decision"]["session_id"]}))["session"]
    assert source["kind"] == "statement"
    assert [line["recorded_text"] for line in source["lines"]] == [said]
    assert source["lines"][0]["role"] == "assistant"


async def test_a_review_is_listed_done_told_and_undone(settings: Settings, era: str) -> None:
    async with Client(build_server(settings), mode=era, client_info=CLIENT) as client:
        known = (await recorded(client))["decision"]["decision_id"]
        ratified = facts(await client.call_tool("review", {"action": "ratify", "decision_id": known}))
        assert ratified["decision"]["authority"] == "ratified"
        given = {"action": "dismiss", "decision_id": known, "reason": "it was a joke"}
        assert facts(await client.call_tool("review", given))["decision"]["reviews"][-1]["reason"] == "it was a joke"
        assert facts(await client.call_tool("why", {"question": "Why DuckDB for the mart?"}))["verdict"] != "decided"
        told = facts(await client.call_tool("history", {"subject": known}))
        assert [event["is_held"] for event in told["events"]] == [False]
        facts(await client.call_tool("review", {"action": "undo", "decision_id": known}))
        assert facts(await client.call_tool("why", {"question": "Why DuckDB for the mart?"}))["verdict"] == "decided"


async def test_a_decision_is_shown_split_and_merged_again(settings: Settings) -> None:
    async with Client(build_server(settings)) as client:
        known = (await recorded(client, rationale=["nobody wants to run a server for forty reports"]))["decision"][
            "decision_id"
        ]
        shown = facts(await client.call_tool("review", {"action": "show", "decision_id": known}))
        assert [line["evidence"] for line in shown["context"]] == [[], ["choice 0-27", "rationale 51-97"], []]
        assert "split" in shown["may_follow"]
        into = [[CHOICE, "the mart"], ["It has to stay under two gigabytes", "its size", "-"]]
        given = {"action": "split", "decision_id": known, "into": into, "reason": "two matters"}
        made = facts(await client.call_tool("review", given))
        mart, size = [one["decision_id"] for one in made["became"]]
        assert made["closed"] == [known]
        one = facts(await client.call_tool("review", {"action": "merge", "decision_id": mart, "others": [size]}))
        assert [quote["place"]["utterance_index"] for quote in one["decision"]["choice"]["quotes"]] == [1, 2]
        for wanted in (mart, known):
            facts(await client.call_tool("review", {"action": "undo", "decision_id": wanted}))
        assert facts(await client.call_tool("get", {"id": known}))["decision"]["decision_id"] == known


async def test_a_correction_and_a_supersession_are_told_by_the_history(settings: Settings) -> None:
    async with Client(build_server(settings)) as client:
        older = (await recorded(client))["decision"]["decision_id"]
        said = "From now on the mart lives in DuckLake."
        given = {"subject": "the mart's database", "choice": "the mart lives in DuckLake", "statement": said}
        newer = facts(await client.call_tool("record_decision", given))["decision"]["decision_id"]
        act = {"action": "correct", "decision_id": older, "subject": "where the mart lives", "reason": "clearer"}
        assert facts(await client.call_tool("review", act))["decision"]["subject"] == "where the mart lives"
        act = {"action": "supersede", "decision_id": older, "newer_id": newer}
        assert facts(await client.call_tool("review", act))["other"]["decision_id"] == newer
        told = facts(await client.call_tool("history", {"subject": older}))
    events = {event["decision_id"]: event for event in told["events"]}
    assert events[older]["superseded_by"] == [newer]
    assert len(events[older]["versions"]) == 3


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"action": "ratify"}, "decision_id"),
        ({"action": "dismiss", "decision_id": "x"}, "reason"),
        ({"action": "supersede", "decision_id": "x"}, "newer_id"),
        ({"action": "ratify", "decision_id": "nothing-like-it"}, "nothing-like-it"),
        ({"action": "correct", "decision_id": "x", "reason": "r", "valid_from": "soon"}, "valid_from 'soon'"),
        ({"action": "split", "decision_id": "x", "reason": "r", "into": [[]]}, "one has 0 texts"),
        ({"action": "list", "since": "soon"}, "since 'soon'"),
    ],
)
async def test_what_an_action_lacks_is_named(settings: Settings, given: dict, named: str) -> None:
    async with Client(build_server(settings)) as client:
        assert named in message(await client.call_tool("review", given))


async def test_an_alternative_of_three_texts_is_refused(settings: Settings) -> None:
    async with Client(build_server(settings)) as client:
        given = {"subject": "s", "choice": CHOICE, "alternatives": [["a", "b", "c"]]}
        assert "3 texts" in message(await client.call_tool("record_decision", given))


async def test_secrets_in_a_reason_never_reach_the_store(settings: Settings) -> None:
    token = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
    async with Client(build_server(settings)) as client:
        known = (await recorded(client))["decision"]["decision_id"]
        given = {"action": "dismiss", "decision_id": known, "reason": f"leaks {token}"}
        facts(await client.call_tool("review", given))
    assert token.encode() not in settings.store.read_bytes()
