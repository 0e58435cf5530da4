"""The SQL of store/queries and store/views, read from the package once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def query(name: str) -> str:
    """The text of store/queries/<name>.sql."""
    return (files("intent_server.store") / "queries" / f"{name}.sql").read_text("utf-8")


@cache
def scripts(folder: str) -> tuple[tuple[str, str], ...]:
    """(file name, text) of every .sql file in store/<folder>, by name."""
    found = [entry for entry in (files("intent_server.store") / folder).iterdir() if entry.name.endswith(".sql")]
    return tuple((entry.name, entry.read_text("utf-8")) for entry in sorted(found, key=lambda entry: entry.name))
