"""What a few words name: whether they can be an option's name, and whether a turn that has it refuses it."""

from __future__ import annotations

import re

from ingest.extract.propose_words import content_words

_NO_NAME = re.compile(
    r"\b(?:but|because|if|when|while|since|what|how|where|who|why|that|think|know|guess|sure|not|yes|no|all|here|there"
    r"|i(?=['\s])|we|you|he|she|they|it|is|are|am|was|were|be|been|had|has|have|did|do|does|see|talk|maybe|perhaps"
    r"|ah|oh|um|bye|thanks)\b|\b(?:and|by|back|until|till|even|only)$",
    re.IGNORECASE,
)
"""Words of a sentence of its own or of a time ("it was slower back then"): no name of an option holds one."""
_REFUSED_BEFORE = re.compile(r"(?<!why )(?:\b(?:not|never|nor|without|against)|(?<!why do)n't)(?: \w+){0,3} $")
_REFUSED_AFTER = re.compile(r" (?:never|won't|can't|cannot|isn't|doesn't|is (?:out|not|no)\b)")


def is_name(words: str) -> bool:
    """Whether they can name an option, and are no sentence, time or farewell."""
    return not _NO_NAME.search(words) and bool(content_words(words))


def is_refused(text: str, start: int, end: int) -> bool:
    """Whether a text in small letters, with plain apostrophes, refuses what it names at `[start, end)`."""
    return bool(_REFUSED_BEFORE.search(text[:start]) or _REFUSED_AFTER.match(text, end))
