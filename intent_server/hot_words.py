"""Pure: of the names that a store knows, those that a model of speech is to be told, because it would misspell them.

Whisper hears "orders daily" and writes two words, unless it has been told of `orders_daily`. It takes some 200 tokens
of hints, so that names are chosen: those that decisions know, and that no dictionary has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log1p
from types import MappingProxyType

TOKENS = 200
"""What the hints may take; Whisper's decoder holds 223 beside what it writes."""

_WORTH: Mapping[str, float] = MappingProxyType(
    {"node": 3.0, "dataset": 2.5, "person": 2.0, "symbol": 2.0, "subject": 2.0, "column": 1.5}
)
"""By kind; what decisions are tied to by other kinds (commits, requests, lines) is not spoken by name."""
_PLAIN = 0.25
"""A single word in small letters is most often in a dictionary: `orders` needs no hint."""
_SHORTEST, _LONGEST = 3, 40
_CHARS_A_TOKEN = 2.5
"""Of identifiers; prose has four. Tokenizers of Whisper split `stg_orders` into four pieces."""
_IDENTIFIER = re.compile(r"[^\W\d_]\w*(?:[._-]\w+)*")
_MADE_UP = re.compile(r"[a-z0-9][A-Z]|_|\d|[A-Z]{2}")
"""What makes a name unlike a word: camelCase, an underscore, a digit, capitals in a row."""
_PERSON = re.compile(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,3}")
_NOBODY = re.compile(
    r"(?:speaker|spk|channel|track|unknown|user|guest|participant|assistant|system|bot|agent)"
    r"(?:[\s_#-]+\w{1,3}|\d{1,3})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as the store has it, and how many decisions or conversations know of it."""

    kind: str
    text: str
    uses: int


def hot_words(names: Iterable[Name], tokens: int = TOKENS) -> tuple[str, ...]:
    """The names worth telling, the most telling first, as many as some `tokens` hold."""
    known = list(names)
    called = frozenset(part.casefold() for name in known if name.kind == "person" for part in _parts(name.text))
    worth: dict[str, float] = {}
    spelled: dict[str, str] = {}
    for name in sorted(known, key=lambda one: (one.text, one.kind)):
        for text in _spoken(name):
            if name.kind == "person" and text.casefold() in called:
                continue
            key = "".join(re.findall(r"\w+", text)).casefold()
            spelled.setdefault(key, text)
            worth[key] = max(worth.get(key, 0.0), _worth(name, text))
    best = sorted(worth, key=lambda key: (-worth[key], key))
    return tuple(_fitting([spelled[key] for key in best], tokens))


def token_estimate(text: str) -> int:
    """About how many tokens a name takes, with the comma after it."""
    return 1 + max(1, round(len(text) / _CHARS_A_TOKEN))


def _fitting(texts: Sequence[str], tokens: int) -> Iterator[str]:
    left = tokens
    for text in texts:
        cost = token_estimate(text)
        if cost <= left:
            left -= cost
            yield text


def _spoken(name: Name) -> Iterator[str]:
    """What would be said of it: a path's and an id's last part, a subject's identifiers, a person's name."""
    if name.kind not in _WORTH:
        return
    if name.kind == "person":
        text = " ".join(name.text.split())
        found = [text] if _PERSON.fullmatch(text) and not _NOBODY.fullmatch(text) else []
    elif name.kind == "subject":
        found = [word for word in _IDENTIFIER.findall(name.text) if _MADE_UP.search(word)]
    else:
        found = [re.split(r"[./:]", name.text.rstrip("./:"))[-1].strip()]
    yield from (text for text in found if _SHORTEST <= len(text) <= _LONGEST)


def _parts(name: str) -> list[str]:
    """The first and last names within a whole one: whoever is told that needs no more."""
    parts = name.split()
    return parts if len(parts) > 1 else []


def _worth(name: Name, text: str) -> float:
    is_plain = name.kind != "person" and not _MADE_UP.search(text)
    return _WORTH[name.kind] * (1.0 + log1p(name.uses)) * (_PLAIN if is_plain else 1.0)
