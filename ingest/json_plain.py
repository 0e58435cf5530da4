"""Values of other programs' JSON made fit to keep: text in its stored form, numbers that JSON has, no endless nests."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ingest.json_values import fields, words
from ingest.text import normalise

_DEEPEST = 40
_MOST = 2**63
TOO_DEEP = "(nested too deep)"


def kept(value: object, depth: int = 0) -> object:
    """The value with normalised texts and names; what JSON has no number for, or a store no room, is its text."""
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, (dict, list)) and depth >= _DEEPEST:
        return TOO_DEEP
    if isinstance(value, dict):
        return {normalise(str(key)): kept(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [kept(item, depth + 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and not -_MOST <= value < _MOST:
        return str(value)
    return value


def mapping(value: object) -> Mapping[str, object]:
    """An object with its values made fit to keep; empty for anything else."""
    return {normalise(str(key)): kept(item, 1) for key, item in fields(value).items()}


def text_or_none(value: object) -> str | None:
    """A text with something in it; None for anything else."""
    return text if (text := words(value)).strip() else None


def texts(value: object) -> tuple[str, ...]:
    """The texts of a list, or the one text there is; what is no text is left out."""
    items = value if isinstance(value, list) else [value]
    return tuple(text for item in items if (text := words(item)).strip())


def scalar(value: object) -> str | None:
    """A text or a number as text: versions come as `2`, `2.0` and `"v2"`."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(kept(value))
    return text_or_none(value)


def flag(value: object) -> bool | None:
    """True or false; None for anything else."""
    return value if isinstance(value, bool) else None


def pointer(key: str) -> str:
    """A key as one step of a JSON pointer."""
    return normalise(key).replace("~", "~0").replace("/", "~1")
