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
_MOST_TOLD = 5
_OF_CLIENTS = frozenset({"_meta", "toolCallId"})
"""What clients add to a tool's arguments on their own account: no model chose it, and none could leave it out.

n8n sends `toolCallId` (n8n-io/n8n#21500, #21716).
"""


def given(arguments: Mapping[str, object]) -> dict[str, object]:
    """The arguments that say something: a null is one that was not given, as many clients write it."""
    return {name: value for name, value in arguments.items() if value is not None and name not in _OF_CLIENTS}


def unknown(arguments: Mapping[str, object], known: Collection[str]) -> str | None:
    """What to say of arguments that nobody knows, with the nearest known name; None where there are none."""
    strange = [name for name in arguments if name not in known]
    if not strange:
        return None
    near = get_close_matches(strange[0], known, n=1)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    rest = f" and {len(strange) - _MOST_TOLD} more" if len(strange) > _MOST_TOLD else ""
    named = ", ".join(f"`{_shown(name)}`" for name in strange[:_MOST_TOLD])
    return f"There is no argument {named}{rest}.{hint} The arguments are {_listed(known)}."


def no_prompt(name: str, known: Collection[str]) -> str:
    """What to say of a prompt that is not there."""
    return f"There is no prompt {_shown(repr(name))}. The prompts are {_listed(known)}."


def refused(error: ValidationError) -> str:
    """What to say of arguments that do not fit, each with what was given and what is expected."""
    found = error.errors(include_url=False, include_context=False)
    rest = [f"{len(found) - _MOST_TOLD} more do not fit."] if len(found) > _MOST_TOLD else []
    return " ".join([*map(_refused, found[:_MOST_TOLD]), *rest])


def _refused(one: ErrorDetails) -> str:
    name = ".".join(str(part) for part in one["loc"])
    if one["type"] == "missing":
        return f"`{name}` is missing."
    return f"`{name}` is {_shown(repr(one['input']))}: {one['msg'][:1].lower()}{one['msg'][1:]}."


def _shown(text: str) -> str:
    return visible(text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…")


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
