"""Where quoted words stand in a text: exactly, or in other white space, typographic marks or case.

What comes back is a stretch of the text as it is: a quote that was typed differently is never what is stored.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SINGLE = "'‘’‚‛′`´"
_DOUBLE = '"“”„‟″«»'
_DASHES = "-‐‑‒–—―−"
_MARKS = {mark: f"[{re.escape(marks)}]" for marks in (_SINGLE, _DOUBLE, _DASHES) for mark in marks}
_SPACES = "[\\s\u00a0\u2000-\u200a\u202f\u3000]+"  # for RE2 \s is ASCII
_ELLIPSES = re.compile(r"\\\.\\\.\\\.|…")


def stretch(text: str, quote: str) -> tuple[int, int] | None:
    """`[start, end)` of the first place where the quote stands, in code points; None where it does not.

    Letter for letter first; then with white space, quotation marks, dashes, ellipses and case put aside.
    """
    at = text.find(quote)
    if at >= 0:
        return at, at + len(quote)
    found = tolerant(quote).search(text)
    return None if found is None else found.span()


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
