"""A real server process over standard input and output, as clients start it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from intent_server.store.connect import open_writer

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parent.parent.parent
SERVE = [sys.executable, "-m", "intent_server.cli.main", "serve"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    place = tmp_path / ".intent" / "intent.duckdb"
    with open_writer(place, wait_s=5):
        return place


@pytest.mark.parametrize(("era", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
async def test_a_client_of_either_era_gets_answers_and_the_store_stays_free(
    store: Path, era: str, version: str
) -> None:
    command = StdioServerParameters(command=SERVE[0], args=[*SERVE[1:], "--store", str(store)], cwd=ROOT)
    async with Client(command, mode=era) as client:
        assert client.protocol_version == version
        assert "why" in [tool.name for tool in (await client.list_tools()).tools]
        asked = await client.call_tool("why", {"question": "Why DuckDB?"})
        assert asked.structured_content["verdict"] == "no record"
        with open_writer(store, wait_s=0.5) as db:
            db.execute("INSERT INTO people (decision_id, person, role) VALUES ('d1', 'Ann', 'proposed')")
        rows = await client.call_tool("sql", {"query": "SELECT person FROM intent.people"})
        assert rows.structured_content["rows"] == [["Ann"]]


def test_the_store_is_found_from_the_working_directory_and_nothing_but_the_protocol_is_printed(store: Path) -> None:
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "search", "arguments": {"query": "x"}}},
    ]
    inside = store.parent.parent / "src"
    inside.mkdir()
    with subprocess.Popen(
        SERVE,
        cwd=inside,
        env={
            **{name: word for name, word in os.environ.items() if not name.startswith("INTENT_")},
            "PYTHONPATH": str(ROOT),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stderr is not None
        for line in lines:
            server.stdin.write(json.dumps(line).encode() + b"\n")
        server.stdin.flush()
        answers = [json.loads(server.stdout.readline()) for _ in (1, 2)]
        server.stdin.close()
        assert server.wait(10) == 0
        assert server.stdout.read() == b""
        assert server.stderr.read() == b""
    assert answers[0]["result"]["serverInfo"]["name"] == "intent"
    assert answers[1]["result"]["structuredContent"]["hits"] == []
