"""The server over Streamable HTTP: on this machine alone without a token, anywhere else only with tokens."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from intent_server.errors import BadRequest
from intent_server.mcp.tokens import READ, bearer, held_tokens

if TYPE_CHECKING:
    from mcp.server import MCPServer
    from mcp.server.auth.provider import AccessToken, TokenVerifier
    from mcp.server.auth.settings import AuthSettings
    from mcp.server.transport_security import TransportSecuritySettings

PATH = "/mcp"
_EVERYWHERE = frozenset({"0.0.0.0", "::"})


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, and by what names clients reach it."""

    host: str
    port: int
    names: tuple[str, ...] = ()
    """Host names besides this machine's own loopback ones that a request may be addressed to."""

    @property
    def is_loopback(self) -> bool:
        """True where nobody outside this machine can connect."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    @property
    def url(self) -> str:
        """What clients are told: the first name given, else the host."""
        if self.names:
            name = self.names[0]
            return f"{name}{PATH}" if "://" in name else f"http://{name}{PATH}"
        host = f"[{self.host}]" if ":" in self.host and not self.host.startswith("[") else self.host
        return f"http://{host}:{self.port}{PATH}"


def address(text: str, names: tuple[str, ...] = ()) -> Address:
    """`PORT` or `HOST:PORT` as an address; a bare port is on this machine alone.

    Raises: BadRequest.
    """
    host, separator, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise BadRequest(f"--http '{text}' is no address. Write 8931, 127.0.0.1:8931 or 0.0.0.0:8931.")
    return Address((host.strip("[]") or "0.0.0.0") if separator else "127.0.0.1", int(port), names)


def check(where: Address, tokens: Path) -> bool:
    """Whether calls need a token; and whether the address can be had at all.

    Raises: BadRequest where nobody may listen: without tokens outside this machine, or on a port that is taken.
    """
    is_guarded = bool(held_tokens(tokens))
    if not where.is_loopback and not is_guarded:
        raise BadRequest(
            f"'{where.host}' can be reached from other machines, and there is no token in '{tokens}'. "
            "Make one with `intent token add NAME`, or listen on 127.0.0.1."
        )
    if where.host in _EVERYWHERE and not where.names:
        raise BadRequest(f"Listening on '{where.host}' needs the names that clients use: --name intent.example.org.")
    _check_free(where)
    return is_guarded


def guard(where: Address, tokens: Path) -> tuple[TokenVerifier, AuthSettings]:
    """What makes the server ask for a token with every call."""
    from mcp.server.auth.settings import AuthSettings  # noqa: PLC0415  half a second, see server.py

    settings = AuthSettings.model_validate(
        {
            "issuer_url": where.url,
            "resource_server_url": where.url,
            "required_scopes": [READ],
            "validate_token_resource": False,  # a token of this file is for this store alone
        }
    )
    return _Verifier(tokens), settings


def listen(server: MCPServer, where: Address) -> None:
    """Answer over HTTP until the process is stopped.

    Clients of the handshake era get a session each, bounded in number and time by the SDK: so their name is known when
    they record something. Those of 2026-07-28 bring it with every request.
    """
    server.run(
        "streamable-http",
        host=where.host,
        port=where.port,
        streamable_http_path=PATH,
        transport_security=_security(where),
    )


class _Verifier:
    """Looks tokens up in the file, as it is now."""

    def __init__(self, place: Path) -> None:
        self._place = place

    async def verify_token(self, token: str) -> AccessToken | None:
        """Whose token it is; None for one that is not, or no longer, in the file."""
        from mcp.server.auth.provider import AccessToken  # noqa: PLC0415  loaded with the server

        found = bearer(held_tokens(self._place), token)
        if found is None:
            return None
        return AccessToken(token=token, client_id=found.subject, subject=found.subject, scopes=list(found.scopes))


def _security(where: Address) -> TransportSecuritySettings:
    """Only requests addressed to this server's own names: a web page that rebinds its name to us is refused."""
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415  loaded with the server

    own = [name.partition("://")[2] or name for name in where.names]
    if where.host not in _EVERYWHERE:
        own.append(f"[{where.host}]" if ":" in where.host else where.host)
    hosts = [*dict.fromkeys([*own, "127.0.0.1", "localhost", "[::1]"])]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[each for host in hosts for each in (host, f"{host}:*")],
        allowed_origins=[
            f"{scheme}://{each}" for host in hosts for scheme in ("http", "https") for each in (host, f"{host}:*")
        ],
    )


def _check_free(where: Address) -> None:
    try:
        found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, place = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        raise BadRequest(
            f"Cannot listen on {where.host}:{where.port}: {error.strerror or error}. Choose another address or port."
        ) from error
