"""A real server process over HTTP: tokens, both protocol eras, requests from elsewhere."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from intent_server.config import Settings
from intent_server.mcp.tokens import add_token, remove_token, tokens_file
from intent_server.store.connect import open_writer

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    place = tmp_path / ".intent" / "intent.duckdb"
    with open_writer(place, wait_s=5):
        return place


@pytest.fixture
def tokens(store: Path) -> Path:
    return tokens_file(Settings(store=store))


@pytest.fixture
def token(tokens: Path) -> str:
    return add_token(tokens, "mara", may_write=True, now=NOW)


@pytest.fixture
def url(store: Path, token: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "intent_server.cli.main", "serve", "--http", str(port), "--store", str(store)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as server:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.1).close()
                break
            except OSError:
                assert server.poll() is None, "the server ended"
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/mcp"
        server.terminate()


def refusal(url: str, headers: dict[str, str]) -> int:
    """The status of a request that is refused."""
    call = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    accepts = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
    request = urllib.request.Request(url, call, {**accepts, **headers})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request, timeout=10)
    with error.value as answer:
        return answer.status


@pytest.mark.parametrize(("era", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
async def test_a_client_with_a_token_of_either_era_is_answered(url: str, token: str, era: str, version: str) -> None:
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30) as http,
        Client(streamable_http_client(url, http_client=http), mode=era) as client,
    ):
        assert client.protocol_version == version
        assert "why" in [tool.name for tool in (await client.list_tools()).tools]
        asked = await client.call_tool("why", {"question": "Why DuckDB?"})
        assert asked.structured_content["verdict"] == "no record"


def test_without_the_token_nothing_is_answered(url: str, token: str, tokens: Path) -> None:
    assert refusal(url, {}) == 401
    assert refusal(url, {"authorization": "Bearer wrong"}) == 401
    bearer = {"authorization": f"Bearer {token}"}
    assert refusal(url, {**bearer, "host": "evil.example"}) == 421
    assert refusal(url, {**bearer, "origin": "https://evil.example"}) == 403
    remove_token(tokens, "mara")
    assert refusal(url, bearer) == 401
