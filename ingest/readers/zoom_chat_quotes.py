"""Part of the zoom_chat reader: what a message repeats of another one, in whatever language Zoom was set to."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict

_QUOTED = r"[\"“”«„‟](?P<quote>.{1,2000}?)[\"“”»‟]"
_REPLY = re.compile(r"^Replying to [\"“](?P<quote>.{1,2000}?)[\"”][^\S\n]*\n[^\S\n]*\n", re.DOTALL)
_REPLY_ALONE = re.compile(r"^Replying to [\"“].{1,2000}[\"”]\s*$", re.DOTALL)
_REACTION = re.compile(
    r"^(?:Reacted to .{1,2000} with \S{1,24}|Removed (?:a|an) \S{1,24} reaction from .{1,2000})\s*$", re.DOTALL
)
_ANY_REPLY = re.compile(rf"^[^\n\"“«„]{{2,40}}?\s{_QUOTED}[^\S\n]*\n[^\S\n]*\n", re.DOTALL)
_ANY_REACTION = re.compile(rf"^(?P<before>[^\n\"“«„]{{2,40}}?\s){_QUOTED}(?P<after>[^\n\"“”]{{0,40}})$", re.DOTALL)
_KEY_CHARS = 8
_SEARCHED = 200
"""How many earlier messages with the same first characters are looked at, the latest first."""


class Earlier:
    """The messages so far, to tell whether a quotation repeats one of them."""

    def __init__(self) -> None:
        self._by_key: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, text: str) -> None:
        """Remember a message."""
        plain = _folded(text)
        self._by_key[plain[:_KEY_CHARS]].append(plain[:2_000])

    def is_reaction(self, text: str) -> bool:
        """Whether the message does nothing but react to another with an emoji."""
        if _REACTION.match(text):
            return True
        match = _ANY_REACTION.match(text)
        around = f"{match['before']}{match['after']}" if match else ""
        return match is not None and _has_symbol(around) and self._holds(match["quote"])

    def split(self, text: str) -> tuple[str, str]:
        """What a message repeats of another one, with the words that say so, and its own words."""
        match = _REPLY.match(text)
        if match is None and _REPLY_ALONE.match(text):
            return text, ""
        if match is None:
            match = _ANY_REPLY.match(text)
            match = match if match is not None and self._holds(match["quote"]) else None
        return (text[: match.end()].strip(), text[match.end() :].strip()) if match else ("", text)

    def _holds(self, quote: str) -> bool:
        plain = _folded(quote)
        plain = plain.removesuffix("...").removesuffix("…").rstrip()
        if not plain:
            return False
        if len(plain) < _KEY_CHARS:
            return plain in self._by_key.get(plain, ())
        return any(text.startswith(plain) for text in self._by_key.get(plain[:_KEY_CHARS], [])[-_SEARCHED:])


def _folded(text: str) -> str:
    return " ".join(text.split())


def _has_symbol(text: str) -> bool:
    return any(unicodedata.category(char) in {"So", "Sk"} for char in text)
