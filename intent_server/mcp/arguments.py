"""Arguments of a call as a client sent them: what is unknown, missing or of another kind is told in one sentence.

The SDK passes over arguments that a tool does not have, so a model that misspells `as_of` would be answered for today.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ingest.text import visible

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_LONGEST_VALUE = 80


def unknown(given: Mapping[str, object], known: Collection[str]) -> str | None:
    """What to say of arguments that nobody knows, with the nearest known name; None where there are none."""
    strange = [name for name in given if name not in known]
    if not strange:
        return None
    near = get_close_matches(strange[0], known, n=1)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    named = ", ".join(f"`{visible(name)}`" for name in strange)
    return f"There is no argument {named}.{hint} The arguments are {', '.join(f'`{name}`' for name in known)}."


def refused(error: ValidationError) -> str:
    """What to say of arguments that do not fit, each with what was given and what is expected."""
    return " ".join(_refused(one) for one in error.errors(include_url=False, include_context=False))


def _refused(one: ErrorDetails) -> str:
    name = ".".join(str(part) for part in one["loc"])
    if one["type"] == "missing":
        return f"`{name}` is missing."
    value = visible(repr(one["input"]))
    shown = value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"
    return f"`{name}` is {shown}: {one['msg'][:1].lower()}{one['msg'][1:]}."
