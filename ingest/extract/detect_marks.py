"""Marks of a sentence that say what it does: asks, lists, announces, weighs, promises, changes, doubts, gives a reason.

Most sentences have few of them, and most phrases are not worth a regular expression: a mark is only searched where one
of its `signs` occurs, which is ten times as fast as trying every pattern on every sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.extract.detect_ngrams import Floats


@dataclass(frozen=True, slots=True)
class Mark:
    """A pattern, and small letters of which every match has some."""

    pattern: re.Pattern[str]
    signs: tuple[str, ...]
    is_first: bool = False
    """Whether it stands where the sentence begins."""

    def is_in(self, text: str, lowered: str) -> bool:
        """Whether the sentence, `lowered` in small letters, has the mark."""
        for sign in self.signs:
            if sign in lowered:
                found = self.pattern.match(text) if self.is_first else self.pattern.search(text)
                return found is not None
        return False


def _mark(pattern: str, signs: str, *, is_first: bool = False) -> Mark:
    return Mark(re.compile(pattern, re.IGNORECASE), tuple(signs.split()), is_first)


MARKS: tuple[Mark, ...] = (
    _mark(r"\?[\s\"')*]*$", "?"),
    _mark(r":\s*(?:\*\*)?$", ":"),
    _mark(r"\s*(?:[-*+•]|\d+[.)])\s", "- * + • . )", is_first=True),
    _mark(r"\s*#+\s", "#", is_first=True),
    _mark(r"\s*(?:[-*+•]\s+|\d+[.)]\s+)?\*\*", "**", is_first=True),
    _mark(r"`", "`"),
    _mark(r"\|.*\|", "|"),
    _mark(r"[\w.-]+/[\w.-]+", "/"),
    _mark(
        r"\b(?:because|since|so that|otherwise|due to|in order to|to avoid|given that|reason)\b|['’]cause\b",
        "cause since that otherwise due order avoid reason",
    ),
    _mark(
        r"\b(?:instead of|rather than|over|not|without|as opposed to|prefer\w*)\b",
        "instead rather over not without opposed prefer",
    ),
    _mark(r"\b(?:should|must|need(?:s)? to|ought|have to|has to)\b", "should must need ought have has"),
    _mark(r"\blet['’]?s\b|\blet me\b", "let"),
    _mark(
        r"\b(?:we|i)(?:['’]ll| will|['’]m going to| are going to|['’]re going to|['’]re gonna| gonna|['’]d)\b",
        "ll 'm ’m 'd ’d gonna going",
    ),
    _mark(
        r"\b(?:decid\w+|decision|agree\w*|settled?|conclu\w+|final\w*|chose\w*|choose|pick\w*|opt(?:ed)?"
        r"|go(?:ing)? with)\b",
        "deci agree settle conclu final chos choose pick opt with",
    ),
    _mark(
        r"\b(?:use|using|keep|drop|remove|add|avoid|make|move|rename|replace|skip|split|merge|revert)\b",
        "us keep drop move add avoid make rename replace skip split merge revert",
    ),
    _mark(
        r"\b(?:option|approach|alternative|recommend\w*|suggest\w*|proposal|simplest|cleaner?|better|best)\b",
        "option approach alternative recommend suggest proposal simplest clean better best",
    ),
    _mark(
        r"\b(?:maybe|perhaps|might|could|possibly|not sure|i guess|i think)\b",
        "maybe perhaps might could possibly sure guess think",
    ),
    _mark(
        r"\b(?:now|let me (?:check|look|see|read|run|verify|update)|checking|running|looking|reading)\b",
        "now let checking running looking reading",
    ),
    _mark(
        r"\b(?:done|fixed|updated|added|removed|implemented|complete\w*|passes?|passing)\b",
        "done fixed updated added removed implemented complete pass",
    ),
    _mark(r"\b(?:if|unless|when|whether)\b", "if unless whe"),
    _mark(r"\W*(?:so|then|okay|alright|right)\b", "so then okay right", is_first=True),
    _mark(r"\b(?:don['’]?t|do not|not|never|no longer|won['’]?t|stop)\b", "do no never longer won stop"),
)


def marks(texts: Sequence[str]) -> Floats:
    """1 where a sentence has a mark. Shape: (len(texts), len(MARKS))."""
    table = [[mark.is_in(text, lowered) for mark in MARKS] for text, lowered in ((one, one.lower()) for one in texts)]
    return np.array(table, dtype=np.float32).reshape(-1, len(MARKS))
