"""Part of the decision-record reader: which of several option names means the same as another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ingest.markdown import plain

_LABEL = re.compile(
    r"^((?:option|alternative|approach|solution|proposal)\s*\(?(?:\d+|[a-z])\)?)(?:\s*[:.)–—-]+\s*|\s*$)", re.I
)
VERDICT = re.compile(r"\s*[-–—(:]+\s*\(?(selected|chosen|accepted|rejected|discarded|declined)\b.*$", re.IGNORECASE)
"""A verdict at the end of an option's name."""
_WORD = re.compile(r"\w+")
SAME_WORDS = 0.75
"""Share of common words from which two option names are taken for one, when no other name shares as many."""


def unique_match(name: str, among: Sequence[str]) -> int | None:
    """Position of the one name that means the same: equal, else contained, else by most of its words."""
    wanted = _key(name)
    keys = [_key(other) for other in among]
    tests = (
        lambda key: key == wanted,
        lambda key: _label(key) != "" and _label(key) == _label(wanted),
        lambda key: _contains(key, wanted) or _contains(wanted, _unlabelled(key)),
        lambda key: _contains(wanted, _label(key)),
        lambda key: _common(key, wanted) >= SAME_WORDS,
    )
    for test in tests:
        found = [position for position, key in enumerate(keys) if key and test(key)]
        if found:
            return found[0] if len(found) == 1 else _longest(found, keys, wanted)
    return None


def _longest(found: Sequence[int], keys: Sequence[str], wanted: str) -> int | None:
    """Among several names inside the wanted one, the one that contains all the others; else None."""
    best = max(found, key=lambda position: len(keys[position]))
    inside = all(_unlabelled(keys[position]) in keys[best] for position in found)
    return best if inside and _unlabelled(keys[best]) in wanted else None


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    words = VERDICT.sub("", plain(name)).casefold()
    return " ".join(re.sub(r"[\"'“”‘’()]", " ", words).split()).strip(" .,:;-–")


def _label(key: str) -> str:
    match = _LABEL.match(key)
    return " ".join(match.group(1).split()) if match else ""


def _unlabelled(key: str) -> str:
    match = _LABEL.match(key)
    return key[match.end() :] if match else key


def _contains(whole: str, part: str) -> bool:
    return len(part) >= 3 and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", whole) is not None


def _common(one: str, other: str) -> float:
    a, b = set(_WORD.findall(one)), set(_WORD.findall(other))
    return len(a & b) / len(a | b) if a and b else 0.0
