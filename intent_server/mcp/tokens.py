"""Bearer tokens for the server over HTTP: made once, shown once, kept as hashes in a file beside the store.

A token is 32 random bytes, so a plain SHA-256 keeps it: there is nothing to guess. The file is read again whenever it
changed: a token that is taken away is refused at the next call.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from fasteners import InterProcessLock
from pydantic import TypeAdapter, ValidationError

from intent_server.config import Settings
from intent_server.errors import BadRequest, NotFound
from intent_server.store.workplace import make_home

READ = "intent:read"
WRITE = "intent:write"
_PREFIX = "intent_"
"""What a token begins with, so that secret scanners know one that leaked."""
_MAX_NAME = 80
_changing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Token:
    """What the file holds of one token: who it speaks for, and what it may do."""

    subject: str
    sha256: str
    scopes: tuple[str, ...]
    created_at: datetime


_TOKENS = TypeAdapter(tuple[Token, ...])


def tokens_file(settings: Settings) -> Path:
    """Where the tokens of a store are kept."""
    return settings.store.with_name("tokens.json")


def held_tokens(place: Path) -> tuple[Token, ...]:
    """The tokens in the file; none where there is no file.

    Raises: BadRequest for a file that holds something else.
    """
    try:
        return _TOKENS.validate_json(place.read_bytes())
    except FileNotFoundError:
        return ()
    except ValidationError as error:
        raise BadRequest(f"'{place}' does not hold tokens. Remove it, then `intent token add NAME`.") from error


def add_token(place: Path, subject: str, *, may_write: bool, now: datetime) -> str:
    """Make a token for somebody: returns it, this once.

    Raises: BadRequest for a name that is taken or none.
    """
    name = subject.strip()
    if not name or len(name) > _MAX_NAME or not name.isprintable():
        raise BadRequest(f"'{subject[:_MAX_NAME]}' is no name for a token: give 1 to {_MAX_NAME} visible characters.")
    made = _PREFIX + secrets.token_urlsafe(32)
    scopes = (READ, WRITE) if may_write else (READ,)
    with _alone(place):
        held = held_tokens(place)
        if any(token.subject == name for token in held):
            raise BadRequest(f"There is a token for '{name}' already. `intent token remove '{name}'` first.")
        _write(place, [*held, Token(name, _hash(made), scopes, now.astimezone(UTC))])
    return made


def remove_token(place: Path, subject: str) -> None:
    """Take a token away.

    Raises: NotFound.
    """
    with _alone(place):
        held = held_tokens(place)
        left = [token for token in held if token.subject != subject.strip()]
        if len(left) == len(held):
            known = ", ".join(f"'{token.subject}'" for token in held) or "none"
            raise NotFound("token for", subject, f"There are tokens for: {known}.")
        _write(place, left)


def bearer(held: Iterable[Token], given: str) -> Token | None:
    """The token that was given, if it is one of these. Takes as long for a wrong one as for a right one."""
    mark, found = _hash(given), None
    for token in held:
        if hmac.compare_digest(token.sha256, mark):
            found = token
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Nobody else changes the file meanwhile: each change is of what is there."""
    make_home(place)
    beside = place.with_name(f".{place.name}.lock")
    with _changing:  # the lock file's lock belongs to the process
        beside.touch(mode=0o600)
        with InterProcessLock(beside):
            yield


def _write(place: Path, tokens: Sequence[Token]) -> None:
    """The whole file at once, readable by its owner alone."""
    facts = [{**asdict(token), "created_at": token.created_at.isoformat()} for token in tokens]
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=place.name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(facts, stream, ensure_ascii=False, indent=1)
        Path(name).replace(place)
    finally:
        Path(name).unlink(missing_ok=True)
