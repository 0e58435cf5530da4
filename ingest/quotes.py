"""Where quoted words stand in a text: exactly, or in other white space, typographic marks or case.

A quote begins and ends where words do: “Agreed.” does not stand in “disagreed.”. Scripts that are written without
spaces have no such places.
What comes back is a stretch of the text as it is: a quote that was typed differently is never what is stored.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SINGLE = "'‘’‚‛′`´"
_DOUBLE = '"“”„‟″«»'
_DASHES = "-‐‑‒–—―−"
_MARKS = {mark: f"[{re.escape(marks)}]" for marks in (_SINGLE, _DOUBLE, _DASHES) for mark in marks}
_SPACES = "[\\s\u00a0\u2000-\u200a\u202f\u3000]+"  # for RE2 \s is ASCII
_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u11ff\u1780-\u17ff\u1a20-\u1aaf\u2e80-\u318f\u31a0-\u31ff\u3400-\u9fff\ua000-\ua4cf"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
"""Thai, Lao, Tibetan, Burmese, Khmer, Tai Tham, Chinese, Japanese, Yi; and Korean, whose endings stand on the word."""
_ELLIPSES = re.compile(r"\\\.\\\.\\\.|…")


def stretch(text: str, quote: str) -> tuple[int, int] | None:
    """`[start, end)` of the first place where the quote stands, in code points; None where it does not.

    Letter for letter first; then with white space, quotation marks, dashes, ellipses and case put aside.
    """
    at = text.find(quote)
    while at >= 0:
        if _is_whole(text, at, at + len(quote)):
            return at, at + len(quote)
        at = text.find(quote, at + 1)
    fits = tolerant(quote)
    found = fits.search(text)
    while found is not None:
        if _is_whole(text, *found.span()):
            return found.span()
        found = fits.search(text, found.start() + 1)
    return None


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word is cut at either end."""
    return not (_cuts_a_word(text, start) or _cuts_a_word(text, end))


def _cuts_a_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and is_of_word(text[at - 1]) and is_of_word(text[at])


def is_of_word(character: str) -> bool:
    """Whether a word that is set off by spaces goes on over this character; marks on a letter belong to it."""
    if character.isascii():
        return character.isalnum()
    is_word = character.isalnum() or unicodedata.category(character)[0] == "M"
    return is_word and _UNSPACED.fullmatch(character) is None


def is_of_unspaced(character: str) -> bool:
    """Whether it is a letter of a script that is written without spaces between words."""
    return _UNSPACED.fullmatch(character) is not None and unicodedata.category(character)[0] in "LNM"


@lru_cache(maxsize=256)
def tolerant(quote: str) -> re.Pattern[str]:
    """What fits the quote however it was typed."""
    return re.compile(pattern(quote), re.IGNORECASE)


def pattern(quote: str) -> str:
    """The same as text, in the syntax that Python and RE2 share; case is left to the caller."""
    words = (_ELLIPSES.sub(r"(?:\.\.\.|…)", "".join(map(_fitting, word))) for word in quote.split())
    return _SPACES.join(words)


def _fitting(character: str) -> str:
    return _MARKS.get(character, re.escape(character))
