"""A real server process over HTTP: tokens, both protocol eras, requests from elsewhere."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
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
TRIES = 3
"""Ports that may be taken by another process before the server has them."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("served") / ".intent" / "intent.duckdb"
    with open_writer(place, wait_s=5):
        return place


@pytest.fixture(scope="module")
def tokens(store: Path) -> Path:
    return tokens_file(Settings(store=store))


@pytest.fixture(scope="module")
def token(tokens: Path) -> str:
    return add_token(tokens, "mara", may_write=True, now=NOW)


@pytest.fixture(scope="module")
def url(store: Path, token: str) -> Iterator[str]:
    """Of one server for all tests here: to start it takes longer than they do."""
    for _ in range(TRIES):
        server, port = start(store)
        if listens(server, port):
            break
    else:
        raise AssertionError("the server ended, on every port")
    with server:
        yield f"http://127.0.0.1:{port}/mcp"
        server.terminate()


def start(store: Path) -> tuple[subprocess.Popen[bytes], int]:
    """A server, on a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "intent_server.cli.main", "serve", "--http", str(port), "--store", str(store)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL), port


def listens(server: subprocess.Popen[bytes], port: int) -> bool:
    """Waits for the server, two minutes at most; False when it ended, as it does where another took the port."""
    for _ in range(2_400):
        if server.poll() is not None:
            return False
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 0.1).close()
            return True
        time.sleep(0.05)
    server.kill()
    raise AssertionError("the server neither ended nor listened")


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


def test_without_the_token_nothing_is_answered(url: str, tokens: Path) -> None:
    token = add_token(tokens, "jonas", may_write=True, now=NOW)
    assert refusal(url, {}) == 401
    assert refusal(url, {"authorization": "Bearer wrong"}) == 401
    bearer = {"authorization": f"Bearer {token}"}
    assert refusal(url, {**bearer, "host": "evil.example"}) == 421
    assert refusal(url, {**bearer, "origin": "https://evil.example"}) == 403
    remove_token(tokens, "jonas")
    assert refusal(url, bearer) == 401
