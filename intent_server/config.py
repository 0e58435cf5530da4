"""Settings: flags over environment over defaults; frozen, read once."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intent_server.errors import BadRequest

STORE_NAME = Path(".intent") / "intent.duckdb"
MAX_ANSWER_CHARS = 8000
BUNDLED = "bundled"
"""Names the embedder inside the package, where another one is set in the environment."""
_REMEDY = " Unset it or give seconds or characters."


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes: stored with each act and in the audit table."""

    name: str
    """The operating system's user, INTENT_ACTOR, or the subject of a token."""
    client: str | None = None
    """The MCP client's name and version; None at a terminal."""

    @property
    def label(self) -> str:
        """As the audit table has it: `mara` or `mara via claude-code 2.1.330`."""
        return self.name if self.client is None else f"{self.name} via {self.client}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be chosen from outside."""

    store: Path
    """The DuckDB file. INTENT_STORE or --store; else the nearest .intent/intent.duckdb upward, else in this folder."""
    wait_s: float = 5.0
    """How long an operation waits for the store's lock. INTENT_WAIT_S."""
    max_chars: int = MAX_ANSWER_CHARS
    """Characters one MCP answer may have. INTENT_MAX_CHARS."""
    actor: str = "unknown"
    """Who writes, for the audit table. INTENT_ACTOR, else the operating system's user."""
    embedder: str | None = None
    """A folder or name of an embedder instead of the bundled one. INTENT_EMBEDDER or --embedder."""


def settings(
    store: Path | None = None,
    *,
    embedder: str | None = None,
    environment: Mapping[str, str] = os.environ,
    here: Path,
) -> Settings:
    """The settings in force, from the flags, the environment and the working directory `here`.

    Raises: BadRequest for a number that is none.
    """
    named = store or (Path(environment["INTENT_STORE"]) if environment.get("INTENT_STORE") else None)
    return Settings(
        store=(here / named if named else _nearest(here)),
        wait_s=number(environment, "INTENT_WAIT_S", 5.0, remedy=_REMEDY),
        max_chars=int(number(environment, "INTENT_MAX_CHARS", MAX_ANSWER_CHARS, remedy=_REMEDY)),
        actor=environment.get("INTENT_ACTOR") or _user(),
        embedder=_embedder(embedder or environment.get("INTENT_EMBEDDER"), here),
    )


def _embedder(name: str | None, here: Path) -> str | None:
    """A folder by its whole path; a name as it is; None for the bundled one."""
    if not name or name == BUNDLED:
        return None
    return str(here / name) if (here / name).is_dir() else name


def _user() -> str:
    """The operating system's user, by the environment or else by the account that the process runs under."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name for the account, as in some containers
        return "unknown"


def _nearest(here: Path) -> Path:
    for folder in (here, *here.parents):
        if (folder / STORE_NAME).exists():
            return folder / STORE_NAME
    return here / STORE_NAME


def number(environment: Mapping[str, str], name: str, default: float, *, remedy: str = "") -> float:
    """A setting that is a number above zero; `remedy` ends the message where it is none.

    Raises: BadRequest.
    """
    text = environment.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError as error:
        raise BadRequest(f"{name}='{text}' is not a number.{remedy}") from error
    if value <= 0:
        raise BadRequest(f"{name}='{text}' is not above zero.")
    return value
