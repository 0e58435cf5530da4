"""Where the server over HTTP listens, to whom it answers, and what a token may do."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intent_server.errors import BadRequest
from intent_server.mcp.http import Address, address, check
from intent_server.mcp.tokens import add_token


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("text", "host", "port", "is_loopback"),
    [
        ("8931", "127.0.0.1", 8931, True),
        ("localhost:80", "localhost", 80, True),
        ("127.0.0.2:80", "127.0.0.2", 80, True),
        ("[::1]:80", "::1", 80, True),
        (":80", "0.0.0.0", 80, False),
        ("0.0.0.0:80", "0.0.0.0", 80, False),
        ("[::]:80", "::", 80, False),
        ("10.1.2.3:80", "10.1.2.3", 80, False),
        ("intent.example.org:80", "intent.example.org", 80, False),
    ],
)
def test_an_address_is_of_this_machine_alone_unless_it_says_otherwise(
    text: str, host: str, port: int, is_loopback: bool
) -> None:
    found = address(text)
    assert (found.host, found.port, found.is_loopback) == (host, port, is_loopback)


@pytest.mark.parametrize("text", ["", "host", "host:", "0", "65536", "-1", "1e3", "host:٣", "80:host"])
def test_what_is_no_address_is_named(text: str) -> None:
    with pytest.raises(BadRequest, match="--http"):
        address(text)


def test_this_machine_alone_may_ask_without_a_token(tmp_path: Path) -> None:
    assert check(Address("127.0.0.1", free_port()), tmp_path / "tokens.json") is False


def test_other_machines_may_not_and_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="intent token add"):
        check(Address("0.0.0.0", free_port(), ("intent.example.org",)), tmp_path / "tokens.json")


def test_one_token_guards_every_address(tmp_path: Path) -> None:
    add_token(tmp_path / "tokens.json", "mara", may_write=True, now=datetime(2026, 3, 3, tzinfo=UTC))
    assert check(Address("127.0.0.1", free_port()), tmp_path / "tokens.json") is True
    assert check(Address("0.0.0.0", free_port(), ("intent.example.org",)), tmp_path / "tokens.json") is True


def test_listening_everywhere_needs_a_name_to_be_called_by(tmp_path: Path) -> None:
    add_token(tmp_path / "tokens.json", "mara", may_write=True, now=datetime(2026, 3, 3, tzinfo=UTC))
    with pytest.raises(BadRequest, match="--name"):
        check(Address("0.0.0.0", free_port()), tmp_path / "tokens.json")


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(BadRequest, match="Cannot listen on"):
            check(Address("127.0.0.1", taken.getsockname()[1]), tmp_path / "tokens.json")


def test_clients_are_told_the_name_they_know() -> None:
    assert Address("127.0.0.1", 8931).url == "http://127.0.0.1:8931/mcp"
    assert Address("::1", 8931).url == "http://[::1]:8931/mcp"
    assert Address("0.0.0.0", 8931, ("https://intent.example.org",)).url == "https://intent.example.org/mcp"
